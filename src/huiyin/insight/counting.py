"""Let the database count: sums and values by shop and agent, for shops whose day and rules are alike.

Shops are put together where their day begins at the same moment and the same stretches of it are exempt, so that a
wall costs a fixed number of queries however many shops and sessions there are.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared
from huiyin.insight.exemptions import exempt_stretches
from huiyin.insight.figures import (
    OPEN_NOW,
    REGISTRY,
    WITHIN_30_MS,
    WITHIN_120_MS,
    Day,
    Figure,
    MedianOf,
    Value,
    is_assessed,
    is_within,
)
from huiyin.insight.store import session_figures
from huiyin.kernel.clock import to_ms
from huiyin.kernel.ids import ShopId
from huiyin.org import views as org

QUARTER_MS = 15 * 60 * 1000
BETWEEN = ","
OPEN_STATES = ("new", "bot", "waiting", "human")
columns = session_figures.c

Key = tuple[str, str]
"""A group: ("", "") for everything, ("shop", id) or ("person", id)."""

EVERYTHING: Key = ("", "")


class Alike(NamedTuple):
    """Shops with the same day: from, to, and its exempt stretches, in ms; `origin` is what their sessions must have."""

    start: int
    end: int
    exempt: tuple[tuple[int, int], ...]
    origin: str
    shops: list[str]

    def values(self, now: datetime) -> dict[str, Any]:
        """Return what the statements below ask for."""
        values = {"shops": self.shops, "origin": self.origin, "start": self.start, "end": self.end, "now": to_ms(now)}
        for number, (start, end) in enumerate(self.exempt):
            values |= {f"exempt_{number}_from": start, f"exempt_{number}_to": end}
        return values


class Quarter(NamedTuple):
    """A quarter of an hour of the day's course."""

    at: int
    opened: int
    within_30: int
    within_120: int


