"""A reply whose outcome nobody knows: people look into 咚咚 and say what stands there, once, and with their name."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from huiyin.conversations.events import DeliverySettled, EchoRecognised
from huiyin.insight.store import session_figures
from huiyin.kernel.ids import new_id
from huiyin.simulator.world import Said

from .founding import NOON
from .stage import Customer, Person, Stage
from .test_delivery import WORDS, answering, delivery

UNSETTLED = "/api/desk/unsettled"


@pytest.fixture
def buyer(stage: Stage) -> Customer:
    return stage.customer("direct")


async def doubted(stage: Stage, buyer: Customer, *, heard: bool = False) -> tuple[Person, str]:
    """Bring a reply to the point where nobody knows; `heard` tells whether the platform took it."""
    lin = await answering(stage, buyer)
    if heard:
        stage.wire.silent = 1
        await stage.settle()
    else:
        await lost(stage)
    assert delivery(stage, buyer.conversation)[-1] == "unknown"
    return lin, (await lin.opens(buyer.conversation))["messages"][-1]["id"]


async def lost(stage: Stage) -> None:
    """Let the process die between claiming a reply and handing it to the platform."""
    await stage.house.writer.do(stage.house.delivery.claim, lambda _shop: 99)
    await stage.house.writer.do(stage.house.delivery.after_restart)
    await stage.settle()


async def says(person: Person, conversation: str, message: str, outcome: str, at: str | None = None) -> Any:
    return await person.does(conversation, f"settle/{message}", outcome=outcome, at=at)


async def waits(person: Person, buyer: Customer) -> bool:
    """Tell whether the customer counts as waiting for an answer."""
    return (await person.opens(buyer.conversation))["conversation"]["waitingSince"] is not None


def told_back(stage: Stage, buyer: Customer, words: str = WORDS) -> None:
    """Let the platform's history hold a reply of ours, as of now."""
    world = stage.simulator.world
    said = Said(
        world.new_number(15), "", buyer.pin, "huiyin-agent", by_waiter=True, content=words, at=stage.clock.now()
    )
    world.record(world.shops[stage.shops["direct"]], said)


def answered(stage: Stage, conversation: str) -> int:
    """Count what the figures take for an answer of a person."""
    query = sa.select(session_figures).where(session_figures.c.conversation == conversation)
    return int(stage.rows(query)[0].replies_human)


async def test_a_reply_seen_in_the_platforms_window_counts_as_delivered_at_the_time_of_the_attempt(
    stage: Stage, buyer: Customer
) -> None:
    lin, message = await doubted(stage, buyer, heard=True)
    attempted = stage.clock.now()
    assert answered(stage, buyer.conversation) == 0
    assert await waits(lin, buyer)
    await stage.passes(40)
    settled = (await says(lin, buyer.conversation, message, "delivered")).json()
    await stage.settle()
    assert not await waits(lin, buyer)
    shown = settled["message"]
    assert (shown["delivery"], shown["flags"], settled["resent"]) == ("delivered", ["checked"], None)
    assert shown["at"] == attempted.isoformat().replace("+00:00", "Z")
    event = stage.events(buyer.conversation)[-1]
    assert isinstance(event.event, DeliverySettled)
    assert event.actor == f"person:{lin.id}"
    assert answered(stage, buyer.conversation) == 1
    assert stage.wire.sends == 1


@pytest.mark.parametrize(
    ("seconds", "status"),
    [
        pytest.param(-3600, 400, id="before it was written"),
        pytest.param(20, 200, id="between writing and now"),
        pytest.param(0, 200, id="in the minute it was written"),
        pytest.param(3600, 400, id="in the future"),
    ],
)
async def test_the_time_a_person_names_lies_between_the_writing_and_now(
    stage: Stage, buyer: Customer, seconds: int, status: int
) -> None:
    lin, message = await doubted(stage, buyer)
    await stage.passes(60)
    at = (NOON + timedelta(seconds=seconds)).isoformat()
    answer = await says(lin, buyer.conversation, message, "delivered", at)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["message"]["at"] == at.replace("+00:00", "Z")
    else:
        assert answer.json()["detail"]
        assert delivery(stage, buyer.conversation) == ["unknown"]


