"""Hold calls to a steady rate: so many a second for one app and shop."""

import asyncio
from collections.abc import Awaitable, Callable

from huiyin.kernel.clock import monotonic
from huiyin.kernel.units import Seconds

NOTICEABLE = 1e-6
"""Shorter waits, in seconds, are rounding."""


class Pace:
    """Let `per_second` calls through each second, with a burst of as many; later ones wait their turn."""

    def __init__(
        self,
        per_second: float,
        tell: Callable[[], Seconds] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Start with a full burst."""
        self._gap = 1.0 / per_second
        self._burst = max(1.0, per_second) * self._gap
        self._tell = tell
        self._sleep = sleep
        self._next = float("-inf")

    async def turn(self) -> None:
        """Wait until the next call may go."""
        now = self._tell()
        self._next = max(self._next, now - self._burst + self._gap) + self._gap
        wait = self._next - self._gap - now
        if wait > NOTICEABLE:
            await self._sleep(wait)
