"""One pace for all processes of a machine: when the next call may go stands in a file that all of them move on.

The clock that never steps back is the same for every process of a machine, until the machine starts again.
"""

import contextlib
import fcntl
import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from huiyin.kernel.clock import monotonic

_MOMENT = struct.Struct("<d")
LONGEST_QUEUE_SECONDS = 300.0
"""A turn further ahead than this was written before the machine started again; nobody waits that long for one."""


@contextlib.contextmanager
def alone_with(file: Path) -> Iterator[int]:
    """Lend the open file, made when first needed, to one process at a time.

    What is in it is written over, never cut to nothing first: some file systems take such a file to the disk each
    time it is closed, and this one is closed at every call to a platform.
    """
    opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield opened
    finally:
        os.close(opened)


class FileSlot:
    """The next turn, kept in a file of eight bytes."""

    def __init__(self, file: Path) -> None:
        """Keep it in `file`, made when first needed."""
        self._file = file

    def move(self, step: Callable[[float], float]) -> float:
        """Put `step(next)` in place of the next turn, alone with the file; return what was put there."""
        with alone_with(self._file) as kept:
            found = os.pread(kept, _MOMENT.size, 0)
            known = _MOMENT.unpack(found)[0] if len(found) == _MOMENT.size else float("-inf")
            if known > monotonic() + LONGEST_QUEUE_SECONDS:
                known = float("-inf")
            moved = step(known)
            os.pwrite(kept, _MOMENT.pack(moved), 0)
            return moved
