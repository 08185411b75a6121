"""Reveal: show a person one masked stretch of a message, for a purpose and within a quota, and write it down.

The row here and the entry of the audit are made in one transaction: what is not written down is not shown. Nothing is
opened in bulk, and no word besides the stretch asked for.
"""

from typing import Literal, NamedTuple, NoReturn

import sqlalchemy as sa

from huiyin.audit.traces import Trace
from huiyin.audit.writing import WITHHELD, Entry, Value, typed, write_down
from huiyin.conversations import store
from huiyin.conversations.access import STEERING, Conversation, access_conversation, check_at_desk
from huiyin.conversations.bodies import Bodies
from huiyin.conversations.expiring import ALL
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import InvalidError, NotFoundError, TooManyError
from huiyin.kernel.ids import new_id
from huiyin.kernel.units import Seconds
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right

REVEALING = Right(Resource.PERSONAL_DATA, Action.REVEAL)
REVEALS = Trace("personal_data.revealed", "reveal", told_by="reveal", lasting=True)
"""Every row has its entry, and every entry its row."""
PURPOSES = ("delivery", "address_change", "refund", "invoice", "after_sale", "complaint")
HOUR_MS = 3600 * 1000


class Quota(NamedTuple):
    """How many different stretches one person may see within an hour, and within a day.

    The same one seen again within that time tells nothing new: it is written down each time, and counts once.
    """

    an_hour: int
    a_day: int


LOOKS_AN_HOUR = 60
"""How often one may look in an hour in all, the same stretch again included: each look is a row and an entry."""
QUOTA = Quota(10, 40)
"""An agent answers some hundred customers a day; few of them ask for what only their number or address can settle."""


class Stretch(NamedTuple):
    """Which stretch of which message somebody wants to see, counted from 0, and what for."""

    message: str
    place: int
    purpose: str


class Revealed(NamedTuple):
    """What was seen: `id` is that of the row written down; `left` is how many more the person may see this hour."""

    id: str
    kind: str
    text: str
    at: int
    left: int


class Revealing:
    """Shows what is masked."""

    def __init__(self, bodies: Bodies) -> None:
        """Open originals with `bodies`."""
        self._bodies = bodies

    def reveal(self, uow: UnitOfWork, conversation_id: str, wanted: Stretch, *, actor: Actor) -> Revealed:
        """Return the plain text of one masked stretch.

        An agent sees those of conversations on their own desk, whoever steers those of their shops.

        Raises:
            InvalidError: for a purpose that does not exist.
            NotFoundError: no such conversation, message or stretch, or one of a kind the actor may not see; or erased.
            ConflictError: the conversation is not on the actor's desk.
            TooManyError: the person saw as many as they may within this hour or day; says for how long.

        """
        if wanted.purpose not in PURPOSES:
            message = f"{wanted.purpose!r} is no purpose to reveal for"
            raise InvalidError(message, remedy=f"Use one of {', '.join(PURPOSES)}.", code="choice")
        conversation = access_conversation(uow.connection, conversation_id, actor=actor)
        if not may(actor, STEERING, shop=conversation.shop):
            check_at_desk(conversation, actor=actor)
        kind, text = self._stretch(uow, conversation, wanted, actor)
        left = _check_quota(uow, wanted, actor)
        return Revealed(_written_down(uow, conversation, wanted, kind, actor), kind, text, uow.now_ms(), left)

    def _stretch(self, uow: UnitOfWork, conversation: Conversation, wanted: Stretch, actor: Actor) -> tuple[str, str]:
        columns, talk = store.message.c, store.conversation.c
        sealed, kept = uow.connection.execute(
            sa.select(columns.original, talk.kept)
            .join(store.conversation, talk.id == columns.conversation)
            .where(columns.id == wanted.message, talk.id == conversation.id)
        ).one_or_none() or (None, ALL)
        if kept != ALL:
            message = "the merchant keeps originals no longer than this"
            raise NotFoundError(
                message, remedy="What was masked is gone for good; the masked words stay.", code="reveal_expired"
            )
        if sealed is not None:
            original = self._bodies.open_original(uow.connection, conversation.tenant, wanted.message, sealed)
            if 0 <= wanted.place < len(original.hidden):
                start, end, kind = original.hidden[wanted.place]
                if may(actor, REVEALING, field=kind, shop=conversation.shop):
                    return kind, original.content.text[start:end]
        message = "there is nothing here to reveal"
        raise NotFoundError(
            message, remedy="It may have been erased, or be of a kind your role does not see.", code="reveal_gone"
        )


