"""One shop over SP-API and over JOS, with the strict simulator at the other end: the same world either way."""

from datetime import timedelta

import msgspec
import pytest

from huiyin.channels.gateways import Source
from huiyin.channels.jd.settings import GatewayName
from huiyin.channels.port import ContentKind, Inbound
from huiyin.channels.service_records import ServiceLine
from huiyin.kernel.errors import InvalidError, PermanentError
from huiyin.kernel.units import Seconds
from huiyin.simulator.visits import Line as Spoken

from .jd_line import NOON, Line

pytestmark = pytest.mark.asyncio

SP = (GatewayName.SP_API,)
BOTH = (GatewayName.SP_API, GatewayName.JOS)
SINCE = NOON - timedelta(days=80)


def said(records: list[Inbound]) -> list[tuple[str, str, str, str]]:
    return [
        (record.session_ref, record.customer_ref, record.sender, record.content.text)
        for record in records
        if record.content.kind is ContentKind.TEXT
    ]


async def test_a_walk_over_both_gateways_sees_the_same_sessions(line: Line) -> None:
    pin = next(iter(line.shop.customers))
    line.simulator.crowd.say(line.shop, pin, Spoken("text", "降价了能退差价吗"))
    until = line.clock.advance(Seconds(60))
    jos = await line.again(dd_app_id="open.simulated.customer").poll(SINCE, until)
    sp = await line.again(gateways=SP).poll(SINCE, until)
    assert said(sp) == said(jos) != []
    assert [record.source_id for record in sp] == [record.source_id for record in jos]
    assert sp[-1].content.text == "降价了能退差价吗"
    fresh = line.simulator.world.shops["jd-fresh"]
    settings = {"access_token": fresh.seed.access_token, "vender_id": fresh.seed.vender_id, "gateways": SP}
    other = await line.again(**settings).poll(SINCE, until)
    assert {record.session_ref for record in other} == {
        session.sid for session in fresh.sessions if session.begin >= SINCE
    }  # fmt: skip
    assert not {record.session_ref for record in other} & {record.session_ref for record in sp}


async def test_a_poll_cut_in_two_loses_and_doubles_nothing(line: Line) -> None:
    sp = line.again(gateways=SP)
    since = NOON - timedelta(days=20)
    whole = [record.source_id for record in await sp.poll(since, NOON)]
    assert whole
    for days in (1, 3, 7, 13):
        cut = since + timedelta(days=days, hours=5)
        parts = await sp.poll(since, cut) + await sp.poll(cut, NOON)
        assert [record.source_id for record in parts] == whole


async def test_a_session_that_runs_past_midnight_is_still_found(line: Line) -> None:
    line.clock.set(NOON.replace(hour=15, minute=59))  # 23:59 in China
    pin = next(iter(line.shop.customers))
    line.simulator.crowd.say(line.shop, pin, Spoken("text", "在吗"))
    midnight = line.clock.advance(Seconds(120))
    line.simulator.crowd.say(line.shop, pin, Spoken("text", "过零点了"))
    after = await line.again(gateways=SP).poll(midnight - timedelta(seconds=60), midnight + timedelta(seconds=1))
    assert [record.content.text for record in after] == ["过零点了"]


async def test_what_was_taken_back_is_told_as_a_recall_of_its_message(line: Line) -> None:
    pin = next(iter(line.shop.customers))
    words = line.simulator.crowd.say(line.shop, pin, Spoken("text", "我的号码是13800001234"))
    picture = line.simulator.crowd.say(line.shop, pin, Spoken("image", "坏果", "https://img.invalid/1.jpg"))
    line.clock.advance(Seconds(5))
    line.simulator.crowd.say(line.shop, pin, Spoken("recall"))
    found = await line.again(gateways=SP).poll(NOON, NOON + timedelta(seconds=10))
    kinds = [(record.content.kind, record.source_id) for record in found]
    assert kinds == [
        (ContentKind.TEXT, words.mid),
        (ContentKind.IMAGE, picture.mid),
        (ContentKind.RECALL, f"{picture.mid}-revoked"),
    ]
    assert found[2].content.data == {"source_id": picture.mid}
    assert found[2].platform_at == NOON + timedelta(seconds=5)


