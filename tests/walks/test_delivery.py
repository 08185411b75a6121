"""Deliveries that go wrong: refused for now, refused for good, no answer, a restart on the way."""

import pytest
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.delivering import Outcome, Parcel
from huiyin.simulator.world import Said
from huiyin.worker import Worker

from .founding import NOON
from .stage import Customer, Person, Stage, plenty

WORDS = "今天下午发出，请放心。"


async def answering(stage: Stage, buyer: Customer) -> Person:
    """Bring an agent to a conversation, with a reply approved and not yet delivered."""
    lin = await stage.agent()
    await buyer.says("什么时候发")
    await stage.settle()
    await lin.sends(buyer.conversation, WORDS)
    return lin


def delivery(stage: Stage, conversation: str, sender: str = "agent") -> list[str]:
    columns = store.message.c
    query = sa.select(columns.delivery).where(columns.conversation == conversation, columns.sender == sender)
    return [row.delivery for row in stage.rows(query.order_by(columns.version))]


@pytest.fixture
def buyer(stage: Stage) -> Customer:
    return stage.customer("direct")


async def test_a_reply_that_could_not_leave_is_tried_again_with_pauses_until_it_does(
    stage: Stage, buyer: Customer
) -> None:
    await answering(stage, buyer)
    stage.wire.cut = 2
    await stage.settle()
    assert (stage.wire.sends, buyer.heard()) == (1, [])
    await stage.passes(0.9)
    assert stage.wire.sends == 1
    await stage.passes(0.1)
    assert (stage.wire.sends, buyer.heard()) == (2, [])
    await stage.passes(2.9)
    assert stage.wire.sends == 2
    await stage.passes(0.1)
    assert buyer.heard() == [WORDS]
    assert delivery(stage, buyer.conversation) == ["delivered"]


async def test_a_later_reply_waits_behind_the_one_that_is_tried_again(stage: Stage, buyer: Customer) -> None:
    lin = await answering(stage, buyer)
    stage.wire.cut = 1
    await stage.settle()
    await lin.sends(buyer.conversation, "单号发出后给您。")
    await stage.settle()
    assert buyer.heard() == []
    await stage.passes(1)
    assert buyer.heard() == [WORDS, "单号发出后给您。"]


async def test_after_the_last_pause_the_reply_has_failed_and_says_so(stage: Stage, buyer: Customer) -> None:
    lin = await answering(stage, buyer)
    stage.wire.cut = 99
    await stage.settle()
    for seconds in (1, 3, 10, 30):
        await stage.passes(seconds)
    assert delivery(stage, buyer.conversation) == ["failed"]
    await stage.passes(3600)
    assert stage.wire.sends == 5
    assert await lin.sees() == []  # an hour of silence: the desk was taken as left


async def test_a_send_that_gets_no_answer_is_unknown_and_never_sent_again(stage: Stage, buyer: Customer) -> None:
    await answering(stage, buyer)
    stage.simulator.world.settings.faults.lost_answers = 1
    await stage.settle()
    assert delivery(stage, buyer.conversation) == ["unknown"]
    for seconds in (1, 5, 30, 600):
        await stage.passes(seconds)
    assert stage.wire.sends == 1
    assert buyer.heard() == [WORDS]
    assert "DeliveryUnknown" in stage.happened(buyer.conversation)


async def test_an_unknown_reply_is_settled_when_the_platform_tells_it_back(stage: Stage, buyer: Customer) -> None:
    await answering(stage, buyer)
    stage.wire.silent = 1
    await stage.settle()
    assert delivery(stage, buyer.conversation) == ["unknown"]
    stage.clock.advance(1)
    await stage.polls("direct")
    assert delivery(stage, buyer.conversation) == ["delivered"]
    assert stage.happened(buyer.conversation)[-1] == "EchoRecognised"


async def test_a_bots_reply_without_an_answer_goes_to_a_person(stage: Stage, customer: Customer) -> None:
    stage.wire.silent = 1
    await customer.says("请问什么时候发货？")
    await stage.settle()
    lin = await stage.agent()
    assert await lin.sees() == [customer.conversation]
    assert delivery(stage, customer.conversation, "bot") == ["unknown"]
    assert stage.wire.sends == 1


async def test_a_reply_in_flight_when_the_process_died_is_unknown_and_goes_to_a_person(
    stage: Stage, customer: Customer
) -> None:
    await customer.says("请问什么时候发货？")
    await stage.worker.carry()
    await stage.house.thinker.work()
    claimed = await stage.house.writer.do(stage.house.delivery.claim, plenty)
    assert len(claimed) == 1
    restarted = Worker(stage.house)
    assert await stage.house.writer.do(stage.house.delivery.after_restart) == 1
    await restarted.settle()
    for seconds in (1, 60):
        await stage.passes(seconds)
    assert delivery(stage, customer.conversation, "bot") == ["unknown"]
    assert stage.wire.sends == 0
    lin = await stage.agent()
    assert await lin.sees() == [customer.conversation]
    assert await stage.house.writer.do(stage.house.delivery.after_restart) == 0


