"""Who answers: at every step each agent carries what the table says, nobody too much, nobody waits needlessly."""

import contextlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.channels.port import Content, Inbound, Origin, Sender
from huiyin.conversations import handing, routing, store
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import RefusedError
from huiyin.kernel.ids import PersonId, new_id
from huiyin.kernel.units import Seconds
from huiyin.org import seats
from huiyin.org import views as org
from huiyin.org.access import access_person

from .founding import PEOPLE
from .stage import Customer, Stage

AGENTS = ("lead", "lin", "mei")


@dataclass
class Floor:
    """The desks of one shop; every move is followed by a look at all invariants."""

    stage: Stage
    arrived: list[str] = field(default_factory=list)

    def actor(self, login: str) -> Actor:
        with self.stage.house.reading.connect() as connection:
            person = PersonId(self.stage.founded.people[login])
            return access_person(connection, person, self.stage.clock.now())

    def talks(self) -> list[Any]:
        talk = store.conversation
        return self.stage.rows(sa.select(talk).where(talk.c.state != "closed").order_by(talk.c.queued_at, talk.c.id))

    def seats(self) -> dict[str, org.Seat]:
        with self.stage.house.reading.connect() as connection:
            found = [org.seat(connection, self.stage.founded.people[each]) for each in AGENTS]
        return {each.person: each for each in found if each is not None}

    async def arrive(self, _who: str, _nth: int) -> None:
        await self.stage.receives("direct", Inbound(
            shop=self.stage.shops["direct"], source_id=new_id(), customer_ref=f"jd_{new_id()}",
            sender=Sender.CUSTOMER, content=Content(text="在吗"), platform_at=self.stage.clock.now(),
            origin=Origin.SIMULATED,
        ))  # fmt: skip

    async def come(self, who: str, _nth: int) -> None:
        await self.present(who, "online")

    async def rest(self, who: str, _nth: int) -> None:
        await self.present(who, "rest")

    async def leave(self, who: str, _nth: int) -> None:
        await self.present(who, "offline")

    async def present(self, who: str, state: str) -> None:
        actor = self.actor(who)
        await self.stage.house.writer.do(seats.change_presence, actor.id, state, "本人切换", actor=actor)

    async def vanish(self, who: str, _nth: int) -> None:
        """Everybody's screen is there, but for one."""
        self.stage.clock.advance(Seconds(91))
        here = [self.stage.founded.people[each] for each in AGENTS if each != who]
        await self.stage.house.writer.do(seats.seen, here)
        await self.stage.house.writer.do(self.stage.worker._keep_time)

    async def close(self, who: str, nth: int) -> None:
        await self._move(who, nth, handing.close, "solved")

    async def take_over(self, who: str, nth: int) -> None:
        await self._move(who, nth, handing.take_over)

    async def transfer(self, who: str, nth: int) -> None:
        to = self.stage.founded.people[AGENTS[nth % 3]]
        await self._move(who, nth, handing.transfer, to, None, self.stage.house.notes.of(""))

    async def transfer_to_skill(self, who: str, nth: int) -> None:
        await self._move(who, nth, handing.transfer, None, "价保", self.stage.house.notes.of(""))

    async def _move(self, who: str, nth: int, verb: Any, *args: object) -> None:
        talks = self.talks()
        if not talks:
            return
        with contextlib.suppress(RefusedError):
            await self.stage.house.writer.do(verb, talks[nth % len(talks)].id, *args, actor=self.actor(who))

    def check(self, queued_before: dict[str, int]) -> None:
        desks, talks = self.seats(), self.talks()
        carried = Counter(each.person for each in talks if each.state == "human")
        assert {person: each.load for person, each in desks.items()} == {person: carried[person] for person in desks}
        assert all(each.load <= each.capacity for each in desks.values())
        assigned = store.assignment.c
        rows = self.stage.rows(sa.select(assigned.conversation, assigned.person).where(assigned.to_at.is_(None)))
        assert sorted(rows) == sorted((each.id, each.person) for each in talks if each.state == "human")
        waiting = [each for each in talks if each.state == "waiting"]
        for each in waiting:
            able = [d for d in desks.values() if not each.skill or each.skill in d.skills]
            assert not [d for d in able if d.state == "online" and d.load < d.capacity], "somebody waits needlessly"
        for served in (each for each in talks if each.id in queued_before and each.state == "human"):
            skills = desks[served.person].skills
            older = [
                each.id
                for each in waiting
                if each.queued_at < queued_before[served.id] and (not each.skill or each.skill in skills)
            ]
            assert not older, "somebody who came later was served first"


