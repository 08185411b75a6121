"""No statement of a message's path reads a whole table that grows: asked of the database itself, not guessed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from huiyin.insight.rebuilding import Recounter
from huiyin.kernel.units import Seconds
from huiyin.simulator.world import Verdict

from .codes import is_shown
from .stage import Stage
from .test_accounts import ACCOUNTS
from .test_settling import UNSETTLED
from .test_stuck import STUCK

GROWING = ("message", "event", "customer", "conversation", "verdict", "finding", "outbox", "assignment", "data_key",
           "suggestion", "session_figures", "request_key", "shift",
           "evaluation", "after_sale", "comment", "waiter_move")  # fmt: skip

QUEUES = "ix_conversation_state_shop_skill_queued"


@contextmanager
def plans(wrong: str = rf"SCAN ({'|'.join(GROWING)})\b(?! USING)") -> Iterator[dict[str, list[str]]]:
    """Collect, for each distinct statement, the wrong steps of SQLite's plan for it: tables it would scan."""
    found: dict[str, list[str]] = {}

    def ask(connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        shape = re.sub(r"\(\?(, \?)*\)", "(?)", statement)
        if shape in found or not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
            return
        found[shape] = []
        cursor = connection.connection.cursor()
        rows = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters[0] if many else parameters).fetchall()
        cursor.close()
        found[shape] = [row[3] for row in rows if re.match(wrong, row[3])]

    sa.event.listen(sa.Engine, "before_cursor_execute", ask)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", ask)


async def test_nothing_on_the_path_of_a_message_scans_a_table_that_grows(stage: Stage) -> None:
    with plans() as found:
        customer = stage.customer()
        await customer.says("付款后多久发货？")
        await stage.settle()
        await customer.says("这个能配我家的旧机顶盒吗，型号有点老")
        await stage.settle()
        lin = await stage.agent()
        await lin.sends(customer.conversation, "马上为您查。")
        stage.wire.silent = 1
        await stage.settle()
        await stage.polls("digital")
        await stage.settle()
    assert {"DeliveryUnknown", "EchoRecognised"} <= set(stage.happened(customer.conversation))
    assert len(found) > 20
    assert {shape: scans for shape, scans in found.items() if scans} == {}


async def test_neither_who_answered_nor_whose_number_it_is_scans_a_table_that_grows(stage: Stage) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    with plans() as found:
        await buyer.says("我的电话是13812345678")
        await stage.settle()
        await is_shown(lin, buyer.conversation)
        assert (await lin.sends(buyer.conversation, "会打13812345678联系您"))["outcome"] == "approved"
        await lin.get(f"/api/desk/conversations/{buyer.conversation}/attribution")
    assert {shape: scans for shape, scans in found.items() if scans} == {}
    assert any("FROM shift" in shape for shape in found)
    assert any("FROM reveal" in shape for shape in found)
    assert any("message.original" in shape and "message.sender =" in shape for shape in found)


async def test_what_waits_for_a_lead_is_found_without_reading_every_message(stage: Stage) -> None:
    lead = await stage.person("lead")
    with plans() as found:
        await lead.get(UNSETTLED)
        await lead.get(STUCK)
        await lead.get(ACCOUNTS)
    assert found
    assert {shape: scans for shape, scans in found.items() if scans} == {}


async def test_the_queues_are_searched_and_never_walked_through(stage: Stage) -> None:
    for place, shop in enumerate(("direct", "direct", "digital")):
        await stage.customer(shop, place).says("转人工")
    await stage.settle()
    with plans(rf"(SCAN conversation\b|SEARCH conversation USING INDEX (?!{QUEUES}))") as found:
        await stage.agent()
    drained = {shape: scans for shape, scans in found.items() if "queued_at" in shape and "ORDER BY" in shape}
    assert drained, "nothing was drained"
    assert {shape: scans for shape, scans in drained.items() if scans} == {}


async def test_what_came_of_sessions_is_kept_and_counted_without_walking_through_them(stage: Stage) -> None:
    customer = stage.customer()
    await customer.says("在吗")
    conversation = await customer.ends()
    world, now = stage.simulator.world.shops[stage.shops["digital"]], stage.clock.now()
    world.verdicts = [Verdict(customer.pin, world.seed.main_waiter, "满意", 4, now, customer.said()[-1].sid)]
    stage.clock.advance(Seconds(60))
    owner = await stage.person("owner")
    with plans() as found:
        assert await stage.worker.rounds.outcomes.read() > 0
        await stage.settle()
        await stage.worker.rounds.platform_figures.read()
        report = await owner.get(
            "/api/reports", shop=stage.shops["digital"], since="2026-06-01", until="2026-06-01", history="true"
        )
        await stage.house.writer.do(Recounter(stage.house.writer, stage.house.catalogue).step)
    assert report["compared"]
    assert "SessionRated" in stage.happened(conversation)
    assert len(found) > 20
    assert {shape: scans for shape, scans in found.items() if scans} == {}
