"""Tell for which shops somebody is at a desk now: of the merchant's own team, or of a vendor within its hours."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

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
