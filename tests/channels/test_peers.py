"""Taobao, Pinduoduo, Douyin and Kuaishou against strict simulators over real HTTP; each story is told at every one.

Out of scope: live accounts. Nothing here was tried against one.
"""

import dataclasses
from datetime import timedelta

import pytest

from huiyin.channels.port import Capability, Channel, Content, Outbound, Tier
from huiyin.kernel.errors import HuiyinError, InvalidError, PermanentError, TemporaryError
from huiyin.kernel.ids import ShopId
from huiyin.simulator.peers import PeerOrder

from .peer_line import KINDS, NOON, Kind, PeerLine

pytestmark = pytest.mark.asyncio
every = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
REPLY = Outbound(shop=ShopId("s"), dedupe="d", customer_ref="a", waiter_ref="w", content=Content(text="您好"))
SHIPPED = "400000000003"


def asker(kind: Kind, planted: PeerOrder) -> str:
    """Return who asks: the buyer, or somebody who answers for the right where the platform names no buyer."""
    return planted.buyer if kind.channel.names_buyers else ""


@every
@pytest.mark.parametrize("texts", [False, True], ids=["numbers", "numbers as text"])
async def test_an_order_is_read_with_money_in_fen_and_no_buyer_fields(peers: PeerLine, kind: Kind, texts: bool) -> None:
    peers.world.faults.texts = texts
    channel = peers.channel(kind)
    for planted in peers.world.orders.values():
        (order,) = await channel.orders(asker(kind, planted), planted.number)
        assert order.order_id == planted.number
        assert order.total == planted.goods
        payment = planted.goods if kind.pays_goods else planted.payment
        assert order.paid == (payment if planted.paid else 0)
        assert order.source.gateway
        assert order.source.method
        assert (order.created_at, order.paid_at, order.as_of) == (planted.created, planted.paid, NOON)
        assert [(each.sku_id, each.name, each.count, each.price) for each in order.lines] == [
            (str(line.sku), line.name, line.count, line.price) for line in planted.lines
        ]
        assert order.waybill == planted.waybill
        assert order.state_label
        assert not order.state_label.isascii()
        assert not {planted.receiver, planted.phone, planted.address, planted.buyer} & set(str(order).split("'"))


@every
async def test_an_order_of_somebody_else_is_as_absent_as_none(peers: PeerLine, kind: Kind) -> None:
    channel = peers.channel(kind)
    if not kind.channel.names_buyers:
        for number in (SHIPPED, "499999999999"):
            with pytest.raises(PermanentError, match="no buyer"):
                await channel.orders("buyer-two", number)
        assert peers.world.calls == []
        return
    assert await channel.orders("buyer-one", SHIPPED) == []
    assert await channel.orders("b**e", SHIPPED) == []
    if kind.channel.short != "kuaishou":  # its way to say so is not known: such an answer is an error
        assert await channel.orders("buyer-two", "499999999999") == []
    assert await channel.orders("buyer-two", "不是订单号") == []
    assert len(await channel.orders("buyer-two", SHIPPED)) == 1
    assert len(await channel.orders("", SHIPPED)) == 1


@every
async def test_a_customers_latest_orders_cannot_be_searched(peers: PeerLine, kind: Kind) -> None:
    channel = peers.channel(kind)
    with pytest.raises(PermanentError) as refused:
        await channel.orders("buyer-two")
    assert "order number" in refused.value.remedy
    with pytest.raises(InvalidError):
        await channel.orders("")
    assert peers.world.calls == []


@every
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("cut", "Payload"),
        ("broken", "HTTP 500"),
        ("html", "not JSON"),
        ("repeated", "not JSON"),
        ("spent", "limit"),
    ],
)
async def test_a_platform_in_trouble_may_be_asked_again(peers: PeerLine, kind: Kind, fault: str, told: str) -> None:
    channel = peers.channel(kind)
    setattr(peers.world.faults, fault, 1)
    with pytest.raises(TemporaryError, match=told) as trouble:
        await channel.orders("", SHIPPED)
    assert trouble.value.remedy
    assert len(await channel.orders("", SHIPPED)) == 1


@every
async def test_a_platform_too_slow_or_away_may_be_asked_again(peers: PeerLine, kind: Kind) -> None:
    peers.world.faults.slow_seconds = 0.8
    with pytest.raises(TemporaryError, match="no usable answer"):
        await peers.channel(kind, timeout_seconds=0.2).orders("", SHIPPED)
    nobody = kind.open(kind.settings("http://127.0.0.1:1"), peers.clock)
    with pytest.raises(TemporaryError, match="cannot be reached"):
        await nobody.orders("", SHIPPED)
    await nobody.close()


