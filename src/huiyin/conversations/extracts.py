"""Read many sessions in their order, a few at a time, for whoever takes them out: in as many queries however many."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.access import COLUMNS, OVER, Conversation
from huiyin.conversations.bodies import Bodies
from huiyin.conversations.messages import MessageView, opened_message
from huiyin.eventlog.prepared import Prepared

_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_talk, _msg, _sat = store.conversation.c, store.message.c, store.assignment.c
_HERE = sa.and_(
    _talk.shop == sa.bindparam("shop"),
    _talk.opened_at >= sa.bindparam("since"),
    _talk.opened_at < sa.bindparam("until"),
)
_COUNT = sa.select(sa.func.count()).select_from(store.conversation).where(_HERE)
_NUMBER = Prepared(_COUNT)
_REACHED = Prepared(
    _COUNT.where(
        sa.or_(_talk.state.not_in(OVER), sa.func.coalesce(_talk.closed_at, _talk.last_at) >= sa.bindparam("reach"))
    )
)
"""As `access.lasted_until` tells. It reads each row, where the other reads the index alone."""
_OPENED = Prepared(
    sa.select(*COLUMNS)
    .where(_HERE, sa.tuple_(_talk.opened_at, _talk.id) > sa.tuple_(sa.bindparam("at"), sa.bindparam("id")))
    .order_by(_talk.opened_at, _talk.id)
    .limit(sa.bindparam("limit"))
)
_SERVED = Prepared(
    sa.select(_sat.conversation, _sat.person)
    .where(_sat.conversation.in_(_IDS), _sat.person != "")
    .order_by(_sat.conversation, _sat.from_at)
)
_SAID = Prepared(sa.select(store.message).where(_msg.conversation.in_(_IDS)).order_by(_msg.conversation, _msg.version))


class Opening(NamedTuple):
    """Sessions of a shop that opened from `since` to before `until`, in milliseconds."""

    shop: str
    since: int
    until: int


class Key(NamedTuple):
    """A session's place in its shop's order: when it opened, and its id."""

    at: int
    id: str


FIRST = Key(-1, "")


def number_opened(connection: sa.Connection, opening: Opening, reach: int = 0) -> int:
    """Return how many sessions opened, of those that lasted until `reach` (milliseconds) at least."""
    if not reach:
        return int(_NUMBER.column(connection, **opening._asdict())[0])
    return int(_REACHED.column(connection, **opening._asdict(), reach=reach)[0])


def opened(connection: sa.Connection, opening: Opening, after: Key, limit: int) -> list[Conversation]:
    """Return the sessions that opened, oldest first, from behind a place on."""
    # The place narrows the index from below, too: otherwise each reading would begin at the first day again.
    here = opening._replace(since=max(opening.since, after.at))
    rows = _OPENED.rows(connection, **here._asdict(), at=after.at, id=after.id, limit=limit)
    return [Conversation(*row) for row in rows]


def served(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return who served sessions, by session, each person once, in the order they came."""
    found: dict[str, dict[str, None]] = {}
    for row in _SERVED.rows(connection, ids=ids):
        found.setdefault(row.conversation, {})[row.person] = None
    return {each: tuple(people) for each, people in found.items()}


def said(connection: sa.Connection, bodies: Bodies, ids: Sequence[str]) -> dict[str, list[MessageView]]:
    """Return all messages of sessions, masked, oldest first, by session."""
    rows = _SAID.rows(connection, ids=ids)
    bodies.learn(connection, (row.body for row in rows))
    found: dict[str, list[MessageView]] = {}
    for row in rows:
        found.setdefault(row.conversation, []).append(opened_message(connection, bodies, row))
    return found


def openings_of(
    connection: sa.Connection, *, customer: str = "", agent: str = "", conversations: Collection[str] = ()
) -> list[tuple[str, int]]:
    """Return of which shops and when sessions opened: those of a customer, those an agent served, and some by id."""
    served = sa.select(_sat.conversation).where(_sat.person == agent, _sat.person != "")
    theirs = sa.or_(_talk.customer == customer, _talk.id.in_(sorted(conversations)), _talk.id.in_(served))
    return [
        (row.shop, row.opened_at) for row in connection.execute(sa.select(_talk.shop, _talk.opened_at).where(theirs))
    ]
