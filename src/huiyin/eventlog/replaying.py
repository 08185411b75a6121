"""Give a listener everything once more that it was given: for what it keeps can be made anew from the log alone."""

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from huiyin.eventlog.events import Catalogue, Event, Recorded, kind_of
from huiyin.eventlog.listening import Listener
from huiyin.eventlog.prepared import Prepared
from huiyin.eventlog.schema import event as event_table
from huiyin.eventlog.schema import listener_position, parked_event
from huiyin.eventlog.unit_of_work import UnitOfWork

PAGE = 8_000
"""Events handed over at a time: a database takes a list of that many ids."""

_PAGE = Prepared(
    sa.select(event_table)
    .where(
        event_table.c.position > sa.bindparam("after"),
        event_table.c.position <= sa.bindparam("until"),
        event_table.c.kind.in_(sa.bindparam("kinds", expanding=True)),
    )
    .order_by(event_table.c.position)
    .limit(PAGE)
)
_CAME = Prepared(
    sa.select(listener_position.c.position).where(listener_position.c.listener == sa.bindparam("listener"))
)


def replay(uow: UnitOfWork, catalogue: Catalogue, listener: Listener) -> int:
    """Hand a listener the events up to where it stands, in the order of the log, in pages; return how many.

    Its own tables must be empty. What was parked for it is handed over with the rest and is parked no longer; if it
    fails again, the replay fails, and its transaction with it. Everybody who writes waits meanwhile.
    """
    came = _CAME.one(uow.connection, listener=listener.name)
    handed = 0
    for page in _pages(uow, catalogue, listener, 0 if came is None else came.position):
        listener.handle(uow, page)
        handed += len(page)
    uow.connection.execute(parked_event.delete().where(parked_event.c.listener == listener.name))
    return handed


def streams(uow: UnitOfWork, catalogue: Catalogue, listener: Listener, subjects: Collection[str]) -> list[Recorded]:
    """Return what a listener was given of some subjects up to where it stands, in the order of the log."""
    kinds = sorted(map(kind_of, listener.event_types))
    query = (
        sa.select(event_table)
        .where(event_table.c.subject.in_(sorted(subjects)), event_table.c.position <= came_to(uow, listener))
        .order_by(event_table.c.position)
    )
    return [catalogue.read(row) for row in uow.connection.execute(query) if row.kind in kinds]


def happened(uow: UnitOfWork, catalogue: Catalogue, event_type: type[Event], after: int, until: int) -> list[Recorded]:
    """Return all events of one kind between two places of the log, the first not included."""
    query = sa.select(event_table).where(
        event_table.c.position > after, event_table.c.position <= until, event_table.c.kind == kind_of(event_type)
    )
    return [catalogue.read(row) for row in uow.connection.execute(query.order_by(event_table.c.position))]


def came_to(uow: UnitOfWork, listener: Listener) -> int:
    """Return up to which place of the log a listener was given everything."""
    came = _CAME.one(uow.connection, listener=listener.name)
    return 0 if came is None else int(came.position)


def parked_for(uow: UnitOfWork, listener: Listener) -> set[str]:
    """Return the subjects of which a listener has yet to take something it could not take before."""
    query = sa.select(parked_event.c.subject).where(parked_event.c.listener == listener.name).distinct()
    return set(uow.connection.execute(query).scalars())


def _pages(uow: UnitOfWork, catalogue: Catalogue, listener: Listener, until: int) -> Iterator[list[Recorded]]:
    kinds, after = sorted(map(kind_of, listener.event_types)), 0
    while rows := _PAGE.rows(uow.connection, after=after, until=until, kinds=kinds):
        after = rows[-1].position
        yield list(map(catalogue.read, rows))
