"""Tell for which shops somebody is at a desk now: of the merchant's own team, or of a vendor within its hours."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared
from huiyin.kernel.clock import from_ms
from huiyin.org import store
from huiyin.org.access import in_force
from huiyin.org.hours import OpeningHours, is_open

PRESENT = ("online", "busy", "rest")
"""At work; whoever rests will be back in minutes."""


def staffed(connection: sa.Connection, shops: Collection[str], at: datetime) -> frozenset[str]:
    """Return those of `shops` that somebody is there for at `at`; three queries, however many shops."""
    wanted = sorted(shops)
    teams: dict[str, set[str]] = {
        shop: {tenant}
        for shop, tenant in connection.execute(
            sa.select(store.shop.c.id, store.shop.c.tenant).where(store.shop.c.id.in_(wanted))
        )
    }
    engaged = (
        sa.select(store.engagement.c.shop, store.engagement.c.vendor, store.engagement.c.hours, store.shop.c.time_zone)
        .join(store.shop, store.shop.c.id == store.engagement.c.shop)
        .where(store.engagement.c.shop.in_(wanted), in_force(store.engagement, at))
    )
    for shop, vendor, hours, zone in connection.execute(engaged):
        if is_open(msgspec.json.decode(hours, type=OpeningHours), at, ZoneInfo(zone)):
            teams[shop].add(vendor)
    tenants = sorted({tenant for team in teams.values() for tenant in team})
    present = sa.select(store.seat.c.tenant).where(store.seat.c.tenant.in_(tenants), store.seat.c.state.in_(PRESENT))
    there = set(connection.execute(present.distinct()).scalars())
    return frozenset(shop for shop, team in teams.items() if team & there)


class Teams:
    """Which vendors work for which shops, over time: asked for any moment with the knowledge of that moment."""

    def __init__(self, rows: Sequence[Any]) -> None:
        """Keep the records of engagements, oldest first."""
        self._rows = rows
        self._replaced = {row.replaces: row.recorded_at for row in reversed(rows) if row.replaces}

    def vendors(self, shop: str, at: int) -> set[str]:
        """Return the vendors engaged for a shop at `at`, in ms, within their hours, as far as was known then."""
        return {
            row.vendor
            for row in self._rows
            if row.shop == shop
            and row.recorded_at <= at
            and row.effective_from <= at
            and (row.effective_to is None or at < row.effective_to)
            and not self._replaced.get(row.id, at + 1) <= at
            and is_open(_hours(row.hours), from_ms(at), ZoneInfo(row.time_zone))
        }


_TEAMS = Prepared(
    sa.select(store.engagement, store.shop.c.time_zone)
    .join(store.shop, store.shop.c.id == store.engagement.c.shop)
    .where(store.engagement.c.shop.in_(sa.bindparam("shops", expanding=True)))
    .order_by(store.engagement.c.recorded_at, store.engagement.c.id)
)


def teams(connection: sa.Connection, shops: Collection[str]) -> Teams:
    """Load who works for some shops in one query."""
    return Teams(_TEAMS.rows(connection, shops=sorted(shops)))


@lru_cache(maxsize=1024)
def _hours(text: str) -> OpeningHours:
    return msgspec.json.decode(text, type=OpeningHours)
