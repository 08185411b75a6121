"""The formulas said again in plain steps over rows in memory: what the database counts is held against this."""

from collections.abc import Callable, Iterable
from math import ceil
from statistics import median
from typing import Any

from huiyin.insight.figures import HUMAN_WITHIN_MS, WITHIN_30_MS, WITHIN_120_MS
from huiyin.insight.measures import UNKNOWN_PART, Value

SessionRow = Any
"""A row of `session_figures` with `counted` (bool), `why`, and `age_ms` since the customer first asked."""


def _share(rows: Iterable[SessionRow], hit: Callable[[SessionRow], bool]) -> Value:
    all_rows = list(rows)
    part = sum(1 for row in all_rows if hit(row))
    return Value(part / len(all_rows) if all_rows else None, part, len(all_rows))


def _assessed(rows: list[SessionRow]) -> list[SessionRow]:
    """Sessions the platform assesses: a customer asked, no exemption, and answered or waited long enough to tell."""
    return [row for row in rows if is_assessed(row)]


def is_assessed(row: SessionRow) -> bool:
    """Tell whether a session counts for response figures."""
    return bool(row.counted) and row.asked_at is not None


def is_within(row: SessionRow, limit_ms: int) -> bool:
    """Tell whether a session got its first answer within a limit; the limit itself still counts."""
    return row.first_response_ms is not None and row.first_response_ms <= limit_ms


def _share_within(limit_ms: int) -> Callable[[list[SessionRow]], Value]:
    """Count a session once it is decided: answered, closed, or waiting longer than the limit."""

    def compute(rows: list[SessionRow]) -> Value:
        decided = [
            row
            for row in rows
            if is_assessed(row) and (_answered(row) or row.closed_at is not None or row.age_ms > limit_ms)
        ]
        return _share(decided, lambda row: is_within(row, limit_ms))

    return compute


def _count(hit: Callable[[SessionRow], bool]) -> Callable[[list[SessionRow]], Value]:
    return lambda rows: Value(sum(1 for row in rows if hit(row)))


def _median_first(rows: list[SessionRow]) -> Value:
    times = [row.first_response_ms for row in _assessed(rows) if row.first_response_ms is not None]
    return Value(median(times) / 1000 if times else None, whole=len(times))


def _median_human(rows: list[SessionRow]) -> Value:
    times = [row.human_response_ms for row in _assessed(rows) if row.human_response_ms is not None]
    return Value(median(times) / 1000 if times else None, whole=len(times))


def _mean_turn(rows: list[SessionRow]) -> Value:
    assessed = _assessed(rows)
    turns = sum(row.turns for row in assessed)
    return Value(sum(row.turns_ms for row in assessed) / turns / 1000 if turns else None, whole=turns)


def _bot_only(row: SessionRow) -> bool:
    return bool(row.replies_bot) and not row.replies_human and row.handed_over_at is None


def _answered(row: SessionRow) -> bool:
    return row.first_response_ms is not None


def _median_open(rows: list[SessionRow]) -> Value:
    times = [row.first_response_open_ms for row in rows if _told_in_opening_time(row)]
    return Value(median(times) / 1000 if times else None, whole=len(times))


def _told_in_opening_time(row: SessionRow) -> bool:
    """Tell whether any of the wait fell into opening hours: what was asked and answered while closed says nothing."""
    return row.first_response_open_ms is not None and (row.first_response_open_ms > 0 or not row.outside_hours)


def _mean_first(rows: list[SessionRow]) -> Value:
    times = [row.first_response_ms for row in _assessed(rows) if row.first_response_ms is not None]
    return Value(sum(times) / len(times) / 1000 if times else None, whole=len(times))


def _p90_first(rows: list[SessionRow]) -> Value:
    times = sorted(row.first_response_ms for row in _assessed(rows) if row.first_response_ms is not None)
    return Value(times[ceil(0.9 * len(times)) - 1] / 1000 if times else None, whole=len(times))


