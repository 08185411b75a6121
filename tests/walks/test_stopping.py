"""The worker's loops end when they are told to, also in the very moment they are woken."""

import asyncio

import pytest

from huiyin.worker import Worker

from .stage import Stage


@pytest.mark.parametrize("yields", range(6))
async def test_a_loop_that_is_woken_and_ended_at_once_ends(stage: Stage, yields: int) -> None:
    rounds = 0

    async def nothing_to_do() -> int:
        nonlocal rounds
        rounds += 1
        return 0

    wake = asyncio.Event()
    loop = asyncio.create_task(Worker(stage.house)._repeat("test", nothing_to_do, wake))
    for _ in range(8):
        await asyncio.sleep(0)
    assert rounds == 1
    wake.set()
    for _ in range(yields):
        await asyncio.sleep(0)
    loop.cancel()
    done, _ = await asyncio.wait([loop], timeout=2)
    assert done, "the loop went on although it was told to end"
