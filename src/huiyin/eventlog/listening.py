"""Carry events to listeners: each listener stores how far it came in the transaction of its effect.

A listener that fails on an event gets the later events of that subject held back behind it; the rest goes on.
The failing event is tried again with growing pauses, then parked for a person. Nothing is skipped.
The log is read by position only here; positions become visible in commit order because one writer assigns
them inside its transaction (PostgreSQL will read up to the oldest running transaction instead).
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
import structlog

from huiyin.eventlog.events import Catalogue, Event, Recorded, kind_of
from huiyin.eventlog.prepared import Prepared, update_by
from huiyin.eventlog.schema import event as event_table
from huiyin.eventlog.schema import listener_position, parked_event
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Notice
from huiyin.kernel.errors import HuiyinError

log = structlog.get_logger(__name__)

MOST_EVENTS = 256
"""Events per turn; a listener far behind catches up in several turns and never holds the writer long."""

PAUSES_MS = (1_000, 5_000, 30_000, 120_000)
"""Pauses before the second to fifth try; after the last the event is parked for a person."""


_POSITIONS = Prepared(sa.select(listener_position))
_MOVE = update_by(listener_position.c.listener, "position")
_HELD = Prepared(sa.select(parked_event.c.listener, parked_event.c.subject).distinct())
_AFTER = Prepared(
    sa.select(event_table)
    .where(event_table.c.position > sa.bindparam("position"))
    .order_by(event_table.c.position)
    .limit(MOST_EVENTS)
)
_AT = Prepared(sa.select(event_table).where(event_table.c.position == sa.bindparam("position")))


class Listener(NamedTuple):
    """Somebody who reacts to events of lower rooms, many at a time, inside a unit of work.

    `ahead` may do before the transaction what needs no transaction, so that others can write meanwhile. It is a
    favour, not a step: `handle` gets along without it, as when one event is tried again alone.
    """

    name: str
    event_types: tuple[type[Event], ...]
    handle: Callable[[UnitOfWork, Sequence[Recorded]], None]
    ahead: Callable[[sa.Connection, Sequence[Recorded]], None] | None = None


class Subscriptions:
    """All listeners of the house, in floor order; wiring builds the only one."""

    def __init__(self, listeners: Sequence[Listener], catalogue: Catalogue) -> None:
        """Remember who listens to which kinds."""
        self._listeners = tuple(listeners)
        self._kinds = {each.name: frozenset(map(kind_of, each.event_types)) for each in listeners}
        self._catalogue = catalogue

    def interested(self, notices: Sequence[Notice]) -> bool:
        """Tell whether any listener waits for one of these events."""
        return any(each.kind in kinds for each in notices for kinds in self._kinds.values())

    def look_ahead(self, connection: sa.Connection) -> list[Recorded]:
        """Read the next events outside of any transaction, and let listeners do beforehand what they can."""
        positions = self._positions(connection)
        events = self._events_after(connection, min(positions.values()))
        for listener in self._listeners:
            if listener.ahead is not None:
                after, kinds = positions[listener.name], self._kinds[listener.name]
                listener.ahead(connection, [each for each in events if each.position > after and each.kind in kinds])
        return events

    def turn(self, uow: UnitOfWork, ahead: Sequence[Recorded] | None = None) -> int:
        """Carry the next events to every listener; return how many there were, 0 when all are up to date.

        `ahead` are events read by `look_ahead`. The log only grows, and what was read of it stays true: of events
        that were carried since, each listener leaves out its own.
        """
        positions = self._positions(uow.connection)
        events = self._events_after(uow.connection, min(positions.values())) if ahead is None else ahead
        if not events:
            return 0
        held = self._held_subjects(uow)
        for listener in self._listeners:
            fresh = [each for each in events if each.position > positions[listener.name]]
            if not fresh:
                continue
            wanted = [each for each in fresh if each.kind in self._kinds[listener.name]]
            blocked = held.get(listener.name, set())
            for each in wanted:
                if each.subject in blocked:
                    self._park(uow, listener, each, "held behind an earlier failure")
            free = [each for each in wanted if each.subject not in blocked]
            if free:
                self._deliver(uow, listener, free)
            positions[listener.name] = fresh[-1].position
        self._store_positions(uow, positions)
        return len(events)

    def retry_due(self, uow: UnitOfWork) -> int:
        """Try the oldest parked event of each subject whose pause is over; return how many succeeded.

        An event that waits for a person keeps the later ones of its subject waiting too.
        """
        rows = uow.connection.execute(sa.select(parked_event).order_by(parked_event.c.position)).all()
        healed = 0
        stuck: set[tuple[str, str]] = set()
        for row in rows:
            if (row.listener, row.subject) in stuck:
                continue
            if row.state == "parked" or row.due_at > uow.now_ms() or not self._try_again(uow, row):
                stuck.add((row.listener, row.subject))
            else:
                healed += 1
        return healed

    def release(self, uow: UnitOfWork, listener: str, subject: str) -> int:
        """Let a person send a subject's parked events for another try; return how many."""
        result = uow.connection.execute(
            parked_event.update()
            .where(parked_event.c.listener == listener, parked_event.c.subject == subject)
            .values(state="retrying", attempts=0, due_at=uow.now_ms())
        )
        return int(result.rowcount)

    def _deliver(self, uow: UnitOfWork, listener: Listener, events: list[Recorded]) -> None:
        try:
            with uow.savepoint():
                listener.handle(uow, events)
        except Exception as error:  # noqa: BLE001  # the worker's loop: nothing is lost, each event is tried alone
            log.warning("eventlog.listener_failed", listener=listener.name, error=type(error).__name__)
        else:
            return
        blocked: set[str] = set()
        for each in events:
            if each.subject in blocked:
                self._park(uow, listener, each, "held behind an earlier failure")
                continue
            try:
                with uow.savepoint():
                    listener.handle(uow, [each])
            except Exception as error:  # noqa: BLE001  # the worker's loop: parked below and tried again
                blocked.add(each.subject)
                self._park(uow, listener, each, _told(error))

    def _try_again(self, uow: UnitOfWork, row: sa.Row[Any]) -> bool:
        listener = next((each for each in self._listeners if each.name == row.listener), None)
        if listener is None:
            return False
        here = sa.and_(parked_event.c.listener == row.listener, parked_event.c.position == row.position)
        recorded = list(map(self._catalogue.read, _AT.rows(uow.connection, position=row.position)))
        try:
            with uow.savepoint():
                listener.handle(uow, recorded)
        except Exception as error:  # noqa: BLE001  # the worker's loop: stays parked, with the newest reason
            attempts = row.attempts + 1
            pause = PAUSES_MS[attempts] if attempts < len(PAUSES_MS) else None
            uow.connection.execute(
                parked_event.update()
                .where(here)
                .values(
                    attempts=attempts,
                    state="parked" if pause is None else "retrying",
                    due_at=uow.now_ms() + (pause or 0),
                    error=_told(error),
                )
            )
            return False
        uow.connection.execute(parked_event.delete().where(here))
        return True

    def _park(self, uow: UnitOfWork, listener: Listener, recorded: Recorded, error: str) -> None:
        log.error("eventlog.parked", listener=listener.name, kind=recorded.kind, subject=recorded.subject)
        uow.connection.execute(
            parked_event.insert().values(
                listener=listener.name,
                position=recorded.position,
                subject=recorded.subject,
                state="retrying",
                attempts=0,
                due_at=uow.now_ms() + PAUSES_MS[0],
                error=error,
            )
        )

    def _positions(self, connection: sa.Connection) -> dict[str, int]:
        stored = dict(_POSITIONS.rows(connection))
        return {each.name: stored.get(each.name, 0) for each in self._listeners}

    def _store_positions(self, uow: UnitOfWork, positions: dict[str, int]) -> None:
        moved = [{"key": name, "position": at} for name, at in positions.items()]
        if _MOVE.run_many(uow.connection, moved) == len(moved):
            return
        known = {name for name, _ in _POSITIONS.rows(uow.connection)}
        fresh = [{"listener": name, "position": at} for name, at in positions.items() if name not in known]
        uow.connection.execute(listener_position.insert(), fresh)

    def _held_subjects(self, uow: UnitOfWork) -> dict[str, set[str]]:
        held: dict[str, set[str]] = {}
        for listener, subject in _HELD.rows(uow.connection):
            held.setdefault(listener, set()).add(subject)
        return held

    def _events_after(self, connection: sa.Connection, position: int) -> list[Recorded]:
        return list(map(self._catalogue.read, _AFTER.rows(connection, position=position)))


def _told(error: Exception) -> str:
    """Return what may be written down of an error: its type, and its message if it is one of ours.

    What a library says may hold the very words it stumbled over.
    """
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, HuiyinError) else name
