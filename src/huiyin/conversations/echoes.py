"""Recognise our own replies when the platform tells them back.

A delivered reply carries the platform's message id and is known by it. One whose delivery is unknown, or that
an agent copied by hand, is known by its words: same conversation, same keyed fingerprint, not yet confirmed.
"""

import sqlalchemy as sa

from huiyin.channels.port import Inbound
from huiyin.conversations import store
from huiyin.conversations.events import EchoRecognised
from huiyin.conversations.model import Thread
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.security.keys import KeyRing

OPEN_DELIVERIES = ("approved", "sending", "unknown", "copied")


def fingerprint(ring: KeyRing, tenant: str, text: str) -> str:
    """Return the keyed fingerprint of a reply's words, blanks left out: platforms trim and fold them."""
    return ring.index(tenant, "reply", "".join(text.split()))


def recognise(uow: UnitOfWork, ring: KeyRing, inbound: Inbound, thread: Thread, actor: Actor) -> str | None:
    """Return the id of the reply a record repeats, settling its delivery; None if the record is new to us."""
    columns = store.message.c
    reply = uow.connection.execute(
        sa.select(columns.id, columns.flags, columns.sender)
        .where(
            columns.conversation == thread.id,
            columns.reply_mac == fingerprint(ring, thread.tenant, inbound.content.text),
            columns.source_key.is_(None),
            columns.delivery.in_(OPEN_DELIVERIES),
        )
        .order_by(columns.version)
        .limit(1)
    ).one_or_none()
    if reply is None:
        return None
    thread.echoed = True
    at = to_ms(inbound.platform_at)
    uow.connection.execute(
        store.message.update()
        .where(columns.id == reply.id)
        .values(
            source_key=f"{thread.shop}:{inbound.source_id}",
            delivery="delivered",
            platform_at=at,
            flags=",".join(filter(None, [reply.flags, "echo"])),
        )
    )
    uow.connection.execute(store.outbox.update().where(store.outbox.c.message == reply.id).values(state="delivered"))
    uow.record(
        EchoRecognised(reply.id, reply.sender, at),
        subject=thread.id,
        tenant=thread.tenant,
        shop=thread.shop,
        actor=actor,
    )
    return str(reply.id)
