"""Since when a customer waits: cleared by an answer, and back at its first moment where the answer was none."""

from datetime import datetime

import pytest

from huiyin.conversations.model import Word, first_unanswered
from huiyin.kernel.units import Seconds
from huiyin.simulator.world import Said

from .founding import NOON
from .stage import Customer, Stage, plenty

WORDS = "今天下午发出，请放心。"


def word(version: int, kind: str, at: int | None = None) -> Word:
    """Return a message: `customer`, or how one of ours stands, `pasted`/`copied`/`draft` without an outbox."""
    platform_at = version if at is None else at
    if kind == "customer":
        return Word(version, "customer", platform_at, None, leaves=False, parting=False)
    if kind == "waiter":
        return Word(version, "agent", platform_at, None, leaves=False, parting=False)
    by_hand = {"pasted": "delivered", "copied": "copied", "draft": "approved"}
    delivery = by_hand.get(kind, kind.removeprefix("parting "))
    return Word(version, "agent", platform_at, delivery, leaves=kind not in by_hand, parting="parting" in kind)


@pytest.mark.parametrize(
    ("said", "since"),
    [
        ([], None),
        (["customer"], 1),
        (["customer", "customer"], 1),
        (["customer", "waiter"], None),
        (["customer", "approved"], None),
        (["customer", "sending"], None),
        (["customer", "delivered"], None),
        (["customer", "failed"], 1),
        (["customer", "unknown"], 1),
        (["customer", "withdrawn"], 1),
        (["customer", "held"], 1),
        (["customer", "draft"], 1),
        (["customer", "copied"], None),
        (["customer", "pasted"], None),
        (["customer", "parting delivered"], 1),
        (["customer", "failed", "customer"], 1),
        (["customer", "delivered", "customer", "failed"], 3),
        (["customer", "failed", "sending"], None),
        (["customer", "delivered", "customer"], 3),
    ],
)
def test_who_waits_and_since_when(said: list[str], since: int | None) -> None:
    assert first_unanswered([word(place, kind) for place, kind in enumerate(said, start=1)]) == since


def test_what_was_pasted_answers_what_was_said_before_it_stood_there() -> None:
    said = [word(1, "customer", 10), word(2, "pasted", 30), word(3, "customer", 20), word(4, "customer", 40)]
    assert first_unanswered(said) == 40
    assert first_unanswered(said[:3]) is None


async def since(stage: Stage, customer: Customer) -> datetime | None:
    """Return since when the list says the customer waits."""
    lead = await stage.person("lead")
    told = (await lead.opens(customer.conversation))["conversation"]["waitingSince"]
    return None if told is None else datetime.fromisoformat(told)


async def answered(stage: Stage, buyer: Customer) -> datetime:
    """Let a customer ask twice and an agent reply; return when the first word was said."""
    lin = await stage.agent()
    asked_at = stage.clock.now()
    await buyer.says("什么时候发")
    stage.clock.advance(Seconds(20))
    await buyer.says("？")
    await stage.settle()
    assert await since(stage, buyer) == asked_at
    stage.clock.advance(Seconds(20))
    await lin.sends(buyer.conversation, WORDS)
    assert await since(stage, buyer) is None
    return asked_at


@pytest.fixture
def buyer(stage: Stage) -> Customer:
    return stage.customer("direct")


async def test_a_reply_that_failed_leaves_the_customer_waiting_since_the_first_word(
    stage: Stage, buyer: Customer
) -> None:
    asked_at = await answered(stage, buyer)
    stage.wire.cut = 99
    await stage.settle()
    for seconds in (1, 3, 10):
        await stage.passes(seconds)
    assert await since(stage, buyer) is None
    await stage.passes(30)
    assert await since(stage, buyer) == asked_at


async def test_an_unknown_reply_leaves_the_customer_waiting_until_it_is_told_back(
    stage: Stage, buyer: Customer
) -> None:
    asked_at = await answered(stage, buyer)
    stage.wire.silent = 1
    await stage.settle()
    assert await since(stage, buyer) == asked_at
    stage.clock.advance(Seconds(1))
    again_at = stage.clock.now()
    await buyer.says("人呢")
    assert await since(stage, buyer) == asked_at
    await stage.polls("direct")
    assert await since(stage, buyer) == again_at


