"""Write down that somebody moved what is on a colleague's desk: it is theirs to answer for."""

from huiyin.audit.writing import Entry, write_down
from huiyin.conversations.access import Conversation
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind

TAKEN = "conversation.taken_over"
TRANSFERRED = "conversation.transferred"
CLOSED = "conversation.closed"


def write_stepped_in(uow: UnitOfWork, conversation: Conversation, action: str, *, actor: Actor) -> None:
    """Write down who took, transferred or closed a conversation that a colleague was answering, and whose it was.

    What is on one's own desk, waits, or is the bot's, is work and no entry.
    """
    theirs = conversation.state == "human" and conversation.person and conversation.person != actor.id
    if actor.kind is not ActorKind.PERSON or not theirs:
        return
    entry = Entry(
        action=action, actor=actor, tenant=conversation.tenant, subject=conversation.id,
        detail={"person": conversation.person, "shop": conversation.shop},
    )  # fmt: skip
    write_down(uow, entry)
