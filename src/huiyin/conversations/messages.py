"""Read messages: for the chat on a screen, for assist, for inspection. Bodies come out masked."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.access import COLUMNS, Conversation
from huiyin.conversations.bodies import Bodies, Body
from huiyin.eventlog.prepared import Prepared
from huiyin.security.sealing import Place, Sealer


class MessageView(NamedTuple):
    """One message, opened."""

    id: str
    conversation: str
    version: int
    sender: str
    author: str
    kind: str
    body: Body
    platform_at: int
    received_at: int
    delivery: str | None
    note: str
    flags: tuple[str, ...]


def messages(
    connection: sa.Connection, bodies: Bodies, conversation: Conversation, *, before: int | None, limit: int
) -> tuple[list[MessageView], bool]:
    """Return the latest messages (below version `before`), oldest first, and whether older ones exist."""
    columns = store.message.c
    query = sa.select(store.message).where(columns.conversation == conversation.id)
    if before is not None:
        query = query.where(columns.version < before)
    rows = connection.execute(query.order_by(columns.version.desc()).limit(limit + 1)).all()
    shown = rows[limit - 1 :: -1] if len(rows) > limit else rows[::-1]
    if conversation.state == "recorded":  # what was brought in later may have been said earlier
        shown = sorted(shown, key=lambda row: (row.platform_at, row.version))
    return [opened_message(connection, bodies, row) for row in shown], len(rows) > limit


def messages_by_id(connection: sa.Connection, bodies: Bodies, ids: Sequence[str]) -> list[MessageView]:
    """Return messages by id, oldest version first, for the live feed and for inspection."""
    rows = _BY_ID.rows(connection, ids=ids)
    bodies.learn(connection, (row.body for row in rows))
    return [opened_message(connection, bodies, row) for row in rows]


class Brief(NamedTuple):
    """A conversation as assist needs it: the platform's name for the customer, and the last messages, oldest first."""

    conversation: Conversation
    customer_ref: str
    tail: list[MessageView]


def briefs(
    connection: sa.Connection, bodies: Bodies, sealer: Sealer, conversations: Sequence[str], tail: int
) -> dict[str, Brief]:
    """Return briefs of many conversations in two queries."""
    if not conversations:
        return {}
    tails: dict[str, list[MessageView]] = {}
    rows = _TAILS.rows(connection, ids=list(conversations), tail=tail)
    bodies.learn(connection, (row.body for row in rows))
    for row in rows:
        tails.setdefault(row.conversation, []).append(opened_message(connection, bodies, row))
    found = {}
    for *columns, sealed in _WITH_CUSTOMER.rows(connection, ids=list(conversations)):
        conversation = Conversation(*columns)
        place = Place(conversation.tenant, "customer", conversation.customer, "ref")
        reference = (sealer.open(connection, place, sealed) or b"").decode()
        found[conversation.id] = Brief(conversation, reference, tails.get(conversation.id, []))
    return found


_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_BY_ID = Prepared(sa.select(store.message).where(store.message.c.id.in_(_IDS)).order_by(store.message.c.version))
_WITH_CUSTOMER = Prepared(
    sa.select(*COLUMNS, store.customer.c.ref_sealed)
    .join(store.customer, store.customer.c.id == store.conversation.c.customer)
    .where(store.conversation.c.id.in_(_IDS))
)
_RANKED = (
    sa.select(
        store.message,
        sa.func.row_number()
        .over(partition_by=store.message.c.conversation, order_by=store.message.c.version.desc())
        .label("back"),
    )
    .where(store.message.c.conversation.in_(_IDS))
    .subquery()
)
_TAILS = Prepared(
    sa.select(_RANKED).where(_RANKED.c.back <= sa.bindparam("tail")).order_by(_RANKED.c.conversation, _RANKED.c.version)
)

_STORED = Prepared(
    sa.select(
        *(store.message.c[name] for name in (
            "id", "conversation", "tenant", "shop", "sender", "author", "kind", "body", "content_hash", "platform_at",
        ))
    ).where(store.message.c.id.in_(_IDS))
)  # fmt: skip


class Stored(NamedTuple):
    """A message as inspection needs it: its words, its side, its fingerprint."""

    id: str
    conversation: str
    tenant: str
    shop: str
    sender: str
    author: str
    kind: str
    text: str
    content_hash: str
    platform_at: int


def stored(connection: sa.Connection, bodies: Bodies, ids: Sequence[str]) -> dict[str, Stored]:
    """Return messages by id with what inspection needs, in one query."""
    rows = _STORED.rows(connection, ids=ids)
    bodies.learn(connection, (row.body for row in rows))
    return {
        row.id: Stored(
            row.id, row.conversation, row.tenant, row.shop, row.sender, row.author, row.kind,
            bodies.open(connection, row.tenant, row.id, row.body).content.text, row.content_hash, row.platform_at,
        )
        for row in rows
    }  # fmt: skip


class StoredCount(NamedTuple):
    """How many messages are stored, how many of them are replies of ours, how many of those the bot's answers."""

    stored: int
    replies: int
    bot_answers: int


def stored_count(connection: sa.Connection) -> StoredCount:
    """Count all messages; the bot's parting words before a hand-over are replies, but no answers."""
    columns = store.message.c
    bot = sa.and_(columns.sender == "bot", columns.delivery != "withdrawn")
    stored, replies, answers = connection.execute(
        sa.select(sa.func.count(), sa.func.count(columns.delivery), sa.func.count().filter(bot)).select_from(
            store.message
        )
    ).one()
    partings = connection.execute(
        sa.select(sa.func.count()).where(store.outbox.c.then_reason != "", store.outbox.c.state != "withdrawn")
    ).scalar_one()
    return StoredCount(stored, replies, answers - partings)


def opened_message(connection: sa.Connection, bodies: Bodies, row: Any) -> MessageView:  # noqa: ANN401  # as above
    """Open a row of messages."""
    return MessageView(
        row.id, row.conversation, row.version, row.sender, row.author, row.kind,
        bodies.open(connection, row.tenant, row.id, row.body), row.platform_at, row.received_at, row.delivery,
        row.note, tuple(filter(None, row.flags.split(","))),
    )  # fmt: skip
