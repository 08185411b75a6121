"""Opening hours of shops over time: which calendar held at a moment, as far as was known at another.

Loaded in one query, pure from there on. A shop whose hours nobody recorded for a moment is neither open nor closed
then: it is not known, and nothing is made of it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared
from huiyin.kernel.clock import from_ms
from huiyin.org import store
from huiyin.org.hours import OpeningHours, is_open, next_open, open_seconds, said_periods

WEEK = "一二三四五六日"


class Calendar(NamedTuple):
    """One record of a shop's opening hours, with both times in milliseconds."""

    hours: OpeningHours
    zone: ZoneInfo
    effective_from: int
    effective_to: int | None
    recorded_at: int

    def holds(self, at: int, known_at: int) -> bool:
        """Tell whether this record speaks about `at` and was known at `known_at`."""
        inside = self.effective_from <= at and (self.effective_to is None or at < self.effective_to)
        return inside and self.recorded_at <= known_at


class Reopening(NamedTuple):
    """When a closed shop opens next, in its own time, and its periods of that day in words; both times aware."""

    now: datetime
    opens: datetime
    periods: str


class Calendars:
    """The calendars of some shops, newest record first."""

    def __init__(self, by_shop: dict[str, Sequence[Calendar]]) -> None:
        """Keep them."""
        self._by_shop = by_shop

    def at(self, shop: str, at: int, known_at: int) -> Calendar | None:
        """Return the calendar of a shop for a moment; of several the one recorded last. None where there is none."""
        return next((each for each in self._by_shop.get(shop, ()) if each.holds(at, known_at)), None)

    def why_closed(self, shop: str, at: int, known_at: int) -> str:
        """Return in words why a shop is closed at `at`, "" if it is open or its hours are not known."""
        calendar = self.at(shop, at, known_at)
        moment = from_ms(at)
        if calendar is None or is_open(calendar.hours, moment, calendar.zone):
            return ""
        day = moment.astimezone(calendar.zone).date()
        periods = said_periods(calendar.hours.on(day))
        return f"非营业时间（周{WEEK[day.weekday()]} {periods} 营业）" if periods else "非营业时间（当天不营业）"

    def reopening(self, shop: str, at: int, known_at: int) -> Reopening | None:
        """Return when a shop closed at `at` opens next by the calendar of that moment; None where nobody knows."""
        calendar = self.at(shop, at, known_at)
        opens = None if calendar is None else next_open(calendar.hours, from_ms(at), calendar.zone)
        if calendar is None or opens is None:
            return None
        local = opens.astimezone(calendar.zone)
        return Reopening(from_ms(at).astimezone(calendar.zone), local, said_periods(calendar.hours.on(local.date())))

    def open_ms(self, shop: str, start: int, end: int, known_at: int) -> int | None:
        """Return how many milliseconds of [start, end) the shop was open, by the calendars that held one after another.

        None where the hours of any part of it are not known.
        """
        mine = self._by_shop.get(shop, ())
        edges = (edge for each in mine for edge in (each.effective_from, each.effective_to) if edge is not None)
        cuts = sorted({start, end, *(edge for edge in edges if start < edge < end)})
        total = 0.0
        for begin, finish in zip(cuts, cuts[1:] or cuts, strict=False):
            calendar = self.at(shop, begin, known_at)
            if calendar is None:
                return None
            total += open_seconds(calendar.hours, from_ms(begin), from_ms(finish), calendar.zone)
        return round(total * 1000)


_calendar = store.calendar.c
_CALENDARS = Prepared(
    sa.select(
        _calendar.shop, _calendar.hours, store.shop.c.time_zone, _calendar.effective_from, _calendar.effective_to,
        _calendar.recorded_at,
    )
    .join(store.shop, store.shop.c.id == _calendar.shop)
    .where(_calendar.shop.in_(sa.bindparam("shops", expanding=True)))
    .order_by(_calendar.recorded_at.desc(), _calendar.effective_from.desc(), _calendar.id.desc())
)  # fmt: skip


def calendars(connection: sa.Connection, shops: Collection[str]) -> Calendars:
    """Load the calendars of some shops in one query."""
    found: dict[str, list[Calendar]] = {}
    for shop, hours, zone, *times in _CALENDARS.rows(connection, shops=sorted(shops)):
        found.setdefault(shop, []).append(Calendar(_read(hours), ZoneInfo(zone), *times))
    return Calendars(dict(found))


@lru_cache(maxsize=1024)
def _read(text: str) -> OpeningHours:
    return msgspec.json.decode(text, type=OpeningHours)
