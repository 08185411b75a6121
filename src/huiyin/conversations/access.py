"""The door to a conversation: nobody gets one by id alone.

Agents see the conversations of the shops they serve; a merchant sees its own shops; absent and forbidden
answer alike.
"""

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.eventlog.prepared import Prepared
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import ConflictError, NotFoundError
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right

OVER = ("closed", "recorded")
NOT_OVER = 2**62
READING = Right(Resource.CONVERSATION, Action.READ)
ANSWERING = Right(Resource.CONVERSATION, Action.ANSWER)
STEERING = Right(Resource.CONVERSATION, Action.STEER)
SEARCHING = Right(Resource.CONVERSATION, Action.SEARCH)


class Conversation(NamedTuple):
    """A conversation as verbs and views work with it."""

    id: str
    tenant: str
    shop: str
    customer: str
    session_ref: str
    origin: str
    state: str
    skill: str
    person: str | None
    engagement: str
    order_ref: str
    greeted: bool
    opened_at: int
    queued_at: int | None
    waiting_since: int | None
    last_at: int
    last_message: str
    closed_at: int | None
    close_reason: str
    unread: int
    outside_hours: bool


COLUMNS = [store.conversation.c[name] for name in Conversation._fields]
_ONE = Prepared(sa.select(*COLUMNS).where(store.conversation.c.id == sa.bindparam("id")))


def access_conversation(connection: sa.Connection, conversation: str, *, actor: Actor) -> Conversation:
    """Return a conversation the actor may see.

    Raises:
        NotFoundError: if there is none, or it is not the actor's.

    """
    row = _ONE.one(connection, id=conversation)
    if row is None or not may_see(Conversation(*row), actor):
        message = "there is no such conversation"
        raise NotFoundError(
            message, remedy="Go back to the list; it may belong to a shop you do not serve.", code="chat_gone"
        )
    return Conversation(*row)


def may_see(conversation: Conversation, actor: Actor) -> bool:
    """Tell whether the actor may see a conversation: of a shop that is theirs, and open since it became so."""
    return may(actor, READING, shop=conversation.shop) and actor.reaches(conversation.shop, lasted_until(conversation))


def lasted_until(conversation: Conversation) -> int:
    """Return until when a conversation lasted, in milliseconds; far in the future while it is open."""
    over = conversation.closed_at or conversation.last_at
    return over if conversation.state in OVER else NOT_OVER


def visible_over(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition under which the actor sees a conversation of their shops that is over (`may_see`)."""
    columns = store.conversation.c
    ended = sa.func.coalesce(columns.closed_at, columns.last_at)
    since = {shop: at for shop, at in actor.since.items() if shop in actor.shops}
    return ended >= sa.case(since, value=columns.shop, else_=0) if since else sa.true()


def check_open(conversation: Conversation) -> None:
    """Refuse to move a conversation that is over, or that nobody answers through us.

    Raises:
        ConflictError: if it is.

    """
    if conversation.state in {"closed", "recorded"}:
        message = "this conversation is closed"
        raise ConflictError(message, remedy="It opens again when the customer writes.", code="chat_closed")


def check_at_desk(conversation: Conversation, *, actor: Actor) -> None:
    """Refuse to let anyone but the agent in charge, or a lead, write in a conversation.

    Raises:
        ConflictError: if it is over, or somebody else, or nobody, has it.

    """
    check_open(conversation)
    if conversation.person != actor.id:
        message = "this conversation is not on your desk"
        raise ConflictError(message, remedy="Take it over first.", code="chat_elsewhere")


_FIND = Prepared(
    sa.select(*COLUMNS).where(store.conversation.c.id.in_(sa.bindparam("ids", expanding=True))).with_for_update()
)


def find_many(uow: UnitOfWork, conversations: Iterable[str]) -> dict[str, Conversation]:
    """Return conversations by id for listeners and batch verbs, locked for this unit of work, in one query."""
    rows = _FIND.rows(uow.connection, ids=sorted(set(conversations)))
    return {row.id: Conversation(*row) for row in rows}


def find(uow: UnitOfWork, conversation: str) -> Conversation:
    """Return one conversation for a listener, which acts on what the log tells it.

    Raises:
        NotFoundError: if the log names a conversation that is not there.

    """
    found = find_many(uow, [conversation]).get(conversation)
    if found is None:
        message = f"conversation {conversation} is in the log but not in its table"
        raise NotFoundError(message, code="chat_gone")
    return found
