"""Which sessions a platform does not count, and why. The rules are dated data; the answer names the reason."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from huiyin.kernel.clock import from_ms, to_ms
from huiyin.knowledge.packs import read_yaml
from huiyin.org.views import ExemptWindow


class Night(msgspec.Struct, frozen=True, kw_only=True, rename={"starts": "from", "ends": "to"}):
    """Times of day at which a platform does not assess sessions that begin then; it may run over midnight.

    In force from the first day up to, not including, the last; days are the shop's.
    """

    starts: str
    ends: str
    effective_from: date
    effective_to: date | None = None
    why: str
    source: str
    status: str

    def covers(self, local: datetime) -> bool:
        """Tell whether a session that begins at a shop's local time is left out."""
        day, clock = local.date(), local.strftime("%H:%M")
        if day < self.effective_from or (self.effective_to is not None and day >= self.effective_to):
            return False
        if self.starts < self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends

    def stretches(self, midnight: datetime) -> list[tuple[int, int]]:
        """Return the stretches of the day that begins at a local midnight, [from, to) in ms, that are left out."""
        day = midnight.date()
        if day < self.effective_from or (self.effective_to is not None and day >= self.effective_to):
            return []
        one, two = (
            to_ms(datetime.combine(day, time.fromisoformat(each), midnight.tzinfo)) for each in (self.starts, self.ends)
        )
        if self.starts < self.ends:
            return [(one, two)]
        return [(to_ms(midnight), two), (one, to_ms(midnight + timedelta(days=1)))]


class PlatformRules(msgspec.Struct, frozen=True):
    """How one platform assesses sessions."""

    platform: str
    nights: tuple[Night, ...]


@cache
def platform_rules() -> dict[str, PlatformRules]:
    """Return the shipped rules by platform."""
    folder = Path(str(files("huiyin.insight") / "packs"))
    rules = [read_yaml(path, PlatformRules) for path in sorted(folder.glob("*.yaml"))]
    return {each.platform: each for each in rules}


def why_exempt(platform: str, opened_at: int, zone: ZoneInfo, windows: Sequence[ExemptWindow]) -> str:
    """Return why a session does not count, "" if it does. The start alone decides, not the answer's time."""
    local = from_ms(opened_at).astimezone(zone)
    rules = platform_rules().get(platform)
    night = next((each for each in rules.nights if each.covers(local)), None) if rules else None
    if night is not None:
        return night.why
    return next((each.why for each in windows if each.start <= opened_at < each.end), "")


def exempt_stretches(
    platform: str, day: date, zone: ZoneInfo, windows: Sequence[ExemptWindow]
) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a shop's day, [from, to) in ms, in which a session that begins is not counted."""
    midnight = datetime.combine(day, time(), zone)
    start, end = to_ms(midnight), to_ms(midnight + timedelta(days=1))
    rules = platform_rules().get(platform)
    nights = [stretch for night in rules.nights for stretch in night.stretches(midnight)] if rules else []
    found = [*nights, *((each.start, each.end) for each in windows)]
    return tuple(sorted({(max(one, start), min(two, end)) for one, two in found if one < end and two > start}))


def exempt_over(
    platform: str, days: tuple[date, date], zone: ZoneInfo, windows: Sequence[ExemptWindow]
) -> tuple[tuple[int, int], ...]:
    """Return the stretches of several days, both named ones within, that are not counted; touching ones made one."""
    first, last = days
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(each for day in every for each in exempt_stretches(platform, day, zone, windows)):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)
