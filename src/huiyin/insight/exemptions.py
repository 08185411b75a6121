"""Which sessions a platform does not count, and why. The rules are dated data; the answer names the reason."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from huiyin.kernel.clock import from_ms
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
