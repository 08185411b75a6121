"""Offer a file: it is looked into, its columns are proposed, a sample is shown; nothing is brought in by that."""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.channels.port import Sender
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.imports.chats import Said
from huiyin.imports.columns import Kind, Mapped, Proposal, fingerprint, propose
from huiyin.imports.jobs import OPEN, Job, job_of, key_place, name_place
from huiyin.imports.keeping import Copy, Files
from huiyin.imports.sorting import Read, fields_of, open_as
from huiyin.imports.store import import_file as table
from huiyin.imports.store import mapping
from huiyin.imports.values import UnfitError, text_of
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import ConflictError, NotFoundError
from huiyin.org.shops import owned_shop
from huiyin.security.masking import mask
from huiyin.security.sealing import Sealer

SAMPLE = 5
TRIED = 1_000
"""Rows a preview tries."""
MOST_SHOWN = 60
"""Characters of a cell in a sample."""
MOST_NAME = 200


MOST_WAITING = 20
MOST_WAITING_BYTES = 4 * 1024**3
"""Files of a merchant that wait or are brought in, and their size together: each lies on the disc for up to a day."""
MOST_AGENTS = 20

Remembers = Callable[[tuple[str, ...]], Mapped | None]
"""Tells how a file with these columns was read before."""
Reads = Callable[[Job], Read]
"""Tells how rows are read for a job."""


class Wanted(NamedTuple):
    """What a file is said to be: whose, of which kind, from which source ("" for chats), and its name."""

    shop: str
    kind: Kind
    source: str
    name: str


class Preview(NamedTuple):
    """What a file looks like. `sample` holds cells by column, masked; `refused` counts tried rows by field and code.

    `agents` are accounts of agents in the tried rows of chats, a few at most.
    """

    form: str
    encoding: str
    sheets: tuple[str, ...]
    sheet: str
    columns: tuple[str, ...]
    proposal: Proposal
    sample: list[list[str]]
    tried: int
    refused: Mapping[tuple[str, str], int]
    agents: tuple[str, ...]


def check_room(connection: sa.Connection, tenant: str) -> None:
    """Refuse another file while as many wait as may.

    Raises:
        ConflictError: too many, or too much.

    """
    waiting = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(table.c.bytes), 0))
    count, size = connection.execute(waiting.where(table.c.tenant == tenant, table.c.state.in_(OPEN))).one()
    if count >= MOST_WAITING or size >= MOST_WAITING_BYTES:
        message = f"{count} files wait or are brought in"
        raise ConflictError(message, remedy="Start them, or take some back; then give this one.", code="imports_many")


def offer(uow: UnitOfWork, sealer: Sealer, copy: Copy, wanted: Wanted, form: str, *, actor: Actor) -> None:
    """Keep that a copy is here and what it is said to be.

    Raises:
        NotFoundError: the shop is not one of the actor's organisation.
        ConflictError: as many files wait as may.

    """
    shop = owned_shop(uow.connection, wanted.shop, actor=actor)
    check_room(uow.connection, shop.tenant)
    key = sealer.ring.for_writing(uow, shop.tenant, (copy.id,))[copy.id]
    name = wanted.name.strip()[:MOST_NAME]
    row = {
        "id": copy.id, "tenant": shop.tenant, "shop": shop.id, "kind": wanted.kind, "source": wanted.source,
        "name_sealed": sealer.seal(uow.connection, key, name_place(shop.tenant, copy.id), name.encode()),
        "key_sealed": sealer.seal(uow.connection, key, key_place(shop.tenant, copy.id), copy.key),
        "digest": copy.digest, "bytes": copy.bytes, "form": form, "sheet": "", "columns": "{}", "person": actor.id,
        "state": "offered", "trouble": "", "created_at": uow.now_ms(), "ended_at": None, "rows_read": 0, "refused": 0,
        "records": 0, "fed": 0, "fresh": 0, "first_at": None, "last_at": None, "lease": "", "leased_until": 0,
    }  # fmt: skip
    uow.connection.execute(table.insert().values(row))
    detail = {"shop": shop.id, "kind": str(wanted.kind)}
    write_down(uow, Entry(action="import.offered", actor=actor, tenant=shop.tenant, subject=copy.id, detail=detail))


def owned_job(connection: sa.Connection, sealer: Sealer, file: str, *, actor: Actor) -> Job:
    """Return an import of the actor's organisation.

    Raises:
        NotFoundError: there is none.

    """
    mine = sa.select(table).where(table.c.id == file, table.c.tenant == actor.tenant)
    row = connection.execute(mine).one_or_none()
    if row is None:
        message = "there is no such import"
        raise NotFoundError(message, remedy="Give the file again.", code="import_gone")
    return job_of(connection, sealer, row)


def preview(files: Files, job: Job, before: Remembers, mapped: Mapped | None, sheet: str, reads: Reads) -> Preview:
    """Look into an offered file: with a mapping as it is, else with one proposed. It is opened once.

    Raises:
        InvalidError: the file cannot be opened, or not be read on.

    """
    with files.reader(job.id, "copy", job.key) as copy:
        opened = open_as(job.kind, copy, sheet)
        proposal = propose(fields_of(job.kind), opened.columns, before(opened.columns))
        columns = proposal.mapped if mapped is None else mapped
        rows = list(itertools.islice(opened.rows, TRIED))
        needed = {field.name for field in fields_of(job.kind) if field.required}
        refused: Counter[tuple[str, str]] = Counter()
        agents: dict[str, None] = {}
        if needed <= columns.keys():
            read = reads(job._replace(columns=columns))
            for row in rows:
                try:
                    record = read(row)
                    if isinstance(record, Said) and record.sender == Sender.AGENT and record.agent:
                        agents[record.agent] = None
                except UnfitError as error:
                    refused[error.field, error.code] += 1
        sample = [[_shown(row.cells.get(name)) for name in opened.columns] for row in rows[:SAMPLE]]
        shown = (opened.form, opened.encoding, opened.sheets, opened.sheet, opened.columns)
        return Preview(*shown, proposal, sample, len(rows), refused, tuple(agents)[:MOST_AGENTS])


def remembered(connection: sa.Connection, tenant: str, kind: Kind, columns: tuple[str, ...]) -> Mapped | None:
    """Return how a file with these columns was read before, else how the latest of its kind was; None if none was."""
    mine = sa.select(mapping.c.columns).where(mapping.c.tenant == tenant, mapping.c.kind == kind)
    same = connection.execute(mine.where(mapping.c.fingerprint == fingerprint(columns))).scalar()
    found = same or connection.execute(mine.order_by(mapping.c.used_at.desc()).limit(1)).scalar()
    return None if found is None else msgspec.json.decode(found, type=dict[str, str])


def columns_of(files: Files, job: Job, sheet: str) -> tuple[str, ...]:
    """Return the columns of an offered file; InvalidError if it cannot be opened."""
    with files.reader(job.id, "copy", job.key) as copy:
        return open_as(job.kind, copy, sheet).columns


def _shown(cell: object) -> str:
    written = text_of(cell)  # type: ignore[arg-type]  # what a row holds
    return mask(written).text[:MOST_SHOWN]
