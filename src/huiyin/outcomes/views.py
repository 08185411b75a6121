"""Read what came of sessions: sums for figures, and the records behind them."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations.matching import indexes_of
from huiyin.eventlog.prepared import Prepared
from huiyin.kernel.actors import Actor
from huiyin.outcomes.model import Move, Stretch, stretches
from huiyin.outcomes.store import UNNAMED, after_sale, evaluation, mark, placed_order, waiter_move

_ENDED = after_sale.c.finished_at
_CASES = Prepared(
    sa.select(
        after_sale.c.shop,
        sa.func.count(_ENDED),
        sa.func.coalesce(sa.func.sum(_ENDED - after_sale.c.applied_at), 0),
        sa.func.count().filter(_ENDED.is_not(None), after_sale.c.applied_at.is_(None)),
        sa.func.count().filter(_ENDED.is_(None)),
    )
    .where(
        after_sale.c.shop.in_(sa.bindparam("shops", expanding=True)),
        sa.func.coalesce(_ENDED, after_sale.c.changed_at) >= sa.bindparam("start"),
        sa.func.coalesce(_ENDED, after_sale.c.changed_at) < sa.bindparam("end"),
    )
    .group_by(after_sale.c.shop)
)


def case_sums(connection: sa.Connection, shops: Sequence[str], start: int, end: int) -> list[tuple[str, list[int]]]:
    """Return by shop, of the cases that ended in [start, end): how many, how long in ms, how many told no beginning.

    The fourth number is of cases that moved then, and of which no end is told.
    """
    rows = _CASES.rows(connection, shops=list(shops), start=start, end=end)
    return [(shop, numbers) for shop, *numbers in rows]


def orders_read(connection: sa.Connection, shop: str) -> tuple[int, int] | None:
    """Return from when to when (ms) a shop's orders were read without a gap; None where they never were."""
    here = sa.select(mark.c.since, mark.c.until).where(mark.c.shop == shop, mark.c.kind == "orders")
    row = connection.execute(here).one_or_none()
    return None if row is None or row.until is None else (row.since, row.until)


class Ordered(NamedTuple):
    """An order of a customer of ours, moments in ms; `recorded_at` is when we learnt of it or of its end."""

    number: str
    customer: str
    skus: str
    placed_at: int
    cancelled_at: int | None
    recorded_at: int


_ORDERED = tuple(placed_order.c[name] for name in Ordered._fields)


def orders_since(connection: sa.Connection, shop: str, recorded_after: int, most: int) -> list[Ordered]:
    """Return orders of a shop that we learnt of after a moment, the earliest first; of one moment all."""
    columns = placed_order.c
    named = sa.and_(columns.shop == shop, ~columns.customer.startswith(UNNAMED))
    query = sa.select(*_ORDERED).where(named).order_by(columns.recorded_at, columns.number)
    found = [Ordered(*row) for row in connection.execute(query.where(columns.recorded_at > recorded_after).limit(most))]
    if len(found) < most:
        return found
    last = found[-1].recorded_at
    rest = [Ordered(*row) for row in connection.execute(query.where(columns.recorded_at == last))]
    return [each for each in found if each.recorded_at < last] + rest


def orders_of(connection: sa.Connection, shop: str, customers: Collection[str]) -> list[Ordered]:
    """Return the orders of some customers of a shop, those of before they ever wrote with no goods."""
    columns, whose = placed_order.c, {each: each for each in customers}
    whose |= {UNNAMED + index: customer for customer, index in indexes_of(connection, customers).items()}
    query = sa.select(*_ORDERED).where(columns.customer.in_(sorted(whose)), columns.shop == shop)
    return [Ordered(*row)._replace(customer=whose[row.customer]) for row in connection.execute(query)]


def sessions_with_cases() -> sa.Select[Any]:
    """Return the query for the conversations about whose order there is an after-sales case."""
    return sa.select(after_sale.c.conversation).where(after_sale.c.conversation != "")


def verdicts_elsewhere(connection: sa.Connection, shops: Collection[str], start: int, end: int) -> int:
    """Return how many verdicts given in [start, end) judge no session of ours."""
    columns = evaluation.c
    query = sa.select(sa.func.count()).where(
        columns.shop.in_(sorted(shops)), columns.at >= start, columns.at < end, columns.conversation == ""
    )
    return int(connection.execute(query).scalar_one())


def presence(connection: sa.Connection, shop: str, start: int, end: int, *, actor: Actor) -> list[Stretch]:
    """Return when each account of one of the actor's shops was in which state, of moves in [start, end)."""
    columns = waiter_move.c
    query = sa.select(columns.account, columns.state, columns.at).where(
        columns.shop == (shop if shop in actor.shops else ""), columns.at >= start, columns.at < end
    )
    return stretches(Move(*row) for row in connection.execute(query))


class Reading(NamedTuple):
    """How far a kind of record was read of a shop, in ms, and what stands in the way ("" for nothing)."""

    shop: str
    kind: str
    since: int | None
    until: int | None
    trouble: str


def readings(connection: sa.Connection, *, actor: Actor) -> list[Reading]:
    """Return how far every kind of record was read of the actor's shops."""
    columns = [mark.c[name] for name in Reading._fields]
    rows = connection.execute(sa.select(*columns).where(mark.c.shop.in_(sorted(actor.shops))))
    return [Reading(*row) for row in rows]