async def test_a_shop_without_a_line_fails_the_reply_and_says_why(stage: Stage, buyer: Customer) -> None:
    lin = await answering(stage, buyer)
    line = stage.house.lines.by_shop.pop(stage.shops["direct"])
    await stage.settle()
    assert delivery(stage, buyer.conversation) == ["failed"]
    event = stage.events(buyer.conversation)[-1].event
    assert "通道" in event.reason
    assert (await lin.opens(buyer.conversation))["messages"][-1]["delivery"] == "failed"
    await line.close()


async def test_a_reply_told_back_before_its_answer_was_missed_stays_delivered(stage: Stage, buyer: Customer) -> None:
    await answering(stage, buyer)
    (parcel,) = await stage.house.writer.do(stage.house.delivery.claim, plenty)
    # The send reaches the platform, its answer is still on the way when the poll tells the reply back.
    world = stage.simulator.world
    said = Said(world.new_number(15), "", buyer.pin, "huiyin-agent", by_waiter=True, content=WORDS, at=NOON)
    world.record(world.shops[stage.shops["direct"]], said)
    stage.clock.advance(1)
    await stage.polls("direct")
    assert delivery(stage, buyer.conversation) == ["delivered"]
    unknown = Outcome(parcel.message, "unknown")
    assert await stage.house.writer.do_with_others(stage.house.delivery.settle, unknown) is False
    assert delivery(stage, buyer.conversation) == ["delivered"]
    assert "DeliveryUnknown" not in stage.happened(buyer.conversation)


async def test_only_what_can_leave_now_is_claimed_and_the_rest_can_still_be_withdrawn(stage: Stage) -> None:
    lin = await stage.agent()
    customers = [stage.customer(place=place) for place in range(3)]
    for each in customers:
        await each.says("请问什么时候发货？")
    await stage.worker.carry()
    await stage.house.thinker.work()
    first = await stage.house.writer.do(stage.house.delivery.claim, lambda _shop: 1)
    assert len(first) == 1
    assert await stage.house.writer.do(stage.house.delivery.claim, lambda _shop: 0) == []
    behind = next(each for each in customers if each.conversation != first[0].conversation)
    await lin.takes_over(behind.conversation)
    later = await stage.house.writer.do(stage.house.delivery.claim, plenty)
    assert behind.conversation not in [each.conversation for each in later]
    assert delivery(stage, behind.conversation, "bot") == ["withdrawn"]


UNKNOWN_TO_THE_BOT = "这个能配我家的旧机顶盒吗，型号有点老"


async def parting_told_back(stage: Stage, customer: Customer) -> Parcel:
    """Let the bot's parting words reach the platform and be told back, while their answer is still on the way."""
    await customer.says(UNKNOWN_TO_THE_BOT)
    await stage.worker.carry()
    await stage.house.thinker.work()
    (parcel,) = await stage.house.writer.do(stage.house.delivery.claim, plenty)
    assert parcel.sender == "bot"
    world = stage.simulator.world
    words = parcel.content.text
    said = Said(world.new_number(15), "", customer.pin, "huiyin-bot", by_waiter=True, content=words, at=NOON)
    world.record(world.shops[stage.shops["digital"]], said)
    stage.clock.advance(1)
    await stage.polls("digital")
    assert delivery(stage, customer.conversation, "bot") == ["delivered"]
    assert "HandedOver" not in stage.happened(customer.conversation)
    return parcel


async def test_parting_words_told_back_before_the_process_died_still_lead_to_a_person(
    stage: Stage, customer: Customer
) -> None:
    await parting_told_back(stage, customer)
    restarted = Worker(stage.house)
    assert await stage.house.writer.do(stage.house.delivery.after_restart) == 0
    await restarted.settle()
    assert stage.happened(customer.conversation).count("HandedOver") == 1
    lin = await stage.agent()
    assert await lin.sees() == [customer.conversation]


@pytest.mark.parametrize("first", ["the echo's listener", "the platform's answer"])
async def test_parting_words_settled_twice_hand_over_once(stage: Stage, customer: Customer, first: str) -> None:
    parcel = await parting_told_back(stage, customer)
    settled = Outcome(parcel.message, "delivered", 0, "m1")
    if first == "the echo's listener":
        await stage.worker.carry()
    await stage.house.writer.do_with_others(stage.house.delivery.settle, settled)
    await stage.settle()
    assert stage.happened(customer.conversation).count("HandedOver") == 1


async def test_parting_words_of_an_earlier_turn_do_not_end_the_bots_present_one(
    stage: Stage, customer: Customer
) -> None:
    await customer.says(UNKNOWN_TO_THE_BOT)
    stage.wire.silent = 1
    await stage.settle()
    assert delivery(stage, customer.conversation, "bot") == ["unknown"]
    lin = await stage.agent()
    await lin.closes(customer.conversation)
    stage.clock.advance(60)
    await customer.says("在吗")
    await stage.settle()
    talk = (await lin.opens(customer.conversation))["conversation"]
    assert talk["state"] == "bot"
    await stage.polls("digital")
    await stage.settle()
    assert delivery(stage, customer.conversation, "bot")[0] == "delivered"
    assert stage.happened(customer.conversation).count("HandedOver") == 1
