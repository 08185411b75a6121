"""One pace for all processes of a machine: when the next call may go stands in a file that all of them move on.

The clock that never steps back is the same for every process of a machine, until the machine starts again.
"""

import fcntl
import struct
from collections.abc import Callable
from pathlib import Path

from huiyin.kernel.clock import monotonic

_MOMENT = struct.Struct("<d")
LONGEST_QUEUE_SECONDS = 300.0
"""A turn further ahead than this was written before the machine started again; nobody waits that long for one."""


class FileSlot:
    """The next turn, kept in a file of eight bytes."""

    def __init__(self, file: Path) -> None:
        """Keep it in `file`, made when first needed."""
        self._file = file

    def move(self, step: Callable[[float], float]) -> float:
        """Put `step(next)` in place of the next turn, alone with the file; return what was put there."""
        with self._file.open("a+b") as kept:
            fcntl.flock(kept, fcntl.LOCK_EX)
            kept.seek(0)
            found = kept.read(_MOMENT.size)
            known = _MOMENT.unpack(found)[0] if len(found) == _MOMENT.size else float("-inf")
            if known > monotonic() + LONGEST_QUEUE_SECONDS:
                known = float("-inf")
            moved = step(known)
            kept.truncate(0)
            kept.write(_MOMENT.pack(moved))
            return moved
