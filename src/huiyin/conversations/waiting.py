"""Reckon anew since when a customer waits: a reply turned out not to be said, or to be said after all.

A reply counts as an answer when it is approved, so that the desk is quick. When it fails, is withdrawn or nobody
knows, the customer waits again since the first word it was to answer, not since the failure.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.events import ConversationClosed
from huiyin.conversations.model import Word, first_unanswered
from huiyin.eventlog import views as eventlog
from huiyin.eventlog.events import kind_of
from huiyin.eventlog.unit_of_work import UnitOfWork

_columns = store.message.c
_WORDS = (
    sa.select(
        _columns.conversation, _columns.version, _columns.sender, _columns.platform_at, _columns.delivery,
        store.outbox.c.message.is_not(None).label("leaves"), store.outbox.c.then_reason,
    )
    .outerjoin(store.outbox, store.outbox.c.message == _columns.id)
    .where(_columns.conversation.in_(sa.bindparam("ids", expanding=True)))
    .order_by(_columns.conversation, _columns.version)
)  # fmt: skip
_state = store.conversation.c.state
_SINCE = (
    store.conversation.update()
    # Not `in_`: its list of parameters cannot be used for many rows at once.
    .where(store.conversation.c.id == sa.bindparam("key"), _state != "closed", _state != "recorded")
    .values(waiting_since=sa.bindparam("since"))
)


def reckon_waiting(uow: UnitOfWork, conversations: Iterable[str]) -> None:
    """Set since when each customer waits from what was said; closed conversations wait for nobody."""
    ids = sorted(set(conversations))
    if not ids:
        return
    closed = eventlog.latest(uow.connection, ids, kind_of(ConversationClosed))
    rows = uow.connection.execute(_WORDS, {"ids": ids}).all()
    talks = groupby(rows, lambda row: str(row.conversation))
    since = {
        talk: first_unanswered([_word(row) for row in found if row.version > closed.get(talk, 0)])
        for talk, found in talks
    }
    if since:
        uow.connection.execute(_SINCE, [{"key": talk, "since": at} for talk, at in since.items()])


def _word(row: Any) -> Word:  # noqa: ANN401  # a row of the columns asked for above
    return Word(
        row.version, row.sender, row.platform_at, row.delivery, leaves=row.leaves, parting=bool(row.then_reason)
    )
