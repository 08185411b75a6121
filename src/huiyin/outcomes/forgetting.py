"""Forget what leads from outcomes to customers whose words are no longer kept; verdicts and cases stay as figures."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.conversations.matching import leaving, orders_of
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.outcomes import store


class Named(NamedTuple):
    """A case or a comment that names an order, by its shop and number."""

    table: str
    shop: str
    number: str


_TABLES = {
    "after_sale": (store.after_sale, store.after_sale.c.changed_at),
    "comment": (store.comment, store.comment.c.at),
}


def old_names(connection: sa.Connection, tenant: str, before: int, held: Iterable[str], limit: int) -> list[Named]:
    """Return cases and comments of before a moment (ms) that name orders still, but for those of customers held."""
    kept = {order for customer in held for order in orders_of(connection, customer)}
    found: list[Named] = []
    for name, (table, at) in _TABLES.items():
        told = sa.func.coalesce(at, table.c.recorded_at)
        query = sa.select(table.c.shop, table.c.number).where(
            table.c.tenant == tenant, table.c.order_ref != "", told < before, table.c.order_ref.not_in(sorted(kept))
        )
        found += [Named(name, *row) for row in connection.execute(query.limit(limit - len(found)))]
    return found


def forget_names(uow: UnitOfWork, named: Collection[Named]) -> int:
    """Take the numbers of orders away from cases and comments; what became of them stays."""
    for each in named:
        table, _ = _TABLES[each.table]
        mine = sa.and_(table.c.shop == each.shop, table.c.number == each.number)
        uow.connection.execute(table.update().where(mine).values(order_ref=""))
    return len(named)


def forget_outcomes(uow: UnitOfWork, tenant: str, conversations: Collection[str]) -> None:
    """Take away verdicts' words, and the numbers of sessions and orders, with conversations that are let go of.

    To be called before the hall forgets which they were. Orders of a customer of whom nothing is left go: what an
    inquiry came to was reckoned long before (insight), and is kept there.
    """
    gone, verdict = leaving(uow.connection, conversations), store.evaluation.c
    mine = sa.and_(verdict.tenant == tenant, verdict.conversation.in_(conversations))
    uow.connection.execute(store.evaluation.update().where(mine).values(label_sealed=None, session_ref=""))
    for table in (store.after_sale, store.comment) if gone.orders else ():
        named = sa.and_(table.c.tenant == tenant, table.c.order_ref.in_(gone.orders))
        uow.connection.execute(table.update().where(named).values(order_ref=""))
    if gone.customers:
        bought = store.placed_order.c
        theirs = sa.and_(bought.tenant == tenant, bought.customer.in_(gone.customers))
        uow.connection.execute(store.placed_order.delete().where(theirs))
