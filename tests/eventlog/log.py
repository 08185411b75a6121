"""A log of its own for each test: two kinds of events, a table for effects, a clock that moves when told."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from huiyin.eventlog.database import migrate, open_for_reading, open_for_writing
from huiyin.eventlog.events import Catalogue, Event, Recorded
from huiyin.eventlog.listening import Listener, Subscriptions
from huiyin.eventlog.schema import event as event_table
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.views import Parked, parked
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import system
from huiyin.kernel.clock import ManualClock

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
TESTS = system("tests")


class Rang(Event, frozen=True, tag="tests.Rang"):
    """A bell rang."""

    number: int


class Fell(Event, frozen=True, tag="tests.Fell"):
    """Something fell, and carries whatever the test wants it to."""

    what: Any = None


class Log:
    """A writer over a fresh database."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock(NOON)
        self.catalogue = Catalogue((Rang, Fell))
        self.engine = open_for_writing(folder / "log.db", synchronous="OFF")
        migrate(self.engine)
        with self.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE effect (listener TEXT, subject TEXT, number INTEGER)")
        self.engine.dispose()
        self.reading = open_for_reading(folder / "log.db")
        self.writer = Writer(self.engine, self.catalogue, self.clock)
        self.seen: list[list[Recorded]] = []
        self.writer.watch(self.seen.append)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Read rows as a screen would, from outside the writer."""
        with self.reading.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    def versions(self) -> dict[str, list[int]]:
        """Return the versions of every subject, in the order of their positions."""
        columns = event_table.c
        found: dict[str, list[int]] = {}
        with self.reading.connect() as connection:
            for row in connection.execute(sa.select(columns.subject, columns.version).order_by(columns.position)):
                found.setdefault(row.subject, []).append(row.version)
        return found

    def parked(self) -> list[Parked]:
        """Return what waits for another try or for a person."""
        with self.reading.connect() as connection:
            return parked(connection)

    def effects(self, listener: str, subject: str) -> list[int]:
        """Return what a listener wrote down about a subject, in its order."""
        found = f"SELECT number FROM effect WHERE listener = '{listener}' AND subject = '{subject}' ORDER BY rowid"
        return [number for (number,) in self.rows(found)]

    @contextmanager
    def one_batch(self) -> Iterator[None]:
        """Hold the writer, so that whatever is asked for inside ends in one transaction."""
        here, go = threading.Event(), threading.Event()

        def hold(_uow: UnitOfWork) -> None:
            here.set()
            go.wait(10)

        waiting = threading.Thread(target=self.writer.run, args=(hold,))
        waiting.start()
        here.wait(10)
        try:
            yield
        finally:
            go.set()
            waiting.join(10)

    def close(self) -> None:
        """Let go of the database."""
        self.writer.stop()
        self.reading.dispose()


def ring(uow: UnitOfWork, subject: str, number: int) -> int:
    """Record a bell and return its version."""
    return uow.record(Rang(number), subject=subject, tenant="t", shop="s", actor=TESTS)


def noting(name: str, broken: Callable[[Recorded], bool] = lambda _: False) -> Listener:
    """Return a listener that writes every bell down once, and fails where `broken` says so."""

    def handle(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        for each in events:
            uow.connection.exec_driver_sql("INSERT INTO effect VALUES (?, ?, ?)", (name, each.subject, each.version))
            if broken(each):
                message = "planted: this bell is out of tune"
                raise ValueError(message)

    return Listener(name, (Rang,), handle)


def subscribed(log: Log, *listeners: Listener) -> Subscriptions:
    """Return subscriptions over a log."""
    return Subscriptions(listeners, log.catalogue)
