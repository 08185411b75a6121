"""Know what of the past came in live: it has another id in a platform's history than it was pushed with.

A backfill or a file may reach into days a line stood, for lines break. Whatever it brings of a customer from within one
of their live sessions is here already; what they said between sessions was missed, and comes in.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from huiyin.channels.port import Origin
from huiyin.conversations import store
from huiyin.conversations.erased import Said
from huiyin.eventlog.prepared import Prepared
from huiyin.eventlog.unit_of_work import UnitOfWork

BEFORE_MS, AFTER_MS = 5_000, 60_000
"""The first word of a session has the platform's time in both; the last may be a reply, which has ours."""

_LIVE = Prepared(
    sa.select(
        store.customer.c.shop, store.customer.c.ref_index, store.conversation.c.opened_at, store.conversation.c.last_at
    )
    .join(store.conversation, store.conversation.c.customer == store.customer.c.id)
    .where(
        store.customer.c.shop.in_(sa.bindparam("shops", expanding=True)),
        store.customer.c.ref_index.in_(sa.bindparam("indexes", expanding=True)),
        store.conversation.c.origin != Origin.BACKFILL,
    )
)


def heard_live(uow: UnitOfWork, said: Sequence[Said]) -> set[str]:
    """Return the keys of what was said within live sessions of its customer; one query, none for no records."""
    if not said:
        return set()
    sessions: dict[tuple[str, str], list[tuple[int, int]]] = {}
    accounts = {each.key: (each.shop, each.account()) for each in said}
    rows = _LIVE.rows(
        uow.connection, shops=sorted({each.shop for each in said}),
        indexes=sorted({index for _, index in accounts.values()}),
    )  # fmt: skip
    for row in rows:
        sessions.setdefault((row.shop, row.ref_index), []).append((row.opened_at - BEFORE_MS, row.last_at + AFTER_MS))
    return {
        each.key
        for each in said
        if any(since <= each.at <= until for since, until in sessions.get(accounts[each.key], ()))
    }
