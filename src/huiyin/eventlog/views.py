"""Read the log: one subject's stream for screens that follow it, and what is parked for a person."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.eventlog.events import Catalogue, Recorded
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


def stream(connection: sa.Connection, catalogue: Catalogue, subject: str, after: int) -> list[Recorded]:
    """Return a subject's events with a version above `after`, oldest first."""
    query = (
        sa.select(event_table)
        .where(event_table.c.subject == subject, event_table.c.version > after)
        .order_by(event_table.c.version)
    )
    return [catalogue.read(row) for row in connection.execute(query)]


_NEWEST = (
    sa.select(event_table.c.subject, sa.func.max(event_table.c.version))
    .where(event_table.c.subject.in_(sa.bindparam("subjects", expanding=True)))
    .group_by(event_table.c.subject)
)


def versions(connection: sa.Connection, subjects: Sequence[str]) -> dict[str, int]:
    """Return the newest version of each subject that has events."""
    rows = connection.execute(_NEWEST, {"subjects": subjects})
    return {subject: version for subject, version in rows}


def latest(connection: sa.Connection, subjects: Sequence[str], kind: str) -> dict[str, int]:
    """Return the version of each subject's last event of a kind; subjects without one are left out."""
    rows = connection.execute(_NEWEST.where(event_table.c.kind == kind), {"subjects": subjects})
    return {subject: version for subject, version in rows}


def parked(connection: sa.Connection) -> list[Parked]:
    """Return every event that waits for another try or for a person, oldest first."""
    query = sa.select(parked_event).order_by(parked_event.c.position)
    return [
        Parked(row.listener, row.position, row.subject, row.state, row.attempts, row.error)
        for row in connection.execute(query)
    ]
