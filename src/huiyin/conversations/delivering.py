"""Deliver approved replies: claim, hand to the channel, write down what became of it.

The claim checks in its own transaction that the bot still owns the conversation: a person who took over between
approval and delivery silences it, also when the conversation has come back to the bot since. One reply per
conversation is in flight at a time, so order holds. A reply that was in flight when the process died, or whose send
timed out, is *unknown*: a person looks, nobody resends.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.channels.port import Content, Sender
from huiyin.conversations import routing, store
from huiyin.conversations.access import Conversation, find_many
from huiyin.conversations.bodies import Bodies
from huiyin.conversations.events import DeliveryFailed, DeliveryUnknown, ReplyDelivered, ReplyWithdrawn
from huiyin.conversations.parting import hand_over_parted
from huiyin.conversations.routing import UNSENT
from huiyin.conversations.source_keys import source_key
from huiyin.conversations.waiting import reckon_waiting
from huiyin.eventlog.events import Event
from huiyin.eventlog.prepared import Prepared, update_by
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import system
from huiyin.security.sealing import Place, Sealer

COURIER = system("delivery")
MOST_CLAIMED = 256
PAUSES_MS = (1_000, 3_000, 10_000, 30_000)
UNSETTLED = ("queued", "sending")


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


class Outcome(NamedTuple):
    """What became of a reply: state is delivered, unknown, failed or withdrawn.

    For a delivered one `at` is the platform's time and `source_id` its id for the message ("" where there is none).
    """

    message: str
    state: str
    at: int = 0
    source_id: str = ""
    reason: str = ""


def _claimable() -> sa.Select[Any]:
    out, talk, msg = store.outbox.c, store.conversation.c, store.message.c
    ahead = store.outbox.alias("ahead")
    # A reply waits behind every earlier one of its conversation that is not settled, so order holds.
    blocked = sa.select(ahead.c.message).where(
        ahead.c.conversation == out.conversation, ahead.c.message < out.message, ahead.c.state.in_(UNSETTLED)
    )
    turn = store.assignment.c
    # Ids are ordered by time: a bot's reply older than the bot's present turn belongs to an earlier one.
    bots_turn = sa.select(sa.func.max(turn.id)).where(turn.conversation == out.conversation, turn.desk == "bot")
    return (
        sa.select(
            bots_turn.scalar_subquery().label("bots_turn"),
            out.message, out.conversation, out.shop, out.attempts, talk.state, talk.origin, talk.customer,
            talk.session_ref, msg.sender, msg.author, msg.body, msg.original, msg.tenant,
            store.customer.c.ref_sealed,
        )
        .join(store.conversation, talk.id == out.conversation)
        .join(store.message, msg.id == out.message)
        .join(store.customer, store.customer.c.id == talk.customer)
        .where(
            out.state == "queued",
            out.due_at <= sa.bindparam("now"),
            out.shop.not_in(sa.bindparam("full", expanding=True)),
            ~blocked.exists(),
        )
        .order_by(out.due_at, out.message)
        .limit(MOST_CLAIMED)
    )  # fmt: skip


_CLAIMABLE = Prepared(_claimable())
_SHOPS = Prepared(sa.select(store.outbox.c.shop).where(store.outbox.c.state == "queued").distinct())
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_SENDING = Prepared(store.outbox.update().where(store.outbox.c.message.in_(_IDS)).values(state="sending"))
_SHOWN_SENDING = Prepared(store.message.update().where(store.message.c.id.in_(_IDS)).values(delivery="sending"))
_QUEUED = Prepared(store.outbox.update().where(store.outbox.c.message.in_(_IDS)).values(state="queued"))
_SHOWN_QUEUED = Prepared(store.message.update().where(store.message.c.id.in_(_IDS)).values(delivery="approved"))
_SETTLED = update_by(store.outbox.c.message, "state")
_POSTPONED = update_by(store.outbox.c.message, "state", "attempts", "due_at")
_DELIVERED = update_by(store.message.c.id, "delivery", "platform_at", "source_key")
_NOT_DELIVERED = update_by(store.message.c.id, "delivery", "note")
_WITH_MESSAGE = Prepared(
    sa.select(
        store.message.c.id, store.message.c.sender, store.message.c.author, store.message.c.shop,
        store.message.c.conversation, store.outbox.c.state, store.outbox.c.then_reason, store.outbox.c.then_skill,
    )
    .join(store.outbox, store.outbox.c.message == store.message.c.id)
    .where(store.message.c.id.in_(_IDS))
)  # fmt: skip
_TAKEN_KEYS = Prepared(
    sa.select(store.message.c.source_key).where(store.message.c.source_key.in_(sa.bindparam("keys", expanding=True)))
)


class Delivery:
    """Claims replies and settles them."""

    def __init__(self, bodies: Bodies, sealer: Sealer) -> None:
        """Keep what opening a body needs."""
        self._bodies = bodies
        self._sealer = sealer

    def claim(self, uow: UnitOfWork, room: Callable[[str], int]) -> list[Parcel]:
        """Take the next due reply of each conversation that has none in flight, as many as can leave now.

        `room` tells how many more sends a shop's line can have under way.
        """
        parcels: list[Parcel] = []
        settled: list[Outcome] = []
        rooms: dict[str, int] = {}
        full = [shop for shop in _SHOPS.column(uow.connection) if room(shop) <= 0]
        rows = _CLAIMABLE.rows(uow.connection, now=uow.now_ms(), full=full)
        self._sealer.learn(uow.connection, (row.ref_sealed for row in rows))
        for row in rows:
            left = rooms.setdefault(row.shop, room(row.shop))
            if row.sender == Sender.BOT and (row.state != "bot" or row.message < (row.bots_turn or "")):
                settled.append(Outcome(row.message, "withdrawn"))
            elif row.origin in UNSENT:
                settled.append(Outcome(row.message, "delivered", uow.now_ms()))
            elif left > 0:
                rooms[row.shop] = left - 1
                parcels.append(self._parcel(uow, row))
        if parcels:
            ids = [each.message for each in parcels]
            _SENDING.run(uow.connection, ids=ids)
            _SHOWN_SENDING.run(uow.connection, ids=ids)
        self.settle(uow, settled)
        return parcels

    def settle(self, uow: UnitOfWork, outcomes: Sequence[Outcome]) -> list[bool]:
        """Write down what became of replies; False for one that was settled before. A batch verb of the writer.

        A reply that an echo settled first keeps that; the bot's parting words lead to the hand-over either way.
        """
        if not outcomes:
            return []
        found = _WITH_MESSAGE.rows(uow.connection, ids=[each.message for each in outcomes])
        rows = {row.id: row for row in found}
        talks = find_many(uow, (row.conversation for row in rows.values()))
        uow.follow(talks)
        fresh = [each for each in outcomes if rows[each.message].state in UNSETTLED]
        for each in fresh:
            row = rows[each.message]
            _record(uow, talks[row.conversation], _event(each, row, talks[row.conversation].origin))
        self._store(uow, fresh, rows)
        reckon_waiting(uow, [rows[each.message].conversation for each in fresh if each.state != "delivered"])
        self._pass_on(uow, outcomes, rows, talks)
        return [rows[each.message].state in UNSETTLED for each in outcomes]

    def postpone(self, uow: UnitOfWork, message: str, attempts: int) -> None:
        """Put a reply back after a temporary refusal; after the last pause it has failed.

        The bot's parting words are not worth waiting for: they are withdrawn and people get the conversation.
        """
        parting = uow.connection.execute(
            sa.select(store.outbox.c.then_reason).where(store.outbox.c.message == message)
        ).scalar_one()
        if parting:
            self.settle(uow, [Outcome(message, "withdrawn")])
        elif attempts >= len(PAUSES_MS):
            self.settle(uow, [Outcome(message, "failed", reason="平台多次暂不可用")])
        else:
            again = {"state": "queued", "attempts": attempts + 1, "due_at": uow.now_ms() + PAUSES_MS[attempts]}
            _POSTPONED.run_many(uow.connection, [{"key": message, **again}])

    def after_restart(self, uow: UnitOfWork, repeats: Callable[[str], bool] = lambda _shop: False) -> int:
        """Settle what was in flight when the process died: nobody knows, so a person looks.

        `repeats` names the shops over whose line a reply may leave twice and arrives once: there it leaves again.
        """
        query = sa.select(store.outbox.c.message, store.outbox.c.shop).where(store.outbox.c.state == "sending")
        lost = uow.connection.execute(query).all()
        again = [each.message for each in lost if repeats(each.shop)]
        if again:
            _QUEUED.run(uow.connection, ids=again)
            _SHOWN_QUEUED.run(uow.connection, ids=again)
        self.settle(uow, [Outcome(each.message, "unknown") for each in lost if each.message not in again])
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

    def _store(self, uow: UnitOfWork, outcomes: Sequence[Outcome], rows: dict[str, Any]) -> None:
        if not outcomes:
            return
        keys = {
            each.message: source_key(self._sealer.ring, rows[each.message].shop, each.source_id)
            for each in outcomes
            if each.source_id
        }
        taken = set(_TAKEN_KEYS.column(uow.connection, keys=list(keys.values()))) if keys else set()
        _SETTLED.run_many(uow.connection, [{"key": each.message, "state": each.state} for each in outcomes])
        delivered = [
            # A key that is taken belongs to a record that came in before we knew it for our own.
            {
                "key": each.message,
                "delivery": each.state,
                "platform_at": each.at,
                "source_key": None if keys.get(each.message) in taken else keys.get(each.message),
            }
            for each in outcomes
            if each.state == "delivered"
        ]
        others = [
            {"key": each.message, "delivery": each.state, "note": each.reason}
            for each in outcomes
            if each.state != "delivered"
        ]
        _DELIVERED.run_many(uow.connection, delivered)
        _NOT_DELIVERED.run_many(uow.connection, others)

    @staticmethod
    def _pass_on(
        uow: UnitOfWork, outcomes: Sequence[Outcome], rows: dict[str, Any], talks: dict[str, Conversation]
    ) -> None:
        """Hand over where the bot has parted, or where nobody knows whether the customer heard it."""
        parting = [each.message for each in outcomes if rows[each.message].then_reason]
        parted = hand_over_parted(uow, parting, actor=COURIER)
        doubtful: dict[str, routing.Place] = {}
        for each in outcomes:
            row = rows[each.message]
            talk = talks[row.conversation]
            if each.state in DOUBTS and not row.then_reason and talk.state == "bot" and talk.id not in parted:
                doubtful[talk.id] = routing.Place(talk, DOUBTS[each.state], talk.skill)
        routing.enqueue(uow, list(doubtful.values()))


DOUBTS = {"unknown": "发送结果未知，请人工确认", "failed": "平台拒收机器人回复"}


def _event(outcome: Outcome, row: Any, origin: str) -> Event:  # noqa: ANN401  # a row of the columns asked for above
    if outcome.state == "delivered":
        return ReplyDelivered(
            outcome.message, row.sender, row.author, origin, outcome.at, parting=bool(row.then_reason)
        )
    if outcome.state == "unknown":
        return DeliveryUnknown(outcome.message)
    if outcome.state == "failed":
        return DeliveryFailed(outcome.message, outcome.reason)
    return ReplyWithdrawn(outcome.message)


def _record(uow: UnitOfWork, talk: Conversation, event: Event) -> None:
    uow.record(event, subject=talk.id, tenant=talk.tenant, shop=talk.shop, actor=COURIER)
