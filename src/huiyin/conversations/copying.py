"""The read tier's way out: a checked draft is pasted into the platform's own window by the agent.

The words are recognised when they are polled back (`echoes`); until then the reply counts as copied, not delivered.
"""

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.conversations import store
from huiyin.conversations.access import access_conversation, check_at_desk
from huiyin.conversations.events import ReplyCopied
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import NotFoundError


def mark_copied(uow: UnitOfWork, conversation_id: str, message: str, *, actor: Actor) -> None:
    """Note that an approved reply was pasted by hand.

    Raises:
        NotFoundError: if the conversation has no such reply waiting to be copied.

    """
    conversation = access_conversation(uow.connection, conversation_id, actor=actor)
    check_at_desk(conversation, actor=actor)
    columns = store.message.c
    reply = sa.and_(columns.id == message, columns.conversation == conversation.id)
    state = uow.connection.execute(sa.select(columns.delivery).where(reply)).scalar()
    if state == "copied":
        return
    if state != "approved":
        message_ = "there is no such reply to copy"
        raise NotFoundError(message_, remedy="Check the draft again and copy the new one.", code="reply_gone")
    uow.connection.execute(store.message.update().where(reply).values(delivery="copied"))
    uow.connection.execute(
        store.conversation.update()
        .where(store.conversation.c.id == conversation.id)
        .values(waiting_since=None, unread=0)
    )
    uow.record(
        ReplyCopied(message), subject=conversation.id, tenant=conversation.tenant, shop=conversation.shop, actor=actor
    )
    detail = {"conversation": conversation.id, "shop": conversation.shop}
    write_down(
        uow, Entry(action="reply.copied", actor=actor, tenant=conversation.tenant, subject=message, detail=detail)
    )
