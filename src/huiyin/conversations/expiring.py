"""Let go of what a merchant no longer keeps of conversations that are over, a few at a time.

First the originals go, which only revealing opens: masks stay masks. Later everything that was said: who served when,
how long it took and what inspection found stay, for figures and settlement need no words. A legal hold outranks both.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.events import ConversationExpired
from huiyin.conversations.model import UNSETTLED
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor

ALL, MASKED, NOTHING = "all", "masked", "nothing"
LEFT = {MASKED: (ALL,), NOTHING: (ALL, MASKED)}
"""What a conversation may still have before only so much of it is kept."""


class Due(NamedTuple):
    """Conversations of a tenant that last moved before a moment (milliseconds) and keep more than `kept`.

    Those of the customers in `held` are left alone, and those with a reply of which nobody knows whether it arrived.
    """

    tenant: str
    kept: str
    before: int
    held: Collection[str] = ()


def number_due(connection: sa.Connection, due: Due, most: int) -> int:
    """Return how many conversations are due, `most` if there are more."""
    ids = sa.select(store.conversation.c.id).where(_due(due)).limit(most).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(ids)).scalar_one())


def oldest_due(connection: sa.Connection, due: Due, limit: int) -> list[str]:
    """Return some conversations that are due, the oldest first."""
    talk = store.conversation.c
    query = sa.select(talk.id).where(_due(due)).order_by(talk.last_at).limit(limit)
    return list(connection.execute(query).scalars())


def expire(uow: UnitOfWork, due: Due, ids: Sequence[str], *, actor: Actor) -> None:
    """Keep no more than `due.kept` of some conversations that are due."""
    talk = store.conversation.c
    rows = uow.connection.execute(sa.select(talk.id, talk.shop, talk.customer).where(talk.id.in_(ids))).all()
    values = {"kept": due.kept}
    if due.kept == NOTHING:
        _let_go_of_words(uow, ids)
        values |= {"session_ref": "", "order_ref": ""}
    else:
        msg = store.message.c
        mine = sa.and_(msg.conversation.in_(ids), msg.original.is_not(None))
        uow.connection.execute(store.message.update().where(mine).values(original=None))
    uow.connection.execute(store.conversation.update().where(talk.id.in_(ids)).values(values))
    if due.kept == NOTHING:
        _let_go_of_customers(uow, {row.customer for row in rows})
    uow.follow(ids)
    for row in rows:
        uow.record(ConversationExpired(due.kept), subject=row.id, tenant=due.tenant, shop=row.shop, actor=actor)


def _due(due: Due) -> sa.ColumnElement[bool]:
    talk, out = store.conversation.c, store.outbox.c
    unsettled = sa.exists().where(out.conversation == talk.id, out.state.in_(UNSETTLED))
    return sa.and_(
        talk.tenant == due.tenant, talk.kept.in_(LEFT[due.kept]), talk.last_at < due.before, sa.text(_OVER),
        talk.customer.not_in(sorted(due.held)), ~unsettled,
    )  # fmt: skip


_OVER = f"conversation.{store.IS_OVER.text}"


def _let_go_of_words(uow: UnitOfWork, ids: Sequence[str]) -> None:
    msg, note = store.message.c, store.transfer_note.c
    gone = {"body": b"", "original": None, "reply_mac": ""}
    uow.connection.execute(store.message.update().where(msg.conversation.in_(ids)).values(gone))
    uow.connection.execute(store.transfer_note.delete().where(note.conversation.in_(ids)))


def _let_go_of_customers(uow: UnitOfWork, customers: Collection[str]) -> None:
    """Forget the accounts of those of whom nothing is left: whoever writes from there again is somebody new."""
    talk, customer = store.conversation.c, store.customer.c
    more = sa.exists().where(talk.customer == customer.id, talk.kept != NOTHING)
    uow.connection.execute(
        store.customer.update()
        .where(customer.id.in_(sorted(customers)), ~more)
        .values(ref_sealed=b"", ref_index=sa.literal("expired:") + customer.id)
    )