async def test_words_that_never_arrived_are_sent_anew_as_a_fresh_message_and_the_old_one_has_failed(
    stage: Stage, buyer: Customer
) -> None:
    lin, message = await doubted(stage, buyer)
    assert buyer.heard() == []
    settled = (await says(lin, buyer.conversation, message, "resent")).json()
    assert settled["resent"]["id"] != message
    assert settled["resent"]["text"] == WORDS
    await stage.settle()
    assert buyer.heard() == [WORDS]
    assert delivery(stage, buyer.conversation) == ["failed", "delivered"]
    assert answered(stage, buyer.conversation) == 1
    assert (await says(lin, buyer.conversation, message, "resent")).status_code == 409
    await stage.settle()
    assert buyer.heard() == [WORDS]


async def test_an_address_that_screens_never_show_leaves_whole_when_sent_anew(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    await buyer.says("寄到哪里")
    await stage.settle()
    words = "给您寄到浙江省杭州市西湖区文三路100号3幢502室，对吗？"
    await lin.sends(buyer.conversation, words)
    await lost(stage)
    message = (await lin.opens(buyer.conversation))["messages"][-1]
    assert "文三路" not in message["text"]
    await says(lin, buyer.conversation, message["id"], "resent")
    await stage.settle()
    assert buyer.heard() == [words]


async def test_giving_up_sends_nothing_and_says_so_beside_the_message(stage: Stage, buyer: Customer) -> None:
    lin, message = await doubted(stage, buyer)
    shown = (await says(lin, buyer.conversation, message, "dropped")).json()["message"]
    await stage.settle()
    assert (shown["delivery"], shown["note"]) == ("failed", "核对后确认没有送达，不再重发")
    assert (buyer.heard(), stage.wire.sends) == ([], 0)
    assert answered(stage, buyer.conversation) == 0
    assert (await lin.get(UNSETTLED))["total"] == 0
    assert await waits(lin, buyer)


async def test_of_two_people_who_settle_at_the_same_time_one_is_told_that_it_is_known(
    stage: Stage, buyer: Customer
) -> None:
    lin, message = await doubted(stage, buyer)
    lead = await stage.person("lead")
    answers = await asyncio.gather(
        says(lin, buyer.conversation, message, "resent"), says(lead, buyer.conversation, message, "dropped")
    )
    assert sorted(each.status_code for each in answers) == [200, 409]
    late = next(each for each in answers if each.status_code == 409)
    assert "colleague or the platform" in late.json()["detail"]
    await stage.settle()
    assert stage.happened(buyer.conversation).count("DeliverySettled") == 1
    assert len(buyer.heard()) <= 1


async def test_an_echo_after_a_persons_word_puts_the_platforms_time_in_its_place_and_counts_nothing_twice(
    stage: Stage, buyer: Customer
) -> None:
    lin, message = await doubted(stage, buyer, heard=True)
    await stage.passes(30)
    await says(lin, buyer.conversation, message, "delivered", stage.clock.now().isoformat())
    await stage.polls("direct")
    await stage.settle()
    shown = (await lin.opens(buyer.conversation))["messages"]
    assert len(shown) == 2
    assert (shown[-1]["delivery"], shown[-1]["flags"]) == ("delivered", ["checked", "echo"])
    assert shown[-1]["at"] == "2026-06-01T04:00:00Z"
    assert answered(stage, buyer.conversation) == 1


async def test_an_echo_that_proves_the_person_wrong_makes_the_dropped_reply_delivered(
    stage: Stage, buyer: Customer
) -> None:
    lin, message = await doubted(stage, buyer, heard=True)
    await says(lin, buyer.conversation, message, "dropped")
    stage.clock.advance(5)
    await stage.polls("direct")
    await stage.settle()
    shown = (await lin.opens(buyer.conversation))["messages"][-1]
    assert (shown["delivery"], shown["note"]) == ("delivered", "")
    assert answered(stage, buyer.conversation) == 1


async def test_two_echoes_of_a_reply_that_was_sent_anew_find_each_its_own_message(
    stage: Stage, buyer: Customer
) -> None:
    lin, message = await doubted(stage, buyer, heard=True)
    await stage.passes(60)
    fresh = (await says(lin, buyer.conversation, message, "resent")).json()["resent"]["id"]
    # The old one is told back while the fresh one has not left yet.
    stage.clock.advance(1)
    await stage.polls("direct")
    states = {each["id"]: each["delivery"] for each in (await lin.opens(buyer.conversation))["messages"]}
    assert (states[message], states[fresh]) == ("delivered", "approved")
    await stage.settle()
    stage.clock.advance(1)
    await stage.polls("direct")
    await stage.settle()
    assert buyer.heard() == [WORDS, WORDS]
    assert delivery(stage, buyer.conversation) == ["delivered", "delivered"]
    assert len((await lin.opens(buyer.conversation))["messages"]) == 3
    echoes = [each.event for each in stage.events(buyer.conversation) if isinstance(each.event, EchoRecognised)]
    assert [each.message for each in echoes] == [message]


async def test_a_reply_the_platform_refused_is_never_taken_for_what_an_agent_typed_there_later(
    stage: Stage, buyer: Customer
) -> None:
    lin = await answering(stage, buyer)
    stage.wire.cut = 99
    await stage.settle()
    for seconds in (1, 3, 10, 30):
        await stage.passes(seconds)
    told_back(stage, buyer)
    stage.clock.advance(1)
    await stage.polls("direct")
    shown = (await lin.opens(buyer.conversation))["messages"]
    assert [each["delivery"] for each in shown] == [None, "failed", None]


async def test_the_bots_unknown_reply_is_settled_by_whoever_has_it_now_and_speaks_as_a_person(
    stage: Stage, customer: Customer
) -> None:
    await customer.says("请问什么时候发货？")
    await stage.worker.carry()
    await stage.house.thinker.work()
    await lost(stage)
    lin = await stage.agent()
    message = (await lin.opens(customer.conversation))["messages"][-1]
    assert (message["sender"], message["delivery"]) == ("bot", "unknown")
    fresh = (await says(lin, customer.conversation, message["id"], "resent")).json()["resent"]
    assert (fresh["sender"], fresh["text"], fresh["citations"]) == ("agent", message["text"], message["citations"])
    await stage.settle()
    assert customer.hears() == message["text"]


async def test_only_who_has_the_conversation_or_leads_its_shop_may_say(stage: Stage, buyer: Customer) -> None:
    lin, message = await doubted(stage, buyer)
    mei, owner, stranger = [await stage.person(name) for name in ("mei", "owner", "stranger")]
    assert (await says(mei, buyer.conversation, message, "dropped")).status_code == 409
    theirs = await says(stranger, buyer.conversation, message, "dropped")
    absent = await says(stranger, new_id(), message, "dropped")
    assert (theirs.status_code, theirs.content) == (404, absent.content)
    assert (await says(lin, buyer.conversation, new_id(), "dropped")).status_code == 404
    assert (await says(lin, buyer.conversation, message, "burnt")).status_code == 400
    assert (await says(owner, buyer.conversation, message, "resent")).status_code == 409, "speaking wants a desk"
    assert (await says(owner, buyer.conversation, message, "delivered")).status_code == 200


async def test_a_lead_sees_every_unknown_reply_of_the_shops_and_an_agent_those_on_the_desk(
    stage: Stage, buyer: Customer
) -> None:
    lin, message = await doubted(stage, buyer)
    lead, mei, stranger = [await stage.person(name) for name in ("lead", "mei", "stranger")]
    found = await lead.get(UNSETTLED)
    assert found["total"] == 1
    row = found["replies"][0]
    assert (row["message"], row["conversation"], row["text"]) == (message, buyer.conversation, WORDS)
    assert (row["agent"]["name"], row["author"], row["sender"]) == ("小林", "小林", "agent")
    assert (await lin.get(UNSETTLED))["total"] == 1
    assert await mei.get(UNSETTLED) == await stranger.get(UNSETTLED) == {"total": 0, "replies": []}
    await lin.closes(buyer.conversation)
    assert (await lin.get(UNSETTLED))["total"] == 0
    assert (await lead.get(UNSETTLED))["total"] == 1, "a closed conversation still has an open question"
    assert (await says(lin, buyer.conversation, message, "dropped")).status_code == 409
    assert (await says(lead, buyer.conversation, message, "dropped")).status_code == 200
