"""Read what came of sessions: sums for figures, and the records behind them."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared
from huiyin.kernel.actors import Actor
from huiyin.outcomes.model import Move, Stretch, stretches
from huiyin.outcomes.store import after_sale, evaluation, mark, waiter_move

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
