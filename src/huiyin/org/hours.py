"""Opening hours: several periods a day, holidays and special days, to the second.

Pure rules: a table in, a yes or a number of seconds out. Times of day are the shop's wall clock.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from huiyin.kernel.errors import InvalidError
from huiyin.kernel.units import Seconds

DAY = 86_400
LOOKED_AHEAD = timedelta(days=60)
"""How far ahead an opening is looked for: longer than any holiday a shop keeps."""


class Period(msgspec.Struct, frozen=True):
    """Open from `start` to `end`, seconds after midnight; `end` may be 86400, never below `start`."""

    start: int
    end: int


class OpeningHours(msgspec.Struct, frozen=True):
    """A week's periods (Monday first), and days that differ: an empty tuple closes a holiday."""

    week: tuple[tuple[Period, ...], ...]
    special: dict[str, tuple[Period, ...]] = {}

    def on(self, day: date) -> tuple[Period, ...]:
        """Return the periods of one day, special days first."""
        return self.special.get(day.isoformat(), self.week[day.weekday()])


def read_periods(text: str) -> tuple[Period, ...]:
    """Read "09:00-12:00 13:30-24:00"; "" means closed.

    Raises:
        InvalidError: unreadable, reversed or overlapping periods.

    """
    periods: list[Period] = []
    for part in text.split():
        begin, dash, finish = part.partition("-")
        try:
            period = Period(_seconds(begin), _seconds(finish))
        except ValueError as error:
            message = f"{part!r} is not a period"
            raise InvalidError(
                message, remedy="Write periods as 09:00-18:00, separated by spaces.", code="hours_form"
            ) from error
        if not dash or period.end <= period.start or (periods and period.start < periods[-1].end):
            message = f"{part!r} is reversed or overlaps the period before it"
            raise InvalidError(
                message, remedy="Give periods in order; split one over midnight into two days.", code="hours_form"
            )
        periods.append(period)
    return tuple(periods)


def _seconds(text: str) -> int:
    hours, _, minutes = text.partition(":")
    value = int(hours) * 3600 + int(minutes) * 60
    if not 0 <= value <= DAY or not 0 <= int(minutes) < 60:
        raise ValueError(text)
    return value


def every_day(text: str) -> OpeningHours:
    """Return hours that are the same on all seven days."""
    return OpeningHours(week=(read_periods(text),) * 7)


def is_open(hours: OpeningHours, moment: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the shop is open at an aware moment."""
    local = moment.astimezone(zone)
    second = local.hour * 3600 + local.minute * 60 + local.second
    return any(period.start <= second < period.end for period in hours.on(local.date()))


def next_open(hours: OpeningHours, moment: datetime, zone: ZoneInfo) -> datetime | None:
    """Return when the shop is open next, at `moment` itself if it is; None if not within `LOOKED_AHEAD`."""
    spans = _open_spans(hours, moment, moment + LOOKED_AHEAD, zone)
    opens = next((opens for opens, closes in spans if closes > moment), None)
    return None if opens is None else max(opens, moment.astimezone(UTC))


def said_periods(periods: Sequence[Period]) -> str:
    """Write a day's periods as people read them: 09:00–12:00、13:30–18:00; "" for a day that stays closed."""
    return "、".join(f"{_clock(each.start)}–{_clock(each.end)}" for each in periods)


def daily(hours: OpeningHours) -> str | None:
    """Return hours as `read_periods` reads them if every day is alike, None where days differ."""
    if hours.special or len(set(hours.week)) > 1:
        return None
    return " ".join(f"{_clock(each.start)}-{_clock(each.end)}" for each in hours.week[0])


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second % 3600 // 60:02}"


def open_seconds(hours: OpeningHours, start: datetime, end: datetime, zone: ZoneInfo) -> Seconds:
    """Return how many seconds of [start, end) lie inside opening hours, by the zone's real clock."""
    total = 0.0
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    for opens, closes in _open_spans(hours, start, end, zone):
        total += max(0.0, (min(closes, end) - max(opens, start)).total_seconds())
    return Seconds(total)


def _open_spans(
    hours: OpeningHours, start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    day = start.astimezone(zone).date()
    last = end.astimezone(zone).date()
    while day <= last:
        for period in hours.on(day):
            yield _moment(day, period.start, zone), _moment(day, period.end, zone)
        day += timedelta(days=1)


def _moment(day: date, second: int, zone: ZoneInfo) -> datetime:
    shift, rest = divmod(second, DAY)
    clock = time(rest // 3600, rest % 3600 // 60, rest % 60)
    # In UTC: Python subtracts two moments of one zone by their wall clocks, as if summer time did not exist.
    return datetime.combine(day + timedelta(days=shift), clock, tzinfo=zone).astimezone(UTC)
