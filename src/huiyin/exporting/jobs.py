"""Exports under way: look one up, take one on, note a part, end it.

As with imports, an export is taken on by one process at a time: its lease is renewed with every part and runs out if
the process ends. Who has waited longest since its last turn is taken on next, so a small one does not wait for a year.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.conversations.extracts import Key, Opening
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.exporting.store import export as table
from huiyin.exporting.store import export_part, export_shop
from huiyin.exporting.words import Language
from huiyin.kernel.actors import Actor
from huiyin.security.sealing import Place, Sealer

LEASE_MS = 60_000
KEPT_MS = timedelta(days=7) // timedelta(milliseconds=1)
"""How long a finished file may be taken."""
UNDER_WAY = ("waiting", "working")
HELD = ("working", "done")
"""States in which there is something to be taken, or will be."""


class Span(NamedTuple):
    """The days of a shop, and from when on (milliseconds) its sessions are whoever asked's to see."""

    opening: Opening
    reach: int


class Job(NamedTuple):
    """What working at an export needs to know of it. `shop` and `key` say after which session to go on."""

    id: str
    tenant: str
    person: str
    content: str
    form: str
    language: Language
    key: bytes
    parts: int
    bytes: int
    shop: str
    after: Key
    spans: tuple[Span, ...]
    lease: str


class Part(NamedTuple):
    """A part that lies on disc: how many rows and bytes, of how many sessions, and after which to go on."""

    rows: int
    bytes: int
    sessions: int
    shop: str
    after: Key


def take_on(uow: UnitOfWork, sealer: Sealer, lease: str) -> Job | None:
    """Take on the export that waited longest for its turn and nobody works at; None if there is none."""
    now = uow.now_ms()
    free = sa.and_(table.c.state.in_(UNDER_WAY), table.c.leased_until < now)
    query = sa.select(table).where(free).order_by(table.c.turned_at, table.c.created_at).limit(1)
    row = uow.connection.execute(query).one_or_none()
    if row is None:
        return None
    _set(uow, row.id, state="working", lease=lease, leased_until=now + LEASE_MS, turned_at=now)
    key = sealer.open(uow.connection, key_place(row.tenant, row.id), row.key_sealed)
    return Job(
        row.id, row.tenant, row.person, row.content, row.form, row.language, key or b"", row.parts, row.bytes,
        row.at_shop, Key(row.at_opened, row.at_session), spans_of(uow.connection, row.id), lease,
    )  # fmt: skip


def spans_of(connection: sa.Connection, export: str) -> tuple[Span, ...]:
    """Return the shops of an export with their days, in the order they are written in."""
    query = sa.select(export_shop).where(export_shop.c.export == export).order_by(export_shop.c.shop)
    return tuple(Span(Opening(row.shop, row.since, row.until), row.reach) for row in connection.execute(query))


def note_part(uow: UnitOfWork, job: Job, part: Part, put: Callable[[], bool]) -> bool:
    """Note the next part and `put` it in its place; false if the export was ended or taken on by somebody else.

    Both in the writer's turn, which all processes wait for in line: whoever lost the export puts nothing in place.
    """
    if not is_ours(uow, job) or not put():
        return False
    number = job.parts + 1
    uow.connection.execute(export_part.insert().values(export=job.id, number=number, rows=part.rows, bytes=part.bytes))
    _set(
        uow, job.id, parts=number, sessions=table.c.sessions + part.sessions, rows=table.c.rows + part.rows,
        bytes=table.c.bytes + part.bytes, at_shop=part.shop, at_opened=part.after.at, at_session=part.after.id,
        leased_until=uow.now_ms() + LEASE_MS,
    )  # fmt: skip
    return True


def release(uow: UnitOfWork, job: Job) -> None:
    """Let go of an export that is not done, for its next turn."""
    if is_ours(uow, job):
        _set(uow, job.id, lease="", leased_until=0, turned_at=uow.now_ms())


def is_ours(uow: UnitOfWork, job: Job) -> bool:
    """Tell whether an export is still under way, and still with whoever took it on."""
    mine = sa.and_(table.c.id == job.id, table.c.lease == job.lease, table.c.state == "working")
    return uow.connection.execute(sa.select(table.c.id).where(mine)).scalar() is not None


def finish(uow: UnitOfWork, job: Job, *, actor: Actor) -> bool:
    """Note that everything is written; the file may be taken from now on, for a week."""
    if not is_ours(uow, job):
        return False
    now = uow.now_ms()
    _set(uow, job.id, state="done", ended_at=now, expires_at=now + KEPT_MS, lease="", leased_until=0)
    _write_down(uow, job.id, "done", actor)
    return True


def fail(uow: UnitOfWork, job: Job, trouble: str, *, actor: Actor) -> bool:
    """End an export that cannot be gone on with; false if it is somebody else's to go on with, or has ended."""
    return is_ours(uow, job) and end(uow, job.id, "failed", trouble, actor=actor)


def end(uow: UnitOfWork, export: str, state: str, trouble: str = "", *, actor: Actor) -> bool:
    """End an export so that nothing can be taken of it any more: its key is forgotten; false if it had ended so."""
    open_ones = sa.and_(table.c.id == export, table.c.state.in_((*UNDER_WAY, "done")))
    values = {"state": state, "trouble": trouble, "key_sealed": None, "lease": "", "leased_until": 0}
    ended = sa.func.coalesce(table.c.ended_at, uow.now_ms())
    if not uow.connection.execute(table.update().where(open_ones).values(**values, ended_at=ended)).rowcount:
        return False
    uow.connection.execute(export_part.delete().where(export_part.c.export == export))
    _write_down(uow, export, state, actor)
    return True


def stands(connection: sa.Connection, export: str) -> bool:
    """Tell whether there is something to be taken of an export, or will be."""
    state = connection.execute(sa.select(table.c.state).where(table.c.id == export)).scalar()
    return state in {*UNDER_WAY, "done"}


def waiting(connection: sa.Connection, now: int) -> bool:
    """Tell whether an export waits for somebody to work at it: asked every second, and no business of the writer's."""
    free = sa.and_(table.c.state.in_(UNDER_WAY), table.c.leased_until < now)
    return connection.execute(sa.select(table.c.id).where(free).limit(1)).first() is not None


def end_expired(uow: UnitOfWork, *, actor: Actor) -> list[str]:
    """End what may no longer be taken; return the ids of exports whose parts are wanted."""
    query = sa.select(table.c.id, table.c.expires_at).where(table.c.state.in_((*UNDER_WAY, "done")))
    kept = []
    for row in uow.connection.execute(query).all():
        if row.expires_at is not None and row.expires_at <= uow.now_ms():
            end(uow, row.id, "expired", actor=actor)
        else:
            kept.append(row.id)
    return kept


def key_place(tenant: str, export: str) -> Place:
    """Return where an export's sealed key lives."""
    return Place(tenant, table.name, export, "key")


def _write_down(uow: UnitOfWork, export: str, state: str, actor: Actor) -> None:
    row = uow.connection.execute(sa.select(table.c.tenant, table.c.rows).where(table.c.id == export)).one()
    detail = {"state": state, "rows": row.rows}
    write_down(uow, Entry(action="export.ended", actor=actor, tenant=row.tenant, subject=export, detail=detail))


def _set(uow: UnitOfWork, export: str, **values: object) -> None:
    uow.connection.execute(table.update().where(table.c.id == export).values(**values))
