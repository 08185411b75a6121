"""Decide who answers: the bot, an agent with a free slot and the skill, or the queue, oldest first.

The claim of a conversation and of a slot happen in one transaction, both conditional, so two agents never own
one conversation and nobody gets more than the limit.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.channels.port import Origin
from huiyin.conversations import assigning, store
from huiyin.conversations.access import Conversation, find_many
from huiyin.conversations.assigning import Assignment
from huiyin.conversations.events import AgentLost, Queued, Routed
from huiyin.conversations.views import on_desks
from huiyin.eventlog.prepared import Prepared, update_by
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, system
from huiyin.org import views as org
from huiyin.org.opening import calendars
from huiyin.org.seats import anyone_free, free_slot, take_slot
from huiyin.org.standing import on_shift
from huiyin.org.views import Seat, Shop

ROUTER = system("routing")
MOST_DRAINED = 200
"""Looked at in one round of a drain."""
UNSENT = frozenset({Origin.REPLAY, Origin.DRILL})
"""Origins whose replies never leave for a platform: they are delivered to nobody, at the clock's time."""


class Team(NamedTuple):
    """Who may answer a shop now: under which engagement each organisation does, on which shift each person."""

    seats: list[Seat]
    engagements: dict[str, str]
    shifts: dict[str, str]

    def serves(self, skill: str) -> bool:
        """Tell whether anybody of the team could take a conversation that needs this skill now."""
        return any(each.load < each.capacity and able(each, skill) for each in self.seats)


def able(seat: Seat, skill: str) -> bool:
    """Tell whether an agent has the skill a conversation waits for; "" is anybody's."""
    return not skill or skill in seat.skills


def route(uow: UnitOfWork, conversations: Sequence[str], shops: dict[str, Shop], live: Callable[[str], bool]) -> int:
    """Give new conversations to the bot, or to the queue; return how many were queued.

    The bot answers where the shop wants it and its line can send; what it says elsewhere nobody would hear.
    """
    new = [each for each in find_many(uow, conversations).values() if each.state == "new"]
    uow.follow(each.id for each in new)
    _mark_outside_hours(uow, new)
    to_bot = [each for each in new if shops[each.shop].bot and (live(each.shop) or each.origin in UNSENT)]
    if to_bot:
        _TO_BOT.run(uow.connection, ids=[each.id for each in to_bot])
        assigning.begin(uow, [Assignment(each.id, "bot", "", "", "机器人先接待") for each in to_bot])
    for each in to_bot:
        _record(uow, each, Routed("bot", "", "", each.origin, "机器人先接待"))
    bots = {each.id for each in to_bot}
    to_people = [each for each in new if each.id not in bots]
    enqueue(uow, [Place(each, "机器人不接待这个店铺", each.skill) for each in to_people])
    return len(to_people)


def _mark_outside_hours(uow: UnitOfWork, new: Sequence[Conversation]) -> None:
    """Mark what began while its shop was closed, by the calendar as it is known now."""
    opening = calendars(uow.connection, {each.shop for each in new})
    outside = [each.id for each in new if opening.why_closed(each.shop, each.opened_at, uow.now_ms())]
    if outside:
        _OUTSIDE.run(uow.connection, ids=outside)


class Place(NamedTuple):
    """A place in a queue: which conversation, why it waits, which skill it waits for."""

    conversation: Conversation
    because: str
    skill: str


def enqueue(uow: UnitOfWork, places: Sequence[Place]) -> None:
    """Put conversations at the end of their queues; one that waited before keeps its place."""
    if not places:
        return
    now = uow.now_ms()
    _TO_QUEUE.run_many(
        uow.connection,
        [
            {
                "key": each.conversation.id,
                "state": "waiting",
                "person": None,
                "engagement": "",
                "skill": each.skill,
                "queued_at": each.conversation.queued_at or now,
            }
            for each in places
        ],
    )
    assigning.end(uow, [each.conversation.id for each in places])
    for each in places:
        _record(uow, each.conversation, Queued(each.skill, each.because))


