"""List imports and the rows they refused, as their owner's people may see them."""

from typing import NamedTuple

import sqlalchemy as sa

from huiyin.imports.jobs import Refused, name_place
from huiyin.imports.store import import_file as table
from huiyin.imports.store import refusal
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import InvalidError, NotFoundError
from huiyin.kernel.ids import is_id
from huiyin.security.sealing import Sealer

PAGE = 50
MOST_DIGITS = 10
ERASED = "（已删除）"


class Import(NamedTuple):
    """An import: what it is, how far it is. Times are in milliseconds; `person` is who offered it."""

    id: str
    shop: str
    kind: str
    source: str
    name: str
    bytes: int
    form: str
    person: str
    state: str
    trouble: str
    created_at: int
    ended_at: int | None
    rows_read: int
    refused: int
    records: int
    fed: int
    fresh: int
    first_at: int | None
    last_at: int | None
    same_as: int | None
    """When the very same bytes were brought into the shop before, None if they were not."""


class Asked(NamedTuple):
    """Which imports: the one that is named, or a page of all, so many of them after a cursor."""

    file: str = ""
    cursor: str | None = None
    limit: int = PAGE


class Page(NamedTuple):
    """Some imports, the newest first, and where to go on."""

    imports: list[Import]
    next_cursor: str | None


def imports(connection: sa.Connection, sealer: Sealer, asked: Asked, *, actor: Actor) -> Page:
    """Return a page of the imports of the actor's organisation.

    Raises:
        InvalidError: a cursor that was not handed out here.

    """
    mine = sa.and_(table.c.tenant == actor.tenant, table.c.shop.in_(sorted(actor.shops)))
    wanted = sa.select(table).where(mine)
    if asked.file:
        wanted = wanted.where(table.c.id == asked.file)
    if asked.cursor is not None:
        wanted = wanted.where(table.c.id < _checked(asked.cursor, is_id(asked.cursor)))
    rows = connection.execute(wanted.order_by(table.c.id.desc()).limit(asked.limit + 1)).all()
    following = rows[asked.limit - 1].id if len(rows) > asked.limit else None
    rows = rows[: asked.limit]
    done = sa.select(table.c.shop, table.c.digest, table.c.created_at).where(mine, table.c.state == "done")
    before = connection.execute(done.where(table.c.digest.in_({row.digest for row in rows}))).all()
    sealer.learn(connection, (row.name_sealed for row in rows))
    found = []
    for row in rows:
        plain = sealer.open(connection, name_place(row.tenant, row.id), row.name_sealed)
        same = [each.created_at for each in before if (each.shop, each.digest) == (row.shop, row.digest)]
        earlier = [at for at in same if at < row.created_at]
        values = {name: getattr(row, name) for name in Import._fields if name not in {"name", "same_as"}}
        found.append(
            Import(name=ERASED if plain is None else plain.decode(), same_as=max(earlier, default=None), **values)
        )
    return Page(found, following)


class RefusalPage(NamedTuple):
    """Some refused rows with their places, in their order, and where to go on."""

    rows: list[tuple[int, Refused]]
    next_cursor: str | None


def refusals(connection: sa.Connection, asked: Asked, *, actor: Actor) -> RefusalPage:
    """Return a page of the refused rows of the import that is named.

    Raises:
        NotFoundError: there is no such import of the actor's organisation.
        InvalidError: a cursor that was not handed out here.

    """
    mine = sa.select(table.c.id).where(
        table.c.id == asked.file, table.c.tenant == actor.tenant, table.c.shop.in_(sorted(actor.shops))
    )
    if connection.execute(mine).scalar() is None:
        message = "there is no such import"
        raise NotFoundError(message, remedy="Look at the list of imports.", code="import_gone")
    cursor = asked.cursor or "0"
    after = int(_checked(cursor, cursor.isascii() and cursor.isdigit() and len(cursor) <= MOST_DIGITS))
    query = sa.select(refusal).where(refusal.c.file == asked.file, refusal.c.place > after)
    found = connection.execute(query.order_by(refusal.c.place).limit(asked.limit + 1)).all()
    rows = [(row.place, Refused(row.row, row.field, row.code)) for row in found[: asked.limit]]
    return RefusalPage(rows, str(rows[-1][0]) if len(found) > asked.limit else None)


def _checked(cursor: str, ours: bool) -> str:  # noqa: FBT001  # told beside the cursor it is about
    if not ours:
        message = "this cursor was not handed out here"
        raise InvalidError(message, remedy="Begin again with the first page.", code="cursor")
    return cursor
