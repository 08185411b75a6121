"""Move a conversation between hands: hand over, take over, transfer, close, mark as read."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.conversations import assigning, store
from huiyin.conversations.access import (
    ANSWERING,
    COLUMNS,
    STEERING,
    Conversation,
    access_conversation,
    check_at_desk,
    check_open,
)
from huiyin.conversations.assigning import Assignment
from huiyin.conversations.events import ConversationClosed, HandedOver, TakenOver, Transferred
from huiyin.conversations.model import UNSETTLED
from huiyin.conversations.notes import Noting
from huiyin.conversations.routing import Place, enqueue
from huiyin.conversations.stepping_in import CLOSED, TAKEN, TRANSFERRED, write_stepped_in
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import CapacityError, ConflictError, InvalidError, NotFoundError
from huiyin.org import views as org
from huiyin.org.seats import is_open, take_slot
from huiyin.policy.deciding import may

QUIET_MS = 10 * 60 * 1000
"""The bot's conversations end after ten minutes of silence; whoever returns within ten more goes on where it ended."""
FORGOTTEN_MS = 30 * 24 * 3600 * 1000
"""Nobody answers any more what nobody said a word in for so long: it ends, so that a merchant's period reaches it."""
MOST_CLOSED = 100

OPEN = ("new", "bot", "waiting", "human")
CLOSE_REASONS = ("solved", "unanswered", "duplicate", "other")


class Handed(NamedTuple):
    """A conversation the bot gives to people: why, and which skill it needs."""

    conversation: Conversation
    reason: str
    skill: str


def hand_over(uow: UnitOfWork, handed: Sequence[Handed], *, actor: Actor) -> None:
    """Let the bot give conversations to people; those that no longer are the bot's stay where they are."""
    given = [each for each in handed if each.conversation.state == "bot"]
    uow.follow(each.conversation.id for each in given)
    for each in given:
        talk = each.conversation
        uow.record(
            HandedOver(each.reason, each.skill), subject=talk.id, tenant=talk.tenant, shop=talk.shop, actor=actor
        )
    enqueue(uow, [Place(each.conversation, each.reason, each.skill or each.conversation.skill) for each in given])


def take_over(uow: UnitOfWork, conversation_id: str, *, actor: Actor) -> None:
    """Put a conversation on the actor's own desk; from here on the bot is silent.

    Raises:
        ConflictError: closed, or in another agent's hands and the actor is no lead.
        CapacityError: the actor's desk is full or not open.

    """
    conversation = access_conversation(uow.connection, conversation_id, actor=actor)
    if conversation.person == actor.id and conversation.state == "human":
        return
    check_open(conversation)
    if conversation.state == "human" and not may(actor, STEERING):
        message = "a colleague is answering this conversation"
        raise ConflictError(
            message, remedy="Ask the colleague to transfer it, or your team lead to take it.", code="chat_answered"
        )
    if not may(actor, ANSWERING) or not take_slot(uow, actor.id, over_limit=True):
        if not is_open(uow.connection, actor.id):
            message = "you are not online"
            raise CapacityError(message, remedy="Go online, then take it over.", code="desk_closed")
        message = "your desk has no free place"
        raise CapacityError(message, remedy="Close a conversation first.", code="desk_full")
    write_stepped_in(uow, conversation, TAKEN, actor=actor)
    assigning.let_go(uow, conversation)
    engagement, shift = _seated(uow, conversation, actor.id, "接管")
    previous = conversation.person or conversation.state
    _record(uow, conversation, TakenOver(actor.id, engagement, previous, shift), actor)


def transfer(
    uow: UnitOfWork, conversation_id: str, to_person: str | None, skill: str | None, note: Noting, *, actor: Actor
) -> None:
    """Hand a conversation to a colleague, or to the queue of a skill.

    Raises:
        ConflictError: the conversation is over, or not on the actor's desk.
        CapacityError: the colleague has no free slot.
        NotFoundError: the colleague does not serve this shop.

    """
    conversation = access_conversation(uow.connection, conversation_id, actor=actor)
    check_open(conversation)
    if not may(actor, STEERING):
        check_at_desk(conversation, actor=actor)
    write_stepped_in(uow, conversation, TRANSFERRED, actor=actor)
    if to_person is None:
        assigning.let_go(uow, conversation)
        _record(
            uow, conversation, Transferred(conversation.person or "", "", skill or "", note(uow, conversation)), actor
        )
        enqueue(uow, [Place(conversation, "转接", skill or conversation.skill)])
        return
    if to_person not in {each.person for each in colleagues(uow.connection, conversation, uow.now())}:
        message = "there is no such colleague for this shop"
        raise NotFoundError(message, remedy="Choose one of the people shown.", code="person_gone")
    if not take_slot(uow, to_person):
        message = "the colleague has no free place"
        raise CapacityError(message, remedy="Choose somebody else, or the queue of a skill.", code="colleague_full")
    assigning.let_go(uow, conversation)
    engagement, shift = _seated(uow, conversation, to_person, "转接")
    left = note(uow, conversation)
    _record(uow, conversation, Transferred(conversation.person or "", to_person, "", left, engagement, shift), actor)


