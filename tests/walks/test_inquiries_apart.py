"""Who is an inquirer at all: not who bought first, also who orders while they talk; and history by itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from huiyin.insight.store import inquiry
from huiyin.kernel.units import Seconds

from .stage import Person, Stage
from .test_imports import brings_in, table
from .test_inquiries import buys, newcomer, owner, reads
from .test_outcomes import served, world

__all__ = ["owner"]
DAY = 86_400


def worked_out(stage: Stage) -> list[Any]:
    return stage.rows(sa.select(inquiry).where(inquiry.c.person == "").order_by(inquiry.c.at))


async def test_who_bought_and_only_then_wrote_is_no_inquirer(stage: Stage, owner: Person) -> None:
    await reads(stage)
    buyer = newcomer(stage)
    buys(stage, buyer, "900000000011")
    for _ in range(6):
        await reads(stage, Seconds(DAY / 2))
    await served(stage, buyer)
    await reads(stage)
    assert [each.presale for each in worked_out(stage)] == [False]


async def test_who_orders_while_the_agent_still_talks_was_won(stage: Stage, owner: Person) -> None:
    buyer = newcomer(stage)
    await buyer.says("这个有货吗")
    await stage.settle()
    agent = await stage.agent()
    await agent.takes_over(buyer.conversation)
    await agent.sends(buyer.conversation, "有的，今天下单今天发。")
    await stage.settle()
    stage.clock.advance(Seconds(300))
    buys(stage, buyer, "900000000041")
    stage.clock.advance(Seconds(60))
    await agent.goes("online")
    await buyer.says("拍好了")
    await stage.settle()
    await agent.sends(buyer.conversation, "感谢惠顾！")
    await stage.settle()
    await agent.closes(buyer.conversation)
    await reads(stage)
    assert [(each.presale, each.converted) for each in worked_out(stage)] == [(True, True)]


async def test_history_counts_whole_and_where_history_is_asked_for(stage: Stage, owner: Person) -> None:
    buyer, looker = newcomer(stage), newcomer(stage, 1)
    when = stage.clock.now() - timedelta(days=3)

    def at(seconds: int) -> str:
        return (when + timedelta(hours=8, seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")

    rows = (
        f"{at(0)},h1,{looker.pin},买家,,请问有货吗,", f"{at(20)},h1,{looker.pin},客服,客服小红,有的,",
        f"{at(100)},h2,{buyer.pin},买家,,请问有货吗,", f"{at(120)},h2,{buyer.pin},客服,客服小红,有的,",
    )  # fmt: skip
    await brings_in(owner, stage, table(*rows))
    order = buys(stage, buyer, "900000000021")
    world(stage).orders[order.order_id] = replace(order, created=when + timedelta(hours=1))
    await reads(stage)
    await reads(stage)
    assert sorted((each.converted, each.history) for each in worked_out(stage)) == [(False, True), (True, True)]
    day = when.date().isoformat()
    told = {}
    for history in ("false", "true"):
        found = await owner.get("/api/reports", since=day, until=day, history=history, shop=stage.shops["digital"])
        told[history] = next(each for each in found["figures"] if each["key"] == "inquiry_conversion")
    assert [(each["part"], each["whole"]) for each in told.values()] == [(0, 0), (1, 2)]
