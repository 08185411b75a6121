"""A shop's recent orders are read once for all who ask, and again once the reading is old."""

import asyncio
from datetime import timedelta

import pytest

from huiyin.channels.jd.recent_orders import FRESH, SEARCHED_STATES
from huiyin.kernel.errors import TemporaryError
from huiyin.kernel.units import Seconds

from .jd_line import Line

pytestmark = pytest.mark.asyncio


def pins(line: Line, count: int) -> list[str]:
    return [pin for pin in line.shop.customers if line.shop.orders_of(pin)][:count]


async def test_many_who_ask_at_once_cost_one_reading(line: Line) -> None:
    asking = pins(line, 5)
    found = await asyncio.gather(*(line.channel.orders(pin) for pin in asking))
    assert all(found)
    assert len(line.deaf.paths) == len(SEARCHED_STATES)
    assert await line.channel.orders(asking[0]) == found[0]
    assert len(line.deaf.paths) == len(SEARCHED_STATES)


async def test_an_old_reading_is_read_again_and_says_when(line: Line) -> None:
    (pin,) = pins(line, 1)
    before = (await line.channel.orders(pin))[0].as_of
    line.clock.advance(Seconds(FRESH.total_seconds()))
    after = (await line.channel.orders(pin))[0].as_of
    assert after - before == timedelta(seconds=3)


async def test_a_paused_order_is_found(line: Line) -> None:
    (pin,) = pins(line, 1)
    order = line.shop.orders_of(pin)[0]
    for state in ("PAUSE", "LOCKED"):
        order.state = state
        line.clock.advance(Seconds(FRESH.total_seconds()))
        assert order.order_id in [each.order_id for each in await line.channel.orders(pin)]


async def test_a_failed_reading_is_told_to_all_and_not_kept(line: Line) -> None:
    asking = pins(line, 2)
    line.deaf.cut = 1
    told = await asyncio.gather(*(line.channel.orders(pin) for pin in asking), return_exceptions=True)
    assert [type(each) for each in told] == [TemporaryError, TemporaryError]
    assert await line.channel.orders(asking[0])


async def test_who_gives_up_takes_the_answer_from_nobody(line: Line) -> None:
    first, second = pins(line, 2)
    impatient = asyncio.create_task(line.channel.orders(first))
    patient = asyncio.create_task(line.channel.orders(second))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient
