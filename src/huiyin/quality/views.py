"""Read verdicts and findings for screens."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared
from huiyin.quality import store

HIGH_RISK = ("customer.complaint", "customer.authority", "customer.media", "customer.danger")
WATCHED = ("customer.anger", "customer.abuse", "customer.privacy")

_FINDINGS = Prepared(
    sa.select(*(store.finding.c[name] for name in ("message", "rule", "title", "severity", "start", "end", "reason")))
    .where(store.finding.c.message.in_(sa.bindparam("messages", expanding=True)))
    .order_by(store.finding.c.message, store.finding.c.start)
)
_MARKS = Prepared(
    sa.select(store.finding.c.conversation, store.finding.c.rule, sa.func.count().label("number"))
    .where(store.finding.c.conversation.in_(sa.bindparam("conversations", expanding=True)))
    .group_by(store.finding.c.conversation, store.finding.c.rule)
)


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
    found: dict[str, list[Marked]] = {}
    for row in _FINDINGS.rows(connection, messages=messages):
        found.setdefault(row.message, []).append(Marked(*row))
    return found


def marks_of(connection: sa.Connection, conversations: Sequence[str]) -> dict[str, Marks]:
    """Return the number of findings and the risk of conversations that have any."""
    marks: dict[str, Marks] = {}
    for conversation, rule, number in _MARKS.rows(connection, conversations=conversations):
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
