"""The bot's parting words lead to people, however they were settled: by an answer, by an echo, or not said at all.

Whoever settles them calls `hand_over_parted`, also the listener of echoes: where a process dies between an echo and
the platform's answer, the hand-over stands in the log and is still to come.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from huiyin.conversations import handing, store
from huiyin.conversations.access import COLUMNS, Conversation
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor

_turn = store.assignment.c
# Ids are ordered by time: words older than the bot's present turn belong to an earlier one, and lead nowhere now.
_BOTS_TURN = sa.select(sa.func.max(_turn.id)).where(_turn.conversation == store.conversation.c.id, _turn.desk == "bot")
_PARTED = (
    sa.select(*COLUMNS, store.outbox.c.then_reason, store.outbox.c.then_skill)
    .join(store.outbox, store.outbox.c.conversation == store.conversation.c.id)
    .where(
        store.outbox.c.message.in_(sa.bindparam("ids", expanding=True)),
        store.outbox.c.then_reason != "",
        store.conversation.c.state == "bot",
        store.outbox.c.message > sa.func.coalesce(_BOTS_TURN.scalar_subquery(), ""),
    )
    .order_by(store.outbox.c.message)
)


def hand_over_parted(uow: UnitOfWork, messages: Sequence[str], *, actor: Actor) -> set[str]:
    """Hand over what the bot parted from with these replies and still has; return those conversations."""
    if not messages:
        return set()
    rows = uow.connection.execute(_PARTED, {"ids": list(messages)})
    handed = {
        row.id: handing.Handed(Conversation(*row[: len(COLUMNS)]), row.then_reason, row.then_skill) for row in rows
    }
    handing.hand_over(uow, list(handed.values()), actor=actor)
    return set(handed)
