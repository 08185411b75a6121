"""Recognise our own words when the platform tells them back after their customer was shredded.

A reply that was pasted by hand, or whose delivery a person settled, has no id of the platform's yet: a later poll
brings it. Whoever it was for is gone, so it would found them anew, with our words. What stands for its id instead is
made, with the house's key, of the account and the words together; neither can be read from it, and it is looked for in
the same query as every other record.
"""

import sqlalchemy as sa

from huiyin.channels.port import Inbound
from huiyin.conversations import store
from huiyin.conversations.echoes import fingerprint, may_be_told_back
from huiyin.eventlog.prepared import update_by
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.clock import to_ms
from huiyin.security.keys import HOUSE, KeyRing

WITHIN_MS = 24 * 60 * 60 * 1000
"""How long after we wrote them the platform may say that our words stood there."""

_NAMED = update_by(store.message.c.id, "source_key")


def keep_told(uow: UnitOfWork, ring: KeyRing, ref_index: str, conversations: sa.Select[tuple[str]]) -> None:
    """Name replies that may be told back yet, of a customer who is about to lose their index, by account and words."""
    columns = store.message.c
    query = sa.select(columns.id, columns.shop, columns.reply_mac).where(
        columns.conversation.in_(conversations), columns.reply_mac != "", may_be_told_back()
    )
    rows = uow.connection.execute(query.order_by(columns.id)).all()
    # The same words more than once: the newest stands for them all, also for those of an earlier shredding.
    newest = {_key(uow, ring, row.shop, ref_index, row.reply_mac): row.id for row in rows}
    earlier = store.message.update().where(columns.source_key.in_(list(newest))).values(source_key=None)
    uow.connection.execute(earlier)
    _NAMED.run_many(uow.connection, [{"key": message, "source_key": key} for key, message in newest.items()])


def told_key(uow: UnitOfWork, ring: KeyRing, tenant: str, inbound: Inbound) -> str:
    """Return the key of a record of the shop's own side, had it been our reply to somebody who was shredded since."""
    ref_index = ring.index(uow, tenant, "customer", inbound.customer_ref)
    return _key(uow, ring, inbound.shop, ref_index, fingerprint(uow, ring, tenant, inbound.content.text))


def is_told(inbound: Inbound, written_at: int) -> bool:
    """Tell whether a record is of the time of the reply it repeats: the same words of another day are new."""
    return to_ms(inbound.platform_at) <= written_at + WITHIN_MS


def _key(uow: UnitOfWork, ring: KeyRing, shop: str, *parts: str) -> str:
    return f"{shop}:told-{ring.index(uow, HOUSE, 'record', '|'.join(parts))}"
