"""The worker's loops live on, whatever one event, one customer or one platform does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from huiyin import worker as working
from huiyin.assist import thinking
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.errors import PermanentError, TemporaryError

from .stage import Customer, Stage


@pytest.fixture
async def running(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncio.Task[None]]:
    """Run the worker as a process does, with ticks as short as they get."""
    monkeypatch.setattr(working, "TICK_SECONDS", 0.001)
    monkeypatch.setattr(working, "IDLE_SECONDS", 0.001)
    task = asyncio.ensure_future(stage.worker.run())
    yield task
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  # the loops under test offer no event to wait for
            await asyncio.sleep(0.005)


async def heard(customer: Customer) -> str:
    """Wait until the customer hears something."""
    await until(customer.heard)
    return customer.hears()


async def test_the_running_worker_answers_by_itself(stage: Stage, customer: Customer, running: Any) -> None:
    await customer.says("请问什么时候发货？")
    assert await heard(customer)


@pytest.mark.parametrize("error", [TemporaryError("planted"), PermanentError("planted"), ValueError("planted")])
async def test_an_error_in_one_customers_turn_leaves_the_others_theirs(
    stage: Stage, customer: Customer, running: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    decide = thinking.decide

    async def sometimes(question: Any, *args: Any) -> Any:
        if "暗号" in question.text:
            raise error
        return await decide(question, *args)

    monkeypatch.setattr(thinking, "decide", sometimes)
    unlucky = stage.customer(place=1)
    await unlucky.says("暗号")
    await asyncio.sleep(0.05)
    await customer.says("请问什么时候发货？")
    assert await heard(customer)
    assert not running.done()
    await until(lambda: "HandedOver" in stage.happened(unlucky.conversation))


@pytest.mark.parametrize("error", [TemporaryError("planted"), ValueError("planted")])
async def test_a_tick_that_fails_is_followed_by_the_next(
    stage: Stage, customer: Customer, running: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    failed: list[datetime] = []

    def fails(_self: object, uow: UnitOfWork) -> int:
        failed.append(datetime.now(UTC))
        raise error

    monkeypatch.setattr(type(stage.house.subscriptions), "retry_due", fails)
    await until(lambda: len(failed) >= 3)
    assert not running.done()
    await customer.says("请问什么时候发货？")
    assert await heard(customer)


async def test_a_send_that_breaks_in_an_unforeseen_way_is_unknown_and_the_others_leave(
    stage: Stage, customer: Customer, running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = stage.house.lines.by_shop[stage.shops["digital"]]
    send = type(line).send

    async def sometimes(self: Any, reply: Any) -> Any:
        if reply.customer_ref == customer.pin:
            message = "planted: nobody foresaw this"
            raise ValueError(message)
        return await send(self, reply)

    monkeypatch.setattr(type(line), "send", sometimes)
    other = stage.customer(place=1)
    for each in (customer, other):
        await each.says("请问什么时候发货？")
    assert await heard(other)
    await until(lambda: "DeliveryUnknown" in stage.happened(customer.conversation))
    assert not running.done()