MOVES = ("arrive", "arrive", "come", "rest", "leave", "vanish", "close", "take_over", "transfer", "transfer_to_skill")
moves = st.lists(st.tuples(st.sampled_from(MOVES), st.sampled_from(AGENTS), st.integers(0, 7)), min_size=5, max_size=40)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
async def test_whatever_happens_slots_and_conversations_agree_and_the_oldest_goes_first(
    stage: Stage, moves: list[tuple[str, str, int]]
) -> None:
    floor = Floor(stage)
    for move, who, nth in moves:
        stage.clock.advance(Seconds(1))
        queued_before = {each.id: each.queued_at for each in floor.talks() if each.state == "waiting"}
        await getattr(floor, move)(who, nth)
        await stage.worker.carry()
        # What a person did by hand may well skip the queue: only what routing gave out has an order to keep.
        floor.check(queued_before if move in {"arrive", "come", "close", "leave", "vanish"} else {})
    for each in AGENTS:
        await floor.present(each, "offline")
    await stage.worker.carry()
    lead = floor.actor("lead")
    for each in floor.talks():
        await stage.house.writer.do(handing.close, each.id, "other", actor=lead)
    await stage.worker.carry()
    floor.check({})
    assert [each.load for each in floor.seats().values()] == [0, 0, 0]


async def test_a_vanished_agents_customer_returns_to_the_front_of_the_queue(stage: Stage) -> None:
    lin = await stage.agent()
    first, second, third = (stage.customer("direct", place) for place in range(3))
    for each in (first, second, third):
        await each.says("在吗")
        await stage.settle()
        stage.clock.advance(Seconds(10))
    assert await lin.sees("waiting") == [third.conversation]
    await stage.passes(91)
    assert "AgentLost" in stage.happened(first.conversation)
    lead = await stage.person("lead")
    assert await lead.sees("waiting") == [each.conversation for each in (first, second, third)]
    await lead.goes("online")
    assert set(await lead.sees()) == {each.conversation for each in (first, second, third)}


async def test_whoever_carries_least_is_given_the_next_and_then_whoever_waited_longest(stage: Stage) -> None:
    lead, lin = await stage.agent("lead"), await stage.agent("lin")
    customers: list[Customer] = []
    for place in range(5):
        customers.append(stage.customer("direct", place))
        await customers[-1].says("在吗")
        await stage.settle()
        stage.clock.advance(Seconds(1))
    assert (len(await lead.sees()), len(await lin.sees())) == (PEOPLE["lead"][3], PEOPLE["lin"][3])
    mei = await stage.agent("mei")
    assert await mei.sees() == []


async def test_nobody_outside_the_engagement_is_given_a_conversation(stage: Stage) -> None:
    stranger = await stage.agent("stranger")
    customer = stage.customer("direct")
    await customer.says("在吗")
    await stage.settle()
    assert "Routed" not in stage.happened(customer.conversation)
    assert await stranger.sees() == await stranger.sees("waiting") == []


async def waits(stage: Stage, customer: Customer, skill: str) -> None:
    """Let a customer wait for a skill, later than everybody before."""
    stage.clock.advance(Seconds(1))
    await customer.says("在吗")
    await stage.settle()
    await stage.house.writer.do(_set_skill, customer.conversation, skill)


def _set_skill(uow: UnitOfWork, conversation: str, skill: str) -> None:
    uow.connection.execute(
        store.conversation.update().where(store.conversation.c.id == conversation).values(skill=skill)
    )


@pytest.mark.parametrize("skill", ["生鲜", "价保"], ids=["a skill nobody has", "a skill whose only agent fills up"])
async def test_a_crowd_that_nobody_can_serve_hides_no_one_behind_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, skill: str
) -> None:
    monkeypatch.setattr(routing, "MOST_DRAINED", 4)
    crowd = [stage.customer("direct", place) for place in range(7)]
    for each in crowd:
        await waits(stage, each, skill)
    last = stage.customer("direct", 7)
    await waits(stage, last, "")
    lin, mei = await stage.person("lin"), await stage.person("mei")
    await mei.goes("rest")
    await lin.goes("online")
    mine = await lin.sees()
    if skill == "生鲜":
        assert mine == [last.conversation]
        return
    assert set(mine) == {each.conversation for each in crowd[: PEOPLE["lin"][3]]}
    await mei.goes("online")
    assert await mei.sees() == [last.conversation]
