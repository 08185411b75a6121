"""How far a shop's platform has been told of who reached its data."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.access_logs.store import access_log, mark
from huiyin.kernel.clock import from_ms


class Told(NamedTuple):
    """How many records wait, how many the platform took, when the last, and the word for why it does not take them."""

    waiting: int = 0
    taken: int = 0
    taken_at: datetime | None = None
    trouble: str = ""


def told(connection: sa.Connection, shops: Collection[str]) -> dict[str, Told]:
    """Return how far each shop's platform was told, without those that never were; the caller may know these shops."""
    c = access_log.c
    waits = sa.select(c.shop, sa.func.count()).where(c.shop.in_(shops)).group_by(c.shop)
    found = {shop: Told(waiting=number) for shop, number in connection.execute(waits)}
    for row in connection.execute(sa.select(mark).where(mark.c.shop.in_(shops))):
        at = None if row.taken_at is None else from_ms(row.taken_at)
        found[row.shop] = found.get(row.shop, Told())._replace(taken=row.taken, taken_at=at, trouble=row.trouble)
    return found