@every
@pytest.mark.parametrize("field", ["token", "secret", "app_key"])
async def test_a_wrong_key_is_refused_for_good_with_its_remedy(peers: PeerLine, kind: Kind, field: str) -> None:
    name = {"token": kind.token, "secret": kind.secret, "app_key": kind.key}[field]
    with pytest.raises(PermanentError) as refused:
        await peers.channel(kind, **{name: "1000009"}).orders("", SHIPPED)
    wanted = {"token": "authorise", "secret": "secret", "app_key": "app key"}[field]
    assert wanted in refused.value.remedy
    assert "1000009" not in str(refused.value)


@every
@pytest.mark.parametrize(("minutes", "taken"), [(9, True), (-9, True), (11, False), (-11, False)])
async def test_a_clock_ten_minutes_off_is_refused(peers: PeerLine, kind: Kind, minutes: int, taken: bool) -> None:
    channel = peers.channel(kind)
    peers.world.clock = type(peers.clock)(NOON + timedelta(minutes=minutes))
    if taken:
        assert len(await channel.orders("", SHIPPED)) == 1
        return
    with pytest.raises(PermanentError) as refused:
        await channel.orders("", SHIPPED)
    assert "clock" in refused.value.remedy


@every
async def test_what_a_line_cannot_do_it_says_with_reason_and_remedy(peers: PeerLine, kind: Kind) -> None:
    channel: Channel = peers.channel(kind)
    assert channel.tier is Tier.READ
    assert channel.capabilities == {Capability.ORDERS}
    asked = {
        Capability.READ_HISTORY: channel.poll(NOON - timedelta(days=1), NOON),
        Capability.SEND_MESSAGE: channel.send(REPLY),
        Capability.LOGISTICS: channel.logistics(SHIPPED),
        Capability.PRICE_PROTECTION: channel.price_protection(SHIPPED),
    }
    for capability, asking in asked.items():
        with pytest.raises(PermanentError) as refused:
            await asking
        lack = kind.channel.cannot[capability]
        assert str(refused.value) == f"{kind.channel.name} cannot {capability.value.replace('_', ' ')}: {lack.why}"
        assert (refused.value.remedy, refused.value.code) == (lack.remedy, "line_cannot")
    with pytest.raises(InvalidError) as pushed:
        channel.read(b"{}", {})
    assert pushed.value.remedy == kind.channel.cannot[Capability.RECEIVE_LIVE].remedy
    assert peers.world.calls == []


@every
async def test_every_ability_a_line_lacks_has_its_words(kind: Kind) -> None:
    cannot = kind.channel.cannot
    assert cannot.keys() | {Capability.ORDERS} == set(Capability)
    for lack in cannot.values():
        assert all(words and not words.isascii() for words in (lack.reason, lack.instead))
        assert lack.why
        assert lack.remedy


@every
@pytest.mark.parametrize(
    "changes",
    [
        {"token": " "}, {"secret": ""}, {"app_key": ""}, {"calls_per_second": 0}, {"timeout_seconds": -1.0},
        {"gateway_url": "http://gw.example.com/x"}, {"gateway_url": "ftp://127.0.0.1/"}, {"gateway_url": ""},
        {"gateway_url": "https://me@gw.example.com/"}, {"gateway_url": "https://[oops/"},
    ],
    ids=str,
)  # fmt: skip
async def test_settings_without_sense_are_refused(kind: Kind, changes: dict[str, object]) -> None:
    names = {"token": kind.token, "secret": kind.secret, "app_key": kind.key}
    plain = kind.settings("https://gw.example.com")
    fields = {name: getattr(plain, name) for name in plain.__struct_fields__}
    with pytest.raises(InvalidError) as refused:
        type(plain)(**{**fields, **{names.get(name, name): value for name, value in changes.items()}})
    assert refused.value.remedy


@every
async def test_settings_show_no_secret(kind: Kind) -> None:
    settings = kind.settings("https://gw.example.com")
    shown = repr(settings)
    assert "shop-1" in shown
    for name in (kind.token, kind.secret, kind.key):
        assert getattr(settings, name) not in shown


@every
async def test_another_order_than_the_one_asked_for_is_not_told(peers: PeerLine, kind: Kind) -> None:
    other = dataclasses.replace(peers.world.orders[SHIPPED], number="400000000009")
    peers.world.orders[SHIPPED] = other
    with pytest.raises(PermanentError, match="shape"):
        await peers.channel(kind).orders("", SHIPPED)


@every
async def test_an_order_that_is_not_there_is_an_error_to_whoever_asks_without_a_customer(
    peers: PeerLine, kind: Kind
) -> None:
    with pytest.raises(HuiyinError) as refused:
        await peers.channel(kind).orders("", "499999999999")
    assert isinstance(refused.value, PermanentError)
    assert "499999999999" not in str(refused.value)
