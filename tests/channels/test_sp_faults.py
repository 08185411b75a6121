"""What goes wrong at SP-API on purpose: each fault is told for what it is, and none is passed off as an answer."""

from datetime import timedelta

import pytest

from huiyin.channels.jd.settings import GatewayName
from huiyin.channels.port import Capability
from huiyin.kernel.errors import PermanentError, TemporaryError
from huiyin.kernel.units import Seconds
from huiyin.simulator.visits import Line as Spoken

from .jd_line import NOON, Line

pytestmark = pytest.mark.asyncio

SP = (GatewayName.SP_API,)


def crowded(line: Line) -> None:
    """Let more customers talk than fit on two pages."""
    for number in range(120):
        line.simulator.crowd.say(line.shop, f"jd_crowd{number:03d}", Spoken("text", f"第{number}位"))
    line.clock.advance(Seconds(1))


async def poll(line: Line) -> int:
    return len(await line.again(gateways=SP).poll(NOON, NOON + timedelta(seconds=1)))


@pytest.mark.parametrize("in_words", [False, True])
async def test_pages_are_read_to_the_end(line: Line, *, in_words: bool) -> None:
    crowded(line)
    line.faults.text_booleans = in_words
    assert await poll(line) == 120


async def test_a_page_that_comes_twice_is_not_the_next_one(line: Line) -> None:
    crowded(line)
    line.faults.repeated_pages = 1
    with pytest.raises(TemporaryError, match="twice"):
        await poll(line)
    assert await poll(line) == 120


async def test_a_token_that_expires_in_the_middle_is_renewed_and_nothing_is_lost(line: Line) -> None:
    crowded(line)
    line.faults.calls_before_expiry = 3
    assert await poll(line) == 120
    assert line.deaf.paths.count("/oauth2/refresh_token") == 1


async def test_a_failure_inside_a_200_is_a_failure(line: Line) -> None:
    line.faults.failures_inside = 1
    with pytest.raises(PermanentError, match="SIM-INSIDE"):
        await poll(line)


@pytest.mark.parametrize("faults", [("text_booleans",), ("wrapped",), ("empty_dates",), ("short_chats",)])
async def test_odd_ways_of_saying_the_same_change_nothing(line: Line, faults: tuple[str, ...]) -> None:
    sp, since = line.again(gateways=SP), NOON - timedelta(days=30)

    async def everything() -> object:
        orders = [await sp.orders("", order_id) for order_id in line.shop.orders]
        cases = [await sp.after_sale(case.case_id) for case in line.shop.cases]
        return await sp.poll(since, NOON), await sp.evaluations(since, NOON), orders, cases

    plain = await everything()
    for fault in faults:
        setattr(line.faults, fault, True)
    assert await everything() == plain


async def test_a_quota_used_up_is_temporary_on_both_gateways(line: Line) -> None:
    line.faults.quota_spent = True
    order_id = next(iter(line.shop.orders))
    for gateways in (SP, (GatewayName.JOS,)):
        with pytest.raises(TemporaryError, match="limit"):
            await line.again(gateways=gateways).orders("", order_id)


async def test_outside_jds_cloud_jos_steps_in_and_the_line_says_since_when(line: Line) -> None:
    both = line.again(gateways=(GatewayName.SP_API, GatewayName.JOS))
    order_id = next(iter(line.shop.orders))
    before = both.serving()[Capability.ORDERS]
    assert (before.gateway, before.since) == ("sp-api", NOON)
    line.faults.outside_cloud = True
    switched = line.clock.advance(Seconds(60))
    (order,) = await both.orders("", order_id)
    assert order.source.gateway == "jos"
    after = both.serving()[Capability.ORDERS]
    assert (after.gateway, after.since) == ("jos", switched)
    line.deaf.paths.clear()
    await both.orders("", order_id)
    assert line.deaf.paths == ["/routerjson"]  # not asked in vain again within the hour
    back = line.clock.advance(Seconds(3600))
    line.faults.outside_cloud = False
    (order,) = await both.orders("", order_id)
    assert order.source.gateway == "sp-api"
    assert both.serving()[Capability.ORDERS].since == back


async def test_chat_never_moves_by_itself_since_both_name_messages_in_their_own_way(line: Line) -> None:
    line.faults.outside_cloud = True
    both = line.again(gateways=(GatewayName.SP_API, GatewayName.JOS))
    with pytest.raises(PermanentError, match="云鼎"):
        await both.poll(NOON - timedelta(days=1), NOON)
    assert both.serving()[Capability.READ_HISTORY].gateway == "sp-api"


async def test_outside_jds_cloud_and_with_sp_api_alone_the_reason_is_told(line: Line) -> None:
    line.faults.outside_cloud = True
    alone = line.again(gateways=SP)
    for _ in range(2):
        with pytest.raises(PermanentError, match="99904030005") as refused:
            await alone.price_protection("1")
        assert refused.value.remedy
    served = alone.serving()[Capability.PRICE_PROTECTION]
    assert (served.gateway, served.why_not, served.needs) == ("", "refused", "99904030005")
    assert Capability.PRICE_PROTECTION not in alone.capabilities
