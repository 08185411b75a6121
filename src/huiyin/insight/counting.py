"""Let the database count: sums and values by shop and agent, for shops whose day and rules are alike.

Shops are put together where their day begins at the same moment and the same stretches of it are exempt, so that a
wall costs a fixed number of queries however many shops and sessions there are.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.channels.port import Origin
from huiyin.eventlog.prepared import Prepared
from huiyin.insight.exemptions import exempt_over
from huiyin.insight.figures import (
    OPEN_NOW,
    REGISTRY,
    WITHIN_30_MS,
    WITHIN_120_MS,
    Figure,
    is_assessed,
    is_within,
)
from huiyin.insight.inquiring import inquiry_sums
from huiyin.insight.measures import CaseMean, Condition, Day, QuantileOf, Value
from huiyin.insight.store import session_figures
from huiyin.kernel.clock import to_ms
from huiyin.kernel.days import check_days
from huiyin.kernel.ids import ShopId
from huiyin.org import views as org
from huiyin.outcomes.views import case_sums

QUARTER_MS = 15 * 60 * 1000
BETWEEN = ","
OPEN_STATES = ("new", "bot", "waiting", "human")
columns = session_figures.c

Key = tuple[str, str]
"""A group: ("", "") for everything, ("shop", id) or ("person", id)."""

EVERYTHING: Key = ("", "")
_INQUIRY = "inquiry_conversion"
_CASE_FIGURES = [figure.key for figure in REGISTRY if isinstance(figure.measure, CaseMean)]


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


class Days(NamedTuple):
    """From a first to a last day, both within, each shop's own."""

    first: date
    last: date


def alike(
    shops: Mapping[str, org.Shop],
    windows: Mapping[str, Sequence[org.ExemptWindow]],
    now: datetime,
    since: Mapping[ShopId, int],
    days: Days | None = None,
) -> list[Alike]:
    """Put shops together whose days are the same, the present one unless told; cut where a reader's part begins.

    Raises:
        InvalidError: days that cannot be.

    """
    if days is not None:
        check_days(*days)
    found: dict[tuple[int, int, tuple[tuple[int, int], ...], str], list[str]] = defaultdict(list)
    for key, shop in shops.items():
        first, last = days or (now.astimezone(shop.zone).date(),) * 2
        start = max(to_ms(datetime.combine(first, time(), shop.zone)), since.get(ShopId(key), 0))
        end = to_ms(datetime.combine(last + timedelta(days=1), time(), shop.zone))
        exempt = exempt_over(shop.platform, (first, last), shop.zone, windows[key])
        found[start, end, exempt, shop.origin].append(key)
    return [Alike(*same, shops=keys) for same, keys in found.items()]


