"""Read what was said in whole conversations, masked, for what is derived from it: many at a time, in two queries."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.access import COLUMNS, Conversation
from huiyin.conversations.bodies import ERASED, Bodies
from huiyin.eventlog.prepared import Prepared
from huiyin.security.detecting.spans import Span

_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_WHOLE = Prepared(sa.select(*COLUMNS).where(store.conversation.c.id.in_(_IDS)))
_SAID = Prepared(
    sa.select(
        *(store.message.c[name] for name in (
            "id", "conversation", "tenant", "sender", "author", "body", "platform_at", "flags",
        ))
    )
    .where(store.message.c.conversation.in_(_IDS))
    .order_by(store.message.c.conversation, store.message.c.version)
)  # fmt: skip
_BEFORE = Prepared(
    sa.select(store.conversation.c.id)
    .where(store.conversation.c.tenant == sa.bindparam("tenant"), store.conversation.c.id < sa.bindparam("before"))
    .order_by(store.conversation.c.id.desc())
    .limit(sa.bindparam("limit"))
)


class Words(NamedTuple):
    """One message: who said it and when, its masked text, and where in it the masks stand."""

    sender: str
    author: str
    at: int
    text: str
    hidden: tuple[Span, ...]


class Whole(NamedTuple):
    """A conversation with all that was said in it, oldest first, but for what was taken back."""

    conversation: Conversation
    said: list[Words]


def whole(connection: sa.Connection, bodies: Bodies, ids: Sequence[str]) -> dict[str, Whole]:
    """Return conversations by id with what was said and is kept; those of whoever was shredded are left out."""
    found = {row.id: Whole(Conversation(*row), []) for row in _WHOLE.rows(connection, ids=ids)}
    rows = _SAID.rows(connection, ids=ids)
    bodies.learn(connection, (row.body for row in rows))
    for row in rows:
        if row.conversation not in found or not row.body or "recalled" in row.flags.split(","):
            continue
        body = bodies.open(connection, row.tenant, row.id, row.body)
        if body is ERASED:
            del found[row.conversation]
            continue
        found[row.conversation].said.append(
            Words(row.sender, row.author, row.platform_at, body.content.text, body.hidden)
        )
    return found


def earlier(connection: sa.Connection, tenant: str, before: str, limit: int) -> list[str]:
    """Return the ids of a tenant's conversations below one, newest first."""
    return [str(each) for each in _BEFORE.column(connection, tenant=tenant, before=before, limit=limit)]


def number(connection: sa.Connection, shops: Collection[str]) -> int:
    """Return how many conversations some shops have."""
    query = sa.select(sa.func.count()).where(store.conversation.c.shop.in_(sorted(shops)))
    return int(connection.execute(query).scalar_one())


def numbers(connection: sa.Connection, since: Mapping[str, int], before: str) -> tuple[int, int]:
    """Return how many conversations some shops have from the id `before` on, and how many in all.

    Of each shop those count that opened since a moment, in milliseconds: an index tells, whatever the conversations.
    """
    columns = store.conversation.c
    theirs = columns.opened_at >= sa.case(since, value=columns.shop)
    query = sa.select(sa.func.count(sa.case((columns.id >= before, 1))), sa.func.count())
    found = connection.execute(query.where(columns.shop.in_(sorted(since)), theirs)).one()
    return int(found[0]), int(found[1])


def any_in(connection: sa.Connection, shops: Collection[str]) -> bool:
    """Tell whether some shops have any conversation."""
    query = sa.select(store.conversation.c.id).where(store.conversation.c.shop.in_(sorted(shops))).limit(1)
    return connection.execute(query).first() is not None
