"""A shop's opening hours decide: what began while it was closed is marked, customers hear when somebody is back."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from huiyin.insight.rebuilding import rebuild
from huiyin.insight.store import session_figures
from huiyin.org import administering
from huiyin.org.hours import OpeningHours, every_day, read_periods

from .founding import FOUNDER, NOON
from .moments import at, is_now
from .stage import Customer, Stage

OFFICE = OpeningHours(
    week=(read_periods("09:00-12:00 13:30-18:00"),) * 7,
    special={"2026-06-03": (), "2026-06-04": read_periods("10:00-16:00")},
)
ASKING = "这个能配我家的旧机顶盒吗，型号有点老"
"""A question the bot has no evidence for."""


async def keeps(stage: Stage, hours: OpeningHours, shop: str = "digital") -> None:
    """Write opening hours down, in force since long ago."""
    await stage.house.writer.do(
        administering.set_hours, stage.shops[shop], hours, effective_from=NOON - timedelta(days=9), actor=FOUNDER
    )


def row_of(stage: Stage, conversation: str) -> Any:
    return stage.rows(sa.select(session_figures).where(session_figures.c.conversation == conversation))[0]


@pytest.mark.parametrize(
    ("hours", "moment", "says"),
    [
        pytest.param(
            OFFICE, at("12:30"), "我们今天的营业时间是 09:00–12:00、13:30–18:00，今天 13:30 起有人工客服", id="lunch"
        ),
        pytest.param(
            OFFICE, at("22:00"), "我们明天的营业时间是 09:00–12:00、13:30–18:00，明天 09:00 起有人工客服", id="night"
        ),
        pytest.param(
            OFFICE, at("19:00", 2), "我们6月4日的营业时间是 10:00–16:00，6月4日 10:00 起有人工客服", id="holiday"
        ),
        pytest.param(every_day(""), at("12:30"), "下次营业的时间还没有定", id="closed for good"),
    ],
)
async def test_while_the_shop_is_closed_and_nobody_is_there_the_customer_hears_when_somebody_is_back(
    stage: Stage, customer: Customer, hours: OpeningHours, moment: Any, says: str
) -> None:
    await keeps(stage, hours)
    await is_now(stage, moment)
    await customer.says(ASKING)
    await stage.settle()
    assert says in customer.hears()
    assert "请稍等" not in customer.hears()
    lead = await stage.person("lead")
    assert await lead.sees("waiting") == [customer.conversation]
    shown = await lead.opens(customer.conversation)
    assert shown["conversation"]["outsideHours"] is True
    assert shown["conversation"]["waitingSince"]


async def test_while_the_shop_is_closed_but_somebody_is_there_they_take_it_as_ever(
    stage: Stage, customer: Customer
) -> None:
    await keeps(stage, OFFICE)
    lin = await stage.agent()
    await is_now(stage, at("22:00"), lin)
    await customer.says(ASKING)
    await stage.settle()
    assert "非营业时间" not in customer.hears()
    assert await lin.sees() == [customer.conversation]
    assert (await lin.opens(customer.conversation))["conversation"]["outsideHours"] is True


async def test_while_the_shop_is_open_and_nobody_is_there_the_customer_is_told_so(
    stage: Stage, customer: Customer
) -> None:
    await keeps(stage, OFFICE)
    await is_now(stage, at("14:00"))
    await customer.says(ASKING)
    await stage.settle()
    assert "现在没有人工客服在线" in customer.hears()
    lead = await stage.person("lead")
    assert (await lead.opens(customer.conversation))["conversation"]["outsideHours"] is False


async def test_what_was_left_at_night_waits_for_the_morning_oldest_first(stage: Stage) -> None:
    await keeps(stage, OFFICE)
    people = [stage.customer(place=place) for place in range(3)]
    await is_now(stage, at("22:00"))
    for each in people:
        await each.says(ASKING)
        await stage.settle()
        await stage.passes(60)
    lin = await stage.person("lin")
    await is_now(stage, at("09:00", 2), lin)
    first, second, third = (each.conversation for each in people)
    assert set(await lin.sees()) == {first, second}
    assert await lin.sees("waiting") == [third]
    await lin.closes(second)
    assert set(await lin.sees()) == {first, third}


async def test_behind_a_figure_stands_why_and_the_time_while_open(stage: Stage) -> None:
    await keeps(stage, OFFICE, "direct")
    buyer = stage.customer("direct")
    lin = await stage.person("lin")
    await is_now(stage, at("13:20"))
    await buyer.says("在吗")
    await stage.settle()
    await is_now(stage, at("13:30"), lin)
    await stage.passes(40)
    await lin.sends(buyer.conversation, "在的，您请说。")
    await stage.settle()
    behind = (await lin.get("/api/wall/rows", figure="outside_hours"))["rows"]
    assert [(each["conversation"], each["counted"]) for each in behind] == [(buyer.conversation, False)]
    assert behind[0]["why"].startswith("留言")
    assert behind[0]["outsideHours"] == "非营业时间（周一 09:00–12:00、13:30–18:00 营业）"
    assert (behind[0]["firstResponseSeconds"], behind[0]["firstResponseOpenSeconds"]) == (640, 40)
    figures = {each["key"]: each["value"] for each in (await lin.get("/api/wall"))["figures"]}
    assert (figures["outside_hours"], figures["first_response_open_median"]) == (1, 40)
    assert figures["first_response_median"] is None, "nobody was there at 13:20: it was left as a message"
    assert (figures["leave_messages"], figures["leave_message_answered"]) == (1, 1)


async def test_a_calendar_recorded_late_changes_nothing_that_was_computed_not_even_when_rebuilt(stage: Stage) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await buyer.says("在吗")
    await stage.settle()
    await stage.passes(20)
    await lin.sends(buyer.conversation, "在的，您请说。")
    await stage.settle()
    before = row_of(stage, buyer.conversation)
    assert (before.outside_hours, before.first_response_open_ms) == ("", 20_000)
    await stage.passes(1)
    await keeps(stage, every_day("18:00-19:00"), "direct")
    later = stage.customer("direct", 1)
    await later.says("在吗")
    await stage.settle()
    assert row_of(stage, later.conversation).outside_hours == "非营业时间（周一 18:00–19:00 营业）"
    assert row_of(stage, buyer.conversation) == before
    await stage.house.writer.do(rebuild, stage.house.catalogue)
    assert row_of(stage, buyer.conversation) == before