async def test_an_order_is_the_same_over_both_but_for_where_it_was_read(line: Line) -> None:
    sp = line.again(gateways=SP)
    for planted in line.shop.orders.values():
        (old,) = await line.channel.orders("", planted.order_id)
        (new,) = await sp.orders("", planted.order_id)
        assert old.source == Source("jos", "jingdong.pop.order.get")
        assert new.source == Source("sp-api", "GET /sp-order/v0/orders/{orderId}")
        whole = {"created_at": NOON, "paid_at": None, "finished_at": None, "source": old.source}  # JOS tells no ms
        assert msgspec.structs.replace(new, **whole) == msgspec.structs.replace(old, **whole)
        assert (new.paid_at is None, new.finished_at is None) == (planted.paid is None, planted.finished is None)


async def test_an_order_is_told_to_its_buyer_by_the_pin_that_chat_knows(line: Line) -> None:
    sp = line.again(gateways=SP)
    session = next(session for session in line.shop.sessions if line.shop.orders_of(session.customer))
    pin = session.customer
    line.simulator.crowd.say(line.shop, pin, Spoken("text", "我的订单呢"))
    line.clock.advance(Seconds(1))
    planted = line.shop.orders_of(pin)
    assert [order.order_id for order in await sp.orders(pin)] == [
        order.order_id for order in planted if NOON - order.created < timedelta(days=30)
    ]
    assert len(await sp.orders(pin, planted[0].order_id)) == 1
    assert await sp.orders("jd_somebody_else", planted[0].order_id) == []
    assert await sp.orders(pin, "999999999999") == []
    with pytest.raises(InvalidError):
        await sp.orders("")


async def test_a_missing_or_odd_number_asks_nothing(line: Line) -> None:
    sp = line.again(gateways=SP)
    for ask in (sp.logistics, sp.price_protection, sp.after_sale):
        with pytest.raises(InvalidError, match="number"):
            await ask("")
    for number in (".", ".."):
        with pytest.raises(InvalidError, match="number"):
            await sp.orders("", number)
    assert line.deaf.paths == []
    assert await sp.orders("a,b") == []


async def test_polled_chat_teaches_who_is_who_and_no_pin_stands_in_an_address(line: Line) -> None:
    sp = line.again(gateways=SP)
    pin = next(pin for pin in line.shop.customers if line.shop.orders_of(pin))
    line.simulator.crowd.say(line.shop, pin, Spoken("text", "在吗"))
    until = line.clock.advance(Seconds(1))
    await sp.poll(NOON, until)
    line.deaf.addresses.clear()
    assert await sp.orders(pin)
    (address,) = line.deaf.addresses
    assert f"xidBuyer=o%2A{pin}" in address
    assert all(line.shop.access_token not in each for each in line.deaf.addresses)


async def test_a_parcel_needs_no_customer_code_over_sp_api(line: Line) -> None:
    sp = line.again(gateways=SP, customer_code="")
    shipped = next(order for order in line.shop.orders.values() if order.waybill)
    waiting = next(order for order in line.shop.orders.values() if not order.waybill)
    parcel = await sp.logistics(shipped.order_id)
    assert parcel is not None
    assert (parcel.waybill, len(parcel.steps)) == (shipped.waybill, len(shipped.trace))
    assert await sp.logistics(waiting.order_id) is None


async def test_price_protection_is_the_same_over_both(line: Line) -> None:
    planted = line.shop.protected[0]
    (old,) = await line.channel.price_protection(planted.order_id)
    (new,) = await line.again(gateways=SP).price_protection(planted.order_id)
    same = {"applied_at": NOON, "source": Source()}
    assert msgspec.structs.replace(new, **same) == msgspec.structs.replace(old, **same)
    assert new.refunded == planted.refunded


