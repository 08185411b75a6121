"""Hold calls to a steady rate: so many a second for one app and shop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from huiyin.kernel.clock import monotonic
from huiyin.kernel.units import Seconds

NOTICEABLE = 1e-6
"""Shorter waits, in seconds, are rounding."""


class Slot(Protocol):
    """Where the moment of the next call stands; whoever moves it is alone with it."""

    def move(self, step: Callable[[float], float]) -> float:
        """Put `step(next)` in place of the next moment; return what was put there."""
        ...


class OwnSlot:
    """The next moment, for one process."""

    def __init__(self) -> None:
        """Begin with any moment good."""
        self._next = float("-inf")

    def move(self, step: Callable[[float], float]) -> float:
        """Move on."""
        self._next = step(self._next)
        return self._next


class Pace:
    """Let `per_second` calls through each second, with a burst of as many; later ones wait their turn."""

    def __init__(
        self,
        per_second: float,
        tell: Callable[[], Seconds] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        slot: Slot | None = None,
    ) -> None:
        """Start with a full burst; a `slot` that other processes move, too, holds all of them to one pace."""
        self._gap = 1.0 / per_second
        self._burst = max(1.0, per_second) * self._gap
        self._tell = tell
        self._sleep = sleep
        self._slot = slot or OwnSlot()

    async def turn(self) -> None:
        """Wait until the next call may go."""
        now = self._tell()
        earliest = now - self._burst + self._gap
        wait = self._slot.move(lambda known: max(known, earliest) + self._gap) - self._gap - now
        if wait > NOTICEABLE:
            await self._sleep(wait)
