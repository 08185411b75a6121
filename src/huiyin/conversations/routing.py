"""Decide who answers: the bot, an agent with a free slot and the skill, or the queue, oldest first.

The claim of a conversation and of a slot happen in one transaction, both conditional, so two agents never own
one conversation and nobody gets more than the limit.
"""

from typing import NamedTuple

from huiyin.conversations import assigning
from huiyin.conversations.access import Conversation, find
from huiyin.conversations.events import AgentLost, Queued, Routed
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, system
from huiyin.kernel.clock import from_ms
from huiyin.org import views as org
from huiyin.org.seats import take_slot
from huiyin.org.views import Seat, Shop

ROUTER = system("routing")
MOST_DRAINED = 200


class Team(NamedTuple):
    """Who may answer a shop now: organisations, and under which engagement each of them does."""

    seats: list[Seat]
    engagements: dict[str, str]


def route(uow: UnitOfWork, conversation_id: str, shop: Shop) -> None:
    """Give a new conversation to the bot, or put it in the queue where the shop has none."""
    conversation = find(uow, conversation_id)
    if conversation.state != "new":
        return
    if shop.bot:
        assigning.set_state(uow, conversation, "bot")
        assigning.begin(uow, conversation.id, "bot", "", "", "shop answers by bot first")
        _record(uow, conversation, Routed("bot", "", "", conversation.origin, "机器人先接待"))
        return
    enqueue(uow, conversation, because="店铺未开机器人")


def enqueue(uow: UnitOfWork, conversation: Conversation, *, because: str, skill: str = "") -> None:
    """Put a conversation at the end of its queue; one that waited before keeps its place."""
    if assigning.set_state(
        uow, conversation, "waiting",
        person=None, engagement="", skill=skill or conversation.skill,
        queued_at=conversation.queued_at or uow.now_ms(),
    ):  # fmt: skip
        assigning.end(uow, conversation.id)
        _record(uow, conversation, Queued(skill or conversation.skill, because))


def drain(uow: UnitOfWork, shops: dict[str, Shop]) -> int:
    """Give waiting conversations of these shops to free agents, oldest first; return how many found one."""
    teams: dict[str, Team] = {}
    given = 0
    for conversation in assigning.waiting(uow, list(shops), MOST_DRAINED):
        team = teams.get(conversation.shop) or _team(uow, shops[conversation.shop])
        teams[conversation.shop] = team
        given += _assign(uow, conversation, team, teams)
    return given


def _assign(uow: UnitOfWork, conversation: Conversation, team: Team, teams: dict[str, Team]) -> bool:
    for seat in sorted(team.seats, key=lambda each: (each.load / each.capacity, each.given_at, each.person)):
        if conversation.skill and conversation.skill not in seat.skills:
            continue
        if seat.load >= seat.capacity or not take_slot(uow, seat.person):
            continue
        engagement = team.engagements.get(seat.tenant, "")
        because = f"技能 {conversation.skill}" if conversation.skill else "最空闲"
        assigning.set_state(uow, conversation, "human", person=seat.person, engagement=engagement, queued_at=None)
        assigning.begin(uow, conversation.id, "person", seat.person, engagement, because)
        _record(uow, conversation, Routed("person", seat.person, engagement, conversation.origin, because))
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
    engaged = org.engaged(uow.connection, shop.id, from_ms(uow.now_ms()))
    tenants = [shop.tenant, *(vendor for _, vendor in engaged)]
    engagements = {vendor: engagement for engagement, vendor in engaged}
    return Team(org.seats(uow.connection, tenants, free_only=True), engagements)


def requeue_all_of(uow: UnitOfWork, person: str) -> int:
    """Put the conversations of an agent who vanished back in their queues, at the front."""
    held = assigning.held_by(uow, person)
    for conversation in held:
        assigning.let_go(uow, conversation)
        _record(uow, conversation, AgentLost(person))
        # Their customers have waited longest: the place in the queue counts from their first unanswered word.
        back = conversation._replace(queued_at=conversation.waiting_since or conversation.last_at)
        enqueue(uow, back, because="客服离线")
    return len(held)


def _record(
    uow: UnitOfWork, conversation: Conversation, event: Routed | Queued | AgentLost, actor: Actor = ROUTER
) -> None:
    uow.record(event, subject=conversation.id, tenant=conversation.tenant, shop=conversation.shop, actor=actor)
