"""Deliver approved replies: claim, hand to the channel, write down what became of it.

The claim checks in its own transaction that the bot still owns the conversation: a person who took over between
approval and delivery silences it. One reply per conversation is in flight at a time, so order holds. A reply
that was in flight when the process died, or whose send timed out, is *unknown*: a person looks, nobody resends.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.channels.port import Content, Sender
from huiyin.conversations import store
from huiyin.conversations.access import Conversation, find
from huiyin.conversations.bodies import Bodies
from huiyin.conversations.events import DeliveryFailed, DeliveryUnknown, ReplyDelivered, ReplyWithdrawn
from huiyin.conversations.handing import hand_over
from huiyin.conversations.routing import enqueue
from huiyin.conversations.sending import REPLAYED
from huiyin.eventlog.events import Event
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import system
from huiyin.security.sealing import Place, Sealer

COURIER = system("delivery")
MOST_CLAIMED = 128
PAUSES_MS = (1_000, 3_000, 10_000, 30_000)


class Parcel(NamedTuple):
    """A claimed reply with all the channel needs."""

    message: str
    conversation: str
    shop: str
    customer_ref: str
    session_ref: str
    content: Content
    attempts: int
    sender: str
    author: str


class Delivery:
    """Claims replies and settles them."""

    def __init__(self, bodies: Bodies, sealer: Sealer) -> None:
        """Keep what opening a body needs."""
        self._bodies = bodies
        self._sealer = sealer

    def claim(self, uow: UnitOfWork) -> list[Parcel]:
        """Take the next due reply of each conversation that has none in flight."""
        out, talk, msg = store.outbox.c, store.conversation.c, store.message.c
        # A reply waits behind every earlier one of its conversation that is not settled, so order holds.
        ahead = store.outbox.alias("ahead")
        rows = uow.connection.execute(
            sa.select(
                out.message, out.conversation, out.shop, out.attempts, talk.state, talk.origin, talk.customer,
                talk.session_ref, msg.sender, msg.author, msg.body, msg.original, msg.tenant,
                store.customer.c.ref_sealed,
            )
            .join(store.conversation, talk.id == out.conversation)
            .join(store.message, msg.id == out.message)
            .join(store.customer, store.customer.c.id == talk.customer)
            .where(
                out.state == "queued", out.due_at <= uow.now_ms(),
                ~sa.select(ahead.c.message)
                .where(
                    ahead.c.conversation == out.conversation,
                    ahead.c.message < out.message,
                    ahead.c.state.in_(("queued", "sending")),
                )
                .exists(),
            )
            .order_by(out.due_at, out.message)
            .limit(MOST_CLAIMED)
        ).all()  # fmt: skip
        parcels = []
        for row in rows:
            if row.sender == Sender.BOT and row.state != "bot":
                self.withdraw(uow, row.message, row.conversation)
            elif row.origin in REPLAYED:
                self.delivered(uow, row.message, "", uow.now_ms())
            else:
                parcels.append(self._parcel(uow, row))
        self._mark_sending(uow, [each.message for each in parcels])
        return parcels

    def delivered(self, uow: UnitOfWork, message: str, source_id: str, at: int) -> None:
        """Write down that the platform took a reply, at its time."""
        row = uow.connection.execute(sa.select(store.message).where(store.message.c.id == message)).one()
        conversation = find(uow, row.conversation)
        event = ReplyDelivered(message, row.sender, row.author, conversation.origin, at)
        self._settle(uow, message, "delivered", event, row.conversation)
        uow.connection.execute(
            store.message.update()
            .where(store.message.c.id == message)
            .values(platform_at=at, source_key=f"{row.shop}:{source_id}" if source_id else None)
        )

    def withdraw(self, uow: UnitOfWork, message: str, conversation: str) -> None:
        """Keep an approved reply from leaving."""
        self._settle(uow, message, "withdrawn", ReplyWithdrawn(message), conversation)

    def unknown(self, uow: UnitOfWork, message: str) -> None:
        """Write down that a send got no answer; a bot's conversation goes to a person."""
        conversation_id = self._conversation(uow, message)
        self._settle(uow, message, "unknown", DeliveryUnknown(message), conversation_id)
        conversation = find(uow, conversation_id)
        if conversation.state == "bot":
            enqueue(uow, conversation, because="发送结果未知，请人工确认")

    def failed(self, uow: UnitOfWork, message: str, reason: str) -> None:
        """Write down that the platform refused for good; a bot's conversation goes to a person."""
        conversation_id = self._conversation(uow, message)
        self._settle(uow, message, "failed", DeliveryFailed(message, reason), conversation_id)
        conversation = find(uow, conversation_id)
        if conversation.state == "bot":
            enqueue(uow, conversation, because="平台拒收机器人回复")

    def postpone(self, uow: UnitOfWork, message: str, attempts: int) -> None:
        """Put a reply back after a temporary refusal; after the last pause it has failed.

        The bot's parting words are not worth waiting for: they are withdrawn and people get the conversation.
        """
        row = uow.connection.execute(sa.select(store.outbox).where(store.outbox.c.message == message)).one()
        if row.then_reason:
            self.withdraw(uow, message, row.conversation)
            return
        if attempts >= len(PAUSES_MS):
            self.failed(uow, message, "平台多次暂不可用")
            return
        uow.connection.execute(
            store.outbox.update()
            .where(store.outbox.c.message == message)
            .values(state="queued", attempts=attempts + 1, due_at=uow.now_ms() + PAUSES_MS[attempts])
        )

    def after_restart(self, uow: UnitOfWork) -> int:
        """Settle what was in flight when the process died: nobody knows, so a person looks."""
        lost = list(
            uow.connection.execute(sa.select(store.outbox.c.message).where(store.outbox.c.state == "sending")).scalars()
        )
        for message in lost:
            self.unknown(uow, message)
        return len(lost)

    def _parcel(self, uow: UnitOfWork, row: Any) -> Parcel:  # noqa: ANN401  # a row of the columns asked for above
        if row.original is not None:
            body = self._bodies.open_original(uow.connection, row.tenant, row.message, row.original)
        else:
            body = self._bodies.open(uow.connection, row.tenant, row.message, row.body)
        place = Place(row.tenant, "customer", row.customer, "ref")
        reference = self._sealer.open(uow.connection, place, row.ref_sealed) or b""
        return Parcel(
            row.message, row.conversation, row.shop, reference.decode(), row.session_ref, body.content, row.attempts,
            row.sender, row.author,
        )  # fmt: skip

    def _mark_sending(self, uow: UnitOfWork, messages: list[str]) -> None:
        if not messages:
            return
        uow.connection.execute(
            store.outbox.update().where(store.outbox.c.message.in_(messages)).values(state="sending")
        )
        uow.connection.execute(
            store.message.update().where(store.message.c.id.in_(messages)).values(delivery="sending")
        )

    def _settle(self, uow: UnitOfWork, message: str, state: str, event: Event, conversation_id: str) -> None:
        conversation = find(uow, conversation_id)
        uow.connection.execute(store.outbox.update().where(store.outbox.c.message == message).values(state=state))
        uow.connection.execute(store.message.update().where(store.message.c.id == message).values(delivery=state))
        uow.record(event, subject=conversation.id, tenant=conversation.tenant, shop=conversation.shop, actor=COURIER)
        self._part(uow, message, conversation)

    @staticmethod
    def _part(uow: UnitOfWork, message: str, conversation: Conversation) -> None:
        """Hand over once the bot's parting words are settled, whatever became of them."""
        out = store.outbox.c
        then = uow.connection.execute(sa.select(out.then_reason, out.then_skill).where(out.message == message)).one()
        if then.then_reason:
            hand_over(uow, conversation, then.then_reason, then.then_skill, actor=COURIER)

    @staticmethod
    def _conversation(uow: UnitOfWork, message: str) -> str:
        query = sa.select(store.outbox.c.conversation).where(store.outbox.c.message == message)
        return str(uow.connection.execute(query).scalar_one())
