"""Let something be written down once in a while for each that causes it: what is refused a hundred times is told once.

It is kept in memory, by this process alone: after a restart the next time is told again.
"""

from collections import OrderedDict
from datetime import datetime, timedelta

from huiyin.kernel.clock import Clock

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MOST_KEPT = 50_000
"""Causes remembered; those told longest ago go first."""


class Seldom:
    """Says whether it is time to tell."""

    def __init__(self, clock: Clock, every: timedelta, most: int) -> None:
        """Tell of each cause once in `every`, and of `most` causes within that time."""
        self._clock, self._every, self._most = clock, every, most
        self._told: OrderedDict[tuple[str, ...], datetime] = OrderedDict()
        self._since, self._number = clock.now(), 0

    def is_due(self, *cause: str) -> bool:
        """Tell whether a cause is to be told now; ask once, and call `told` when that is done."""
        now = self._clock.now()
        if not timedelta(0) <= now - self._since < self._every:
            self._since, self._number = now, 0
        last = self._told.get(cause)
        again = last is None or not timedelta(0) <= now - last < self._every
        return again and self._number < self._most

    def told(self, *cause: str) -> None:
        """Remember that a cause was told."""
        self._told.pop(cause, None)
        self._told[cause] = self._clock.now()
        self._number += 1
        while len(self._told) > MOST_KEPT:
            self._told.popitem(last=False)
