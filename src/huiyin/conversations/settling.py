"""Settle a reply whose outcome nobody knows: a person looks into the platform's window and says what stands there.

The program never sends such a reply again by itself (docs/decisions/0007). What the person says is marked as a
person's word; if the platform later tells the reply back, the platform's word replaces it (`echoes`).
"""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.channels.port import Sender
from huiyin.conversations import store
from huiyin.conversations.access import STEERING, Conversation, access_conversation, check_at_desk
from huiyin.conversations.bodies import Bodies, Body
from huiyin.conversations.echoes import CHECKED
from huiyin.conversations.events import DeliverySettled
from huiyin.conversations.sending import Draft, Exit, Outgoing
from huiyin.conversations.waiting import reckon_waiting
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError, RefusedError
from huiyin.policy.deciding import may

OUTCOMES = ("delivered", "resent", "dropped")
MINUTE_MS = 60_000
NOTES = {
    "resent": "核对后确认没有送达，已用新消息重发",
    "dropped": "核对后确认没有送达，不再重发",
}


class Decision(NamedTuple):
    """What a person says became of a reply: delivered (at a time, if they name one), resent or dropped."""

    outcome: str
    at: datetime | None = None


class Settling:
    """Lets people settle what no machine may."""

    def __init__(self, exit_: Exit, bodies: Bodies) -> None:
        """Keep the one door out, for a reply that is sent anew."""
        self._exit = exit_
        self._bodies = bodies

    def settle(
        self, uow: UnitOfWork, conversation_id: str, message: str, decision: Decision, *, actor: Actor, live: bool
    ) -> str:
        """Write down what a person says became of an unknown reply; return the id of the fresh message, "" if none.

        The agent who has the conversation may settle it, and a lead of its shop; sending anew is speaking, so it
        wants the conversation on one's own desk.

        Raises:
            NotFoundError: there is no such reply of ours, or the conversation is not the actor's.
            ConflictError: it is not on the actor's desk, or somebody or the platform settled the reply already.
            InvalidError: an outcome that does not exist, or a time outside of approval to now.
            RefusedError: the gates hold the words back today.

        """
        conversation = access_conversation(uow.connection, conversation_id, actor=actor)
        reply = _reply(uow, conversation, message)
        at = _moment(uow, decision, reply)
        if decision.outcome == "resent" or not may(actor, STEERING):
            check_at_desk(conversation, actor=actor)
        _claim(uow, message, decision.outcome)
        delivered = decision.outcome == "delivered"
        uow.connection.execute(
            store.message.update()
            .where(store.message.c.id == message)
            .values(
                delivery="delivered" if delivered else "failed",
                platform_at=at if delivered else reply.platform_at,
                note="" if delivered else NOTES[decision.outcome],
                flags=",".join(filter(None, [reply.flags, CHECKED])),
            )
        )
        reckon_waiting(uow, [conversation.id])
        settled = DeliverySettled(
            message, decision.outcome, reply.sender, reply.author, conversation.origin, at,
            parting=bool(reply.then_reason),
        )  # fmt: skip
        uow.record(settled, subject=conversation.id, tenant=conversation.tenant, shop=conversation.shop, actor=actor)
        detail = {"conversation": conversation.id, "outcome": decision.outcome, "at": at}
        write_down(
            uow, Entry(action="reply.settled", actor=actor, tenant=conversation.tenant, subject=message, detail=detail)
        )
        return self._anew(uow, conversation, reply, actor, live) if decision.outcome == "resent" else ""

    def _anew(
        self,
        uow: UnitOfWork,
        conversation: Conversation,
        reply: Any,  # noqa: ANN401  # a row of the columns asked for below
        actor: Actor,
        live: bool,  # noqa: FBT001  # handed through
    ) -> str:
        """Send the same words through the gates as a new message of the person who decided so."""
        body = self._body(uow, conversation.tenant, reply)
        draft = Draft(body.content, Sender.AGENT, body.citations, acknowledged=True)
        sent = self._exit.send(uow, [Outgoing(conversation, draft, live)], actor=actor)[0]
        if sent.outcome == "hold":
            message = "the gates hold these words back now"
            raise RefusedError(
                message, remedy="Choose not to send them again, and write a new reply.", code="settle_held"
            )
        return sent.message

    def _body(self, uow: UnitOfWork, tenant: str, reply: Any) -> Body:  # noqa: ANN401  # as above
        if reply.original is not None:
            return self._bodies.open_original(uow.connection, tenant, reply.id, reply.original)
        return self._bodies.open(uow.connection, tenant, reply.id, reply.body)


def _reply(uow: UnitOfWork, conversation: Conversation, message: str) -> Any:  # noqa: ANN401  # a row
    columns = store.message.c
    row = uow.connection.execute(
        sa.select(
            columns.id, columns.sender, columns.author, columns.flags, columns.body, columns.original,
            columns.platform_at, columns.received_at, store.outbox.c.due_at, store.outbox.c.then_reason,
        )
        .join(store.outbox, store.outbox.c.message == columns.id)
        .where(columns.id == message, columns.conversation == conversation.id)
    ).one_or_none()  # fmt: skip
    if row is None:
        message_ = "there is no such reply"
        raise NotFoundError(
            message_, remedy="Open the conversation again and choose one of its replies.", code="reply_gone"
        )
    return row


def _moment(uow: UnitOfWork, decision: Decision, reply: Any) -> int:  # noqa: ANN401  # as above
    """Return when the reply stood there: the time the person names, else that of the last attempt."""
    if decision.outcome not in OUTCOMES:
        message = f"{decision.outcome!r} is no outcome of a reply"
        raise InvalidError(message, remedy=f"Use one of {', '.join(OUTCOMES)}.", code="choice")
    if decision.at is None:
        return int(reply.due_at)
    named = to_ms(decision.at)
    # People name a minute: the one in which the reply was approved counts from its approval.
    if named < reply.received_at // MINUTE_MS * MINUTE_MS or named > uow.now_ms():
        message = "the reply cannot have been delivered at that time"
        raise InvalidError(
            message, remedy="Name a time after the reply was written and not in the future.", code="settle_time"
        )
    return max(named, int(reply.received_at))


def _claim(uow: UnitOfWork, message: str, outcome: str) -> None:
    """Take the reply out of the unknown; whoever comes second finds it settled."""
    settled = uow.connection.execute(
        store.outbox.update()
        .where(store.outbox.c.message == message, store.outbox.c.state == "unknown")
        .values(state="delivered" if outcome == "delivered" else "failed")
    )
    if not settled.rowcount:
        message_ = "the outcome of this reply is known by now"
        raise ConflictError(
            message_,
            remedy="Look at the conversation again: a colleague or the platform settled it.",
            code="settle_known",
        )
