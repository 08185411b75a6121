"""Which events are told outside, under which name, and with which of their fields: ids, codes, counts and times.

Names are a promise to programs of others: one is never renamed and never changes its meaning.
"""

from collections.abc import Mapping
from typing import NamedTuple

from huiyin.backfill.events import BackfillEnded
from huiyin.connections.events import ConnectionChanged, LineTroubled
from huiyin.conversations import events as talk
from huiyin.eventlog.events import Event, Recorded
from huiyin.imports.events import ImportEnded
from huiyin.kernel.clock import from_ms
from huiyin.kernel.wire import encode_text
from huiyin.outcomes.events import SessionRated
from huiyin.quality.events import FindingRaised

TEST = "webhook.test"
CONVERSATION = "conversation"
LIVE = frozenset({"live", "simulated"})
"""Origins that are told: history that is brought in, replays and drills are not news."""


class Told(NamedTuple):
    """How one event is told: its name, what it is about, which fields go along, by event field and name outside."""

    name: str
    about: str
    fields: Mapping[str, str] = {}


_MESSAGE = {"message": "message"}

KINDS: Mapping[type[Event], Told] = {
    talk.ConversationOpened: Told("conversation.opened", CONVERSATION, {"origin": "origin"}),
    talk.ConversationReopened: Told("conversation.reopened", CONVERSATION),
    talk.Queued: Told("conversation.queued", CONVERSATION),
    talk.HandedOver: Told("conversation.handed_over", CONVERSATION),
    talk.Routed: Told("conversation.assigned", CONVERSATION, {"desk": "desk"}),
    talk.TakenOver: Told("conversation.taken_over", CONVERSATION),
    talk.Transferred: Told("conversation.transferred", CONVERSATION),
    talk.ConversationClosed: Told("conversation.closed", CONVERSATION),
    talk.ConversationErased: Told("conversation.erased", CONVERSATION),
    talk.ConversationExpired: Told("conversation.expired", CONVERSATION, {"kept": "kept"}),
    SessionRated: Told("conversation.rated", CONVERSATION, {"degree": "degree"}),
    talk.MessageReceived: Told("message.received", CONVERSATION, {**_MESSAGE, "sender": "sender"}),
    talk.MessageRecalled: Told("message.recalled", CONVERSATION, _MESSAGE),
    talk.ReplyDelivered: Told("reply.delivered", CONVERSATION, {**_MESSAGE, "sender": "sender"}),
    talk.DeliveryFailed: Told("reply.failed", CONVERSATION, _MESSAGE),
    talk.DeliveryUnknown: Told("reply.unknown", CONVERSATION, _MESSAGE),
    FindingRaised: Told(
        "finding.raised", CONVERSATION, {**_MESSAGE, "rule": "rule", "severity": "severity"}
    ),
    ConnectionChanged: Told("shop.connection_changed", "shop", {"platform": "platform"}),
    LineTroubled: Told("shop.line_troubled", "shop", {"code": "code"}),
    ImportEnded: Told(
        "import.ended", "import", {"state": "state", "fresh": "fresh", "repeats": "repeats", "refused": "refused"}
    ),
    BackfillEnded: Told("backfill.ended", "backfill", {"state": "state", "fresh": "fresh", "repeats": "repeats"}),
}  # fmt: skip
NAMES = tuple(each.name for each in KINDS.values())
"""Every kind an endpoint can ask for, in the order screens show them."""


def named(event: Event) -> str:
    """Return the name an event is told under."""
    return KINDS[type(event)].name


def body_of(recorded: Recorded) -> str:
    """Return the body that tells of an event: `{"type", "timestamp", "data"}` (Standard Webhooks, "payload")."""
    told = KINDS[type(recorded.event)]
    data: dict[str, object] = {"shop": recorded.shop} if recorded.shop else {}
    if told.about != "shop":
        data[told.about] = recorded.subject
    if told.about == CONVERSATION:
        data["version"] = recorded.version
    data |= {outside: getattr(recorded.event, field) for field, outside in told.fields.items()}
    return written(told.name, recorded.at, data)


def written(name: str, at: int, data: Mapping[str, object]) -> str:
    """Return a body; `at` is in ms."""
    return encode_text({"type": name, "timestamp": from_ms(at), "data": data})
