"""Who may be shredded, and when: nothing of theirs is under way, and nothing is written about them afterwards."""

import asyncio
import threading

import pytest
import sqlalchemy as sa

from huiyin.channels.port import Content, Inbound, Sender
from huiyin.conversations import store
from huiyin.conversations.handing import close_quiet
from huiyin.eventlog.schema import metadata
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import system
from huiyin.kernel.errors import ConflictError
from huiyin.kernel.ids import ShopId, new_id
from huiyin.kernel.units import Seconds
from huiyin.org import store as people
from huiyin.security import shredding
from huiyin.security.key_rows import ErasedError
from huiyin.security.store import data_key

from .founding import NOON
from .stage import Customer, Person, Stage
from .test_erasing import (
    CUSTOMERS,
    DAY,
    PHONE,
    again,
    finds,
    gives,
    held,
    lifts,
    officer,
    places,
    shreds,
    writer,
    written,
)
from .test_keys import OFFICER, subject_of, tenant_of

__all__ = ["officer", "writer"]


async def test_nobody_is_shredded_while_somebody_talks_to_them(officer: Person, stage: Stage) -> None:
    buyer, lin = stage.customer("direct"), await stage.agent()
    await buyer.says("在吗")
    await stage.settle()
    subject, talk = subject_of(stage, buyer), buyer.conversation
    for step in ("take-over", "transfer", "take-over"):
        moved = await lin.does(talk, step, **({"skill": "价保"} if step == "transfer" else {}))
        assert moved.status_code < 300, moved.text
        refused = await shreds(officer, subject)
        assert (refused.status_code, refused.json()["code"]) == (409, "shred_under_way")
        assert refused.json()["detail"]
    terminal = await gives(stage, "shred", subject, "--reason", "来信 19", "--yes")
    assert isinstance(terminal.exception, ConflictError)
    assert [each[1:] for each in written(stage, "subject.shredded")] == [("refused", '{"why":"shred_under_way"}')] * 4
    assert (await finds(officer, "account", buyer.pin))[0]["underWay"] == 1
    await lin.closes(talk)
    assert (await shreds(officer, subject)).status_code == 200
    for late in (await lin.does(talk, "send", text="您好", key=new_id()), await lin.does(talk, "take-over")):
        assert late.status_code == 409
    assert stage.rows(sa.select(data_key.c.state).where(data_key.c.subject == subject)) == [("destroyed",)]


async def test_what_the_bot_is_about_to_answer_is_under_way(officer: Person, stage: Stage) -> None:
    buyer = stage.customer()
    await buyer.says("你们支持七天无理由退货吗")
    subject = subject_of(stage, buyer)
    assert (await shreds(officer, subject)).json()["code"] == "shred_under_way"
    await stage.settle()
    assert buyer.heard()
    await stage.passes(11 * 60)
    await buyer.stage.house.writer.do(close_quiet, actor=system("clockwork"))
    officer = await again(officer)
    assert (await shreds(officer, subject)).status_code == 200


async def test_nobody_is_shredded_while_a_reply_to_them_is_not_settled(officer: Person, stage: Stage) -> None:
    buyer, lin = stage.customer("direct"), await stage.agent()
    await buyer.says("在吗")
    await stage.settle()
    subject, talk = subject_of(stage, buyer), buyer.conversation
    await lin.takes_over(talk)
    stage.wire.silent = 3
    await lin.sends(talk, "您好，补发已登记")
    await stage.settle()
    await lin.closes(talk)
    assert (await shreds(officer, subject)).json()["code"] == "shred_unsettled"
    lead = await stage.person("lead")
    (reply,) = [each["id"] for each in (await lead.opens(talk))["messages"] if each["sender"] == "agent"]
    settled = await lead.does(talk, f"settle/{reply}", outcome="dropped")
    assert settled.status_code < 300, settled.text
    assert (await shreds(officer, subject)).status_code == 200


async def test_the_keys_of_whoever_was_shredded_are_never_made_anew(
    officer: Person, writer: Customer, stage: Stage
) -> None:
    subject, tenant = subject_of(stage, writer), tenant_of(stage)
    assert (await shreds(officer, subject)).status_code == 200
    with pytest.raises(ErasedError, match="destroyed") as refused:
        await stage.house.writer.do(stage.house.ring.for_writing, tenant, [subject])
    assert (refused.value.code, bool(refused.value.remedy)) == ("erased", True)
    await writer.says("我又来了")
    await stage.settle()
    (back,) = await finds(officer, "account", writer.pin)
    assert (back["id"] != subject, back["messages"]) == (True, 1)


async def test_nothing_that_is_kept_of_the_shredded_leads_back_at_the_platform(officer: Person, stage: Stage) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await buyer.says("我的订单呢", mt="order", order_id=buyer.order)
    await stage.settle()
    await lin.takes_over(buyer.conversation)
    await lin.sends(buyer.conversation, "您好，正在核实")
    order, subject = buyer.order, subject_of(stage, buyer)
    await buyer.ends()
    said = [each for each in buyer.said() if each.at >= NOON]
    assert {each.by_waiter for each in said} == {True, False}
    assert (await shreds(officer, subject)).status_code == 200
    everything = str([stage.rows(sa.select(table)) for table in metadata.sorted_tables])
    clues = {buyer.pin, order, *(each.mid for each in said), *(each.sid for each in said if each.sid)}
    assert not {each for each in clues if each in everything}
    customers = len(stage.rows(sa.select(store.customer)))
    assert all(each.duplicate for each in await stage.polls("direct", NOON)), "and yet each is known when read again"
    assert len(stage.rows(sa.select(store.customer))) == customers


