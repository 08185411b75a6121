"""Put what happened into the queue of every endpoint that asked for it, in the transaction of the listener's place.

One query a turn where nobody asks for anything; two queries and one insert else, however many events there are.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from huiyin.conversations.origins import origins
from huiyin.eventlog.events import Recorded
from huiyin.eventlog.listening import Listener
from huiyin.eventlog.prepared import Prepared, insert
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.ids import new_id
from huiyin.kernel.wire import decode
from huiyin.webhooks.kinds import CONVERSATION, KINDS, LIVE, body_of, named
from huiyin.webhooks.store import delivery, webhook

_LISTENING = Prepared(
    sa.select(webhook.c.id, webhook.c.tenant, webhook.c.kinds, webhook.c.shops, webhook.c.since).where(
        webhook.c.state == sa.bindparam("state")
    )
)


def webhooks_listener() -> Listener:
    """Return the listener that fills the queues."""

    def handle(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        asking = [_Asking(row) for row in _LISTENING.rows(uow.connection, state="on")]
        wanted = [(each, one) for each in events for one in asking if one.wants(each)]
        if not wanted:
            return
        old = _brought_in(uow, [each for each, _ in wanted])
        now = uow.now_ms()
        rows = [
            {
                "id": new_id(), "webhook": one.id, "position": each.position, "kind": named(each.event),
                "body": body_of(each), "state": "waiting", "attempts": 0, "created_at": now, "due_at": now,
                "last_at": None, "status": None, "error": "",
            }
            for each, one in wanted
            if each.subject not in old
        ]  # fmt: skip
        insert(uow.connection, delivery, rows)

    return Listener("webhooks.queue", tuple(KINDS), handle)


class _Asking:
    """An endpoint, and what it asked for."""

    def __init__(self, row: Any) -> None:  # noqa: ANN401  # a database row has no static type
        self.id = row.id
        self._tenant, self._since = row.tenant, row.since
        self._kinds, self._shops = frozenset(decode(row.kinds)), frozenset(decode(row.shops))

    def wants(self, recorded: Recorded) -> bool:
        """Tell whether an event is of its organisation, of a shop and kind it asked for, and later than itself."""
        return (
            recorded.tenant == self._tenant
            and recorded.position > self._since
            and named(recorded.event) in self._kinds
            and (not self._shops or recorded.shop in self._shops)
        )


def _brought_in(uow: UnitOfWork, events: Sequence[Recorded]) -> set[str]:
    """Return the conversations among some events' subjects that are history, a replay or a drill."""
    subjects = {each.subject for each in events if KINDS[type(each.event)].about == CONVERSATION}
    found = origins(uow.connection, subjects) if subjects else {}
    return {subject for subject, origin in found.items() if origin not in LIVE}
