"""How a figure is computed: sums the database makes, which add up over groups and days, or every value.

Nothing here weighs a mean by a mean: whatever is put together is put together from parts and wholes, or from all
values. Where a part is not on record the whole is not known, which is not naught.
"""

from collections.abc import Callable, Sequence
from math import ceil
from statistics import median
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

HOUR_MS = 3_600_000
UNKNOWN_PART = "unknown_part"
"""Some of the sessions were counted before what the figure needs was kept."""


class Value(NamedTuple):
    """A computed figure. `value` is None where nothing was measured, or where it is not known: then `why` names why."""

    value: float | None
    part: int | None = None
    whole: int | None = None
    why: str = ""


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
        return (number(self.hit(day)),)

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
        return number(sa.and_(whole, self.part(day))), number(whole)

    def value(self, sums: Sequence[int], _values: Sequence[int]) -> Value:
        """Divide."""
        part, whole = sums
        return Value(part / whole if whole else None, part, whole)


class MeanOf(NamedTuple):
    """The sum of a column of milliseconds divided by the sum of another, in seconds."""

    total: sa.Column[Any]
    number: sa.ColumnElement[int]
    among: Condition

    def sums(self, day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Add both up."""
        among = self.among(day)
        return tuple(sa.func.coalesce(sa.func.sum(each).filter(among), 0) for each in (self.total, self.number))

    def value(self, sums: Sequence[int], _values: Sequence[int]) -> Value:
        """Divide."""
        total, whole = sums
        return Value(total / whole / 1000 if whole else None, whole=whole)


class QuantileOf(NamedTuple):
    """What a share of a column's values does not exceed, milliseconds told in seconds.

    One half is the median, between the two middle values where they are even; any other share is the smallest value
    that at least so many do not exceed. Figures over the same values name the same `among`, so that they are read once.
    """

    column: sa.Column[Any]
    among: Condition
    share: float = 0.5

    def sums(self, _day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Return none: quantiles do not add up."""
        return ()

    def value(self, _sums: Sequence[int], values: Sequence[int]) -> Value:
        """Return the value at that place."""
        if not values:
            return Value(None, whole=0)
        found = median(values) if self.share == 1 / 2 else sorted(values)[ceil(self.share * len(values)) - 1]
        return Value(found / 1000, whole=len(values))


class KnownOnly(NamedTuple):
    """A figure that is not known as long as what it needs is not on record of one of its sessions."""

    inner: Measure
    unknown: Condition

    def sums(self, day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Count what is not known beside the figure's own sums."""
        return number(self.unknown(day)), *self.inner.sums(day)

    def value(self, sums: Sequence[int], values: Sequence[int]) -> Value:
        """Return the figure, or that it is not known."""
        unknown, *own = sums
        return Value(None, why=UNKNOWN_PART) if unknown else self.inner.value(own, values)


class Told(NamedTuple):
    """A share that rests on what the platform tells of some sessions: where it told nothing of any, that is said."""

    inner: ShareOf
    told: Condition
    among: Condition
    """Of which sessions something could have been told; without any, nothing is missing."""
    why: str

    def sums(self, day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Count what was told beside the share's own sums."""
        return number(self.told(day)), number(self.among(day)), *self.inner.sums(day)

    def value(self, sums: Sequence[int], values: Sequence[int]) -> Value:
        """Return the share, or that nothing was told."""
        told, among, *own = sums
        return Value(None, why=self.why) if among and not told else self.inner.value(own, values)


class CaseMean(NamedTuple):
    """The mean of what after-sales cases took, in hours. Cases are a shop's: they are counted beside sessions."""

    ends_not_told: str

    def sums(self, _day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Return none: sessions say nothing of it."""
        return ()

    def value(self, sums: Sequence[int], _values: Sequence[int]) -> Value:
        """Divide; the sums are those of `outcomes.views.case_sums`."""
        ended, took_ms, no_beginning, open_ones = sums or (0, 0, 0, 0)
        if no_beginning:
            return Value(None, why=UNKNOWN_PART)
        if ended:
            return Value(took_ms / HOUR_MS / ended, whole=ended)
        return Value(None, why=self.ends_not_told) if open_ones else Value(None, whole=0)


class InquiryShare(NamedTuple):
    """Which part of pre-sale inquirers ordered. They are counted beside sessions, a customer once a day and agent."""

    not_told: str

    def sums(self, _day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Return none: rows of sessions say nothing of it."""
        return ()

    def value(self, sums: Sequence[int], _values: Sequence[int]) -> Value:
        """Divide; the sums are those of `inquiring.inquiry_sums`."""
        ordered, asked, unknown, told = sums or (0, 0, 0, 0)
        if unknown:
            return Value(None, why=UNKNOWN_PART)
        if not asked and not told:
            return Value(None, why=self.not_told)
        return Value(ordered / asked if asked else None, ordered, asked)


class NotKept(NamedTuple):
    """A figure whose inputs the house does not keep: it is never known here, and says why."""

    why: str

    def sums(self, _day: Day) -> Sequence[sa.ColumnElement[Any]]:
        """Return none."""
        return ()

    def value(self, _sums: Sequence[int], _values: Sequence[int]) -> Value:
        """Say that it is not known."""
        return Value(None, why=self.why)


def number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Count the sessions of a kind."""
    return sa.func.count().filter(condition)


def plain(condition: sa.ColumnElement[bool]) -> Condition:
    """Return a condition that asks neither for the moment nor for exemptions."""
    return lambda _day: condition