async def test_a_reply_that_died_on_its_way_leaves_the_customer_waiting(stage: Stage, buyer: Customer) -> None:
    asked_at = await answered(stage, buyer)
    assert len(await stage.house.writer.do(stage.house.delivery.claim, plenty)) == 1
    assert await stage.house.writer.do(stage.house.delivery.after_restart) == 1
    assert await since(stage, buyer) == asked_at


async def test_many_replies_that_died_at_once_leave_all_their_customers_waiting(stage: Stage) -> None:
    await stage.agent()
    customers = [stage.customer(place=place) for place in range(4)]
    asked_at = {}
    for each in customers:
        asked_at[each.pin] = stage.clock.now()
        await each.says("请问什么时候发货？")
        stage.clock.advance(Seconds(1))
    await stage.worker.carry()
    await stage.house.thinker.work()
    assert len(await stage.house.writer.do(stage.house.delivery.claim, plenty)) == 4
    assert await stage.house.writer.do(stage.house.delivery.after_restart) == 4
    assert {each.pin: await since(stage, each) for each in customers} == asked_at


async def test_a_later_reply_on_its_way_is_the_answer_until_it_too_fails(stage: Stage, buyer: Customer) -> None:
    asked_at = await answered(stage, buyer)
    lin = await stage.person("lin")
    await lin.sends(buyer.conversation, "单号发出后给您。")
    stage.simulator.world.settings.faults.lost_answers = 1
    await stage.worker.deliver()
    assert await since(stage, buyer) is None
    stage.simulator.world.settings.faults.lost_answers = 1
    await stage.settle()
    assert await since(stage, buyer) == asked_at


async def test_a_bots_withdrawn_reply_leaves_the_customer_waiting_for_who_took_over(
    stage: Stage, customer: Customer
) -> None:
    lin = await stage.agent()
    asked_at = stage.clock.now()
    await customer.says("请问什么时候发货？")
    await stage.worker.carry()
    await stage.house.thinker.work()
    stage.clock.advance(Seconds(5))
    await lin.takes_over(customer.conversation)
    await stage.settle()
    assert stage.happened(customer.conversation)[-1] == "ReplyWithdrawn"
    assert await since(stage, customer) == asked_at


async def test_who_was_sent_away_unanswered_and_comes_back_waits_since_coming_back(
    stage: Stage, buyer: Customer
) -> None:
    lin = await stage.agent()
    await buyer.says("什么时候发")
    await stage.settle()
    await lin.closes(buyer.conversation, "unanswered")
    assert await since(stage, buyer) is None
    stage.clock.advance(Seconds(60))
    back_at = stage.clock.now()
    await buyer.says("还在吗")
    await stage.settle()
    await lin.sends(buyer.conversation, WORDS)
    stage.wire.silent = 1
    await stage.settle()
    assert await since(stage, buyer) == back_at


async def test_a_closed_conversation_waits_for_nobody(stage: Stage, buyer: Customer) -> None:
    await answered(stage, buyer)
    assert len(await stage.house.writer.do(stage.house.delivery.claim, plenty)) == 1
    await (await stage.person("lin")).closes(buyer.conversation)
    await stage.house.writer.do(stage.house.delivery.after_restart)
    assert await since(stage, buyer) is None


async def test_on_the_read_tier_the_echo_answers_though_nobody_pressed_pasted(stage: Stage) -> None:
    lin, customer = await stage.agent(), stage.customer("pasted")
    customer.writes("尺码偏大吗")
    stage.clock.advance(Seconds(5))
    await stage.polls("pasted")
    await stage.settle()
    await lin.sends(customer.conversation, WORDS)
    assert await since(stage, customer) == NOON
    world = stage.simulator.world
    said = Said(world.new_number(15), "", customer.pin, "客服03", by_waiter=True, content=WORDS, at=stage.clock.now())
    world.record(world.shops[stage.shops["pasted"]], said)
    stage.clock.advance(Seconds(5))
    await stage.polls("pasted")
    assert await since(stage, customer) is None
