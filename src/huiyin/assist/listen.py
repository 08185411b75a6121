"""Note which conversations have something new to think about; the thinking itself happens outside the transaction."""

from collections.abc import Sequence

import sqlalchemy as sa

from huiyin.assist.store import turn
from huiyin.channels.port import Origin, Sender
from huiyin.conversations.events import MessageReceived
from huiyin.eventlog.events import Recorded
from huiyin.eventlog.listening import Listener
from huiyin.eventlog.prepared import Prepared, insert, update_by
from huiyin.eventlog.unit_of_work import UnitOfWork

_PENDING = Prepared(
    sa.select(turn.c.conversation).where(turn.c.conversation.in_(sa.bindparam("subjects", expanding=True)))
)
_MOVED = update_by(turn.c.conversation, "shop", "message", "due_at", "attempts")


def turns_listener() -> Listener:
    """Return the listener that keeps one pending turn per conversation: its newest unanswered message."""

    def handle(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        newest: dict[str, Recorded] = {}
        for each in events:
            event = each.event
            if (
                isinstance(event, MessageReceived)
                and event.sender == Sender.CUSTOMER
                and event.origin != Origin.BACKFILL
            ):
                newest[each.subject] = each
        if not newest:
            return
        pending = set(_PENDING.column(uow.connection, subjects=list(newest)))
        rows = [
            {
                "conversation": subject,
                "shop": each.shop,
                "message": each.event.message,
                "due_at": uow.now_ms(),
                "attempts": 0,
            }
            for subject, each in newest.items()
            if isinstance(each.event, MessageReceived)
        ]
        fresh = [row for row in rows if row["conversation"] not in pending]
        moved = [{"key": row["conversation"], **row} for row in rows if row["conversation"] in pending]
        insert(uow.connection, turn, fresh)
        _MOVED.run_many(uow.connection, moved)

    return Listener("assist.turns", (MessageReceived,), handle)
