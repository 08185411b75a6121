"""Which days of the past are asked for, and in which order. Pure.

A day at a time, the oldest first: a session goes over midnight, and is heard from its first word to its last as it was
said. A day is read again at little cost where a process ended in the middle, and what the platform soon keeps no longer
is read before the rest. JD gives at most seven days to a call and three months in all (§2.7 of its notes).
"""

from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

MOST_DAYS = 89
"""A day short of JD's ninety: what is asked for today is read on tomorrow, too."""


class Span(NamedTuple):
    """From a moment to another that is not in it."""

    since: datetime
    until: datetime


def spans(since: datetime, until: datetime, zone: ZoneInfo) -> list[Span]:
    """Cut [since, until) at the shop's midnights, the oldest part first."""
    found, begin = list[Span](), since
    while begin < until:
        end = min(until, next_day(begin, zone).astimezone(since.tzinfo))
        found.append(Span(begin, end))
        begin = end
    return found


def next_day(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next midnight: a platform's quota of calls is a day's."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
