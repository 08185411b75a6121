"""Give a listener everything once more that it was given: for what it keeps can be made anew from the log alone."""

from collections.abc import Iterator

import sqlalchemy as sa

from huiyin.eventlog.events import Catalogue, Recorded, kind_of
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


def _pages(uow: UnitOfWork, catalogue: Catalogue, listener: Listener, until: int) -> Iterator[list[Recorded]]:
    kinds, after = sorted(map(kind_of, listener.event_types)), 0
    while rows := _PAGE.rows(uow.connection, after=after, until=until, kinds=kinds):
        after = rows[-1].position
        yield list(map(catalogue.read, rows))
