"""Mark what was taken back at the platform, in whichever order the message and its recall reach us.

A recall that comes first is kept until its message does. One that names a message we never get is forgotten after a
while: platforms tell recalls of messages that were written before we listened.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from huiyin.channels.port import Inbound
from huiyin.conversations import store
from huiyin.conversations.events import MessageRecalled
from huiyin.conversations.model import Thread
from huiyin.conversations.source_keys import source_key
from huiyin.eventlog.prepared import Prepared
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.ids import TenantId
from huiyin.security.keys import KeyRing

KEPT_MS = 7 * 24 * 60 * 60 * 1000
"""How long a recall waits for its message: as far back as JD lets one call read chat."""

_EARLY = Prepared(
    sa.select(
        store.message.c.id, store.message.c.flags, store.message.c.tenant, store.message.c.shop,
        store.message.c.conversation, store.conversation.c.customer, store.early_recall.c.source_key,
    )
    .join(store.early_recall, store.early_recall.c.source_key == store.message.c.source_key)
    .join(store.conversation, store.conversation.c.id == store.message.c.conversation)
    .where(store.message.c.id.in_(sa.bindparam("ids", expanding=True)))
)  # fmt: skip
_FLAGS = store.message.update().where(store.message.c.id == sa.bindparam("key"))
_FORGET = store.early_recall.delete().where(store.early_recall.c.source_key.in_(sa.bindparam("keys", expanding=True)))


def recall(uow: UnitOfWork, ring: KeyRing, inbound: Inbound, thread: Thread, actor: Actor) -> str:
    """Mark the recalled message and return its id; "" for one we do not have, whose recall is kept for it."""
    source_id = inbound.content.data.get("source_id", "")
    if not source_id:
        return ""
    key = source_key(ring, thread.shop, source_id)
    columns = store.message.c
    row = uow.connection.execute(sa.select(columns.id, columns.flags).where(columns.source_key == key)).one_or_none()
    if row is None:
        _keep(uow, key)
        return ""
    if "recalled" not in row.flags:
        uow.connection.execute(_FLAGS, [{"key": row.id, "flags": _with_recalled(row.flags)}])
        uow.record(MessageRecalled(row.id), subject=thread.id, tenant=thread.tenant, shop=thread.shop, actor=actor)
    return str(row.id)


def apply_early(uow: UnitOfWork, messages: Sequence[str]) -> int:
    """Mark those of the messages whose recall came before them; return how many there were.

    A recall may be told twice, before its message and after it, and the second one may have marked the message by now.
    """
    found = _EARLY.rows(uow.connection, ids=list(messages))
    if not found:
        return 0
    uow.connection.execute(_FORGET, {"keys": [row.source_key for row in found]})
    rows = [row for row in found if "recalled" not in row.flags.split(",")]
    if not rows:
        return 0
    uow.follow({row.conversation for row in rows})
    uow.connection.execute(_FLAGS, [{"key": row.id, "flags": _with_recalled(row.flags)} for row in rows])
    for row in rows:
        uow.record(
            MessageRecalled(row.id), subject=row.conversation, tenant=row.tenant, shop=row.shop,
            actor=Actor(ActorKind.CUSTOMER, row.customer, "", TenantId(row.tenant)),
        )  # fmt: skip
    return len(rows)


def _keep(uow: UnitOfWork, key: str) -> None:
    columns = store.early_recall.c
    uow.connection.execute(store.early_recall.delete().where(columns.at < uow.now_ms() - KEPT_MS))
    known = uow.connection.execute(sa.select(columns.at).where(columns.source_key == key)).scalar()
    if known is None:
        uow.connection.execute(store.early_recall.insert().values(source_key=key, at=uow.now_ms()))


def _with_recalled(flags: str) -> str:
    return ",".join(filter(None, [flags, "recalled"]))