def _human_within(rows: list[SessionRow]) -> Value:
    assessed = _assessed(rows)
    if any(row.definition < 3 for row in assessed):
        return Value(None, why=UNKNOWN_PART)
    decided = [
        row
        for row in assessed
        if row.human_response_ms is not None
        or (
            row.wanted_person_at is not None
            and (row.closed_at is not None or row.age_ms + row.asked_at - row.wanted_person_at > HUMAN_WITHIN_MS)
        )
    ]
    return _share(decided, lambda row: row.human_response_ms is not None and row.human_response_ms <= HUMAN_WITHIN_MS)


def _answered_share(rows: list[SessionRow]) -> Value:
    decided = [row for row in _asked(rows) if _answered(row) or row.closed_at is not None]
    return _share(decided, _answered)


def _asked(rows: list[SessionRow]) -> list[SessionRow]:
    return [row for row in rows if row.asked_at is not None]


def _left(rows: list[SessionRow]) -> list[SessionRow] | None:
    """Return the sessions that were left as messages; None where it is not known of one."""
    if any(row.left_message is None for row in _asked(rows)):
        return None
    return [row for row in rows if row.left_message]


def _left_count(rows: list[SessionRow]) -> Value:
    left = _left(rows)
    return Value(None, why=UNKNOWN_PART) if left is None else Value(len(left))


def _left_share(rows: list[SessionRow]) -> Value:
    return Value(None, why=UNKNOWN_PART) if _left(rows) is None else _share(_asked(rows), lambda row: row.left_message)


def _left_answered(rows: list[SessionRow]) -> Value:
    left = _left(rows)
    return (
        Value(None, why=UNKNOWN_PART) if left is None else _share(left, lambda row: row.human_response_ms is not None)
    )


def _never(why: str) -> Callable[[list[SessionRow]], Value]:
    return lambda _rows: Value(None, why=why)


def _rated(rows: list[SessionRow]) -> list[SessionRow]:
    return [row for row in rows if row.degree is not None]


def _satisfaction(rows: list[SessionRow]) -> Value:
    rated = _rated(rows)
    if any(row.degree == 0 for row in rated):
        return Value(None, why=UNKNOWN_PART)
    return _share(rated, lambda row: row.degree >= 4)


def _rated_share(rows: list[SessionRow]) -> Value:
    answered = [row for row in rows if _answered(row)]
    if answered and not _rated(rows):
        return Value(None, why="no_evaluations")
    return _share(answered, lambda row: row.degree is not None)


PLAINLY: dict[str, Callable[[list[SessionRow]], Value]] = {
    "waiting": _count(lambda row: row.state == "waiting"),
    "in_service": _count(lambda row: row.state in {"bot", "human"}),
    "answered_within_30": _share_within(WITHIN_30_MS),
    "answered_within_120": _share_within(WITHIN_120_MS),
    "first_response_median": _median_first,
    "human_response_median": _median_human,
    "response_mean": _mean_turn,
    "first_response_mean": _mean_first,
    "first_response_p90": _p90_first,
    "human_within_180": _human_within,
    "answered_share": _answered_share,
    "leave_messages": _left_count,
    "leave_message_share": _left_share,
    "leave_message_answered": _left_answered,
    "first_response_open_median": _median_open,
    "outside_hours": _count(lambda row: bool(row.outside_hours)),
    "bot_share": lambda rows: _share([row for row in rows if _answered(row)], _bot_only),
    "handed_over": _count(lambda row: row.handed_over_at is not None),
    "findings": lambda rows: Value(sum(row.findings for row in rows)),
    "sessions": lambda rows: Value(len(rows)),
    "satisfaction": _satisfaction,
    "rated_share": _rated_share,
    "invited_share": _never("invitations_not_told"),
    "inquiry_conversion": _never("orders_not_kept"),
    "after_sale_mean": lambda _rows: Value(None, whole=0),
}


def nobody(_connection: object, _people: object) -> dict[str, str]:
    """Know nobody's name: figures do not depend on what people are called."""
    return {}
