"""Events that a listener could not take wait for a person, who sees them, sends them on and is told what came of it."""

from typing import Any

import pytest

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.ids import new_id

from .stage import Customer, Person, Stage

STUCK = "/api/stuck"
PAUSES = (1, 5, 30, 120)


@pytest.fixture
def buyer(stage: Stage) -> Customer:
    return stage.customer("direct")


async def damage(stage: Stage, conversation: str, value: object) -> None:
    """Write something into the session's row of figures that no figure can be added to, or mend it."""

    def write(uow: UnitOfWork) -> None:
        uow.connection.exec_driver_sql(
            "UPDATE session_figures SET messages_in = ? WHERE conversation = ?", (value, conversation)
        )

    await stage.house.writer.do(write)


async def broken(stage: Stage, buyer: Customer) -> None:
    """Let the figures of a conversation fail until the house gives up, with one more event behind."""
    stage.expects_parked = True
    await buyer.says("在吗")
    await stage.settle()
    await damage(stage, buyer.conversation, "客户的原话")
    await buyer.says("还在吗")
    await stage.settle()
    await buyer.says("有人吗")
    await stage.settle()
    for seconds in PAUSES:
        await stage.passes(seconds)


async def again(person: Person, subject: str, listener: str = "insight.figures") -> Any:
    return await person.http.post(f"{STUCK}/{listener}/{subject}/retry")


async def test_what_a_listener_could_not_take_is_told_to_the_lead_in_the_words_a_screen_needs(
    stage: Stage, buyer: Customer
) -> None:
    await broken(stage, buyer)
    lead = await stage.person("lead")
    (found,) = await lead.get(STUCK)
    assert (found["listener"], found["event"]) == ("insight.figures", "conversations.MessageReceived")
    assert (found["state"], found["tries"], found["nextTry"], found["behind"]) == ("parked", 5, None, 1)
    assert (found["conversation"], found["shop"]["name"]) == (buyer.conversation, "direct旗舰店")
    assert (found["error"], found["at"]) == ("TypeError", "2026-06-01T04:00:00Z")
    assert "原话" not in str(found)
    assert (await lead.opens(buyer.conversation))["conversation"]["customer"] == found["about"]


async def test_while_the_house_still_tries_by_itself_it_says_when(stage: Stage, buyer: Customer) -> None:
    stage.expects_parked = True
    await buyer.says("在吗")
    await stage.settle()
    await damage(stage, buyer.conversation, "x")
    await buyer.says("还在吗")
    await stage.settle()
    lead = await stage.person("lead")
    (found,) = await lead.get(STUCK)
    assert (found["state"], found["tries"], found["nextTry"]) == ("retrying", 1, "2026-06-01T04:00:01Z")


async def test_another_try_that_fails_says_so_and_one_that_succeeds_brings_what_waited_behind(
    stage: Stage, buyer: Customer
) -> None:
    await broken(stage, buyer)
    lead = await stage.person("lead")
    failed = (await again(lead, buyer.conversation)).json()
    assert (failed["healed"], failed["left"]["state"], failed["left"]["error"]) == (0, "retrying", "TypeError")
    await damage(stage, buyer.conversation, 1)
    assert (await again(lead, buyer.conversation)).json() == {"healed": 2, "left": None}
    assert await lead.get(STUCK) == []
    rows = await lead.get("/api/wall/rows", figure="waiting")
    assert [each["conversation"] for each in rows["rows"]] == [buyer.conversation]
    assert (await again(lead, buyer.conversation)).status_code == 404


async def test_who_does_not_keep_the_shop_running_sees_nothing_and_cannot_tell_it_from_nothing(
    stage: Stage, buyer: Customer
) -> None:
    await broken(stage, buyer)
    for login in ("lin", "stranger"):
        person = await stage.person(login)
        answer = await person.http.get(STUCK)
        assert answer.status_code == (404 if login == "lin" else 200)
        assert login == "lin" or answer.json() == []
        theirs = await again(person, buyer.conversation)
        absent = await again(person, new_id())
        assert (theirs.status_code, theirs.content) == (404, absent.content)
    owner = await stage.person("owner")
    assert len(await owner.get(STUCK)) == 1
    assert (await again(owner, buyer.conversation, "no.such")).status_code == 404


async def test_an_event_of_no_shop_is_told_to_its_own_tenant_alone(stage: Stage) -> None:
    lin = await stage.person("lin")

    def park(uow: UnitOfWork) -> None:
        uow.connection.exec_driver_sql(
            "INSERT INTO parked_event SELECT 'conversations.routing', position, subject, 'parked', 4, 0, 'KeyError: x' "
            "FROM event WHERE subject = ? AND kind = 'org.PresenceChanged'",
            (lin.id,),
        )

    await lin.goes("online")
    await stage.house.writer.do(park)
    lead, owner = await stage.person("lead"), await stage.person("owner")
    (found,) = await lead.get(STUCK)
    assert (found["event"], found["about"], found["conversation"], found["shop"]) == (
        "org.PresenceChanged", "小林", None, None,
    )  # fmt: skip
    assert await owner.get(STUCK) == []
    assert (await again(lead, lin.id, "conversations.routing")).json() == {"healed": 1, "left": None}
