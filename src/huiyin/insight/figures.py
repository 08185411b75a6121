"""The registry: every figure has one key, one unit, one definition and one formula, the same on every screen."""

from collections.abc import Callable, Iterable
from statistics import median
from typing import Any, NamedTuple

WITHIN_30_MS = 30_000
WITHIN_120_MS = 120_000

SessionRow = Any
"""A row of `session_figures` with `counted` (bool), `why`, and `age_ms` since the customer first asked."""


class Value(NamedTuple):
    """A computed figure. `value` is None where nothing was measured: no activity gives no figure, not 0."""

    value: float | None
    part: int | None = None
    whole: int | None = None


class Figure(NamedTuple):
    """One figure of the registry. `formula` names its page in docs/formulas."""

    key: str
    unit: str
    definition: str
    formula: str
    compute: Callable[[list[SessionRow]], Value]
    concerns: Callable[[SessionRow], bool]
    target: float | None = None


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


def _median_open(rows: list[SessionRow]) -> Value:
    times = [row.first_response_open_ms for row in rows if _told_in_opening_time(row)]
    return Value(median(times) / 1000 if times else None, whole=len(times))


def _told_in_opening_time(row: SessionRow) -> bool:
    """Tell whether any of the wait fell into opening hours: what was asked and answered while closed says nothing."""
    return row.first_response_open_ms is not None and (row.first_response_open_ms > 0 or not row.outside_hours)


def _mean_turn(rows: list[SessionRow]) -> Value:
    assessed = _assessed(rows)
    turns = sum(row.turns for row in assessed)
    return Value(sum(row.turns_ms for row in assessed) / turns / 1000 if turns else None, whole=turns)


def _bot_only(row: SessionRow) -> bool:
    return bool(row.replies_bot) and not row.replies_human and row.handed_over_at is None


def _answered(row: SessionRow) -> bool:
    return row.first_response_ms is not None


REGISTRY: tuple[Figure, ...] = (
    Figure(
        "waiting", "count", "排队中、还没有客服接手的会话数（此刻）。", "live.md",
        _count(lambda row: row.state == "waiting"), lambda row: row.state == "waiting",
    ),
    Figure(
        "in_service", "count", "机器人或客服正在接待的会话数（此刻）。", "live.md",
        _count(lambda row: row.state in {"bot", "human"}), lambda row: row.state in {"bot", "human"},
    ),
    Figure(
        "answered_within_30", "share",
        "首次 30 秒应答率：从客户第一句话到第一条回复不超过 30 秒的会话 ÷ 计入考核的会话。"
        "23:00–09:00 开始的会话与豁免时段不计。",
        "first-response.md", _share_within(WITHIN_30_MS), is_assessed, 0.8,
    ),
    Figure(
        "answered_within_120", "share",
        "120 秒应答率：第一条回复不超过 120 秒的会话 ÷ 计入考核的会话，豁免同上。",
        "first-response.md", _share_within(WITHIN_120_MS), is_assessed, 0.9,
    ),
    Figure(
        "first_response_median", "seconds", "首次响应中位数：已答会话的首次响应时间的中位数，豁免同上。",
        "first-response.md", _median_first, is_assessed,
    ),
    Figure(
        "human_response_median",
        "seconds",
        "人工首次响应中位数：从转人工（没有机器人时从客户第一句话）到客服第一条回复，豁免同上。",
        "first-response.md",
        _median_human,
        is_assessed,
    ),
    Figure(
        "response_mean", "seconds", "平均响应：每一轮从客户开始等待到得到回复的时间，按轮次平均，豁免同上。",
        "first-response.md", _mean_turn, is_assessed,
    ),
    Figure(
        "first_response_open_median", "seconds",
        "营业时间内首次响应中位数：从客户第一句话到第一条回复之间，店铺营业着的时间，取中位数。"
        "非营业的时间不算，平台的豁免不适用；在非营业时间里问完就答完的、当时营业时间没有登记的会话不计。",
        "opening-hours.md", _median_open, _told_in_opening_time,
    ),
    Figure(
        "outside_hours", "count", "非营业时间会话：开始时店铺不在营业的会话数，按当时登记的营业时间。",
        "opening-hours.md", _count(lambda row: bool(row.outside_hours)), lambda row: bool(row.outside_hours),
    ),
    Figure(
        "bot_share", "share", "机器人独立解决占比：只由机器人回复、没有转人工的会话 ÷ 得到过回复的会话。",
        "bot-share.md", lambda rows: _share([row for row in rows if _answered(row)], _bot_only), _answered, 0.6,
    ),
    Figure(
        "handed_over", "count", "从机器人转到人工的会话数。", "bot-share.md",
        _count(lambda row: row.handed_over_at is not None), lambda row: row.handed_over_at is not None,
    ),
    Figure(
        "findings", "count", "检查发现：全量检查在会话中发现的问题条数。", "live.md",
        lambda rows: Value(sum(row.findings for row in rows)), lambda row: row.findings > 0,
    ),
    Figure(
        "sessions", "count", "当日开始的会话数。", "live.md", lambda rows: Value(len(rows)), lambda _row: True,
    ),
)  # fmt: skip

BY_KEY = {figure.key: figure for figure in REGISTRY}
OPEN_NOW = frozenset({"waiting", "in_service"})
"""Figures of the moment: they look at open sessions of any day."""
