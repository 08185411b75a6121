"""What the hall keeps sealed, and what else leads back to a customer."""

from collections.abc import Mapping

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.access import COLUMNS, OVER, Conversation
from huiyin.conversations.erased import note_erased
from huiyin.conversations.events import ConversationErased
from huiyin.conversations.handing import finish
from huiyin.conversations.model import UNSETTLED
from huiyin.conversations.told_back import keep_told
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import system
from huiyin.kernel.errors import ConflictError
from huiyin.security.keys import KeyRing
from huiyin.security.resealing import SealedColumn

SEALED = (
    SealedColumn(store.customer, "ref_sealed", "ref"),
    SealedColumn(store.message, "body", "body"),
    SealedColumn(store.message, "original", "original"),
    SealedColumn(store.transfer_note, "body", "body"),
)
"""Drafts offered to an agent are sealed, too; they are replaced within minutes, so no rotation seals them anew."""


def check_at_rest(uow: UnitOfWork, tenant: str, subject: str) -> None:
    """Refuse to shred a customer to whom somebody talks, or whose last reply is not settled.

    Raises:
        ConflictError: a conversation is under way, or a reply on its way or of unknown outcome.

    """
    talk = store.conversation.c
    theirs = sa.and_(talk.customer == subject, talk.tenant == tenant)
    open_ones = sa.select(talk.id).where(theirs, talk.state.not_in(OVER)).limit(1)
    if uow.connection.execute(open_ones).first() is not None:
        message = "they are in a conversation that is not over"
        remedy = "Let whoever has it, or a team lead, end it first; the bot's end after ten quiet minutes."
        raise ConflictError(message, remedy=remedy, code="shred_under_way")
    out = store.outbox.c
    replies = sa.select(out.message).join(store.conversation, talk.id == out.conversation)
    if uow.connection.execute(replies.where(theirs, out.state.in_(UNSETTLED)).limit(1)).first() is not None:
        message = "a reply to them is on its way, or nobody knows whether it arrived"
        remedy = "Let a team lead settle it in the conversation first: what stands in the platform's window?"
        raise ConflictError(message, remedy=remedy, code="shred_unsettled")


def scrub_customer(uow: UnitOfWork, ring: KeyRing, tenant: str, subject: str) -> Mapping[str, int]:
    """Take away what leads back to a customer whose key is destroyed; tell how many sealed rows there are.

    Their index at the platform is replaced: whoever writes from that account again is somebody new, and what they said
    before does not come in again (`erased`). Numbers of orders and of the platform's sessions go, since the platform
    knows whose they are; fingerprints of replies go, since one can be guessed at. Replies the platform may tell back
    yet are named so that they are known then (`told_back`).
    """
    customer, message, note = store.customer.c, store.message.c, store.transfer_note.c
    here = sa.and_(customer.id == subject, customer.tenant == tenant)
    row = uow.connection.execute(sa.select(customer.shop, customer.ref_index).where(here)).one_or_none()
    if row is None:
        return {}
    ref_index = row.ref_index
    if ":" not in ref_index:  # what stands for an account that was let go of is no index
        note_erased(uow, row.shop, ref_index)
    talk = store.conversation.c
    theirs = sa.select(talk.id).where(talk.customer == subject)
    keep_told(uow, ring, ref_index, theirs)
    uow.connection.execute(store.customer.update().where(here).values(ref_index=f"shredded:{subject}"))
    _end(uow, subject)
    _tell(uow, subject)
    uow.connection.execute(
        store.conversation.update().where(talk.customer == subject).values(session_ref="", order_ref="")
    )
    messages = uow.connection.execute(
        store.message.update().where(message.conversation.in_(theirs)).values(reply_mac="")
    ).rowcount
    notes = uow.connection.execute(
        sa.select(sa.func.count()).select_from(store.transfer_note).where(note.conversation.in_(theirs))
    ).scalar_one()
    return {"customer": 1, "message": int(messages), "transfer_note": int(notes)}


def _tell(uow: UnitOfWork, customer: str) -> None:
    """Say of each conversation that it is erased, for whoever keeps something derived from its words."""
    columns = store.conversation.c
    rows = uow.connection.execute(
        sa.select(columns.id, columns.tenant, columns.shop).where(columns.customer == customer)
    )
    found = list(rows)
    uow.follow(each.id for each in found)
    for each in found:
        uow.record(ConversationErased(), subject=each.id, tenant=each.tenant, shop=each.shop, actor=system("shredding"))


def _end(uow: UnitOfWork, customer: str) -> None:
    """End what is open still: in an earlier database, under which somebody's destroyed keys were put back."""
    columns = store.conversation.c
    rows = uow.connection.execute(sa.select(*COLUMNS).where(columns.customer == customer, columns.state.not_in(OVER)))
    found = [Conversation(*row) for row in rows]
    uow.follow(each.id for each in found)
    for each in found:
        finish(uow, each, "other", actor=system("shredding"))
