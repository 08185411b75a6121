"""Remember up to when a shop's platform was polled, so that a restart asks again for nothing and misses nothing."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms, to_ms

OVERLAP = timedelta(minutes=5)
"""Platforms list a message some time after it was written: each poll looks back this far. Repeats are known."""
FIRST_LOOK_BACK = timedelta(hours=1)


def polled_since(connection: sa.Connection, shop: str, now: datetime) -> datetime:
    """Return from when on the next poll must ask."""
    query = sa.select(store.poll_mark.c.until).where(store.poll_mark.c.shop == shop)
    until = connection.execute(query).scalar()
    return now - FIRST_LOOK_BACK if until is None else from_ms(until) - OVERLAP


def mark_polled(uow: UnitOfWork, shop: str, until: datetime) -> None:
    """Note that everything before `until` is stored; called only after it is."""
    moved = uow.connection.execute(
        store.poll_mark.update().where(store.poll_mark.c.shop == shop).values(until=to_ms(until))
    )
    if not moved.rowcount:
        uow.connection.execute(store.poll_mark.insert().values(shop=shop, until=to_ms(until)))


def polled(connection: sa.Connection, *, actor: Actor) -> dict[str, datetime]:
    """Return up to when each of the actor's shops was polled; shops never polled are left out."""
    columns = store.poll_mark.c
    rows = connection.execute(sa.select(columns.shop, columns.until).where(columns.shop.in_(sorted(actor.shops))))
    return {shop: from_ms(until) for shop, until in rows}
