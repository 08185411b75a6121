"""Count the calls each shop makes on the platform's day, over all processes of a machine: a quota is a day's.

The platforms' days are China's. A count is of calls that were about to leave, answered or not.
"""

import fcntl
import os
import struct
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from huiyin.channels.pace import Slot
from huiyin.connections.pacing import alone_with

_COUNT = struct.Struct("<qq")
CHINA = ZoneInfo("Asia/Shanghai")


class DayCount:
    """How many calls there were on the latest day of any, kept in a file of sixteen bytes."""

    def __init__(self, file: Path) -> None:
        """Keep it in `file`, made when first needed."""
        self._file = file

    def add(self, now: datetime) -> int:
        """Count a call; return how many there were on this day."""
        today = day_of(now)
        with alone_with(self._file) as kept:
            day, count = _read(os.pread(kept, _COUNT.size, 0))
            count = count + 1 if day == today else 1
            os.pwrite(kept, _COUNT.pack(today, count), 0)
        return count

    def of(self, now: datetime) -> int:
        """Return how many calls there were on the day of `now`."""
        try:
            with self._file.open("rb") as kept:
                fcntl.flock(kept, fcntl.LOCK_SH)
                day, count = _read(kept.read(_COUNT.size))
        except FileNotFoundError:
            return 0
        return count if day == day_of(now) else 0


class CountedSlot:
    """A pace's next moment; each turn that is taken is counted."""

    def __init__(self, slot: Slot, count: DayCount, now: Callable[[], datetime]) -> None:
        """Count turns of `slot`."""
        self._slot = slot
        self._count = count
        self._now = now

    def move(self, step: Callable[[float], float]) -> float:
        """Move on, and count."""
        self._count.add(self._now())
        return self._slot.move(step)


def day_of(now: datetime) -> int:
    """Return the platforms' day as a number that grows."""
    return now.astimezone(CHINA).toordinal()


def _read(found: bytes) -> tuple[int, int]:
    return _COUNT.unpack(found) if len(found) == _COUNT.size else (0, 0)