def close(uow: UnitOfWork, conversation_id: str, reason: str, *, actor: Actor) -> None:
    """Close a conversation; the slot is free at once.

    Raises:
        InvalidError: for a reason that does not exist.

    """
    if reason not in CLOSE_REASONS:
        message = f"{reason!r} is not a reason to close"
        raise InvalidError(message, remedy=f"Use one of {', '.join(CLOSE_REASONS)}.", code="choice")
    conversation = access_conversation(uow.connection, conversation_id, actor=actor)
    if not may(actor, STEERING):
        check_at_desk(conversation, actor=actor)
    if conversation.state == "closed":
        return
    write_stepped_in(uow, conversation, CLOSED, actor=actor)
    finish(uow, conversation, reason, actor=actor)


def finish(uow: UnitOfWork, conversation: Conversation, reason: str, *, actor: Actor) -> None:
    """End a conversation and its assignment."""
    assigning.let_go(uow, conversation)
    now = uow.now_ms()
    assigning.set_state(
        uow, conversation, "closed", person=None, closed_at=now, close_reason=reason, queued_at=None,
        waiting_since=None, unread=0,
    )  # fmt: skip
    assigning.end(uow, [conversation.id])
    _record(uow, conversation, ConversationClosed(reason, conversation.person or "", now), actor)


def close_quiet(uow: UnitOfWork, *, actor: Actor) -> int:
    """Close what the bot has and nobody said a word in for a while, and what everybody forgot; return how many.

    What has a reply of which nobody knows whether it arrived stays: a lead settles it first.
    """
    columns, out, now = store.conversation.c, store.outbox.c, uow.now_ms()
    bots = sa.and_(columns.state == "bot", columns.last_at < now - QUIET_MS, columns.waiting_since.is_(None))
    unsettled = sa.exists().where(out.conversation == columns.id, out.state.in_(UNSETTLED))
    forgotten = sa.and_(columns.state.in_(OPEN), columns.last_at < now - FORGOTTEN_MS, ~unsettled)
    query = sa.select(*COLUMNS).where(sa.or_(bots, forgotten)).limit(MOST_CLOSED)
    quiet = [Conversation(*row) for row in uow.connection.execute(query)]
    for conversation in quiet:
        finish(uow, conversation, "quiet", actor=actor)
    return len(quiet)


def mark_read(uow: UnitOfWork, conversation_id: str, *, actor: Actor) -> None:
    """Note that the agent in charge has seen everything."""
    conversation = access_conversation(uow.connection, conversation_id, actor=actor)
    if conversation.person == actor.id and conversation.unread:
        uow.connection.execute(
            store.conversation.update().where(store.conversation.c.id == conversation.id).values(unread=0)
        )


def colleagues(connection: sa.Connection, conversation: Conversation, at: datetime) -> list[org.Seat]:
    """Return everybody a conversation can be handed to at `at`."""
    engaged = org.engaged(connection, conversation.shop, at)
    tenants = [conversation.tenant, *(vendor for _, vendor in engaged)]
    return [each for each in org.seats(connection, tenants) if each.person != conversation.person]


def _seated(uow: UnitOfWork, conversation: Conversation, person: str, because: str) -> tuple[str, str]:
    """Put a conversation on a person's desk; return under which engagement and on which shift they answer."""
    standing = assigning.standing_of(uow, conversation, person)
    assigning.set_state(uow, conversation, "human", person=person, engagement=standing.engagement, queued_at=None)
    assigning.begin(uow, [Assignment(conversation.id, "person", person, standing.engagement, because, standing.shift)])
    return standing.engagement, standing.shift


def _record(
    uow: UnitOfWork, conversation: Conversation, event: TakenOver | Transferred | ConversationClosed, actor: Actor
) -> None:
    uow.record(event, subject=conversation.id, tenant=conversation.tenant, shop=conversation.shop, actor=actor)
