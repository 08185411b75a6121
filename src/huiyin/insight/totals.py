"""Totals over everything in a house: the balance of a replay, the counters of a benchmark."""

from typing import NamedTuple

import sqlalchemy as sa

from huiyin.conversations.messages import stored_count
from huiyin.insight.store import session_figures
from huiyin.quality.views import finding_count, verdict_count


class Totals(NamedTuple):
    """How many of everything."""

    stored: int
    replies: int
    inspected: int
    findings: int
    bot_answers: int
    handed_over: int


def of_everything(connection: sa.Connection) -> Totals:
    """Count everything, whatever the shop; for operators at the machine, not for a screen."""
    handed_over = connection.execute(sa.select(sa.func.count(session_figures.c.handed_over_at))).scalar_one()
    messages = stored_count(connection)
    return Totals(
        messages.stored, messages.replies, verdict_count(connection), finding_count(connection), messages.bot_answers,
        handed_over,
    )  # fmt: skip
