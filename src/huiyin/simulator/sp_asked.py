"""Read what an SP-API call asks for, strictly: an unknown field is refused, and a span JD would not take."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from huiyin.kernel.clock import from_ms
from huiyin.simulator.refusing import refuse
from huiyin.simulator.world import Shop, World

LONGEST = timedelta(days=7)
LONGEST_ORDERS = timedelta(days=31)
KEPT = timedelta(days=92)  # three calendar months at their longest
LAST_MS = 4_102_444_800_000

Fields = Mapping[str, str]
Answering = Callable[[World, Shop, Fields], object]


class Operation(NamedTuple):
    """One call SP-API answers: its path with `{names}`, the fields it takes, whether it comes in pages."""

    path: str
    fields: frozenset[str]
    answer: Answering
    paged: bool = True


def listed(written: str) -> list[str]:
    """Take a list apart; an absent one is empty."""
    return written.split(",") if written else []


def moment(fields: Fields, name: str) -> datetime:
    """Return a required time in milliseconds."""
    written = fields.get(name, "")
    if not written.isdecimal() or int(written) > LAST_MS:
        refuse("SIM-TIME", f"参数 {name} 应为毫秒", f"{name} must be milliseconds")
    return from_ms(int(written))


def span(fields: Fields, begin: str, end: str, longest: timedelta) -> tuple[datetime, datetime]:
    """Return a required span no longer than `longest`."""
    first, last = moment(fields, begin), moment(fields, end)
    if not timedelta(0) <= last - first <= longest:
        refuse("SIM-SPAN", f"查询时间跨度不超过{longest.days}天", f"At most {longest.days} days")
    return first, last


def chat_span(world: World, fields: Fields) -> tuple[datetime, datetime]:
    """Return the span of a 咚咚 call: seven days at most, three months back."""
    begin, end = span(fields, "startTime", "endTime", LONGEST)
    if world.clock.now() - begin > KEPT:
        refuse("SIM-OLD", "只能查询三个月内的数据", "Older than 3 months")
    return begin, end
