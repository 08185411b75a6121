"""What happens to a conversation. Every event's subject is the conversation; versions are the client's cursor."""

from huiyin.eventlog.events import Event


class ConversationOpened(Event, frozen=True, tag="conversations.ConversationOpened"):
    """A customer's first words, or words after a close that is too long ago to continue."""

    conversation: str
    customer: str
    origin: str
    at: int


class ConversationReopened(Event, frozen=True, tag="conversations.ConversationReopened"):
    """The customer came back within the platform's same-session window."""

    conversation: str
    origin: str


class MessageReceived(Event, frozen=True, tag="conversations.MessageReceived"):
    """A record came in from the platform: a customer's words, or an agent's as the platform recorded them."""

    message: str
    sender: str
    kind: str
    origin: str
    platform_at: int
    author: str = ""
    late: bool = False


class MessageRecalled(Event, frozen=True, tag="conversations.MessageRecalled"):
    """The platform says a message was taken back; it stays on record, marked."""

    message: str


class EchoRecognised(Event, frozen=True, tag="conversations.EchoRecognised"):
    """A record that came in is our own reply; it settles what we did not know about its delivery."""

    message: str
    sender: str
    at: int
    confirmed: bool = False
    """A person had said already that it stood there; it was counted then."""


class Routed(Event, frozen=True, tag="conversations.Routed"):
    """Somebody answers from now on: desk is bot or person. `because` is shown to the team lead."""

    desk: str
    person: str
    engagement: str
    origin: str
    because: str
    shift: str = ""


class Queued(Event, frozen=True, tag="conversations.Queued"):
    """Nobody is free; the conversation waits, oldest first."""

    skill: str
    because: str


class HandedOver(Event, frozen=True, tag="conversations.HandedOver"):
    """The bot gave the conversation to people."""

    reason: str
    skill: str


class TakenOver(Event, frozen=True, tag="conversations.TakenOver"):
    """A person took the conversation; the bot is silent from here on."""

    person: str
    engagement: str
    previous: str
    shift: str = ""


class Transferred(Event, frozen=True, tag="conversations.Transferred"):
    """A person handed the conversation on; `note` is the id of what they wrote to their colleague, "" for nothing."""

    previous: str
    to_person: str
    skill: str
    note: str
    engagement: str = ""
    shift: str = ""


class AgentLost(Event, frozen=True, tag="conversations.AgentLost"):
    """The agent vanished; the conversation went back to the queue."""

    person: str


class ReplyApproved(Event, frozen=True, tag="conversations.ReplyApproved"):
    """Every gate let a reply pass; it waits for delivery, or for copying where the channel cannot send."""

    message: str
    sender: str
    author: str
    origin: str


class ReplyHeld(Event, frozen=True, tag="conversations.ReplyHeld"):
    """A gate held a reply back, with the rules that did."""

    message: str
    sender: str
    rules: tuple[str, ...]


class ReplyDelivered(Event, frozen=True, tag="conversations.ReplyDelivered"):
    """The platform took a reply, at its own time. Parting words announce a person; they answer nothing."""

    message: str
    sender: str
    author: str
    origin: str
    at: int
    parting: bool = False


class ReplyCopied(Event, frozen=True, tag="conversations.ReplyCopied"):
    """An agent pasted a checked reply into the platform's own window; the poll will tell when it stood there."""

    message: str


class ReplyWithdrawn(Event, frozen=True, tag="conversations.ReplyWithdrawn"):
    """An approved reply never left: a person took over first, or parting words could not be sent at once."""

    message: str


class DeliveryUnknown(Event, frozen=True, tag="conversations.DeliveryUnknown"):
    """A send got no answer. A person looks; we do not send it again by ourselves."""

    message: str


class DeliverySettled(Event, frozen=True, tag="conversations.DeliverySettled"):
    """A person looked and said what became of an unknown reply: delivered, resent or dropped. `at` is its delivery."""

    message: str
    outcome: str
    sender: str
    author: str
    origin: str
    at: int
    parting: bool = False


class DeliveryFailed(Event, frozen=True, tag="conversations.DeliveryFailed"):
    """The platform refused a reply for good."""

    message: str
    reason: str


class ConversationClosed(Event, frozen=True, tag="conversations.ConversationClosed"):
    """The conversation ended."""

    reason: str
    person: str
    at: int


class ConversationReordered(Event, frozen=True, tag="conversations.ConversationReordered"):
    """What was said earlier came in later: whoever goes by the order of words begins anew. It began at `at`, in ms."""

    at: int


class ConversationErased(Event, frozen=True, tag="conversations.ConversationErased"):
    """The customer was shredded: nothing said here can be read any more, and nobody keeps anything of it."""


class ConversationExpired(Event, frozen=True, tag="conversations.ConversationExpired"):
    """The merchant's period of keeping is over: `kept` is `masked`, the masks' originals are gone, or `nothing`."""

    kept: str


ALL = (
    ConversationOpened, ConversationReopened, MessageReceived, MessageRecalled, EchoRecognised, Routed, Queued,
    HandedOver, TakenOver, Transferred, AgentLost, ReplyApproved, ReplyHeld, ReplyCopied, ReplyDelivered,
    ReplyWithdrawn, DeliveryUnknown, DeliverySettled, DeliveryFailed, ConversationClosed,
    ConversationReordered, ConversationErased, ConversationExpired,
)  # fmt: skip
