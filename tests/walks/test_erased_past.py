"""Who was erased is not brought back by what a platform or a file still has of them; who writes anew is welcome."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.kernel.units import Seconds

from .stage import Customer, Stage
from .test_backfill import DAY, asked, owner_of
from .test_keys import OFFICER, subject_of

PRIVATE = "我的私事：别寄到家里"


async def erased(stage: Stage) -> Customer:
    """A customer of the read shop said something long ago, came back lately, and is erased a day later."""
    customer = stage.customer("pasted", 1)
    customer.writes(PRIVATE)
    stage.clock.advance(Seconds(5 * DAY))
    customer.writes("还在吗")
    stage.clock.advance(Seconds(60))
    await stage.polls("pasted", stage.clock.now() - timedelta(minutes=5))
    stage.clock.advance(DAY)
    await stage.settle()
    await (await stage.person("lead")).closes(customer.conversation)
    stage.clock.advance(DAY)
    await asyncio.to_thread(stage.house.keyroom.shred, subject_of(stage, customer), "来信 7", actor=OFFICER)
    stage.clock.advance(Seconds(60))
    return customer


async def said(stage: Stage) -> list[str]:
    owner = await stage.person("owner")
    talk = store.conversation.c
    ids = stage.rows(sa.select(talk.id).where(talk.shop == stage.shops["pasted"], talk.kept != "nothing"))
    return [each["text"] for row in ids for each in (await owner.opens(row.id))["messages"]]


@pytest.mark.parametrize("writes_again", [False, True], ids=["gone", "back as somebody new"])
async def test_a_backfill_brings_nothing_of_before_back(stage: Stage, *, writes_again: bool) -> None:
    customer = await erased(stage)
    if writes_again:
        customer.writes("我又来了")
        stage.clock.advance(Seconds(60))
        await stage.polls("pasted", stage.clock.now() - timedelta(minutes=5))
    await asked(stage, await owner_of(stage))
    await stage.worker.rounds.backfiller.work()
    await stage.settle()
    words = await said(stage)
    assert PRIVATE not in words
    assert ("我又来了" in words) is writes_again
