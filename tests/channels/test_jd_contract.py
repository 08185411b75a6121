"""The adapter and the strict simulator, each held to the same facts. Out of scope: real JD, real sockets."""

import asyncio
from datetime import timedelta

import pytest

from huiyin.kernel.errors import InvalidError, PermanentError, TemporaryError
from huiyin.kernel.units import Seconds
from huiyin.simulator.visits import Line as Spoken

from .jd_line import NOON, Line

pytestmark = pytest.mark.asyncio

HELLO = Spoken("text", "在吗")


async def test_an_order_is_read_with_money_in_fen_and_no_buyer_fields(line: Line) -> None:
    for planted in line.shop.orders.values():
        (order,) = await line.channel.orders(planted.pin, planted.order_id)
        assert order.total == planted.total
        assert order.paid == (planted.total if planted.paid else 0)
        assert order.created_at == planted.created.replace(microsecond=0)
        assert (order.finished_at is None) == (planted.finished is None)
        assert order.plus is None
        assert [(item.sku_id, item.price, item.count) for item in order.lines] == [
            (sku.sku_id, sku.price, count) for sku, count in planted.lines
        ]
        buyer = line.shop.customers[planted.pin]
        assert buyer.phone not in str(order)
        assert buyer.address not in str(order)


async def test_an_order_is_not_told_to_another_customer(line: Line) -> None:
    planted = next(iter(line.shop.orders.values()))
    assert await line.channel.orders("jd_somebody_else", planted.order_id) == []
    assert len(await line.channel.orders("", planted.order_id)) == 1
    assert await line.channel.orders(planted.pin, "999999999999") == []


async def test_a_customers_latest_orders_come_newest_first(line: Line) -> None:
    pin = max(line.shop.customers, key=lambda pin: len(line.shop.orders_of(pin)))
    expected = [order.order_id for order in line.shop.orders_of(pin) if NOON - order.created < timedelta(days=30)]
    assert [order.order_id for order in await line.channel.orders(pin)] == expected


async def test_a_parcel_is_told_step_by_step_and_none_before_shipping(line: Line) -> None:
    shipped = next(order for order in line.shop.orders.values() if order.waybill)
    waiting = next(order for order in line.shop.orders.values() if not order.waybill)
    parcel = await line.channel.logistics(shipped.order_id)
    assert parcel is not None
    assert parcel.waybill == shipped.waybill
    assert [step.text for step in parcel.steps] == [f"{title} {text}" for _, title, text in shipped.trace]
    assert list(parcel.steps) == sorted(parcel.steps, key=lambda step: step.at)
    assert await line.channel.logistics(waiting.order_id) is None


async def test_price_protection_rows_are_read_in_fen(line: Line) -> None:
    planted = line.shop.protected[0]
    (row,) = await line.channel.price_protection(planted.order_id)
    assert (row.bought_at_price, row.applied_price, row.refunded) == (
        planted.bought,
        planted.now,
        planted.refunded,
    )
    assert row.application_id == planted.application_id
    untouched = next(iter(set(line.shop.orders) - {row.order_id for row in line.shop.protected}))
    assert await line.channel.price_protection(untouched) == []


async def test_a_poll_cut_in_two_loses_and_doubles_nothing(line: Line) -> None:
    since, until = NOON - timedelta(days=20), NOON
    whole = await line.channel.poll(since, until)
    for days in (1, 3, 7, 13):
        cut = since + timedelta(days=days, hours=5)
        parts = await line.channel.poll(since, cut) + await line.channel.poll(cut, until)
        assert [r.source_id for r in parts] == [r.source_id for r in whole]


async def test_a_session_that_runs_past_midnight_is_still_found(line: Line) -> None:
    line.clock.set(NOON.replace(hour=15, minute=59))  # 23:59 in China
    pin = next(iter(line.shop.customers))
    line.simulator.crowd.say(line.shop, pin, HELLO)
    midnight = line.clock.advance(Seconds(120))
    line.simulator.crowd.say(line.shop, pin, Spoken("text", "过零点了"))
    after = await line.channel.poll(midnight - timedelta(seconds=60), midnight + timedelta(seconds=1))
    assert [record.content.text for record in after] == ["过零点了"]


async def test_a_poll_too_far_back_or_empty_is_refused(line: Line) -> None:
    with pytest.raises(InvalidError, match="three months"):
        await line.channel.poll(NOON - timedelta(days=100), NOON)
    with pytest.raises(InvalidError, match="since"):
        await line.channel.poll(NOON, NOON)


async def test_evaluations_are_read(line: Line) -> None:
    found = await line.channel.evaluations(NOON - timedelta(days=80), NOON)
    assert len(found) == len(line.shop.verdicts) > 0


