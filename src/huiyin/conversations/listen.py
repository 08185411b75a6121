"""What the hall does when something happened: route new conversations, drain the queue when a slot frees."""

from collections.abc import Callable, Sequence

from huiyin.conversations.events import (
    AgentLost,
    ConversationClosed,
    ConversationOpened,
    ConversationReopened,
    EchoRecognised,
    MessageReceived,
    Queued,
    ReplyDelivered,
    TakenOver,
    Transferred,
)  # fmt: skip
from huiyin.conversations.parting import hand_over_parted
from huiyin.conversations.recalls import apply_early
from huiyin.conversations.routing import ROUTER, drain, requeue_all_of, route
from huiyin.eventlog.events import Recorded
from huiyin.eventlog.listening import Listener
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.org.events import PresenceChanged
from huiyin.org.views import Shop

Shops = Callable[[], dict[str, Shop]]

FREEING = (Queued, TakenOver, Transferred, ConversationClosed, AgentLost, PresenceChanged)

SOURCED = (MessageReceived, ReplyDelivered, EchoRecognised)
"""After these a message is known by the platform's id for it, which is what a recall names."""


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


def recalls_listener() -> Listener:
    """Return the listener that marks messages whose recall came before them."""

    def handle(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        apply_early(uow, [each.event.message for each in events if isinstance(each.event, SOURCED)])

    return Listener("conversations.recalls", SOURCED, handle)


def echoes_listener() -> Listener:
    """Return the listener that hands over where an echo settled the bot's parting words."""

    def handle(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        echoes = [each.event.message for each in events if isinstance(each.event, EchoRecognised)]
        hand_over_parted(uow, echoes, actor=ROUTER)

    return Listener("conversations.echoes", (EchoRecognised,), handle)
