"""Tell how far the indexes came with what is the actor's to see: never how many sessions others have."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations.said import numbers
from huiyin.eventlog import views as eventlog
from huiyin.finding.store import NEWEST
from huiyin.kernel.actors import Actor
from huiyin.kernel.ids import ShopId
from huiyin.org.views import Shop


class Progress(NamedTuple):
    """How far the indexes came: sessions indexed of all while one is built, and events they do not know yet."""

    done: int
    of: int
    behind: int


def progress_of(
    connection: sa.Connection, came: Mapping[str, Mapping[str, Any]], asked: Collection[Shop],
    shops: Mapping[str, Shop], *, actor: Actor,
) -> Progress:  # fmt: skip
    """Return how far the indexes of some tenants came; `came` is what each knows of itself, nothing where none is.

    An index knows how many sessions its tenant has. Who sees but some of the tenant's shops, or none of their past, is
    told of the shops that were `asked`, since they serve them.
    """
    partly = {
        shop.tenant for key, shop in shops.items() if ShopId(key) not in actor.shops or ShopId(key) in actor.since
    }
    done = of = 0
    for tenant, each in came.items():
        if not each.get("before", NEWEST):
            continue
        if each and tenant not in partly:
            indexed, whole = each["done"], each["of"]
        else:
            since = {shop.id: actor.since.get(ShopId(shop.id), 0) for shop in asked if shop.tenant == tenant}
            indexed, whole = numbers(connection, since, each.get("before", NEWEST))
        if indexed < whole:
            done, of = done + indexed, of + whole
    positions = [int(each["position"]) for each in came.values() if "position" in each]
    behind = eventlog.behind(connection, {shop.id for shop in asked}, min(positions)) if positions else 0
    return Progress(done, of, behind)