async def test_a_read_without_an_answer_may_be_tried_again(line: Line) -> None:
    planted = next(iter(line.shop.orders.values()))
    line.deaf.silent = 1
    with pytest.raises(TemporaryError):
        await line.channel.orders(planted.pin, planted.order_id)
    assert len(await line.channel.orders(planted.pin, planted.order_id)) == 1


async def test_an_expired_token_is_refreshed_once_for_many_callers(line: Line) -> None:
    planted = next(iter(line.shop.orders.values()))
    line.faults.expired_tokens = 1
    found = await asyncio.gather(*(line.channel.orders(planted.pin, planted.order_id) for _ in range(5)))
    assert [len(orders) for orders in found] == [1] * 5
    assert line.shop.access_token not in {"", line.shop.seed.access_token}
    assert line.deaf.paths.count("/oauth2/refresh_token") == 1


async def test_a_token_refused_twice_is_temporary(line: Line) -> None:
    planted = next(iter(line.shop.orders.values()))
    line.faults.expired_tokens = 2
    with pytest.raises(TemporaryError, match="19"):
        await line.channel.orders(planted.pin, planted.order_id)


async def test_a_token_near_its_end_is_refreshed_an_hour_early(line: Line) -> None:
    planted = next(iter(line.shop.orders.values()))
    ends = int((NOON + timedelta(minutes=59)).timestamp() * 1000)
    await line.again(expires_at_ms=ends).orders(planted.pin, planted.order_id)
    assert line.shop.access_token != line.shop.seed.access_token


async def test_a_refused_refresh_asks_for_the_seller(line: Line) -> None:
    planted = next(iter(line.shop.orders.values()))
    line.faults.expired_tokens = 1
    with pytest.raises(PermanentError) as refused:
        await line.again(refresh_token="stale").orders(planted.pin, planted.order_id)
    assert "authorise" in refused.value.remedy


async def test_what_the_simulator_pushes_is_what_the_line_reads(line: Line) -> None:
    pin = next(iter(line.shop.customers))
    spoken = [
        Spoken("text", "在吗"),
        Spoken("order", order_id="123"),
        Spoken("image", "坏果", "https://img.invalid/1.jpg"),
        Spoken("recall"),
    ]
    said = [line.simulator.crowd.say(line.shop, pin, words) for words in spoken]
    read = line.channel.read(line.simulator.courier.body(line.shop, said), {})
    assert [record.source_id for record in read] == [each.mid for each in said]
    assert [record.content.kind.value for record in read] == ["text", "order_card", "image", "recall"]
    assert read[3].content.data == {"source_id": said[2].mid}
    polled = await line.again(dd_app_id="open.simulated.customer").poll(NOON, NOON + timedelta(seconds=1))
    assert {record.source_id for record in polled} == {each.mid for each in said}


async def test_a_push_for_another_shop_is_refused(line: Line) -> None:
    other = line.simulator.world.shops["jd-fresh"]
    said = line.simulator.crowd.say(other, "jd_demo", HELLO)
    with pytest.raises(InvalidError, match="vender"):
        line.channel.read(line.simulator.courier.body(other, [said]), {})


async def test_a_short_poll_asks_only_for_sessions_still_alive(line: Line) -> None:
    for pin in list(line.shop.customers)[:20]:
        line.simulator.crowd.say(line.shop, pin, HELLO)
    since = line.clock.advance(Seconds(1800))
    line.simulator.crowd.say(line.shop, "jd_late", HELLO)
    line.deaf.paths.clear()
    found = await line.channel.poll(since, since + timedelta(seconds=1))
    assert [record.customer_ref for record in found] == ["jd_late"]
    assert len(line.deaf.paths) == 2


@pytest.mark.parametrize("dd_app_id", ["", "open.simulated.customer"], ids=["plain log", "with message ids"])
async def test_a_page_that_comes_again_and_a_failure_inside_a_200_are_not_taken_for_all_of_it(
    line: Line, dd_app_id: str
) -> None:
    for number in range(120):
        line.simulator.crowd.say(line.shop, "jd_talks", Spoken("text", f"第{number}句"))
        line.clock.advance(Seconds(1))
    channel, until = line.again(dd_app_id=dd_app_id), line.clock.now()
    for strikes in (1, 2, 999):
        line.faults.repeated_pages = strikes
        with pytest.raises(TemporaryError, match="twice"):
            await channel.poll(NOON, until)
        line.faults.repeated_pages = 0
    for strikes in (1, 2):
        line.faults.failures_inside = strikes
        with pytest.raises(PermanentError, match="not a success"):
            await channel.poll(NOON, until)
        line.faults.failures_inside = 0
    assert len(await channel.poll(NOON, until)) == 120