def refused(conversation: Conversation, wanted: Stretch, why: str, *, actor: Actor) -> Entry:
    """Return the audit's entry of a wish that was not granted, for a command of its own."""
    return _entry(conversation, wanted, actor, "refused", {"why": why})


def refused_elsewhere(conversation: str, wanted: Stretch, *, actor: Actor) -> Entry:
    """Return the audit's entry of a wish for what is not the actor's, or is nowhere; it stands with their own side."""
    named = typed(conversation)
    detail = {"conversation": named, "message": typed(wanted.message), "place": wanted.place, "why": "notfound"}
    return Entry(
        action=REVEALS.action, actor=actor, tenant=actor.tenant, subject=named, outcome="refused", detail=detail
    )


def _entry(
    conversation: Conversation,
    wanted: Stretch,
    actor: Actor,
    outcome: Literal["done", "refused"],
    more: dict[str, Value],
) -> Entry:
    purpose = wanted.purpose if wanted.purpose in PURPOSES else WITHHELD
    asked = {"message": typed(wanted.message), "place": wanted.place, "purpose": purpose}
    return Entry(
        action=REVEALS.action,
        actor=actor,
        tenant=conversation.tenant,
        subject=conversation.customer,
        outcome=outcome,
        detail={"conversation": conversation.id, **asked, **more},
    )


def _check_quota(uow: UnitOfWork, wanted: Stretch, actor: Actor) -> int:
    """Return how many more stretches the person may see within this hour, after the one wanted."""
    columns = store.reveal.c
    now = uow.now_ms()
    last_seen = (
        sa.select(
            columns.message,
            columns.place,
            sa.func.max(columns.at),
            sa.func.sum(sa.case((columns.at > now - HOUR_MS, 1), else_=0)),
        )
        .where(columns.person == actor.id, columns.at > now - 24 * HOUR_MS)
        .group_by(columns.message, columns.place)
    )
    same = (wanted.message, wanted.place)
    rows = list(uow.connection.execute(last_seen))
    seen = [at for message, place, at, _ in rows if (message, place) != same]
    if sum(int(looks) for *_, looks in rows) >= LOOKS_AN_HOUR:
        _refuse(LOOKS_AN_HOUR, now + HOUR_MS, now, "reveal_hour")
    left = QUOTA.a_day
    for most, length, code in ((QUOTA.a_day, 24 * HOUR_MS, "reveal_day"), (QUOTA.an_hour, HOUR_MS, "reveal_hour")):
        others = [at for at in seen if at > now - length]
        if len(others) >= most:
            _refuse(len(others), min(others) + length, now, code)
        left = min(left, most - len(others) - 1)
    return left


def _refuse(number: int, again: int, now: int, code: str) -> NoReturn:
    message = f"you have seen {number} pieces of personal data, as many as one may in this time"
    remedy = f"Ask your team lead, or go on after {from_ms(again).isoformat(timespec='minutes')}."
    raise TooManyError(message, retry_after=Seconds((again - now) / 1000), remedy=remedy, code=code)


def _written_down(uow: UnitOfWork, conversation: Conversation, wanted: Stretch, kind: str, actor: Actor) -> str:
    reveal = new_id()
    uow.connection.execute(
        store.reveal.insert().values(
            id=reveal, tenant=conversation.tenant, shop=conversation.shop, conversation=conversation.id,
            message=wanted.message, place=wanted.place, kind=kind, purpose=wanted.purpose, person=actor.id,
            proof=actor.proof.id, at=uow.now_ms(),
        )
    )  # fmt: skip
    write_down(uow, _entry(conversation, wanted, actor, "done", {"reveal": reveal, "kind": kind}))
    return reveal
