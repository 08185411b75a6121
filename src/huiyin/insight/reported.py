"""Figures as somebody else counted them: a platform's own line, or its reports in files. Never mixed with ours.

Each value keeps where it is from and as of when. A later other value stands beside the earlier, and the latest counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.insight.store import reported_figure as table
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import new_id
from huiyin.org.account_names import AccountNames

UNITS: Mapping[str, str] = {
    "inquiries": "count", "served": "count", "unserved": "count", "served_share": "share",
    "first_response_mean": "seconds", "response_mean": "seconds", "answered_within_30": "share",
    "human_within_180": "share", "presale_served": "count", "ordered": "count", "ordered_fen": "fen",
    "inquiry_conversion": "share", "ratings": "count", "ratings_good": "count", "ratings_bad": "count",
    "satisfaction": "share", "invited_share": "share", "leave_message_share": "share",
    "leave_message_answered": "share", "agent_messages": "count", "customer_messages": "count", "shop_stars": "score",
    "score_goods": "score", "score_logistics": "score", "score_after_sale": "score", "after_sale_mean": "hours",
    "intervention_share": "share",
}  # fmt: skip
"""Every figure that is kept, with its unit: shares between 0 and 1, money in 分, scores as the platform gives them."""
MOST_ROWS = 50_000


class Whence(NamedTuple):
    """Where figures are from: whose shop, which source, the import they came in with ("" for a line), as of when (ms).

    A source is `service_manager` (客服管家), `business_intelligence` (商智), `other`, or the platform's gateway.
    """

    tenant: str
    shop: str
    source: str
    file: str
    as_of: int


class Told(NamedTuple):
    """Figures of some days, ISO dates both included; `agent` is the platform's account, "" for the whole shop."""

    day: str
    until: str
    agent: str
    values: Mapping[str, float]


class ReportedFigure(NamedTuple):
    """A figure as somebody else counted it; `account` stands for the platform's account, "" for the whole shop."""

    shop: str
    source: str
    figure: str
    unit: str
    day: str
    until: str
    account: str
    value: float
    file: str
    as_of: int


def keep_reported(uow: UnitOfWork, accounts: AccountNames, whence: Whence, told: Sequence[Told]) -> int:
    """Keep figures; return how many of `told` had anything that was not known before."""
    named = {each.agent: accounts.account(uow, whence.tenant, each.agent) for each in told if each.agent}
    accounts.write_down(uow, whence.tenant, [(whence.shop, account, agent) for agent, account in named.items()])
    known = _known(uow.connection, whence, {each.day for each in told})
    rows, fresh = list[dict[str, object]](), 0
    for each in told:
        account, before = named.get(each.agent, ""), len(rows)
        for figure, value in each.values.items():
            key = (figure, each.day, each.until, account)
            if known.get(key) == value:
                continue
            known[key] = value
            rows.append(
                {
                    "id": new_id(), "tenant": whence.tenant, "shop": whence.shop, "source": whence.source,
                    "figure": figure, "day": each.day, "until": each.until, "account": account, "value": value,
                    "file": whence.file, "as_of": whence.as_of, "recorded_at": uow.now_ms(),
                }
            )  # fmt: skip
        fresh += len(rows) > before
    if rows:
        uow.connection.execute(table.insert(), rows)
    return fresh


def reported(
    connection: sa.Connection, shops: Iterable[str], since: date, until: date, *, actor: Actor
) -> list[ReportedFigure]:
    """Return what was reported of some of the actor's shops as a whole for days in [since, until], the latest of each.

    Single agents' are kept and not returned: of a quarter they are hundreds of thousands.

    Raises:
        InvalidError: more was reported than is read at once.

    """
    mine = sorted(set(shops) & set(actor.shops))
    query = (
        sa.select(table)
        .where(
            table.c.shop.in_(mine), table.c.account == "", table.c.day >= since.isoformat(),
            table.c.until <= until.isoformat(),
        )
        .order_by(table.c.day, table.c.recorded_at, table.c.id)
        .limit(MOST_ROWS + 1)
    )  # fmt: skip
    rows = connection.execute(query).all()
    if len(rows) > MOST_ROWS:
        message = f"more than {MOST_ROWS} figures were reported of these days"
        raise InvalidError(message, remedy="Ask for fewer days, or for one shop.", code="report_large")
    latest = {
        (row.shop, row.source, row.figure, row.day, row.until): ReportedFigure(
            row.shop, row.source, row.figure, UNITS.get(row.figure, ""), row.day, row.until, row.account, row.value,
            row.file, row.as_of,
        )
        for row in rows
    }  # fmt: skip
    return list(latest.values())


def _known(connection: sa.Connection, whence: Whence, days: set[str]) -> dict[tuple[str, str, str, str], float]:
    mine = sa.and_(table.c.shop == whence.shop, table.c.source == whence.source, table.c.day.in_(sorted(days)))
    rows = connection.execute(sa.select(table).where(mine).order_by(table.c.recorded_at, table.c.id))
    return {(row.figure, row.day, row.until, row.account): row.value for row in rows}
