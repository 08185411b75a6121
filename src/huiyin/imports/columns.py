"""Know columns by their names: which field a column most likely is, and what became of a remembered one.

A mapping names for each field the column it is read from: {"text": "消息内容"}.
"""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import NamedTuple

import re2

from huiyin.kernel.errors import InvalidError

Mapped = Mapping[str, str]
"""Field to column."""


class Kind(StrEnum):
    """What a file holds."""

    CHATS = "chats"
    REPORT = "report"


class Field(NamedTuple):
    """Something that is read from a column: its name, the names exports give it, whether a file must have it."""

    name: str
    known: tuple[str, ...]
    required: bool = False


class Proposal(NamedTuple):
    """How a file would be read, before anybody looked.

    `remembered` tells that it was read so before; `gone` names, by field, the columns of that time that are missing.
    """

    mapped: Mapped
    remembered: bool
    gone: Mapped


_UNIT = re2.compile(r"(?i)[(（\[](?:秒|s|sec|元|%|个|条|次|人|小时)[)）\]]$")


_ANY_UNIT = re2.compile(r"(?i)[(\[](秒|s|sec|分钟|分|min|小时|h|万元|元|%)[)\]]$")


def unit_of(name: str) -> str:
    """Return the unit a column's name ends with, "" where it names none that changes what a number says."""
    found = _ANY_UNIT.search(unicodedata.normalize("NFKC", name).strip().lower())
    return "" if found is None else str(found.group(1))


def squeezed(name: str) -> str:
    """Return a column's name without what differs between exports: width, case, spaces, underscores, a unit."""
    plain = unicodedata.normalize("NFKC", name).strip().lower()
    return re2.sub(r"[\s_\-:：*]", "", _UNIT.sub("", plain))


def score_of(fields: Collection[Field], names: Sequence[str]) -> int:
    """Tell how many names of a row are fields' names; by it the header is told from what stands over it."""
    return len(_known(tuple(fields)) & {squeezed(each) for each in names if each})


@cache
def _known(fields: tuple[Field, ...]) -> frozenset[str]:
    return frozenset(squeezed(each) for field in fields for each in (field.name, *field.known))


def propose(fields: Collection[Field], columns: Sequence[str], remembered: Mapped | None) -> Proposal:
    """Return how a file's columns would be read: as last time where they are there, else by their names."""
    kept = {} if remembered is None else {field: name for field, name in remembered.items() if name in columns}
    gone = {} if remembered is None else {field: name for field, name in remembered.items() if name not in columns}
    mapped, taken = dict(kept), set(kept.values())
    for field in fields:
        if field.name in mapped:
            continue
        found = _by_name(field, columns, taken)
        if found:
            mapped[field.name] = found
            taken.add(found)
    return Proposal(mapped, bool(remembered) and not gone, gone)


def check(fields: Collection[Field], columns: Sequence[str], mapped: Mapped) -> None:
    """Refuse a mapping that names what is not there, or leaves out what a file must have.

    Raises:
        InvalidError: field_unknown, column_missing, field_missing, column_twice.

    """
    names = {field.name for field in fields}
    if not mapped.keys() <= names:
        raise _bad("field_unknown", "there is no such field", "Choose one of the fields offered.")
    if not set(mapped.values()) <= set(columns):
        raise _bad("column_missing", "the file has no such column", "Choose one of the file's columns.")
    if len(set(mapped.values())) < len(mapped):
        raise _bad("column_twice", "one column is read as two fields", "Choose each column once.")
    missing = [field.name for field in fields if field.required and field.name not in mapped]
    if missing:
        raise _bad("field_missing", f"no column is {missing[0]}", "Say which column it is.")


def fingerprint(columns: Sequence[str]) -> str:
    """Return what stands for a header: equal for the same columns in any order."""
    return sha256("\n".join(sorted(columns)).encode()).hexdigest()


def _by_name(field: Field, columns: Sequence[str], taken: Collection[str]) -> str:
    """Return the first column by the names of a field, in the order of these: the surest stand first."""
    free = {squeezed(each): each for each in reversed(columns) if each not in taken}
    return next((free[squeezed(each)] for each in (*field.known, field.name) if squeezed(each) in free), "")


def _bad(code: str, message: str, remedy: str) -> InvalidError:
    return InvalidError(message, remedy=remedy, code=code)
