"""The adapter and the strict simulator, each held to the same facts. Out of scope: real JD, real sockets."""

import asyncio
from datetime import timedelta

import pytest

from huiyin.channels.port import Capability, Content, ContentKind, Outbound, Sender, Tier
from huiyin.kernel.errors import InvalidError, OutcomeUnknownError, PermanentError, TemporaryError
from huiyin.kernel.units import Seconds
from huiyin.simulator.visits import Line as Spoken

from .jd_line import NOON, Line

pytestmark = pytest.mark.asyncio

HELLO = Spoken("text", "在吗")


def outbound(line: Line, dedupe: str = "send-1", text: str = "您好，在的") -> Outbound:
    pin = next(iter(line.shop.customers))
    return Outbound(
        shop=line.settings.shop,
        dedupe=dedupe,
        customer_ref=pin,
        waiter_ref="客服01",
        content=Content(ContentKind.TEXT, text),
    )


def sent_texts(line: Line, text: str = "您好，在的") -> int:
    return sum(said.content == text for said in line.shop.said())


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
    expected = [
        order.order_id
        for order in line.shop.orders_of(pin)
        if order.state not in {"LOCKED", "PAUSE"} and NOON - order.created < timedelta(days=30)
    ]
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


@pytest.mark.parametrize("dd_app_id", ["", "open.simulated.customer"], ids=["plain log", "with message ids"])
async def test_everything_said_can_be_polled_once_and_again_with_the_same_ids(
    line: Line, dd_app_id: str
) -> None:
    channel = line.again(dd_app_id=dd_app_id)
    since, until = NOON - timedelta(days=20), NOON + timedelta(hours=1)
    pin = next(iter(line.shop.customers))
    for text in ("在吗", "？", "？"):
        line.simulator.crowd.say(line.shop, pin, Spoken("text", text))
    await line.channel.send(outbound(line))
    first = await channel.poll(since, until)
    expected = [said for said in line.shop.said() if since <= said.at.replace(microsecond=0) < until]
    assert len(expected) > 10
    assert sorted(record.content.text for record in first) == sorted(said.content for said in expected)
    assert len({record.source_id for record in first}) == len(first)
    assert [r.platform_at for r in first] == sorted(r.platform_at for r in first)
    assert [r.source_id for r in await channel.poll(since, until)] == [r.source_id for r in first]
    assert {record.sender for record in first} == {Sender.CUSTOMER, Sender.AGENT}


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


async def test_a_reply_arrives_and_its_receipt_names_it(line: Line) -> None:
    receipt = await line.channel.send(outbound(line))
    assert receipt.at == NOON
    assert [said.mid for said in line.shop.said() if said.content == "您好，在的"] == [receipt.source_id]


async def test_the_same_dedupe_key_delivers_once_within_three_minutes(line: Line) -> None:
    first = await line.channel.send(outbound(line))
    line.clock.advance(Seconds(179))
    assert await line.channel.send(outbound(line)) == first
    assert sent_texts(line) == 1
    line.clock.advance(Seconds(2))
    await line.channel.send(outbound(line))
    assert sent_texts(line) == 2  # JD forgets: nobody may count on it later


async def test_a_send_without_an_answer_is_unknown_and_a_repeat_does_not_double_it(line: Line) -> None:
    line.deaf.silent = 1
    with pytest.raises(OutcomeUnknownError):
        await line.channel.send(outbound(line))
    assert sent_texts(line) == 1
    await line.channel.send(outbound(line))
    assert sent_texts(line) == 1


async def test_a_send_accepted_then_answered_with_504_is_unknown(line: Line) -> None:
    line.faults.lost_answers, line.faults.hang_seconds = 1, 0.0
    with pytest.raises(OutcomeUnknownError):
        await line.channel.send(outbound(line))
    assert sent_texts(line) == 1


async def test_a_read_without_an_answer_may_be_tried_again(line: Line) -> None:
    planted = next(iter(line.shop.orders.values()))
    line.deaf.silent = 1
    with pytest.raises(TemporaryError):
        await line.channel.orders(planted.pin, planted.order_id)
    assert len(await line.channel.orders(planted.pin, planted.order_id)) == 1


