"""Write down who answers, from when until when: the history that pay and figures stand on."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.access import COLUMNS, Conversation
from huiyin.eventlog.prepared import Prepared, insert
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.ids import new_id
from huiyin.org.seats import free_slot
from huiyin.org.standing import Asked, Standing, standings


class Assignment(NamedTuple):
    """Who answers a conversation from now on: desk is bot or person. `shift` is "" for who is on none."""

    conversation: str
    desk: str
    person: str
    engagement: str
    because: str
    shift: str = ""


def begin(uow: UnitOfWork, assignments: Sequence[Assignment]) -> None:
    """End the present assignments of some conversations and begin the next."""
    end(uow, [each.conversation for each in assignments])
    now = uow.now_ms()
    if assignments:
        insert(
            uow.connection,
            store.assignment,
            [{"id": new_id(), "from_at": now, "to_at": None, **each._asdict()} for each in assignments],
        )


_END = Prepared(
    store.assignment.update()
    .where(
        store.assignment.c.conversation.in_(sa.bindparam("conversations", expanding=True)),
        store.assignment.c.to_at.is_(None),
    )
    .values(to_at=sa.bindparam("now"))
)


def end(uow: UnitOfWork, conversations: Sequence[str]) -> None:
    """End the present assignments of some conversations, where there are any."""
    if conversations:
        _END.run(uow.connection, conversations=list(conversations), now=uow.now_ms())


def let_go(uow: UnitOfWork, conversation: Conversation) -> None:
    """Give back the slot of whoever has the conversation."""
    if conversation.state == "human" and conversation.person:
        free_slot(uow, conversation.person)


def standing_of(uow: UnitOfWork, conversation: Conversation, person: str) -> Standing:
    """Return under which engagement and on which shift a person answers this shop now."""
    now = uow.now_ms()
    return standings(uow.connection, [Asked(person, conversation.shop, now, now)])[0]


def set_state(uow: UnitOfWork, conversation: Conversation, state: str, **values: object) -> bool:
    """Move a conversation to another state if nobody moved it meanwhile; tell whether it worked."""
    moved = uow.connection.execute(
        store.conversation.update()
        .where(store.conversation.c.id == conversation.id, store.conversation.c.state == conversation.state)
        .where(
            store.conversation.c.person.is_(None)
            if conversation.person is None
            else store.conversation.c.person == conversation.person
        )
        .values(state=state, **values)
    )
    return bool(moved.rowcount)


class Queue(NamedTuple):
    """Where conversations wait: a shop's queue for one skill, "" for whoever is there."""

    shop: str
    skill: str


_QUEUES = (
    sa.select(store.conversation.c.shop, store.conversation.c.skill)
    .where(
        store.conversation.c.state == "waiting",
        store.conversation.c.shop.in_(sa.bindparam("shops", expanding=True)),
    )
    .distinct()
)
_WAITING = (
    sa.select(*COLUMNS)
    .where(
        store.conversation.c.state == "waiting",
        # The pairs alone are what is meant; shops and skills beside them are what the index is searched by.
        store.conversation.c.shop.in_(sa.bindparam("shops", expanding=True)),
        store.conversation.c.skill.in_(sa.bindparam("skills", expanding=True)),
        sa.tuple_(store.conversation.c.shop, store.conversation.c.skill).in_(sa.bindparam("queues", expanding=True)),
    )
    .order_by(store.conversation.c.queued_at, store.conversation.c.id)
    .limit(sa.bindparam("most"))
)


def queues(uow: UnitOfWork, shops: list[str]) -> list[Queue]:
    """Return the queues of shops in which anybody waits."""
    return [Queue(*row) for row in uow.connection.execute(_QUEUES, {"shops": shops})]


def waiting(uow: UnitOfWork, among: Sequence[Queue], most: int) -> list[Conversation]:
    """Return the conversations that wait in some queues, oldest first."""
    wanted = {
        "shops": sorted({each.shop for each in among}),
        "skills": sorted({each.skill for each in among}),
        "queues": [tuple(each) for each in among],
    }
    rows = uow.connection.execute(_WAITING, {**wanted, "most": most})
    return [Conversation(*row) for row in rows]
