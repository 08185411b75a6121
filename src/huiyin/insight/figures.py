"""The registry: every figure has one key, one unit, one definition and one formula, the same on every screen.

A formula is a condition or a sum over columns of `session_figures`, so the database counts and no screen holds a
day's rows in memory. What the formulas mean is said again, in plain steps, by tests/insight/plainly.py.
"""

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from huiyin.insight.store import session_figures

WITHIN_30_MS = 30_000
WITHIN_120_MS = 120_000

columns = session_figures.c


class Value(NamedTuple):
    """A computed figure. `value` is None where nothing was measured: no activity gives no figure, not 0."""

    value: float | None
    part: int | None = None
    whole: int | None = None


class Day(NamedTuple):
    """What a formula may ask besides a session's columns: the moment, in ms, and whether the session counts."""

    now: sa.ColumnElement[int]
    counted: sa.ColumnElement[bool]


Condition = Callable[[Day], sa.ColumnElement[bool]]


class Measure(Protocol):
    """How a figure is computed: sums the database makes, which add up over groups, and what they come to."""

    def sums(self, day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Return the sums over a group of sessions; none for a figure that needs every value."""
        ...

    def value(self, sums: Sequence[int], values: Sequence[int]) -> Value:
        """Return the figure of a group from its sums, or from its values, in ms."""
        ...


class Count(NamedTuple):
    """How many sessions there are of a kind."""

    hit: Condition

    def sums(self, day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Count them."""
        return (_number(self.hit(day)),)

    def value(self, sums: Sequence[int], _values: Sequence[int]) -> Value:
        """Return the number."""
        return Value(sums[0])


class Total(NamedTuple):
    """The sum of a column."""

    column: sa.Column[int]

    def sums(self, _day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Add it up."""
        return (sa.func.coalesce(sa.func.sum(self.column), 0),)

    def value(self, sums: Sequence[int], _values: Sequence[int]) -> Value:
        """Return the sum."""
        return Value(sums[0])


class ShareOf(NamedTuple):
    """Which part of some sessions is of a kind; nothing where there are none."""

    part: Condition
    whole: Condition

    def sums(self, day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Count both."""
        whole = self.whole(day)
        return _number(sa.and_(whole, self.part(day))), _number(whole)

    def value(self, sums: Sequence[int], _values: Sequence[int]) -> Value:
        """Divide."""
        part, whole = sums
        return Value(part / whole if whole else None, part, whole)


class MeanOf(NamedTuple):
    """The sum of a column of milliseconds divided by the sum of another, in seconds."""

    total: sa.Column[int]
    number: sa.Column[int]
    among: Condition

    def sums(self, day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Add both up."""
        among = self.among(day)
        return tuple(sa.func.coalesce(sa.func.sum(each).filter(among), 0) for each in (self.total, self.number))

    def value(self, sums: Sequence[int], _values: Sequence[int]) -> Value:
        """Divide."""
        total, number = sums
        return Value(total / number / 1000 if number else None, whole=number)


class MedianOf(NamedTuple):
    """The middle one of a column's values, milliseconds told in seconds."""

    column: sa.Column[int | None]
    among: Condition

    def sums(self, _day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Return none: medians do not add up."""
        return ()

    def value(self, _sums: Sequence[int], values: Sequence[int]) -> Value:
        """Return the middle of the values."""
        return Value(median(values) / 1000 if values else None, whole=len(values))


class Figure(NamedTuple):
    """One figure of the registry. `formula` names its page in docs/formulas, `concerns` the sessions it looks at."""

    key: str
    unit: str
    definition: str
    formula: str
    measure: Measure
    concerns: Condition
    target: float | None = None


def _number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count().filter(condition)


def _plain(condition: sa.ColumnElement[bool]) -> Condition:
    """Return a condition that asks neither for the moment nor for exemptions."""
    return lambda _day: condition


def is_assessed(day: Day) -> sa.ColumnElement[bool]:
    """Tell whether a session counts for response figures: a customer asked, and no exemption."""
    return sa.and_(day.counted, columns.asked_at.is_not(None))


def is_within(limit_ms: int) -> sa.ColumnElement[bool]:
    """Tell whether a session got its first answer within a limit; the limit itself still counts."""
    return columns.first_response_ms <= limit_ms


def _share_within(limit_ms: int) -> ShareOf:
    """Count a session once it is decided: answered, closed, or waiting longer than the limit."""

    def decided(day: Day) -> sa.ColumnElement[bool]:
        overdue = day.now - columns.asked_at > limit_ms
        return sa.and_(is_assessed(day), sa.or_(_ANSWERED, columns.closed_at.is_not(None), overdue))

    return ShareOf(_plain(is_within(limit_ms)), decided)


def _median_of(column: sa.Column[Any]) -> MedianOf:
    return MedianOf(column, lambda day: sa.and_(is_assessed(day), column.is_not(None)))


_ANSWERED = columns.first_response_ms.is_not(None)
_HANDED_OVER = columns.handed_over_at.is_not(None)
_BOT_ONLY = sa.and_(columns.replies_bot > 0, columns.replies_human == 0, ~_HANDED_OVER)
_WAITING = columns.state == "waiting"
_IN_SERVICE = columns.state.in_(("bot", "human"))
_OUTSIDE = columns.outside_hours != ""
# Whether any of the wait fell into opening hours: what was asked and answered while closed says nothing.
_TOLD_IN_OPENING_TIME = sa.and_(
    columns.first_response_open_ms.is_not(None), sa.or_(columns.first_response_open_ms > 0, ~_OUTSIDE)
)
_EVERY = sa.true()


REGISTRY: tuple[Figure, ...] = (
    Figure(
        "waiting", "count", "排队中、还没有客服接手的会话数（此刻）。", "live.md",
        Count(_plain(_WAITING)), _plain(_WAITING),
    ),
    Figure(
        "in_service", "count", "机器人或客服正在接待的会话数（此刻）。", "live.md",
        Count(_plain(_IN_SERVICE)), _plain(_IN_SERVICE),
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
        "first-response.md", _median_of(columns.first_response_ms), is_assessed,
    ),
    Figure(
        "human_response_median",
        "seconds",
        "人工首次响应中位数：从转人工（没有机器人时从客户第一句话）到客服第一条回复，豁免同上。",
        "first-response.md",
        _median_of(columns.human_response_ms),
        is_assessed,
    ),
    Figure(
        "response_mean", "seconds", "平均响应：每一轮从客户开始等待到得到回复的时间，按轮次平均，豁免同上。",
        "first-response.md", MeanOf(columns.turns_ms, columns.turns, is_assessed), is_assessed,
    ),
    Figure(
        "first_response_open_median", "seconds",
        "营业时间内首次响应中位数：从客户第一句话到第一条回复之间，店铺营业着的时间，取中位数。"
        "非营业的时间不算，平台的豁免不适用；在非营业时间里问完就答完的、当时营业时间没有登记的会话不计。",
        "opening-hours.md", MedianOf(columns.first_response_open_ms, _plain(_TOLD_IN_OPENING_TIME)),
        _plain(_TOLD_IN_OPENING_TIME),
    ),
    Figure(
        "outside_hours", "count", "非营业时间会话：开始时店铺不在营业的会话数，按当时登记的营业时间。",
        "opening-hours.md", Count(_plain(_OUTSIDE)), _plain(_OUTSIDE),
    ),
    Figure(
        "bot_share", "share", "机器人独立解决占比：只由机器人回复、没有转人工的会话 ÷ 得到过回复的会话。",
        "bot-share.md", ShareOf(_plain(_BOT_ONLY), _plain(_ANSWERED)), _plain(_ANSWERED), 0.6,
    ),
    Figure(
        "handed_over", "count", "从机器人转到人工的会话数。", "bot-share.md",
        Count(_plain(_HANDED_OVER)), _plain(_HANDED_OVER),
    ),
    Figure(
        "findings", "count", "检查发现：全量检查在会话中发现的问题条数。", "live.md",
        Total(columns.findings), _plain(columns.findings > 0),
    ),
    Figure(
        "sessions", "count", "当日开始的会话数。", "live.md", Count(_plain(_EVERY)), _plain(_EVERY),
    ),
)  # fmt: skip

BY_KEY = {figure.key: figure for figure in REGISTRY}
OPEN_NOW = frozenset({"waiting", "in_service"})
"""Figures of the moment: they look at open sessions of any day."""
