"""Start what was offered, and stop what was started."""

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.imports.columns import Kind, Mapped, check, fingerprint
from huiyin.imports.events import ImportStarted
from huiyin.imports.jobs import Job, end
from huiyin.imports.reports import check_figures
from huiyin.imports.sorting import fields_of
from huiyin.imports.store import import_file as table
from huiyin.imports.store import mapping
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import ConflictError


def start(uow: UnitOfWork, job: Job, columns: tuple[str, ...], mapped: Mapped, sheet: str, *, actor: Actor) -> None:
    """Have an offered file brought in, read by this mapping, which is remembered for the next of its kind.

    Raises:
        InvalidError: the mapping does not fit the file.
        ConflictError: it was started or ended before.

    """
    check(fields_of(job.kind), columns, mapped)
    if job.kind is Kind.REPORT:
        check_figures(mapped)
    started = uow.connection.execute(
        table.update()
        .where(table.c.id == job.id, table.c.state == "offered")
        .values(state="reading", sheet=sheet, columns=_json(mapped))
    )
    if not started.rowcount:
        message = "this file was started or ended before"
        raise ConflictError(message, remedy="Look at the list of imports.", code="import_started")
    _remember(uow, job, columns, mapped)
    uow.record(ImportStarted(job.id, job.kind), subject=job.id, tenant=job.tenant, shop=job.shop, actor=actor)
    detail = {"shop": job.shop, "kind": str(job.kind)}
    write_down(uow, Entry(action="import.started", actor=actor, tenant=job.tenant, subject=job.id, detail=detail))


def stop(uow: UnitOfWork, job: Job, *, actor: Actor) -> None:
    """Stop an import, or take back an offer; what is in stays in.

    Raises:
        ConflictError: it ended before.

    """
    if not end(uow, job.id, "stopped", "", actor=actor):
        message = "this import has ended"
        raise ConflictError(message, remedy="Look at the list of imports.", code="import_ended")


def _remember(uow: UnitOfWork, job: Job, columns: tuple[str, ...], mapped: Mapped) -> None:
    key = {"tenant": job.tenant, "kind": str(job.kind), "fingerprint": fingerprint(columns)}
    mine = sa.and_(*(mapping.c[name] == value for name, value in key.items()))
    values = {"columns": _json(mapped), "used_at": uow.now_ms()}
    if not uow.connection.execute(mapping.update().where(mine).values(values)).rowcount:
        uow.connection.execute(mapping.insert().values(**key, **values))


def _json(mapped: Mapped) -> str:
    return msgspec.json.encode(mapped, order="sorted").decode()
