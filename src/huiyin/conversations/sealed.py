"""What the hall keeps sealed, and what else leads back to a customer."""

from collections.abc import Mapping

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.security.resealing import SealedColumn

SEALED = (
    SealedColumn(store.customer, "ref_sealed", "ref"),
    SealedColumn(store.message, "body", "body"),
    SealedColumn(store.message, "original", "original"),
    SealedColumn(store.transfer_note, "body", "body"),
)
"""Drafts offered to an agent are sealed, too; they are replaced within minutes, so no rotation seals them anew."""


def scrub_customer(uow: UnitOfWork, tenant: str, subject: str) -> Mapping[str, int]:
    """Take away what leads back to a customer whose key is destroyed; tell how many sealed rows there are.

    Their index at the platform is replaced: whoever writes from that account again is somebody new. Numbers of orders
    and of the platform's sessions go, since the platform knows whose they are; fingerprints of replies go, since one
    can be guessed at.
    """
    customer, message, note = store.customer.c, store.message.c, store.transfer_note.c
    here = sa.and_(customer.id == subject, customer.tenant == tenant)
    gone = store.customer.update().where(here).values(ref_index=f"shredded:{subject}")
    if not uow.connection.execute(gone).rowcount:
        return {}
    talk = store.conversation.c
    uow.connection.execute(
        store.conversation.update().where(talk.customer == subject).values(session_ref="", order_ref="")
    )
    theirs = sa.select(store.conversation.c.id).where(store.conversation.c.customer == subject)
    messages = uow.connection.execute(
        store.message.update().where(message.conversation.in_(theirs)).values(reply_mac="")
    ).rowcount
    notes = uow.connection.execute(
        sa.select(sa.func.count()).select_from(store.transfer_note).where(note.conversation.in_(theirs))
    ).scalar_one()
    return {"customer": 1, "message": int(messages), "transfer_note": int(notes)}