@pytest.mark.parametrize("gateways", [SP, (GatewayName.JOS,)])
async def test_after_sales_are_listed_by_when_they_changed(line: Line, gateways: tuple[GatewayName, ...]) -> None:
    channel = line.again(gateways=gateways)
    found = await channel.after_sales(NOON - timedelta(days=10), NOON)
    planted = [case for case in line.shop.cases if NOON - timedelta(days=10) <= case.changed < NOON]
    assert {case.after_sale_id for case in found} == {case.case_id for case in planted} != set()
    assert {(case.order_id, case.expectation) for case in found} <= {
        (case.order_id, {10: "退货", 20: "换货", 30: "维修"}[case.wish]) for case in planted
    }
    assert {case.refunded for case in found} == {None}  # a list proves nothing of money
    assert all(case.as_of == NOON and case.source.gateway == gateways[0] for case in found)


async def test_only_refund_status_20_says_that_money_went_back(line: Line) -> None:
    sp = line.again(gateways=SP)
    over = [case for case in line.shop.cases if case.main == 100]
    assert {case.refund for case in over} >= {20, 30}
    for planted in line.shop.cases:
        case = await sp.after_sale(planted.case_id)
        assert case is not None
        assert case.refunded is (planted.refund == 20)
        assert case.refunded_amount == (planted.refunded if planted.refund == 20 else None)
        assert case.asked_amount == planted.asked
        assert (case.deadline is None) == (planted.deadline is None)
    jos = await line.channel.after_sale(over[0].case_id)
    assert jos is not None
    assert jos.refunded is None
    assert await sp.after_sale("1") is None
    assert await line.channel.after_sale("1") is None


async def test_a_case_of_another_shop_is_refused(line: Line) -> None:
    with pytest.raises(PermanentError, match="another shop"):
        await line.again(gateways=SP, vender_id="100202").after_sale(line.shop.cases[0].case_id)


async def test_waiters_and_their_figures(line: Line) -> None:
    service: ServiceLine = line.again(gateways=SP)
    since = NOON - timedelta(days=6)
    (new,) = await service.performance(since, NOON)
    (old,) = await line.channel.performance(since.replace(hour=16) - timedelta(days=1), NOON)
    sessions = [session for session in line.shop.sessions if since <= session.begin < NOON]
    assert (new.inquiries, new.served) == (len(sessions), len(sessions))
    assert old.served is not None
    assert old.served >= len(sessions)
    assert (old.inquiries, old.ratings) == (None, None)  # JOS tells them elsewhere
    assert new.ratings is not None
    assert sum(new.ratings) == new.evaluations
    with pytest.raises(InvalidError, match="seven days"):
        await service.performance(NOON - timedelta(days=8), NOON)
    names = [[waiter.waiter_ref for waiter in await each.waiters()] for each in (line.channel, service)]
    assert names == [[line.shop.seed.main_waiter]] * 2


async def test_verdicts_are_the_same_over_both_and_name_their_session_over_sp_api(line: Line) -> None:
    old = await line.channel.evaluations(SINCE, NOON)
    new = await line.again(gateways=SP).evaluations(SINCE, NOON)
    assert sorted((each.customer_ref, each.label, each.score) for each in new) == sorted(
        (each.customer_ref, each.label, each.score) for each in old
    )
    assert {each.session_ref for each in new} <= {session.sid for session in line.shop.sessions}


async def test_what_only_jos_tells(line: Line) -> None:
    comments = await line.channel.comments([remark.order_id for remark in line.shop.remarks])
    assert {comment.comment_id for comment in comments} == {remark.remark_id for remark in line.shop.remarks}
    assert not any("13800001234" in comment.text for comment in comments)
    move = line.shop.moves[0]
    (seen,) = await line.channel.presence([move.waiter], move.at + timedelta(minutes=2))
    assert (seen.waiter_ref, seen.state_as_told, seen.at) == (move.waiter, move.state, move.at)
    assert (await line.channel.answer_rate(NOON - timedelta(days=6), NOON)).as_told == "100.00"
    assert (await line.channel.average_wait(move.waiter, line.shop.sessions[0].begin)).as_told > 0
