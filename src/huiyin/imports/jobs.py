"""Files that are being brought in: look one up, take one on, note how far it is, end it.

A job is taken on by one process at a time: its lease is renewed with every note and runs out if the process ends.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.imports.columns import Kind, Mapped
from huiyin.imports.events import ImportEnded
from huiyin.imports.store import import_file as table
from huiyin.imports.store import refusal
from huiyin.kernel.actors import Actor
from huiyin.security.sealing import Place, Sealer

LEASE_MS = 60_000
OFFERED_MS = 24 * 3600 * 1000
"""A file that was offered and never started is taken away after a day."""
MOST_REFUSALS = 10_000
"""Refused rows are listed up to here, and counted beyond: so many have one cause."""
OPEN = ("offered", "reading", "feeding")


class Job(NamedTuple):
    """What bringing a file in needs to know of it."""

    id: str
    tenant: str
    shop: str
    kind: Kind
    source: str
    state: str
    sheet: str
    columns: Mapped
    key: bytes
    fed: int
    lease: str


class Refused(NamedTuple):
    """A row that was refused: its number in the file, the field it is about ("" for the row), and why."""

    row: int
    field: str
    code: str


def job_of(connection: sa.Connection, sealer: Sealer, row: sa.Row[tuple[object, ...]]) -> Job:
    """Turn a stored row into a job."""
    key = b"" if row.key_sealed is None else sealer.open(connection, key_place(row.tenant, row.id), row.key_sealed)
    return Job(
        row.id, row.tenant, row.shop, Kind(row.kind), row.source, row.state, row.sheet,
        msgspec.json.decode(row.columns, type=dict[str, str]), key or b"", row.fed, row.lease,
    )  # fmt: skip


def take_on(uow: UnitOfWork, sealer: Sealer, lease: str) -> Job | None:
    """Take on the oldest job nobody works on; None if there is none."""
    now = uow.now_ms()
    free = sa.and_(table.c.state.in_(("reading", "feeding")), table.c.leased_until < now)
    row = uow.connection.execute(sa.select(table).where(free).order_by(table.c.created_at).limit(1)).one_or_none()
    if row is None:
        return None
    _set(uow, row.id, lease=lease, leased_until=now + LEASE_MS)
    return job_of(uow.connection, sealer, row)._replace(lease=lease)


def note_read(uow: UnitOfWork, job: Job, rows: int, refused: Sequence[Refused], before: int) -> bool:
    """Note how many rows were read and which were refused, `before` of them earlier; false if the job is not ours."""
    if not is_ours(uow, job):
        return False
    if not before:
        # Reading begins anew after a restart; what was refused then will be again.
        uow.connection.execute(refusal.delete().where(refusal.c.file == job.id))
    listed = [
        {"file": job.id, "place": place, "row": each.row, "field": each.field, "code": each.code}
        for place, each in enumerate(refused, start=before + 1)
        if place <= MOST_REFUSALS
    ]
    if listed:
        uow.connection.execute(refusal.insert(), listed)
    _set(uow, job.id, rows_read=rows, refused=before + len(refused), leased_until=uow.now_ms() + LEASE_MS)
    return True


def note_sorted(
    uow: UnitOfWork, job: Job, records: int, span: tuple[int, int] | None, settle: Callable[[], None]
) -> bool:
    """Note that everything was read: `records` fit to be fed, written in `span`; false if the job is not ours.

    `settle` puts what was sorted in its place: nobody else may at that moment, and nobody reads it before.
    """
    if not is_ours(uow, job):
        return False
    settle()
    first, last = span or (None, None)
    _set(
        uow,
        job.id,
        state="feeding",
        records=records,
        first_at=first,
        last_at=last,
        leased_until=uow.now_ms() + LEASE_MS,
    )
    return True


def note_fed(uow: UnitOfWork, job: Job, fed: int, fresh: int) -> None:
    """Note that `fed` more records are in, `fresh` of them new; in the transaction that stores them."""
    uow.connection.execute(
        table.update()
        .where(table.c.id == job.id)
        .values(fed=table.c.fed + fed, fresh=table.c.fresh + fresh, leased_until=uow.now_ms() + LEASE_MS)
    )


def is_ours(uow: UnitOfWork, job: Job) -> bool:
    """Tell whether a job is still under way, and still with whoever took it on."""
    mine = sa.and_(table.c.id == job.id, table.c.lease == job.lease, table.c.state.in_(("reading", "feeding")))
    return uow.connection.execute(sa.select(table.c.id).where(mine)).scalar() is not None


def is_open(uow: UnitOfWork, file: str) -> bool:
    """Tell whether a job has not ended, whoever has it."""
    still = sa.select(table.c.id).where(table.c.id == file, table.c.state.in_(OPEN))
    return uow.connection.execute(still).scalar() is not None


def end_ours(uow: UnitOfWork, job: Job, state: str, trouble: str, *, actor: Actor) -> bool:
    """End a job as `end` does, if it is still with whoever took it on."""
    return is_ours(uow, job) and end(uow, job.id, state, trouble, actor=actor)


def end(uow: UnitOfWork, file: str, state: str, trouble: str, *, actor: Actor) -> bool:
    """End a job as done, stopped or failed, if it is still open, whoever has it; its key is forgotten."""
    row = uow.connection.execute(sa.select(table).where(table.c.id == file, table.c.state.in_(OPEN))).one_or_none()
    if row is None:
        return False
    _set(uow, file, state=state, trouble=trouble, ended_at=uow.now_ms(), key_sealed=None, lease="", leased_until=0)
    counts = {"fresh": row.fresh, "repeats": row.fed - row.fresh, "refused": row.refused}
    if row.state != "offered":
        uow.record(
            ImportEnded(file, state, **counts), subject=file, tenant=row.tenant, shop=row.shop, actor=actor
        )  # fmt: skip
    detail = {"shop": row.shop, "state": state, **counts}
    write_down(uow, Entry(action="import.ended", actor=actor, tenant=row.tenant, subject=file, detail=detail))
    return True


def forget_unstarted(uow: UnitOfWork, *, actor: Actor) -> list[str]:
    """End what was offered a day ago and never started; return the ids of files that are still under way."""
    rows = uow.connection.execute(
        sa.select(table.c.id, table.c.state, table.c.created_at).where(table.c.state.in_(OPEN))
    )
    kept, before = [], uow.now_ms() - OFFERED_MS
    for row in rows.all():
        if row.state == "offered" and row.created_at < before:
            end(uow, row.id, "stopped", "", actor=actor)
        else:
            kept.append(row.id)
    return kept


def key_place(tenant: str, file: str) -> Place:
    """Return where a file's sealed key lives."""
    return Place(tenant, table.name, file, "key")


def name_place(tenant: str, file: str) -> Place:
    """Return where a file's sealed name lives."""
    return Place(tenant, table.name, file, "name")


def _set(uow: UnitOfWork, file: str, **values: object) -> None:
    uow.connection.execute(table.update().where(table.c.id == file).values(**values))


def import_runs(connection: sa.Connection, shop: str) -> bool:
    """Tell whether a file is being brought into a shop."""
    running = sa.select(table.c.id).where(table.c.shop == shop, table.c.state.in_(("reading", "feeding")))
    return connection.execute(running).first() is not None
