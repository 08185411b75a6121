"""Who may be shredded, and when: nothing of theirs is under way, and nothing is written about them afterwards."""

import pytest
import sqlalchemy as sa

from huiyin.conversations.handing import close_quiet
from huiyin.kernel.actors import system
from huiyin.kernel.errors import ConflictError
from huiyin.kernel.ids import new_id
from huiyin.security.key_rows import ErasedError
from huiyin.security.store import data_key

from .stage import Customer, Person, Stage
from .test_erasing import again, finds, gives, officer, shreds, writer, written
from .test_keys import subject_of, tenant_of

__all__ = ["officer", "writer"]


async def test_nobody_is_shredded_while_somebody_talks_to_them(officer: Person, stage: Stage) -> None:
    buyer, lin = stage.customer("direct"), await stage.agent()
    await buyer.says("在吗")
    await stage.settle()
    subject, talk = subject_of(stage, buyer), buyer.conversation
    for does in (lambda: lin.takes_over(talk), lambda: lin.transfers(talk, skill="价保"), lambda: lin.takes_over(talk)):
        await does()
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