async def test_a_send_that_never_left_may_be_tried_again(line: Line) -> None:
    line.deaf.cut = 1
    with pytest.raises(TemporaryError):
        await line.channel.send(outbound(line))
    assert sent_texts(line) == 0


async def test_an_error_65_is_temporary_for_a_read_and_unknown_for_a_send(line: Line) -> None:
    planted = next(iter(line.shop.orders.values()))
    line.faults.busy = 2
    with pytest.raises(TemporaryError, match="65"):
        await line.channel.orders(planted.pin, planted.order_id)
    with pytest.raises(OutcomeUnknownError, match="65"):
        await line.channel.send(outbound(line))


async def test_a_spent_quota_is_temporary_and_says_limit(line: Line) -> None:
    line.faults.quota_spent = True
    with pytest.raises(TemporaryError, match="limit"):
        await line.channel.send(outbound(line))


async def test_an_expired_token_is_refreshed_once_for_many_callers(line: Line) -> None:
    planted = next(iter(line.shop.orders.values()))
    line.faults.expired_tokens = 1
    found = await asyncio.gather(*(line.channel.orders(planted.pin, planted.order_id) for _ in range(5)))
    assert [len(orders) for orders in found] == [1] * 5
    assert line.shop.access_token not in {"", line.shop.seed.access_token}


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


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"app_secret": "wrong"}, "12", id="wrong secret"),
        pytest.param({"app_key": "OTHER"}, "21", id="unknown app"),
    ],
)
async def test_a_wrong_key_is_permanent(line: Line, changes: dict[str, str], code: str) -> None:
    with pytest.raises(PermanentError, match=f"code {code}"):
        await line.again(**changes).send(outbound(line))


async def test_a_clock_ten_minutes_off_is_permanent_and_names_the_clock(line: Line) -> None:
    line.simulator.world.clock = type(line.clock)(NOON + timedelta(minutes=10))
    with pytest.raises(PermanentError) as refused:
        await line.channel.send(outbound(line))
    assert "clock" in refused.value.remedy


async def test_a_refused_send_is_permanent_and_the_remedy_is_to_copy(line: Line) -> None:
    with pytest.raises(PermanentError) as refused:
        await line.again(dd_token="wrong").send(outbound(line))
    assert "咚咚" in refused.value.remedy


async def test_a_reading_line_sends_nothing_and_says_what_to_do(line: Line) -> None:
    channel = line.again(live=False)
    assert channel.tier is Tier.READ
    assert Capability.SEND_MESSAGE not in channel.capabilities
    with pytest.raises(PermanentError) as refused:
        await channel.send(outbound(line))
    assert "咚咚" in refused.value.remedy
    assert sent_texts(line) == 0


async def test_only_text_is_sent(line: Line) -> None:
    card = Outbound(
        shop=line.settings.shop,
        dedupe="d",
        customer_ref=next(iter(line.shop.customers)),
        waiter_ref="客服01",
        content=Content(ContentKind.IMAGE, "", {"url": "https://img.invalid/a.jpg"}),
    )
    with pytest.raises(PermanentError):
        await line.channel.send(card)


async def test_live_is_refused_away_from_the_simulator_unless_granted(line: Line) -> None:
    with pytest.raises(InvalidError, match="grant"):
        line.again(gateway_url="https://api.jd.com/routerjson")
    granted = line.again(gateway_url="https://api.jd.com/routerjson", live_granted=True)
    assert Capability.SEND_MESSAGE in granted.capabilities
    assert Capability.RECEIVE_LIVE not in granted.capabilities


async def test_no_secret_shows_in_a_repr(line: Line) -> None:
    shown = repr(line.settings) + repr(line.simulator.world.settings) + repr(line.shop.seed)
    for secret in (line.settings.app_secret, line.settings.access_token, line.settings.dd_token):
        assert secret not in shown


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
