"""Tell the time: every moment is aware, and whoever needs the time is handed a clock."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from huiyin.kernel.units import Seconds

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Something that tells the current moment."""

    def now(self) -> datetime:
        """Return the current moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told: replays, drills and tests run on it."""

    def __init__(self, start: datetime) -> None:
        """Start at `start`, which must be aware."""
        if start.tzinfo is None:
            message = "a clock starts at an aware datetime; give it a time zone"
            raise ValueError(message)
        self._now = start

    def now(self) -> datetime:
        """Return the moment last set."""
        return self._now

    def advance(self, seconds: Seconds) -> datetime:
        """Move forward by `seconds` and return the new moment."""
        self._now += timedelta(seconds=seconds)
        return self._now

    def set(self, moment: datetime) -> None:
        """Jump to `moment`, also backwards: late records are part of life."""
        self._now = moment


def monotonic() -> Seconds:
    """Return a reading that only grows, for measuring durations."""
    return Seconds(time.perf_counter())


def to_ms(moment: datetime) -> int:
    """Turn an aware datetime into integer milliseconds since 1970 UTC, the form kept in tables."""
    if moment.tzinfo is None:
        message = "a moment without a time zone cannot be stored; pass an aware datetime"
        raise ValueError(message)
    return (moment - EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    """Turn stored milliseconds back into an aware datetime in UTC."""
    return EPOCH + timedelta(milliseconds=milliseconds)
