"""A screen that is left alone shows nothing more from the moment on at which whoever opened it may not look."""

import json
from datetime import timedelta

import sqlalchemy as sa

from huiyin.kernel.units import Seconds
from huiyin.org import administering as org
from huiyin.org import store as org_store
from huiyin.web import live

from .founding import ALWAYS, FOUNDER
from .screens import Tab, tab_of
from .stage import Person, Stage
from .test_live import hub, speak

__all__ = ["hub"]  # a fixture

SECRET = "合同结束以后的话"


async def pauses(stage: Stage, shop: str, hours: float) -> None:
    """Let the vendor's engagement end now and a new one begin later."""
    (old,) = stage.rows(sa.select(org_store.engagement).where(org_store.engagement.c.shop == stage.shops[shop]))
    stage.clock.advance(Seconds(1))
    begins = stage.clock.now() + timedelta(hours=hours)
    new = org.NewEngagement(vendor=old.vendor, shop=old.shop, hours=ALWAYS, effective_from=begins, replaces=old.id)
    await stage.house.writer.do(org.record_engagement, new, actor=FOUNDER)


async def shown(stage: Stage, tab: Tab) -> str:
    """Let something happen that the tab may see, and return all it was shown until then."""
    other = stage.customer("digital")
    await speak(stage, other, "另一家店的话")
    await tab.hears(lambda frame: "另一家店的话" in json.dumps(frame, ensure_ascii=False))
    await tab.leaves()
    return json.dumps(tab.frames, ensure_ascii=False)


async def looks(person: Person, *conversations: str) -> Tab:
    """Open a tab that shows these conversations and the bot's."""
    tab = await tab_of(person)
    tab.says(type="resume", open=dict.fromkeys(conversations, 0), tab="bot")
    await tab.hears("list")
    return tab


async def test_an_engagement_that_ends_ends_what_its_screens_are_shown(stage: Stage, hub: live.Hub) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await buyer.says("合同里的话")
    await stage.settle()
    tab = await looks(lin, buyer.conversation)
    await tab.hears("events")
    await pauses(stage, "direct", 1)
    await speak(stage, buyer, SECRET)
    assert SECRET not in await shown(stage, tab)


async def test_what_closed_before_an_engagement_is_no_line_of_any_screen(stage: Stage, hub: live.Hub) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await buyer.says("上一段合同里的话")
    await stage.settle()
    await lin.closes(buyer.conversation)
    await pauses(stage, "direct", 1)
    stage.clock.advance(Seconds(2 * 3600))
    assert (await lin.http.get(f"/api/desk/conversations/{buyer.conversation}")).status_code == 404
    tab = await looks(lin, buyer.conversation)
    assert buyer.conversation not in await shown(stage, tab)


async def test_signing_out_everywhere_closes_a_screen_that_nobody_touches(stage: Stage, hub: live.Hub) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await buyer.says("在吗")
    await stage.settle()
    tab = await looks(lin, buyer.conversation)
    await tab.hears("events")
    elsewhere = await stage.person("lin")
    assert (await elsewhere.http.delete("/api/account/sessions")).status_code == 204
    await speak(stage, buyer, SECRET)
    assert await tab.is_closed_with() == 4401
    await tab.leaves()
    assert SECRET not in json.dumps(tab.frames, ensure_ascii=False)