_TO_BOT = Prepared(
    store.conversation.update()
    .where(store.conversation.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(state="bot")
)
_OUTSIDE = Prepared(
    store.conversation.update()
    .where(store.conversation.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(outside_hours=True)
)
_TO_QUEUE = update_by(store.conversation.c.id, "state", "person", "engagement", "skill", "queued_at")


def drain(uow: UnitOfWork, shops: dict[str, Shop]) -> int:
    """Give waiting conversations of these shops to free agents, oldest first; return how many found one.

    Only queues somebody free could serve are looked at, so who waits for a skill nobody has hides no one. A queue
    drops out as its last able agent fills up, hence a few rounds at most.
    """
    if not anyone_free(uow.connection):
        return 0
    queues = assigning.queues(uow, list(shops))
    teams = {shop: _team(uow, shops[shop]) for shop in sorted({each.shop for each in queues})}
    given = 0
    while served := [each for each in queues if teams[each.shop].serves(each.skill)]:
        found = assigning.waiting(uow, served, MOST_DRAINED)
        taken = sum(_assign(uow, each, teams[each.shop], teams) for each in found)
        given += taken
        if not taken or len(found) < MOST_DRAINED:
            break
    return given


def _assign(uow: UnitOfWork, conversation: Conversation, team: Team, teams: dict[str, Team]) -> bool:
    for seat in sorted(team.seats, key=lambda each: (each.load / each.capacity, each.given_at, each.person)):
        if not able(seat, conversation.skill):
            continue
        if seat.load >= seat.capacity or not take_slot(uow, seat.person):
            continue
        engagement, shift = team.engagements.get(seat.tenant, ""), team.shifts.get(seat.person, "")
        because = f"技能 {conversation.skill}" if conversation.skill else "最空闲"
        if not assigning.set_state(
            uow, conversation, "human", person=seat.person, engagement=engagement, queued_at=None
        ):
            free_slot(uow, seat.person)  # somebody else took the conversation in the meantime
            return False
        assigning.begin(uow, [Assignment(conversation.id, "person", seat.person, engagement, because, shift)])
        _record(uow, conversation, Routed("person", seat.person, engagement, conversation.origin, because, shift))
        _count_in(teams, seat, uow.now_ms())
        return True
    return False


def _count_in(teams: dict[str, Team], taken: Seat, at: int) -> None:
    """One agent may stand in several teams: count the slot in all of them."""
    for team in teams.values():
        for index, seat in enumerate(team.seats):
            if seat.person == taken.person:
                team.seats[index] = seat._replace(load=seat.load + 1, given_at=at)


def _team(uow: UnitOfWork, shop: Shop) -> Team:
    engaged = org.engaged(uow.connection, shop.id, uow.now())
    tenants = [shop.tenant, *(vendor for _, vendor in engaged)]
    engagements = {vendor: engagement for engagement, vendor in reversed(engaged)}
    seats = org.seats(uow.connection, tenants, free_only=True)
    return Team(seats, engagements, on_shift(uow.connection, [each.person for each in seats], shop.id, uow.now_ms()))


def requeue_all_of(uow: UnitOfWork, person: str) -> int:
    """Put the conversations of an agent who vanished back in their queues, at the front."""
    held = on_desks(uow.connection, [person])
    for conversation in held:
        assigning.let_go(uow, conversation)
        _record(uow, conversation, AgentLost(person))
    # Their customers have waited longest: the place in the queue counts from their first unanswered word.
    back = [each._replace(queued_at=each.waiting_since or each.last_at) for each in held]
    enqueue(uow, [Place(each, "客服离线", each.skill) for each in back])
    return len(held)


def _record(
    uow: UnitOfWork, conversation: Conversation, event: Routed | Queued | AgentLost, actor: Actor = ROUTER
) -> None:
    uow.record(event, subject=conversation.id, tenant=conversation.tenant, shop=conversation.shop, actor=actor)
