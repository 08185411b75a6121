"""The conversations that a batch of records touches: loaded together, saved together."""

import sqlalchemy as sa

from huiyin.channels.port import Inbound
from huiyin.conversations import store
from huiyin.conversations.events import ConversationOpened, ConversationReopened, ConversationReordered
from huiyin.conversations.model import MOVING, SAME_SESSION_MS, Thread
from huiyin.conversations.waiting import reckon_waiting
from huiyin.eventlog.prepared import Prepared, insert, update_by
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.ids import TenantId
from huiyin.org.views import Shop

_OPEN = Prepared(
    sa.select(store.conversation)
    .where(
        store.conversation.c.customer.in_(sa.bindparam("customers", expanding=True)),
        store.conversation.c.kept != "nothing",
        sa.or_(store.conversation.c.state != "closed", store.conversation.c.closed_at >= sa.bindparam("since")),
    )
    .order_by(store.conversation.c.opened_at)
)

_MOVED = update_by(store.conversation.c.id, *MOVING)


class Threads:
    """The conversations a batch touches: loaded together, saved together."""

    def __init__(self, uow: UnitOfWork, customers: set[str]) -> None:
        """Load what the customers have open, and what was closed just now."""
        self._uow = uow
        since = uow.now_ms() - SAME_SESSION_MS
        rows = _OPEN.rows(uow.connection, customers=list(customers), since=since)
        self._threads: dict[str, list[Thread]] = {}
        for row in rows:
            self._threads.setdefault(row.customer, []).append(Thread.of(row))
        uow.follow(thread.id for threads in self._threads.values() for thread in threads)

    def for_record(self, inbound: Inbound, shop: Shop, customer: str) -> Thread:
        """Return the conversation a record belongs to, opening or reopening one where needed."""
        actor = Actor(ActorKind.CUSTOMER, customer, "", TenantId(shop.tenant))
        mine = self._threads.setdefault(customer, [])
        thread = next((each for each in reversed(mine) if each.takes(inbound)), None)
        if thread is None:
            thread = Thread.opened(inbound, customer, shop)
            mine.append(thread)
            self._uow.begin(thread.id)
            self._uow.record(
                ConversationOpened(thread.id, customer, inbound.origin, thread.opened_at),
                subject=thread.id, tenant=shop.tenant, shop=shop.id, actor=actor,
            )  # fmt: skip
        elif thread.state == "closed":
            thread.reopen()
            self._uow.record(
                ConversationReopened(thread.id, inbound.origin),
                subject=thread.id, tenant=shop.tenant, shop=shop.id, actor=actor,
            )  # fmt: skip
        return thread

    def save(self) -> None:
        """Write every conversation that changed."""
        threads = [thread for threads in self._threads.values() for thread in threads if thread.changed]
        for each in threads:
            if each.reordered:
                actor = Actor(ActorKind.CUSTOMER, each.customer, "", TenantId(each.tenant))
                self._uow.record(
                    ConversationReordered(each.opened_at),
                    subject=each.id, tenant=each.tenant, shop=each.shop, actor=actor,
                )  # fmt: skip
        fresh = [each.row() for each in threads if each.fresh]
        moved = [{"key": each.id, **each.moving()} for each in threads if not each.fresh]
        insert(self._uow.connection, store.conversation, fresh)
        _MOVED.run_many(self._uow.connection, moved)
        reckon_waiting(self._uow, [each.id for threads in self._threads.values() for each in threads if each.echoed])
