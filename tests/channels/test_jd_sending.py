"""Sending through the strict simulator: delivered once, unknown when unknown, refused with a remedy."""

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


@pytest.mark.parametrize("dd_app_id", ["", "open.simulated.customer"], ids=["plain log", "with message ids"])
async def test_everything_said_can_be_polled_once_and_again_with_the_same_ids(line: Line, dd_app_id: str) -> None:
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
