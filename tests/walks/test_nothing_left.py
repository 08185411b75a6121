"""What is past its period leaves nothing behind that leads to a customer, and takes nothing new in."""

from datetime import timedelta

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.handing import close_quiet
from huiyin.eventlog.schema import metadata
from huiyin.kernel.actors import system
from huiyin.kernel.units import Seconds
from huiyin.simulator.world import Said, Verdict

from .stage import Stage
from .test_backfill import asked, talked
from .test_retention import DAY, Merchant, merchant
from .test_widget import conversation_of, site

__all__ = ["merchant", "site"]


async def brought_in(stage: Stage, merchant: Merchant, words: str) -> Said:
    """A customer of the read shop says something, and two days later it is brought in; return what was said."""
    said = stage.customer("pasted", 1).writes(words)
    stage.clock.advance(Seconds(2 * DAY))
    await asked(stage, await merchant.here())
    await stage.worker.rounds.backfiller.work()
    await stage.settle()
    return said


async def test_numbers_the_platform_knows_somebody_by_go_with_the_words(stage: Stage, merchant: Merchant) -> None:
    await talked(stage)
    shop = stage.simulator.world.shops[stage.shops["pasted"]]
    of = shop.sessions[-1]
    shop.verdicts = [Verdict(of.customer, of.waiter, "满意", 4, of.last + timedelta(minutes=1), of.sid)]
    await asked(stage, await merchant.here())
    await stage.worker.rounds.backfiller.work()
    await stage.settle()
    orders = {each.order_id for pin in shop.customers for each in shop.orders_of(pin)}
    clues = orders | {each.sid for each in shop.sessions} | set(shop.customers)

    def found() -> dict[str, list[str]]:
        rows = {table.name: str(stage.rows(sa.select(table))) for table in metadata.sorted_tables}
        return {name: clue for name, text in rows.items() if (clue := sorted(each for each in clues if each in text))}

    assert found()
    await merchant.keeps("words", 180)
    assert await merchant.passes(200)
    assert found() == {}


async def test_new_words_go_into_no_session_of_which_nothing_is_kept(stage: Stage, merchant: Merchant) -> None:
    await brought_in(stage, merchant, "第一回")
    await merchant.keeps("words", 180)
    stage.clock.advance(Seconds(168 * DAY))
    await brought_in(stage, merchant, "第二回")
    assert await merchant.passes(15)
    last = await brought_in(stage, merchant, "第三回")
    said, talk = store.message.c, store.conversation.c
    here = sa.select(talk.kept).join(store.message, said.conversation == talk.id)
    [row] = stage.rows(here.where(said.platform_at == int(last.at.timestamp() * 1000)))
    assert row.kept == "all"


async def test_a_visitor_reads_nothing_of_the_house_in_place_of_what_is_gone(site, merchant: Merchant) -> None:
    stage, visitor = site.stage, await site.visitor()
    await visitor.says("旧话一句")
    await (await stage.person("lead")).closes(await conversation_of(site))
    await merchant.keeps("words", 180)
    stage.clock.advance(Seconds(170 * DAY))
    await visitor.says("新话一句")
    assert await merchant.passes(20) == 1
    assert [text for sender, text in await visitor.reads() if sender == "customer"] == ["新话一句"]


async def test_a_session_nobody_ended_is_let_go_of_too(stage: Stage, merchant: Merchant) -> None:
    customer = stage.customer("direct")
    await customer.says("落地灯坏了")
    await stage.settle()
    await merchant.keeps("words", 180)
    for days, state in ((29, "waiting"), (2, "closed")):
        stage.clock.advance(Seconds(days * DAY))
        await stage.house.writer.do(close_quiet, actor=system("clockwork"))
        [row] = stage.rows(sa.select(store.conversation))
        assert row.state == state
    assert await merchant.passes(150) == 1