def alike(
    shops: Mapping[str, org.Shop],
    windows: Mapping[str, Sequence[org.ExemptWindow]],
    now: datetime,
    since: Mapping[ShopId, int],
) -> list[Alike]:
    """Put shops together whose present day is the same; a day is cut where the reader's part of it begins (`since`)."""
    found: dict[tuple[int, int, tuple[tuple[int, int], ...], str], list[str]] = defaultdict(list)
    for key, shop in shops.items():
        midnight = now.astimezone(shop.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        start = max(to_ms(midnight), since.get(ShopId(key), 0))
        end = to_ms(midnight + timedelta(days=1))
        exempt = exempt_stretches(shop.platform, midnight.date(), shop.zone, windows[key])
        found[start, end, exempt, shop.origin].append(key)
    return [Alike(*same, shops=keys) for same, keys in found.items()]


class Tally:
    """Sums and values of a wall, by group."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._sums: dict[str, dict[Key, list[int]]] = {each.key: {} for each in REGISTRY}
        self._values: dict[str, dict[Key, list[int]]] = {each.key: defaultdict(list) for each in REGISTRY}
        self._course: dict[int, Quarter] = {}
        self.people: set[str] = set()

    def figures(self, key: Key) -> list[tuple[Figure, Value]]:
        """Return every figure of a group."""
        return [
            (figure, figure.measure.value(sums.get(key) or (0,) * _width(figure), values.get(key, ())))
            for figure in REGISTRY
            for sums, values in [(self._sums[figure.key], self._values[figure.key])]
        ]

    def course(self) -> list[Quarter]:
        """Return the day's quarters that had sessions."""
        return [self._course[at] for at in sorted(self._course)]

    def count(self, connection: sa.Connection, same: Alike, now: datetime) -> None:
        """Add the sessions of some shops: four queries."""
        values, exempt = same.values(now), len(same.exempt)
        for is_open in (False, True):
            for row in _sums(exempt, is_open=is_open).rows(connection, **values):
                self._add(is_open, row)
        for row in _samples(exempt).rows(connection, **values):
            self._sample(row)
        for at, *numbers in _quarters(exempt).rows(connection, **values):
            before = self._course.get(at, Quarter(at, 0, 0, 0))
            self._course[at] = Quarter(at, *(one + two for one, two in zip(before[1:], numbers, strict=True)))

    def _add(self, is_open: bool, row: Any) -> None:  # noqa: ANN401, FBT001  # a row of sums; which of the two looks
        shop, person, *numbers = row
        left = iter(numbers)
        for figure in _summed(is_open=is_open):
            own = [next(left) for _ in range(_width(figure))]
            for key in self._keys(shop, person):
                before = self._sums[figure.key].setdefault(key, [0] * len(own))
                before[:] = [one + two for one, two in zip(before, own, strict=True)]

    def _sample(self, row: Any) -> None:  # noqa: ANN401  # a row of lists of values
        shop, person, *found = row
        for figure, written in zip(_medians(), found, strict=True):
            values = list(map(int, written.split(BETWEEN))) if written else []
            for key in self._keys(shop, person):
                self._values[figure.key][key] += values

    def _keys(self, shop: str, person: str) -> Iterator[Key]:
        yield EVERYTHING
        yield "shop", shop
        if person:
            self.people.add(person)
            yield "person", person


@cache
def day_with(exempt: int) -> Day:
    """Return what formulas ask, with so many exempt stretches as parameters."""
    left_out = [
        sa.and_(
            columns.opened_at >= sa.bindparam(f"exempt_{number}_from"),
            columns.opened_at < sa.bindparam(f"exempt_{number}_to"),
        )
        for number in range(exempt)
    ]
    return Day(sa.bindparam("now", type_=sa.BigInteger), ~sa.or_(*left_out) if left_out else sa.true())


def looked_at(*, is_open: bool) -> sa.ColumnElement[bool]:
    """Return the condition for the sessions a figure looks at: of the day, or open at this moment, whenever begun.

    A backfill or a drill in a live shop is on record, but not on the wall.
    """
    own = sa.and_(columns.shop.in_(sa.bindparam("shops", expanding=True)), columns.origin == sa.bindparam("origin"))
    if is_open:
        return sa.and_(own, columns.closed_at.is_(None), columns.state.in_(OPEN_STATES))
    return sa.and_(own, columns.opened_at >= sa.bindparam("start"), columns.opened_at < sa.bindparam("end"))


@cache
def _width(figure: Figure) -> int:
    return len(figure.measure.sums(day_with(0)))


@cache
def _summed(*, is_open: bool) -> list[Figure]:
    return [figure for figure in REGISTRY if (figure.key in OPEN_NOW) is is_open and _width(figure)]


@cache
def _medians() -> list[Figure]:
    return [figure for figure in REGISTRY if isinstance(figure.measure, MedianOf)]


@cache
def _sums(exempt: int, *, is_open: bool) -> Prepared:
    sums = [each for figure in _summed(is_open=is_open) for each in figure.measure.sums(day_with(exempt))]
    query = sa.select(columns.shop, columns.person, *sums).where(looked_at(is_open=is_open))
    return Prepared(query.group_by(columns.shop, columns.person))


@cache
def _samples(exempt: int) -> Prepared:
    measures = [each.measure for each in _medians() if isinstance(each.measure, MedianOf)]
    among = [each.among(day_with(exempt)) for each in measures]
    # One text for each shop and agent: a row for each session costs the interpreter fifty times as much.
    values = [
        sa.func.aggregate_strings(sa.case((condition, sa.cast(each.column, sa.Text)), else_=None), BETWEEN)
        for each, condition in zip(measures, among, strict=True)
    ]
    query = sa.select(columns.shop, columns.person, *values).where(looked_at(is_open=False), sa.or_(*among))
    return Prepared(query.group_by(columns.shop, columns.person))


@cache
def _quarters(exempt: int) -> Prepared:
    at = columns.opened_at - columns.opened_at % QUARTER_MS
    within = [
        sa.func.count().filter(is_assessed(day_with(exempt)), is_within(limit))
        for limit in (WITHIN_30_MS, WITHIN_120_MS)
    ]
    return Prepared(sa.select(at.label("at"), sa.func.count(), *within).where(looked_at(is_open=False)).group_by("at"))
