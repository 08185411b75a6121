"""What stands between a shop and its platform at this moment: since when, why, how often it was tried.

Written down when it begins, changes or ends, not at every try: a platform that is away for a night is one row.
"""

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.connections.events import LineTroubled
from huiyin.connections.store import trouble as table
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import HuiyinError, PermanentError

OTHER = "platform_refused"
AWAY = "platform_away"


class Trouble(NamedTuple):
    """A word for what is wrong, since when and last seen when (milliseconds), and whether waiting alone helps."""

    code: str
    since: int
    last_at: int
    lasting: bool


def code_of(error: HuiyinError) -> str:
    """Return the word for what went wrong; the platform's own text is logged nowhere and kept nowhere."""
    return error.code or (OTHER if isinstance(error, PermanentError) else AWAY)


def note_trouble(uow: UnitOfWork, tenant: str, shop: str, error: HuiyinError | None, *, actor: Actor) -> None:
    """Keep what is wrong with a shop's line, or with None that nothing is any more."""
    mine = table.c.shop == shop
    row = uow.connection.execute(sa.select(table.c.code).where(mine)).one_or_none()
    code = "" if error is None else code_of(error)
    if (row.code if row is not None else "") == code:
        if row is not None:
            uow.connection.execute(table.update().where(mine).values(last_at=uow.now_ms()))
        return
    uow.connection.execute(table.delete().where(mine))
    if error is not None:
        now, lasting = uow.now_ms(), isinstance(error, PermanentError)
        fresh = {"shop": shop, "code": code, "since": now, "last_at": now, "lasting": lasting}
        uow.connection.execute(table.insert().values(**fresh))
    uow.record(LineTroubled(shop, code), subject=shop, tenant=tenant, shop=shop, actor=actor)


def troubles(connection: sa.Connection, shops: Collection[str]) -> dict[str, Trouble]:
    """Return what is wrong with the lines of some shops; those in order are left out."""
    rows = connection.execute(sa.select(table).where(table.c.shop.in_(sorted(shops))))
    return {row.shop: Trouble(row.code, row.since, row.last_at, row.lasting) for row in rows}
