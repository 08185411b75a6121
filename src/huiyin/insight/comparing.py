"""Put our own figures beside somebody else's, over the same days, and say of what kind each difference may be. Pure.

Their shares and means over several days are weighted as theirs are made (接待量 for responses, 评价量 for
satisfaction); without the weight of one day the whole is not known. A score is rolling already: the latest one counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from huiyin.insight.measures import Value
from huiyin.insight.reported import ReportedFigure

WEIGHTS: Mapping[str, str] = {
    "served_share": "inquiries", "satisfaction": "ratings", "first_response_mean": "served", "response_mean": "served",
    "answered_within_30": "served", "human_within_180": "served", "inquiry_conversion": "presale_served",
    "invited_share": "served", "leave_message_share": "inquiries",
}  # fmt: skip
"""By what a mean or share is weighted over days (JD's own reports weigh by 接待量)."""
OURS: Mapping[str, str] = {"inquiries": "sessions", "served_share": "answered_share"}
"""Which of our figures stands beside theirs, where the name differs."""
OTHERWISE_DEFINED = frozenset({"inquiries", "served_share", "response_mean", "first_response_mean", "human_within_180"})
"""Figures a platform counts by other rules than ours: docs/formulas names them."""
ADDED_UP = frozenset({"count", "fen"})
ROLLING = frozenset({"score"})
ALIKE = {"share": 0.005, "seconds": 0.5, "hours": 0.05}
"""What rounding alone explains."""


class Kind(StrEnum):
    """Of what kind a difference may be."""

    ALIKE = "alike"
    OURS_UNKNOWN = "ours_unknown"
    THEIRS_UNKNOWN = "theirs_unknown"
    DAYS_MISSING = "days_missing"
    ROLLING = "rolling"
    PART_SERVED = "part_served"
    OTHERWISE_DEFINED = "otherwise_defined"
    UNEXPLAINED = "unexplained"


class Over(NamedTuple):
    """A figure of theirs over several days; None where it is not known. `days` were told, the latest as of `as_of`."""

    source: str
    figure: str
    unit: str
    value: float | None
    days: int
    as_of: int


class Compared(NamedTuple):
    """Ours beside theirs, and of what kinds the difference may be; `key` is our figure's, "" where we have none."""

    theirs: Over
    key: str
    ours: Value | None
    kinds: tuple[Kind, ...]


def over_days(told: Iterable[ReportedFigure]) -> list[Over]:
    """Return the whole shop's figures over all days told, by source and figure."""
    groups: dict[tuple[str, str], list[ReportedFigure]] = defaultdict(list)
    weights: dict[tuple[str, str, str, str], float] = {}
    for each in told:
        if not each.account:
            groups[each.source, each.figure].append(each)
            weights[each.source, each.figure, each.day, each.until] = each.value
    return [_over(rows, weights) for _, rows in sorted(groups.items())]


def compare(
    ours: Mapping[str, Value], theirs: Sequence[Over], days: int, *, since_later: bool = False
) -> list[Compared]:
    """Put ours beside theirs over a stretch of so many days; `since_later`: we served only a part of it."""
    found = []
    for each in theirs:
        key = OURS.get(each.figure, each.figure)
        mine = ours.get(key)
        found.append(Compared(each, key if mine is not None else "", mine, _kinds(each, mine, days, since_later)))
    return found


def _over(rows: list[ReportedFigure], weights: Mapping[tuple[str, str, str, str], float]) -> Over:
    first = rows[0]
    as_of, days = max(each.as_of for each in rows), sum(map(_length, rows))
    return Over(first.source, first.figure, first.unit, _value(rows, weights), days, as_of)


def _value(rows: list[ReportedFigure], weights: Mapping[tuple[str, str, str, str], float]) -> float | None:
    if len(rows) == 1:
        return rows[0].value
    if rows[0].unit in ROLLING:
        return max(rows, key=lambda each: (each.until, each.as_of)).value
    if _overlap(rows):
        return None  # a week beside its own days would count twice
    if rows[0].unit in ADDED_UP:
        return sum(each.value for each in rows)
    by = WEIGHTS.get(rows[0].figure, "")
    weighed = [(each.value, weights.get((each.source, by, each.day, each.until))) for each in rows]
    known = [(value, weight) for value, weight in weighed if weight is not None]
    whole = sum(weight for _, weight in known)
    if len(known) < len(weighed) or not whole:
        return None
    return sum(value * weight for value, weight in known) / whole


def _overlap(rows: list[ReportedFigure]) -> bool:
    spans = sorted((each.day, each.until) for each in rows)
    return any(later[0] <= earlier[1] for earlier, later in pairwise(spans))


def _length(row: ReportedFigure) -> int:
    return (date.fromisoformat(row.until) - date.fromisoformat(row.day)).days + 1


def _kinds(theirs: Over, ours: Value | None, days: int, since_later: bool) -> tuple[Kind, ...]:  # noqa: FBT001  # as above
    if theirs.value is None:
        return (Kind.THEIRS_UNKNOWN,)
    if ours is None or ours.value is None:
        return (Kind.OURS_UNKNOWN,)
    if abs(ours.value - theirs.value) <= ALIKE.get(theirs.unit, 0):
        return (Kind.ALIKE,)
    kinds = [
        kind
        for kind, holds in (
            (Kind.ROLLING, theirs.unit in ROLLING),
            (Kind.DAYS_MISSING, theirs.days < days and theirs.unit not in ROLLING),
            (Kind.PART_SERVED, since_later),
            (Kind.OTHERWISE_DEFINED, theirs.figure in OTHERWISE_DEFINED),
        )
        if holds
    ]
    return tuple(kinds) or (Kind.UNEXPLAINED,)
