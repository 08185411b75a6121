"""Read verdicts and findings for screens."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.quality import store

HIGH_RISK = ("customer.complaint", "customer.authority", "customer.media", "customer.danger")
WATCHED = ("customer.anger", "customer.abuse", "customer.privacy")


class Marked(NamedTuple):
    """A finding as a screen shows it."""

    message: str
    rule: str
    title: str
    severity: str
    start: int
    end: int
    reason: str


class Marks(NamedTuple):
    """A conversation's findings in short: how many, and whether somebody should look: none, watch, high."""

    number: int
    risk: str


def findings_of(connection: sa.Connection, messages: Sequence[str]) -> dict[str, list[Marked]]:
    """Return the findings of messages, by message, in the order of their words."""
    columns = store.finding.c
    query = (
        sa.select(
            columns.message, columns.rule, columns.title, columns.severity, columns.start, columns.end, columns.reason
        )
        .where(columns.message.in_(messages))
        .order_by(columns.message, columns.start)
    )
    found: dict[str, list[Marked]] = {}
    for row in connection.execute(query):
        found.setdefault(row.message, []).append(Marked(*row))
    return found


def marks_of(connection: sa.Connection, conversations: Sequence[str]) -> dict[str, Marks]:
    """Return the number of findings and the risk of conversations that have any."""
    columns = store.finding.c
    query = (
        sa.select(columns.conversation, columns.rule, sa.func.count())
        .where(columns.conversation.in_(conversations))
        .group_by(columns.conversation, columns.rule)
    )
    marks: dict[str, Marks] = {}
    for conversation, rule, number in connection.execute(query):
        before = marks.get(conversation, Marks(0, "none"))
        risk = max(before.risk, risk_of(rule), key=("none", "watch", "high").index)
        marks[conversation] = Marks(before.number + number, risk)
    return marks


def risk_of(rule: str) -> str:
    """Return what a rule says about a conversation: none, watch or high."""
    if rule.startswith(HIGH_RISK):
        return "high"
    return "watch" if rule.startswith(WATCHED) else "none"


def verdict_count(connection: sa.Connection) -> int:
    """Return how many verdicts stand."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(store.verdict)).scalar_one())


def finding_count(connection: sa.Connection) -> int:
    """Return how many findings stand."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(store.finding)).scalar_one())
