"""Read packs: YAML files of clauses, standard questions and signals, checked line by line."""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import yaml

from huiyin.kernel.errors import InvalidError
from huiyin.knowledge.clauses import Clause, Condition, KnowledgeBase, Scope, Status
from huiyin.knowledge.entries import Entry
from huiyin.knowledge.search import Knowledge
from huiyin.knowledge.signals import Ear, SignalWords

SHIPPED = Path(__file__).with_name("packs")
BEIJING = ZoneInfo("Asia/Shanghai")

_Shape = TypeVar("_Shape")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same safe reading, ten times faster


class WrittenClause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clause as packs write it: dates are days in Beijing."""

    id: str
    version: str
    title: str
    text: str
    topics: tuple[str, ...] = ()
    scope: Scope = Scope()
    effective_from: date
    effective_to: date | None = None
    recorded_at: date
    source: str
    source_url: str = ""
    verified_at: date | None = None
    status: Status
    conditions: tuple[Condition, ...] = ()


class WrittenEntry(Entry, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A standard question as packs write it."""


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file: any of the three kinds, under one title."""

    pack: str
    title: str
    shop: str = ""
    clauses: tuple[WrittenClause, ...] = ()
    entries: tuple[WrittenEntry, ...] = ()
    signals: tuple[SignalWords, ...] = ()


def read_yaml(path: Path, shape: type[_Shape]) -> _Shape:
    """Read one YAML file into `shape`.

    Raises:
        InvalidError: if the file is no YAML or does not have the shape; the message names file and field.

    """
    try:
        written: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  # a safe loader
        return msgspec.convert(written, shape)
    except (yaml.YAMLError, msgspec.ValidationError) as wrong:
        message = f"{path.name}: {wrong}"
        raise InvalidError(message, remedy="correct the named line of the pack") from wrong


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), BEIJING)


def _clause(written: WrittenClause, shop: str) -> Clause:
    fields = msgspec.structs.asdict(written)
    for name in ("effective_from", "effective_to", "recorded_at", "verified_at"):
        fields[name] = _midnight(fields[name])
    if shop:
        fields["scope"] = msgspec.structs.replace(written.scope, shop=shop)
    return Clause(**fields)


def _entry(written: WrittenEntry, shop: str) -> Entry:
    return Entry(**{**msgspec.structs.asdict(written), "shop": shop or written.shop})


def read_folder(folder: Path) -> tuple[Pack, ...]:
    """Read every pack of a folder, in the order of file names."""
    return tuple(read_yaml(path, Pack) for path in sorted(folder.glob("*.yaml")))


@lru_cache(maxsize=1)
def shipped() -> tuple[Pack, ...]:
    """Return the packs that come with Huiyin."""
    return read_folder(SHIPPED)


def clauses_of(packs: tuple[Pack, ...], shops: Mapping[str, str] | None = None) -> list[Clause]:
    """Return the clauses of packs; `shops` maps a pack's shop name to the id the shop has here."""
    names = shops or {}
    return [_clause(one, names.get(pack.shop, pack.shop)) for pack in packs for one in pack.clauses]


def entries_of(packs: tuple[Pack, ...], shops: Mapping[str, str] | None = None) -> list[Entry]:
    """Return the standard questions of packs; `shops` as in `clauses_of`."""
    names = shops or {}
    return [_entry(one, names.get(pack.shop, pack.shop)) for pack in packs for one in pack.entries]


@lru_cache(maxsize=1)
def shipped_ear() -> Ear:
    """Return the ear for the shipped signals."""
    return Ear([words for pack in shipped() for words in pack.signals])


def shipped_knowledge(shops: Mapping[str, str] | None = None) -> Knowledge:
    """Return search over the shipped packs; `shops` binds the demo shops' names to their ids.

    Houses in one process that bind alike share it: nothing in it changes.
    """
    return _searchable(frozenset((shops or {}).items()))


@lru_cache(maxsize=2)
def _searchable(bound: frozenset[tuple[str, str]]) -> Knowledge:
    packs, shops = shipped(), dict(bound)
    return Knowledge(KnowledgeBase(clauses_of(packs, shops)), entries_of(packs, shops))
