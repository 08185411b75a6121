"""Recognise our own replies when the platform tells them back.

A delivered reply carries the platform's message id and is known by it. One whose delivery is unknown, or that
an agent copied by hand, is known by its words: same conversation, same keyed fingerprint, not yet confirmed.
A reply that a person settled (`settling`) is known the same way: the platform's word replaces the person's.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from huiyin.channels.port import Inbound
from huiyin.conversations import store
from huiyin.conversations.events import EchoRecognised
from huiyin.conversations.model import Thread
from huiyin.conversations.source_keys import source_key
from huiyin.eventlog.prepared import Prepared
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.security.keys import KeyRing

OPEN_DELIVERIES = ("approved", "sending", "unknown", "copied")
CHECKED = "checked"
"""The flag of a reply whose delivery a person settled, from what they saw in the platform's window."""
CLOCKS_APART_MS = 2_000
"""How far a platform's time of a reply may lie before ours of approving it: its clock and ours differ."""


def fingerprint(uow: UnitOfWork, ring: KeyRing, tenant: str, text: str) -> str:
    """Return the keyed fingerprint of a reply's words, blanks left out: platforms trim and fold them."""
    return ring.index(uow, tenant, "reply", "".join(text.split()))


def recognise(uow: UnitOfWork, ring: KeyRing, inbound: Inbound, thread: Thread, actor: Actor) -> str | None:
    """Return the id of the reply a record repeats, settling its delivery; None if the record is new to us."""
    at = to_ms(inbound.platform_at)
    reply = _which(_candidates(uow, fingerprint(uow, ring, thread.tenant, inbound.content.text), thread), at)
    if reply is None:
        return None
    thread.echoed = True
    columns = store.message.c
    uow.connection.execute(
        store.message.update()
        .where(columns.id == reply.id)
        .values(
            source_key=source_key(ring, thread.shop, inbound.source_id),
            delivery="delivered",
            platform_at=at,
            note="",
            flags=",".join(filter(None, [reply.flags, "echo"])),
        )
    )
    uow.connection.execute(store.outbox.update().where(store.outbox.c.message == reply.id).values(state="delivered"))
    uow.record(
        EchoRecognised(reply.id, reply.sender, at, confirmed=reply.delivery == "delivered"),
        subject=thread.id,
        tenant=thread.tenant,
        shop=thread.shop,
        actor=actor,
    )
    return str(reply.id)


def may_be_told_back() -> sa.ColumnElement[bool]:
    """Return the condition under which a reply has no id of the platform's and may get one yet."""
    columns = store.message.c
    doubted = sa.and_(columns.delivery.in_(("delivered", "failed")), columns.flags.contains(CHECKED))
    return sa.and_(columns.source_key.is_(None), sa.or_(columns.delivery.in_(OPEN_DELIVERIES), doubted))


_REPLY = store.message.c
_CANDIDATES = Prepared(
    sa.select(_REPLY.id, _REPLY.flags, _REPLY.sender, _REPLY.delivery, _REPLY.received_at)
    .where(
        _REPLY.conversation == sa.bindparam("conversation"), _REPLY.reply_mac == sa.bindparam("mac"), may_be_told_back()
    )
    .order_by(_REPLY.version)
)


def _candidates(uow: UnitOfWork, mac: str, thread: Thread) -> Sequence[Any]:
    return _CANDIDATES.rows(uow.connection, conversation=thread.id, mac=mac)


def _which(candidates: Sequence[Any], at: int) -> Any | None:  # noqa: ANN401  # rows of the columns asked for above
    """Return the reply that was told back at `at`: an open one, unless it was written only after that."""
    still_open = [each for each in candidates if each.delivery in OPEN_DELIVERIES]
    in_time = [each for each in still_open if each.received_at <= at + CLOCKS_APART_MS]
    settled = [each for each in candidates if each.delivery not in OPEN_DELIVERIES]
    return next(iter([*in_time, *settled, *still_open]), None)
