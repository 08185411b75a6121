"""A person takes over: from that event on, nothing the bot wrote leaves any more."""

import asyncio
import contextlib
from dataclasses import dataclass, field

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from huiyin.channels.port import Content, Inbound, Origin, Sender
from huiyin.conversations import handing
from huiyin.conversations.delivering import Parcel
from huiyin.kernel.errors import ConflictError
from huiyin.kernel.ids import PersonId, new_id
from huiyin.kernel.units import Seconds
from huiyin.org.access import access_person

from .founding import key
from .stage import Customer, Stage, plenty

QUESTION = "请问什么时候发货？"


async def test_the_bots_approved_reply_is_withdrawn_in_the_transaction_that_would_have_claimed_it(
    stage: Stage, customer: Customer
) -> None:
    lin = await stage.agent()
    await customer.says(QUESTION)
    await stage.worker.carry()
    await stage.house.thinker.work()
    assert stage.happened(customer.conversation)[-1] == "ReplyApproved"
    await lin.takes_over(customer.conversation)
    assert await stage.house.writer.do(stage.house.delivery.claim, plenty) == []
    assert stage.happened(customer.conversation)[-2:] == ["TakenOver", "ReplyWithdrawn"]
    await stage.settle()
    assert (customer.heard(), stage.wire.sends) == ([], 0)
    shown = (await lin.opens(customer.conversation))["messages"]
    assert [each["delivery"] for each in shown] == [None, "withdrawn"]


async def test_the_bot_is_silent_for_whatever_the_customer_says_after_it_was_taken_over(
    stage: Stage, customer: Customer
) -> None:
    lin = await stage.agent()
    await customer.says("在吗")
    await lin.takes_over(customer.conversation)
    await customer.says(QUESTION)
    await stage.settle()
    assert customer.heard() == []
    offered = (await lin.opens(customer.conversation))["suggestions"]
    assert offered
    assert all(each["citations"] for each in offered)


async def test_a_thought_that_ends_after_the_take_over_is_offered_to_nobody_as_a_reply(
    stage: Stage, customer: Customer
) -> None:
    lin = await stage.agent()
    await customer.says(QUESTION)
    await stage.worker.carry()
    thinker = stage.house.thinker
    thoughts = [await thinker._think(each) for each in thinker._due()]
    assert [bool(each.decision) for each in thoughts] == [True]
    await lin.takes_over(customer.conversation)
    await asyncio.gather(*(stage.house.writer.do_with_others(thinker.settle, each) for each in thoughts))
    await stage.settle()
    assert customer.heard() == []
    assert "ReplyApproved" not in stage.happened(customer.conversation)


async def test_a_colleague_may_not_take_what_another_answers_but_a_lead_may(stage: Stage, customer: Customer) -> None:
    lin, mei, lead = await stage.agent("lin"), await stage.agent("mei"), await stage.agent("lead")
    await customer.says("在吗")
    await lin.takes_over(customer.conversation)
    refused = await mei.does(customer.conversation, "take-over")
    assert refused.status_code == 409
    assert refused.json()["detail"]
    await lead.takes_over(customer.conversation)
    assert (await lin.sees(), await lead.sees()) == ([], [customer.conversation])
    assert (await lin.does(customer.conversation, "send", text="您好", key=key())).status_code == 409


async def test_a_full_desk_or_a_closed_one_takes_nothing_over(stage: Stage) -> None:
    lin = await stage.agent()
    customers = [stage.customer(place=place) for place in range(3)]
    for each in customers:
        await each.says("在吗")
    for each in customers[:2]:
        await lin.takes_over(each.conversation)
    assert (await lin.does(customers[2].conversation, "take-over")).status_code == 429
    await lin.closes(customers[0].conversation)
    await lin.goes("rest")
    assert (await lin.does(customers[2].conversation, "take-over")).status_code == 429
    assert (await lin.get("/api/session"))["load"] == 1


@dataclass
class Interleaving:
    """One conversation, moved step by step; remembers at which version each reply was claimed."""

    stage: Stage
    pin: str = field(default_factory=lambda: f"jd_{new_id()}")
    said: int = 0
    held: list[Parcel] = field(default_factory=list)
    claimed: list[tuple[str, int]] = field(default_factory=list)

    @property
    def customer(self) -> Customer:
        return Customer(self.stage, "digital", self.pin)

    @property
    def version(self) -> int:
        events = self.stage.events(self.customer.conversation) if self.said else []
        return events[-1].version if events else 0

    async def says(self) -> None:
        self.said += 1
        await self.stage.receives("digital", Inbound(
            shop=self.stage.shops["digital"], source_id=new_id(), customer_ref=self.pin, sender=Sender.CUSTOMER,
            content=Content(text=(QUESTION, "用的哪家快递", "运费多少")[self.said % 3]),
            platform_at=self.stage.clock.now(), origin=Origin.SIMULATED,
        ))  # fmt: skip

    async def think(self) -> None:
        await self.stage.worker.carry()
        await self.stage.house.thinker.work()

    async def claim(self) -> None:
        version = self.version
        parcels = await self.stage.house.writer.do(self.stage.house.delivery.claim, plenty)
        self.claimed += [(each.message, version) for each in parcels]
        self.held += parcels

    async def deliver(self) -> None:
        parcels, self.held = self.held, []
        for each in parcels:
            await self.stage.worker._deliver_one(each)

    async def deliver_in_vain(self) -> None:
        self.stage.wire.cut = len(self.held)
        await self.deliver()
        self.stage.wire.cut = 0

    async def take_over(self) -> None:
        await self._move(handing.take_over)

    async def close(self) -> None:
        await self._move(handing.close, "solved")

    async def wait(self) -> None:
        self.stage.clock.advance(Seconds(31))

    async def _move(self, verb: object, *args: str) -> None:
        if not self.said:
            return
        with self.stage.house.reading.connect() as connection:
            person = PersonId(self.stage.founded.people["lead"])
            actor = access_person(connection, person, self.stage.clock.now())
        with contextlib.suppress(ConflictError):  # it is closed already
            await self.stage.house.writer.do(verb, self.customer.conversation, *args, actor=actor)


STEPS = ("says", "think", "claim", "deliver", "deliver_in_vain", "take_over", "close", "wait")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(STEPS), max_size=14))
@example(["says", "think", "claim", "deliver_in_vain", "take_over", "close", "says", "think", "wait", "claim"])
@example(["says", "think", "take_over", "close", "says", "think", "claim", "deliver"])
async def test_no_bot_message_is_claimed_after_a_take_over_in_any_order_of_things(
    stage: Stage, steps: list[str]
) -> None:
    lead = await stage.person("lead") if not stage.clients[1:] else None
    if lead is not None:
        await lead.goes("online")
    story = Interleaving(stage)
    for step in steps:
        await getattr(story, step)()
    await story.deliver()
    await stage.settle()
    if not story.said:
        return
    events = stage.events(story.customer.conversation)
    taken = [each.version for each in events if each.kind.endswith("TakenOver")]
    approved = {each.event.message: each.version for each in events if each.kind.endswith("ReplyApproved")}
    for message, claimed_at in story.claimed:
        between = [each for each in taken if approved[message] < each <= claimed_at]
        assert not between, f"{steps}: approved v{approved[message]}, taken over {between}, claimed v{claimed_at}"
    delivered = [each.event.message for each in events if each.kind.endswith("ReplyDelivered")]
    assert sorted(delivered) == sorted(set(delivered))
    await story.take_over()
    await story.close()
