"""Note which conversations have something new to think about; the thinking itself happens outside the transaction."""

from collections.abc import Sequence

import sqlalchemy as sa

from huiyin.assist.store import turn
from huiyin.channels.port import Origin, Sender
from huiyin.conversations.events import MessageReceived
from huiyin.eventlog.events import Recorded
from huiyin.eventlog.listening import Listener
from huiyin.eventlog.unit_of_work import UnitOfWork


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
        pending = set(
            uow.connection.execute(sa.select(turn.c.conversation).where(turn.c.conversation.in_(newest))).scalars()
        )
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
        if fresh:
            uow.connection.execute(turn.insert(), fresh)
        if moved:
            uow.connection.execute(turn.update().where(turn.c.conversation == sa.bindparam("key")), moved)

    return Listener("assist.turns", (MessageReceived,), handle)
