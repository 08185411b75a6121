"""What the hall does when something happened: route new conversations, drain the queue when a slot frees."""

from collections.abc import Callable, Sequence

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


def routing_listener(shops: Shops, live: Callable[[str], bool]) -> Listener:
    """Return the listener that decides who answers."""

    def handle(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        known = shops()
        fresh = [each.subject for each in events if isinstance(each.event, ConversationOpened | ConversationReopened)]
        queued = route(uow, fresh, known, live) if fresh else 0
        for each in events:
            if isinstance(each.event, PresenceChanged) and each.event.state == "offline":
                requeue_all_of(uow, each.event.person)
        if queued or len(fresh) < len(events):
            drain(uow, known)

    return Listener("conversations.routing", (ConversationOpened, ConversationReopened, *FREEING), handle)
