"""What the hall does when something happened: route new conversations, drain the queue when a slot frees."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.events import (
    AgentLost,
    ConversationClosed,
    ConversationOpened,
    ConversationReopened,
    Queued,
    TakenOver,
    Transferred,
)  # fmt: skip
from huiyin.conversations.routing import drain, requeue_all_of, route
from huiyin.eventlog.events import Recorded
from huiyin.eventlog.listening import Listener
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.org.events import PresenceChanged
from huiyin.org.views import Shop

Shops = Callable[[], dict[str, Shop]]

FREEING = (Queued, TakenOver, Transferred, ConversationClosed, AgentLost, PresenceChanged)


def routing_listener(shops: Shops) -> Listener:
    """Return the listener that decides who answers."""

    def handle(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        known = shops()
        moved = False
        for each in events:
            if isinstance(each.event, ConversationOpened | ConversationReopened):
                route(uow, each.subject, known[each.shop])
                moved = moved or not known[each.shop].bot
            elif isinstance(each.event, PresenceChanged):
                if each.event.state == "offline":
                    requeue_all_of(uow, each.event.person)
                moved = True
            else:
                moved = True
        if moved and _anyone_waits(uow):
            drain(uow, known)

    return Listener("conversations.routing", (ConversationOpened, ConversationReopened, *FREEING), handle)


def _anyone_waits(uow: UnitOfWork) -> bool:
    query = sa.select(store.conversation.c.id).where(store.conversation.c.state == "waiting").limit(1)
    return uow.connection.execute(query).scalar() is not None
