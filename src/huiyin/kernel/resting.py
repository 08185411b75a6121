"""Let work that can wait leave room for work that cannot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from huiyin.kernel.clock import monotonic
from huiyin.kernel.units import Seconds

REST = 1.5
"""How many times as long as a step took, waiting for its turn included, the next one of its kind waits: the busier the
house, the slower. A step of five records every thirty milliseconds is what a live message hardly notices."""


@asynccontextmanager
async def resting(times: float = REST, least: Seconds = Seconds(0)) -> AsyncIterator[None]:
    """Do a step inside, then rest `times` as long as it took, `least` seconds at least; a step that fails rests not."""
    began = monotonic()
    yield
    await asyncio.sleep(max(least, times * (monotonic() - began)))
