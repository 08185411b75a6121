"""List the sessions of ours that may make a platform's counts other than ours, by reason; one shop's at a time.

JD tells counts by account and no list of what it counted. So these are candidates: sessions its waiters' figures leave
out as far as their names say, and verdicts on sessions that are not here.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.channels.port import Origin
from huiyin.conversations.matching import recontacts
from huiyin.insight.counting import Alike, looked_at
from huiyin.insight.store import session_figures
from huiyin.outcomes.views import verdicts_elsewhere

MOST = 100
"""Sessions listed for each reason; all are counted."""
SAME_SESSION_MS = 10 * 60 * 1000
"""JD goes on in the same session for so long after its end."""

columns = session_figures.c


class Reason(StrEnum):
    """Why a session may be counted by one side alone."""

    BOT_ONLY = "bot_only"
    """No person answered: it is in no waiter's figures."""
    LEFT_MESSAGE = "left_message"
    """Left while nobody was at a desk: JD counts leave-messages apart."""
    NOBODY_ASKED = "nobody_asked"
    """The customer wrote nothing: there was no inquiry."""
    RECONTACT = "recontact"
    """Begun within ten minutes of the customer's last one, which JD goes on with."""
    VERDICT_ELSEWHERE = "verdict_elsewhere"
    """The platform told a verdict on a session that is not here."""


class Apart(NamedTuple):
    """How many there are for a reason, and the newest of those that are conversations of ours."""

    reason: Reason
    number: int
    conversations: tuple[str, ...]


_CONDITIONS: Mapping[Reason, sa.ColumnElement[bool]] = {
    Reason.BOT_ONLY: sa.and_(columns.replies_bot > 0, columns.replies_human == 0),
    Reason.LEFT_MESSAGE: sa.func.coalesce(columns.left_message, 0) == 1,
    Reason.NOBODY_ASKED: columns.asked_at.is_(None),
}


def sessions_apart(connection: sa.Connection, days: Sequence[Alike], now: Any) -> list[Apart]:  # noqa: ANN401  # as `Alike.values` takes it
    """Return reasons with at least one session, of the days of one shop; four queries for each stretch of days."""
    found: dict[Reason, list[str]] = {reason: [] for reason in Reason}
    numbers = dict.fromkeys(Reason, 0)
    for same in days:
        values = same.values(now)
        here = looked_at(is_open=False)
        counts = connection.execute(
            sa.select(*(sa.func.count().filter(each) for each in _CONDITIONS.values())).where(here), values
        ).one()
        for reason, number in zip(_CONDITIONS, counts, strict=True):
            numbers[reason] += number
        query = sa.select(columns.conversation, *_CONDITIONS.values()).where(here, sa.or_(*_CONDITIONS.values()))
        for conversation, *holds in connection.execute(
            query.order_by(columns.opened_at.desc()).limit(MOST * len(_CONDITIONS)), values
        ):
            for reason, does in zip(_CONDITIONS, holds, strict=True):
                if does and len(found[reason]) < MOST:
                    found[reason].append(conversation)
        again = recontacts(connection, same.shops, (same.start, same.end), SAME_SESSION_MS, same.origin)
        numbers[Reason.RECONTACT] += len(again)
        found[Reason.RECONTACT] += again[:MOST]
        if same.origin != Origin.BACKFILL:
            numbers[Reason.VERDICT_ELSEWHERE] += verdicts_elsewhere(connection, same.shops, same.start, same.end)
    return [Apart(each, numbers[each], tuple(found[each])) for each in Reason if numbers[each]]
