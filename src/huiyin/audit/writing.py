"""Write down who did what, in the transaction of the deed: what cannot be written down does not happen.

Entries are kept by the unit of work and numbered and chained just before its commit, under the one writer's lock: the
head of the chain is read once for each transaction that has entries. Those of an undone command are dropped with it.
"""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec
import sqlalchemy as sa

from huiyin.audit.chaining import COLUMNS, GENESIS, hash_of
from huiyin.audit.store import audit_entry
from huiyin.eventlog.prepared import Prepared, insert
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.ids import is_id

ACTION = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
KEY = re.compile(r"[a-z][a-z0-9_]*")
LONGEST = 200
"""Characters of an id or a code: whatever is longer is somebody's words."""
_CODE = r"(?!(?:[^\d,]*\d){7})[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*"
_PART = rf"(?:[a-z_]{{1,32}}:)?(?:[0-9a-f]{{32}}|[0-9a-f]{{64}}|\d{{1,4}}|{_CODE})"
OURS = re.compile(rf"(?:{_PART}(?:,{_PART})*)?", re.ASCII)
"""What an id or a code looks like: an id, a hash, a version, a name of ours in small letters with few digits in all;
several with commas between. Whatever somebody typed that is no such thing is not stored."""
WITHHELD = "withheld"
"""Stands where a text was neither an id nor a code."""

Value = object
"""What a detail holds: texts, numbers, yes and no."""

_detail = msgspec.json.Encoder(order="sorted")

_HEAD = Prepared(sa.select(audit_entry.c.seq, audit_entry.c.hash).order_by(audit_entry.c.seq.desc()).limit(1))


def typed(text: str) -> str:
    """Return an id that came from outside as an entry may hold it: one of our form, or that it was withheld."""
    return text if is_id(text) else WITHHELD


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing somebody did, or was refused: ids and codes only, never what a person wrote or is called.

    `action` is `thing.past_participle`, such as `session.opened`. `tenant` is whose matter it is, `subject` the id
    of what it is about; `detail` holds texts, whole numbers, yes and no. The actor's own tenant
    and proof are taken from `actor`.
    """

    action: str
    actor: Actor
    tenant: str
    subject: str
    outcome: Literal["done", "refused"] = "done"
    detail: Mapping[str, Value] = {}


def write_down(uow: UnitOfWork, entry: Entry) -> None:
    """Write an entry down in this unit of work; if that fails, nothing of the transaction happens.

    What a refusal wrote is undone when it raises: write a refusal down in a command of its own, `writer.do(write_down,
    entry)`, before the error is raised.

    Raises:
        ValueError: the action is no name of one, or a value is longer than an id or a code.

    """
    uow.before_commit(_append, (uow.now_ms(), _without_words(entry), _checked(entry)))


def _append(uow: UnitOfWork, entries: list[tuple[int, Entry, str]]) -> None:
    head = _HEAD.one(uow.connection)
    seq, prev = (head.seq, head.hash) if head else (0, GENESIS)
    rows = []
    for at, entry, detail in entries:
        seq += 1
        actor, proof = entry.actor, entry.actor.proof
        values = (
            seq, at, entry.tenant, actor.tenant, actor.label, entry.action, entry.subject, entry.outcome, proof.kind,
            proof.id, proof.device[:LONGEST], proof.second_factor_at, detail,
        )  # fmt: skip
        own = hash_of(prev, values)
        rows.append({**dict(zip(COLUMNS, values, strict=True)), "prev": prev, "hash": own})
        prev = own
    insert(uow.connection, audit_entry, rows)


def _checked(entry: Entry) -> str:
    """Return the entry's detail as it is stored."""
    if not ACTION.fullmatch(entry.action):
        message = f"{entry.action!r} names no action: write thing.past_participle, such as session.opened"
        raise ValueError(message)
    if not all(map(KEY.fullmatch, entry.detail)):
        message = f"the detail of {entry.action} has a key that is no plain name"
        raise ValueError(message)
    if not all(each is None or isinstance(each, str | int) for each in entry.detail.values()):
        message = f"the detail of {entry.action} holds texts, whole numbers, yes and no alone"
        raise ValueError(message)
    texts = [entry.subject, entry.tenant, *(each for each in entry.detail.values() if isinstance(each, str))]
    if any(len(each) > LONGEST for each in texts):
        message = f"an entry of {entry.action} holds ids and codes of at most {LONGEST} characters, never words"
        raise ValueError(message)
    told = {name: ours(each) if isinstance(each, str) else each for name, each in entry.detail.items()}
    return _detail.encode(told).decode()


def ours(text: str) -> str:
    """Return a text if it is an id or a code of ours, and `WITHHELD` if not."""
    return text if OURS.fullmatch(text) else WITHHELD


def _without_words(entry: Entry) -> Entry:
    """Return an entry that is about an id: what a request named may be anything."""
    subject, tenant = ours(entry.subject), ours(entry.tenant)
    if subject == entry.subject and tenant == entry.tenant:
        return entry
    return msgspec.structs.replace(entry, subject=subject, tenant=tenant)
