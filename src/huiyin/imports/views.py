"""List imports and the rows they refused, as their owner's people may see them."""

from typing import NamedTuple

import sqlalchemy as sa

from huiyin.imports.jobs import Refused, name_place
from huiyin.imports.store import import_file as table
from huiyin.imports.store import refusal
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import NotFoundError
from huiyin.security.sealing import Sealer

MOST_LISTED = 100
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


def imports(connection: sa.Connection, sealer: Sealer, *, actor: Actor, file: str = "") -> list[Import]:
    """Return the newest imports of the actor's organisation, or the one that is named."""
    mine = sa.and_(table.c.tenant == actor.tenant, table.c.shop.in_(sorted(actor.shops)))
    wanted = sa.and_(mine, table.c.id == file) if file else mine
    rows = connection.execute(
        sa.select(table).where(wanted).order_by(table.c.created_at.desc()).limit(MOST_LISTED)
    ).all()
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
    return found


def refusals(connection: sa.Connection, file: str, after: int, most: int, *, actor: Actor) -> list[tuple[int, Refused]]:
    """Return refused rows of an import after a place, with their places.

    Raises:
        NotFoundError: there is no such import of the actor's organisation.

    """
    mine = sa.select(table.c.id).where(
        table.c.id == file, table.c.tenant == actor.tenant, table.c.shop.in_(sorted(actor.shops))
    )
    if connection.execute(mine).scalar() is None:
        message = "there is no such import"
        raise NotFoundError(message, remedy="Look at the list of imports.", code="import_gone")
    query = sa.select(refusal).where(refusal.c.file == file, refusal.c.place > after)
    rows = connection.execute(query.order_by(refusal.c.place).limit(most))
    return [(row.place, Refused(row.row, row.field, row.code)) for row in rows]