@pytest.mark.parametrize("outcome", ["delivered", "dropped"])
async def test_our_own_words_told_back_late_bring_nobody_back(officer: Person, stage: Stage, outcome: str) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await buyer.says("在吗")
    await stage.settle()
    subject, talk = subject_of(stage, buyer), buyer.conversation
    await lin.takes_over(talk)
    stage.wire.silent = 3
    for _ in range(2):
        await lin.sends(talk, "您好，补发已登记")
        await stage.settle()
    lead = await stage.person("lead")
    for each in (await lead.opens(talk))["messages"]:
        if each["sender"] == "agent" and each["delivery"] == "unknown":
            assert (await lead.does(talk, f"settle/{each['id']}", outcome=outcome)).status_code == 200
    await buyer.ends()
    assert (await shreds(officer, subject)).status_code == 200
    stage.clock.advance(Seconds(120))
    assert all(each.duplicate for each in await stage.polls("direct", NOON))
    assert stage.rows(sa.select(store.customer.c.id)) == [(subject,)]
    await buyer.says("我又来了")
    await stage.settle()
    assert all(each.duplicate for each in await stage.polls("direct", NOON))
    stage.clock.advance(Seconds(2 * DAY))
    told = next(each for each in buyer.said() if each.by_waiter and each.at >= NOON)
    anew = Inbound(
        shop=ShopId(stage.shops["direct"]), source_id="typed-anew", customer_ref=buyer.pin, sender=Sender.AGENT,
        content=Content(text=told.content), platform_at=stage.clock.now(), waiter_ref="direct:lin",
    )  # fmt: skip
    assert not (await stage.receives("direct", anew)).duplicate, "the same words of another day are new"


async def test_the_number_of_a_day_is_of_that_day_of_that_organisation_and_of_screens(
    officer: Person, writer: Customer, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shredding, "MOST_A_DAY", 1)
    buyers = [stage.customer("foreign"), stage.customer("direct", 1), stage.customer("direct", 2)]
    for each in buyers:
        await each.says("在吗")
        await stage.settle()
    foreign, second, third = [subject_of(stage, each) for each in buyers]
    everybody = sa.select(store.conversation.c.id).where(store.conversation.c.state != "closed")
    talks = [row.id for row in stage.rows(everybody)]
    for lead in (await stage.person("lead"), await stage.person("stranger")):
        for talk in talks:
            await lead.does(talk, "close", reason="solved")
    await asyncio.to_thread(stage.house.keyroom.shred, foreign, "来信 20", actor=OFFICER)
    assert (await shreds(officer, subject_of(stage, writer))).status_code == 200, "others' letters are not theirs"
    assert (await shreds(officer, second)).json()["code"] == "shred_day"
    await asyncio.to_thread(stage.house.keyroom.shred, second, "来信 21", actor=OFFICER)
    stage.clock.advance(Seconds(DAY))
    assert (await shreds(await again(officer), third)).status_code == 200


async def test_what_an_agent_wrote_finds_nobody_by_telephone(officer: Person, stage: Stage) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await buyer.says("在吗")
    await stage.settle()
    await lin.takes_over(buyer.conversation)
    await lin.does(buyer.conversation, "send", text=f"请打 {PHONE}", key=new_id())
    kept = sa.select(store.message.c.id).where(store.message.c.original.is_not(None))
    assert len(stage.rows(kept)) == 1, "the number in the held reply is kept, masked"
    assert await finds(officer, "phone", PHONE) == []


async def test_an_officer_shut_out_a_moment_ago_does_nothing_that_waits_in_line(
    officer: Person, writer: Customer, stage: Stage
) -> None:
    subject, hold, let_go = subject_of(stage, writer), await held(officer, ""), threading.Event()

    def shut_out(uow: UnitOfWork) -> None:
        let_go.wait(10)
        uow.connection.execute(people.person.update().where(people.person.c.id == officer.id).values(active=False))

    shutting = asyncio.create_task(stage.house.writer.do(shut_out))
    asked = [shreds(officer, subject), places(officer, subject), lifts(officer, hold)]
    asked.append(officer.http.post(CUSTOMERS, json={"by": "account", "value": writer.pin}))
    waiting = asyncio.gather(*asked)
    await asyncio.sleep(0.5)
    let_go.set()
    answers = await waiting
    await shutting
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(401, "changed")] * 4
    assert stage.house.keyroom.check() == []


async def test_each_refusal_is_written_down_once_a_minute(officer: Person, writer: Customer, stage: Stage) -> None:
    subject, tenant, absent = subject_of(stage, writer), tenant_of(stage), new_id()
    for _ in range(2):
        await shreds(officer, absent)
        await shreds(officer, subject, reason=" ")
        await places(officer, absent)
        await places(officer, "", reason=" ")
        await lifts(officer, absent)
        await officer.http.post(CUSTOMERS, json={"by": "phone", "value": "13"})
    for _ in range(23):
        last = await officer.http.post(CUSTOMERS, json={"by": "account", "value": "x"})
    assert last.status_code == 429
    refused = {
        action: [(whom, detail) for whom, outcome, detail in written(stage, action) if outcome == "refused"]
        for action in ("subject.shredded", "legal_hold.placed", "legal_hold.lifted", "subject.searched")
    }
    gone, reason = '{"why":"subject_gone"}', '{"why":"reason"}'
    assert refused == {
        "subject.shredded": [(absent, gone), (subject, reason)],
        "legal_hold.placed": [(absent, gone), (tenant, reason)],
        "legal_hold.lifted": [(absent, '{"why":"hold_gone"}')],
        "subject.searched": [(tenant, '{"why":"sought"}'), (tenant, '{"why":"pace"}')],
    }
