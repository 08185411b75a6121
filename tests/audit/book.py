"""An audit of its own for each test: a writer over a fresh database, and a clock that moves when told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.database import migrate, open_for_reading, open_for_writing
from huiyin.eventlog.events import Catalogue
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import Actor, ActorKind, Proof
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.ids import TenantId

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
LIN = Actor(ActorKind.PERSON, "p-lin", "小林", TenantId("vendor"), proof=Proof("session", "s-1", 7, "Firefox"))


class Book:
    """Somewhere to write down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock(NOON)
        self.engine = open_for_writing(folder / "huiyin.db", synchronous="OFF")
        migrate(self.engine)
        self.engine.dispose()
        self.reading = open_for_reading(folder / "huiyin.db")
        self.writer = Writer(self.engine, Catalogue(()), self.clock)
        self.writer.start()

    def note(self, number: int = 1, **other: Any) -> None:
        """Write so many entries down, a transaction each."""
        for _ in range(number):
            self.writer.run(write_down, entry(**other))

    def rows(self) -> list[Any]:
        """Return the table as it stands."""
        with self.reading.connect() as connection:
            return list(connection.execute(sa.select(audit_entry).order_by(audit_entry.c.seq)))

    def close(self) -> None:
        """Let go of the database."""
        self.writer.stop()
        self.reading.dispose()


def entry(**other: Any) -> Entry:
    """Return an entry; what matters to a test it names."""
    known = {"action": "account.mapped", "actor": LIN, "tenant": "merchant", "subject": "shop-1"}
    return Entry(**{**known, **other})
