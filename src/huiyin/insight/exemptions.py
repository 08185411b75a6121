"""Which sessions a platform does not count, and why. Rules are dated data; the answer names the reason."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from huiyin.kernel.clock import from_ms
from huiyin.org.views import ExemptWindow

NIGHT_FROM, NIGHT_TO = 23, 9
"""JD leaves out sessions *started* from 23:00 to 09:00 (since 2021-12-01; docs/formulas/first-response.md)."""


def why_exempt(platform: str, opened_at: int, zone: ZoneInfo, windows: Sequence[ExemptWindow]) -> str:
    """Return why a session does not count, "" if it does. The start alone decides, not the answer's time."""
    hour = from_ms(opened_at).astimezone(zone).hour
    if platform == "jd" and (hour >= NIGHT_FROM or hour < NIGHT_TO):
        return "23:00–09:00 开始，不计入"
    return next((each.why for each in windows if each.start <= opened_at < each.end), "")
