"""After an upgrade whose formulas differ, figures are made anew in steps, from the log, while the house works."""

import asyncio

import sqlalchemy as sa
from typer.testing import CliRunner

from huiyin.cli.entry import app
from huiyin.insight.model import DEFINITION
from huiyin.insight.rebuilding import Recounter, mark_all, rebuild
from huiyin.insight.store import session_figures as table
from huiyin.kernel.units import Seconds

from .stage import Stage

EVERY = sa.select(table).order_by(table.c.conversation)


async def lived(stage: Stage) -> None:
    """Let sessions be answered, left as messages, transferred and ended, people come and go between them."""
    for place in range(3):
        await stage.customer("digital", place).says("我要找人工客服")
        await stage.settle()
        agent = await stage.agent()
        conversation = stage.customer("digital", place).conversation
        if conversation not in await agent.sees():
            await agent.takes_over(conversation)
        await agent.sends(conversation, "在的，请讲。")
        await stage.settle()
        if place:
            await agent.closes(conversation)
        await agent.goes("offline")
        stage.clock.advance(Seconds(700))


def spoil(stage: Stage) -> None:
    """Leave rows as an earlier program might have."""
    earlier = table.update().values(definition=DEFINITION - 1, turns=99, left_message=None, first_response_ms=1)
    stage.house.writer.run(lambda uow: uow.connection.execute(earlier))


async def test_rows_of_an_earlier_definition_become_what_the_whole_log_says(stage: Stage) -> None:
    await lived(stage)
    before = stage.rows(EVERY)
    assert {each.left_message for each in before} >= {1}
    await stage.house.writer.do(rebuild, stage.house.catalogue)
    assert stage.rows(EVERY) == before
    spoil(stage)
    lead = await stage.person("lead")
    report = await lead.get("/api/reports", since="2026-06-01", until="2026-06-01")
    assert report["recounting"] == len(before)
    recounter = Recounter(stage.house.writer, stage.house.catalogue)
    assert await recounter.work() == len(before)
    assert stage.rows(EVERY) == before
    assert await recounter.work() == 0
    report = await lead.get("/api/reports", since="2026-06-01", until="2026-06-01")
    assert report["recounting"] == 0


async def test_what_happens_between_two_steps_is_counted_once(stage: Stage) -> None:
    await lived(stage)
    spoil(stage)
    recounter = Recounter(stage.house.writer, stage.house.catalogue)
    customer = stage.customer("digital", 0)
    await customer.says("还有一件事")  # in the log, not yet carried to the figures
    assert await stage.house.writer.do(recounter.step) > 0
    await stage.settle()
    await recounter.work()
    stepped = stage.rows(EVERY)
    await stage.house.writer.do(rebuild, stage.house.catalogue)
    assert stage.rows(EVERY) == stepped


async def test_an_operator_has_all_made_anew_from_a_terminal(stage: Stage) -> None:
    await lived(stage)
    before = stage.rows(EVERY)
    assert await stage.house.writer.do(mark_all) == len(before)
    await stage.close()
    told = await asyncio.to_thread(CliRunner().invoke, app, ["figures", "rebuild", "--folder", str(stage.folder)])
    assert told.exit_code == 0, told.output
    assert f"{len(before)} / {len(before)}" in told.output
