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
from huiyin.kernel.actors import Actor, ActorKind, Role
from huiyin.kernel.errors import ConflictError, NotFoundError

LEADS = (Role.TEAM_LEAD, Role.VENDOR_MANAGER, Role.MERCHANT_OWNER)


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
    if row is None or not may_see(row.shop, actor):
        message = "there is no such conversation"
        raise NotFoundError(message, remedy="Go back to the list; it may belong to a shop you do not serve.")
    return Conversation(*row)


def may_see(shop: str, actor: Actor) -> bool:
    """Tell whether the actor may see a shop's conversations. Huiyin's own parts see all of them."""
    return actor.kind in {ActorKind.SYSTEM, ActorKind.BOT} or shop in actor.shops


def check_open(conversation: Conversation) -> None:
    """Refuse to move a conversation that is over, or that nobody answers through us.

    Raises:
        ConflictError: if it is.

    """
    if conversation.state in {"closed", "recorded"}:
        message = "this conversation is closed"
        raise ConflictError(message, remedy="It opens again when the customer writes.")


def check_at_desk(conversation: Conversation, *, actor: Actor) -> None:
    """Refuse to let anyone but the agent in charge, or a lead, write in a conversation.

    Raises:
        ConflictError: if it is over, or somebody else, or nobody, has it.

    """
    check_open(conversation)
    if conversation.person != actor.id:
        message = "this conversation is not on your desk"
        raise ConflictError(message, remedy="Take it over first.")


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
        raise NotFoundError(message)
    return found
