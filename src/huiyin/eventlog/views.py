"""Read the log: one subject's stream for screens that follow it, and what is parked for a person."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.eventlog.events import Catalogue, Recorded
from huiyin.eventlog.prepared import Prepared
from huiyin.eventlog.schema import event as event_table
from huiyin.eventlog.schema import parked_event


class Parked(NamedTuple):
    """An event that a listener could not take."""

    listener: str
    position: int
    subject: str
    state: str
    attempts: int
    error: str


class Stuck(NamedTuple):
    """What one listener could not take of one subject, told by the oldest such event.

    `state` is retrying (the house tries again by itself at `due_at`) or parked (a person must). `tries` counts the
    failed attempts, `error` is the kind of the failure without its words, `behind` how many later events wait.
    """

    listener: str
    subject: str
    shop: str
    kind: str
    at: int
    state: str
    tries: int
    due_at: int
    error: str
    behind: int


MOST_STUCK = 200


def stuck(connection: sa.Connection, tenant: str, shops: Collection[str]) -> list[Stuck]:
    """Return what listeners could not take, oldest first: events of these shops, and the tenant's own of no shop."""
    query = (
        sa.select(
            parked_event, event_table.c.shop, event_table.c.kind, event_table.c.at,
        )
        .join(event_table, event_table.c.position == parked_event.c.position)
        .where(
            sa.or_(
                event_table.c.shop.in_(sorted(shops)),
                sa.and_(event_table.c.shop == "", event_table.c.tenant == tenant),
            )
        )
        .order_by(parked_event.c.position)
    )  # fmt: skip
    first: dict[tuple[str, str], Stuck] = {}
    for row in connection.execute(query):
        key = (row.listener, row.subject)
        if key in first:
            first[key] = first[key]._replace(behind=first[key].behind + 1)
        elif len(first) < MOST_STUCK:
            # An error's own words may hold a customer's: only its kind leaves this room.
            kind = row.error.partition(":")[0]
            first[key] = Stuck(
                row.listener, row.subject, row.shop, row.kind, row.at, row.state, row.attempts + 1, row.due_at,
                kind if kind.isidentifier() else "", 0,
            )  # fmt: skip
    return list(first.values())


class Head(NamedTuple):
    """An event without what it says: where in the log it stands, and what it is about."""

    position: int
    tenant: str
    subject: str
    version: int
    kind: str


_HEAD = [event_table.c[name] for name in Head._fields]
_HEADS = Prepared(
    sa.select(*_HEAD)
    .where(event_table.c.position > sa.bindparam("after"), event_table.c.tenant == sa.bindparam("tenant"))
    .order_by(event_table.c.position)
    .limit(sa.bindparam("limit"))
)
_TOP = Prepared(sa.select(*_HEAD).order_by(event_table.c.position.desc()).limit(1))
_ONE = Prepared(sa.select(*_HEAD).where(event_table.c.position == sa.bindparam("position")))


def heads(connection: sa.Connection, tenant: str, after: int, limit: int) -> list[Head]:
    """Return the next events of a tenant, for whoever keeps something derived beside the database."""
    return [Head(*row) for row in _HEADS.rows(connection, tenant=tenant, after=after, limit=limit)]


def newest(connection: sa.Connection) -> Head | None:
    """Return the newest event of all, None in an empty log."""
    row = _TOP.one(connection)
    return None if row is None else Head(*row)


def head_at(connection: sa.Connection, position: int) -> Head | None:
    """Return the event at a position, None where there is none: in a database that went back, there may not be."""
    row = _ONE.one(connection, position=position)
    return None if row is None else Head(*row)


def behind(connection: sa.Connection, shops: Collection[str], after: int) -> int:
    """Return how many events of some shops came after a position."""
    columns = event_table.c
    query = sa.select(sa.func.count()).where(columns.position > after, columns.shop.in_(sorted(shops)))
    return int(connection.execute(query).scalar_one())


_STREAM = Prepared(
    sa.select(event_table)
    .where(event_table.c.subject == sa.bindparam("subject"), event_table.c.version > sa.bindparam("after"))
    .order_by(event_table.c.version)
)


def stream(connection: sa.Connection, catalogue: Catalogue, subject: str, after: int) -> list[Recorded]:
    """Return a subject's events with a version above `after`, oldest first."""
    return [catalogue.read(row) for row in _STREAM.rows(connection, subject=subject, after=after)]


_VERSIONS = (
    sa.select(event_table.c.subject, sa.func.max(event_table.c.version))
    .where(event_table.c.subject.in_(sa.bindparam("subjects", expanding=True)))
    .group_by(event_table.c.subject)
)
_NEWEST = Prepared(_VERSIONS)
_LATEST = Prepared(_VERSIONS.where(event_table.c.kind == sa.bindparam("kind")))


def versions(connection: sa.Connection, subjects: Sequence[str]) -> dict[str, int]:
    """Return the newest version of each subject that has events."""
    return dict(_NEWEST.rows(connection, subjects=subjects))


def latest(connection: sa.Connection, subjects: Sequence[str], kind: str) -> dict[str, int]:
    """Return the version of each subject's last event of a kind; subjects without one are left out."""
    return dict(_LATEST.rows(connection, subjects=subjects, kind=kind))


def parked(connection: sa.Connection) -> list[Parked]:
    """Return every event that waits for another try or for a person, oldest first."""
    query = sa.select(parked_event).order_by(parked_event.c.position)
    return [
        Parked(row.listener, row.position, row.subject, row.state, row.attempts, row.error)
        for row in connection.execute(query)
    ]
