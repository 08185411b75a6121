"""Moments of June 2026 in the shops' time, and how a story gets there."""

from datetime import datetime
from zoneinfo import ZoneInfo

from .stage import Person, Stage

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str, day: int = 1) -> datetime:
    """Return a moment of June 2026 in the shops' time."""
    return datetime.fromisoformat(f"2026-06-{day:02} {text}").replace(tzinfo=SHANGHAI)


async def is_now(stage: Stage, moment: datetime, *present: Person) -> None:
    """Go to a moment; whose screens fell silent are gone, `present` come (back) online."""
    await stage.passes((moment - stage.clock.now()).total_seconds())
    for each in present:
        await each.goes("online")
