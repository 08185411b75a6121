"""Endpoints have their turns: neither a busy nor a slow one keeps the calls of others from being made."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from huiyin.webhooks import calling

from .codes import with_second_factor
from .founding import PASSWORD
from .receiving import Receiver, receiving
from .stage import Person, Stage
from .test_webhooks import owner, registers, stage

__all__ = ["owner", "stage"]  # fixtures


@pytest_asyncio.fixture
async def receivers() -> AsyncIterator[list[Receiver]]:
    async with AsyncExitStack() as opened:
        yield [await opened.enter_async_context(receiving()) for _ in range(8)]


@pytest_asyncio.fixture
async def other(stage: Stage) -> Person:
    """Another merchant's owner."""
    person = await stage.person("stranger")
    await with_second_factor(person, PASSWORD)
    return person


async def turn(stage: Stage) -> None:
    """Let whoever's turn it is begin, and come to the end of it."""
    courier = stage.worker.rounds.courier
    await courier.work()
    await asyncio.gather(*courier._running.values())


async def test_who_always_has_something_to_be_told_has_one_turn_and_then_the_next_has_theirs(
    stage: Stage, owner: Person, other: Person, receivers: list[Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "MOST_ENDPOINTS", 1)
    monkeypatch.setattr(calling, "TURN_SECONDS", 0.0)
    first, second, third = receivers[:3]
    for receiver in (first, second):
        await registers(owner, receiver.url, kinds=["message.received"])
    await registers(other, third.url, kinds=["message.received"])
    for place in range(5):
        await stage.customer("direct", place).says("在吗")
        await stage.settle()
        stage.clock.advance(1)  # type: ignore[arg-type]
    for place in range(3):
        await stage.customer("foreign", place).says("在吗")
    await stage.settle()
    told = []
    for _ in range(5):
        await turn(stage)
        told.append(tuple(len(each.calls) for each in (first, second, third)))
    one, two = ((2, 0), (2, 2)) if told[0][0] else ((0, 2), (2, 2))
    assert told[:4] == [(*one, 0), (*one, 2), (*two, 2), (*two, 3)], "merchants take turns, and so do their endpoints"
    assert sum(told[4]) == 9
    await stage.worker.rounds.courier.finish()
    assert [len(each.calls) for each in (first, second, third)] == [5, 5, 3]


async def test_a_quick_one_is_told_all_it_waits_for_in_one_turn(
    stage: Stage, owner: Person, receivers: list[Receiver]
) -> None:
    await registers(owner, receivers[0].url, kinds=["message.received"])
    for place in range(5):
        await stage.customer("direct", place).says("在吗")
    await stage.settle()
    await turn(stage)
    assert len(receivers[0].calls) == 5


async def test_slow_endpoints_of_one_merchant_leave_room_for_all_others(
    stage: Stage, owner: Person, other: Person, receivers: list[Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "MOST_ENDPOINTS", calling.MOST_OF_ONE + 1)
    *slow, quick = receivers
    for receiver in slow:
        receiver.hangs = asyncio.Event()
        await registers(owner, receiver.url, kinds=["message.received"])
    await registers(other, quick.url, kinds=["message.received"])
    await stage.customer("direct").says("在吗")
    await stage.settle()
    courier = stage.worker.rounds.courier
    assert await courier.work() == calling.MOST_OF_ONE < len(slow)
    await stage.customer("foreign").says("在吗")
    await stage.settle()
    assert await courier.work() == 1
    for _ in range(200):
        if quick.calls:
            break
        await asyncio.sleep(0.02)
    assert len(quick.calls) == 1
    for receiver in slow:
        assert receiver.hangs is not None
        receiver.hangs.set()
    await courier.finish()
    assert [len(each.calls) for each in slow] == [1] * len(slow)