class Tally:
    """Sums and values by group. Tallies of parts add up to the tally of the whole: days, shops, people."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.sums: dict[str, dict[Key, list[int]]] = {each.key: {} for each in REGISTRY}
        self.values: list[dict[Key, list[int]]] = [defaultdict(list) for _ in _samples_wanted()]
        self.quarters: dict[int, Quarter] = {}
        self.people: set[str] = set()

    def figures(self, key: Key) -> list[tuple[Figure, Value]]:
        """Return every figure of a group."""
        return [
            (figure, figure.measure.value(sums.get(key) or (0,) * _width(figure), self._sampled(figure, key)))
            for figure in REGISTRY
            for sums in [self.sums[figure.key]]
        ]

    def course(self) -> list[Quarter]:
        """Return the day's quarters that had sessions."""
        return [self.quarters[at] for at in sorted(self.quarters)]

    def add(self, other: "Tally") -> None:
        """Take in what another tally counted of other sessions."""
        self.people |= other.people
        for figure, groups in other.sums.items():
            for key, numbers in groups.items():
                self._add_up(figure, key, numbers)
        for mine, theirs in zip(self.values, other.values, strict=True):
            for key, values in theirs.items():
                mine[key] += values
        for each in other.quarters.values():
            self._add_quarter(each)

    def count(self, connection: sa.Connection, same: Alike, now: datetime) -> None:
        """Add the sessions of some shops, their after-sales cases and inquirers: six queries."""
        values, exempt = same.values(now), len(same.exempt)
        for is_open in (False, True):
            for row in _sums(exempt, is_open=is_open).rows(connection, **values):
                self._add(is_open, row)
        for row in _samples(exempt).rows(connection, **values):
            self._sample(row)
        for at, *numbers in _quarters(exempt).rows(connection, **values):
            self._add_quarter(Quarter(at, *numbers))
        self._count_beside(connection, same, history=same.origin == Origin.BACKFILL)

    def _count_beside(self, connection: sa.Connection, same: Alike, *, history: bool) -> None:
        """Add what is counted beside sessions; the same shops come again for their history, which has no cases."""
        for shop, numbers in () if history else case_sums(connection, same.shops, same.start, same.end):
            for figure in _CASE_FIGURES:
                for key in self._keys(shop, ""):
                    self._add_up(figure, key, numbers)
        for shop, person, *numbers in inquiry_sums(connection, same.shops, same.start, same.end, history=history):
            # Agents do not add up to their shop: who was served by two is one inquirer of it.
            for key in [("person", person)] if person else self._keys(shop, ""):
                self._add_up(_INQUIRY, key, numbers)

    def _add(self, is_open: bool, row: Any) -> None:  # noqa: ANN401, FBT001  # a row of sums; which of the two looks
        shop, person, *numbers = row
        left = iter(numbers)
        for figure in _summed(is_open=is_open):
            own = [next(left) for _ in range(_width(figure))]
            for key in self._keys(shop, person):
                self._add_up(figure.key, key, own)

    def _sample(self, row: Any) -> None:  # noqa: ANN401  # a row of lists of values
        shop, person, *found = row
        for groups, written in zip(self.values, found, strict=True):
            values = list(map(int, written.split(BETWEEN))) if written else []
            for key in self._keys(shop, person):
                groups[key] += values

    def _sampled(self, figure: Figure, key: Key) -> Sequence[int]:
        if not isinstance(figure.measure, QuantileOf):
            return ()
        return self.values[_samples_wanted().index(_sample_of(figure.measure))].get(key, ())

    def _add_up(self, figure: str, key: Key, numbers: Sequence[int]) -> None:
        before = self.sums[figure].setdefault(key, [0] * len(numbers))
        before[:] = [one + two for one, two in zip(before, numbers, strict=True)]

    def _add_quarter(self, quarter: Quarter) -> None:
        before = self.quarters.get(quarter.at, Quarter(quarter.at, 0, 0, 0))
        added = (one + two for one, two in zip(before[1:], quarter[1:], strict=True))
        self.quarters[quarter.at] = Quarter(quarter.at, *added)

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


def _sample_of(measure: QuantileOf) -> tuple[str, Condition]:
    return measure.column.name, measure.among


@cache
def _samples_wanted() -> list[tuple[str, Condition]]:
    """Return which values are read, each once, however many figures are made of them."""
    quantiles = [each.measure for each in REGISTRY if isinstance(each.measure, QuantileOf)]
    return list(dict.fromkeys(map(_sample_of, quantiles)))


@cache
def _sums(exempt: int, *, is_open: bool) -> Prepared:
    sums = [each for figure in _summed(is_open=is_open) for each in figure.measure.sums(day_with(exempt))]
    query = sa.select(columns.shop, columns.person, *sums).where(looked_at(is_open=is_open))
    return Prepared(query.group_by(columns.shop, columns.person))


@cache
def _samples(exempt: int) -> Prepared:
    among = [condition(day_with(exempt)) for _, condition in _samples_wanted()]
    # One text for each shop and agent: a row for each session costs the interpreter fifty times as much.
    values = [
        sa.func.aggregate_strings(sa.case((condition, sa.cast(columns[name], sa.Text)), else_=None), BETWEEN)
        for (name, _), condition in zip(_samples_wanted(), among, strict=True)
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
