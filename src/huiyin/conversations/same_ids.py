"""Tell apart records of a file that bear one id and are not the same.

A platform's own line gives every message an id of its own. Files need not: some count from 1 in each session. There an
id alone names nobody, so it is taken for the record on file only where customer and moment agree as well.
"""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.inbox import Arrival
from huiyin.conversations.source_keys import source_key
from huiyin.eventlog.prepared import Prepared
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.clock import to_ms
from huiyin.security.keys import KeyRing

WITHIN_MS = 60 * 1000
"""How far two tellings of one message lie apart at most: files may write no seconds."""
GONE = ("shredded:", "expired:")
"""What stands in place of the index of a customer nobody may find again."""

_KNOWN = Prepared(
    sa.select(store.message.c.source_key, store.message.c.platform_at, store.customer.c.ref_index)
    .join(store.conversation, store.conversation.c.id == store.message.c.conversation)
    .join(store.customer, store.customer.c.id == store.conversation.c.customer)
    .where(store.message.c.source_key.in_(sa.bindparam("keys", expanding=True)))
)


def told_apart(uow: UnitOfWork, ring: KeyRing, arrivals: Sequence[Arrival], others: Sequence[str]) -> list[Arrival]:
    """Return the arrivals, those whose id stands for another record under the other id given for each.

    `others` holds an id made of what a record says; "" for records whose own id is made so already.
    """
    named = [each.key for each, other in zip(arrivals, others, strict=True) if other]
    if not named:
        return list(arrivals)
    found = {row.source_key: (row.platform_at, row.ref_index) for row in _KNOWN.rows(uow.connection, keys=named)}
    apart = []
    for each, other in zip(arrivals, others, strict=True):
        at = to_ms(each.inbound.platform_at)
        who = ring.index(uow, each.shop.tenant, "customer", each.inbound.customer_ref)
        known_at, known_who = found.setdefault(each.key, (at, who)) if other else (at, who)
        same = abs(at - known_at) < WITHIN_MS and (known_who == who or known_who.startswith(GONE))
        apart.append(each if same else _named(ring, each, other))
    return apart


def _named(ring: KeyRing, arrival: Arrival, source_id: str) -> Arrival:
    inbound = msgspec.structs.replace(arrival.inbound, source_id=source_id)
    return arrival._replace(inbound=inbound, key=source_key(ring, arrival.shop.id, source_id))
