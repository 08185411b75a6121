"""An audit of its own for each test: a writer over a fresh database, and a clock that moves when told."""

import sqlite3
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from huiyin.audit.chaining import COLUMNS, GENESIS, hash_of
from huiyin.audit.signing import load_public_key
from huiyin.audit.store import audit_entry
from huiyin.audit.verifying import Against, Verdict, verify
from huiyin.audit.witnessing import Places, Witness
from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.database import empty_wal, migrate, open_for_reading, open_for_writing
from huiyin.eventlog.events import Catalogue
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import Actor, ActorKind, Proof
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.ids import TenantId

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
LIN = Actor(ActorKind.PERSON, "p-lin", "小林", TenantId("vendor"), proof=Proof("session", "s-1", 7, "Firefox"))


@cache
def _empty() -> bytes:
    """Return a database of today's schema with nothing in it; every test begins with a copy."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "huiyin.db"
        engine = open_for_writing(file, synchronous="OFF")
        migrate(engine)
        engine.dispose()
        empty_wal(file)
        return file.read_bytes()


class Book:
    """Somewhere to write down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock(NOON)
        (folder / "huiyin.db").write_bytes(_empty())
        self.engine = open_for_writing(folder / "huiyin.db", synchronous="OFF")
        self.reading = open_for_reading(folder / "huiyin.db")
        self.writer = Writer(self.engine, Catalogue(()), self.clock)
        self.writer.start()
        self.places = Places(folder / "witness", folder / "audit.key")
        self.witness = Witness(self.places, self.reading, self.writer, self.clock)

    def note(self, number: int = 1, **other: Any) -> None:
        """Write so many entries down, a transaction each."""
        for _ in range(number):
            self.writer.run(write_down, entry(**other))

    def rows(self) -> list[Any]:
        """Return the table as it stands."""
        with self.reading.connect() as connection:
            return list(connection.execute(sa.select(audit_entry).order_by(audit_entry.c.seq)))

    def tamper(self, *statements: str, **values: Any) -> None:
        """Change the database as somebody with the file in their hands would: no trigger is asked."""
        with sqlite3.connect(self.folder / "huiyin.db", isolation_level=None) as raw:
            raw.execute("PRAGMA synchronous=OFF")
            guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in guards:
                raw.execute(f"DROP TRIGGER {name}")
            try:
                for each in statements:
                    raw.execute(each, values)
            finally:
                for _, sql in guards:
                    raw.execute(sql)
        raw.close()

    def rechain(self, since: int) -> None:
        """Give every entry from one on the hash it should have: a forger who knows the rule."""
        prev = GENESIS
        for row in self.rows():
            own = hash_of(prev, [row._mapping[name] for name in COLUMNS])
            if row.seq >= since:
                self.tamper("UPDATE audit_entry SET prev = :prev, hash = :own WHERE seq = :seq",
                            prev=prev, own=own, seq=row.seq)  # fmt: skip
            prev = own

    def verify(self, **against: Any) -> Verdict:
        """Verify with the public key an auditor was given at the beginning."""
        key = load_public_key(self.places.public_key) if self.places.public_key.exists() else None
        with self.reading.connect() as connection:
            return verify(connection, Against(**{"checkpoints": self.places.checkpoints, "key": key, **against}))

    def found(self, **against: Any) -> list[tuple[str, str]]:
        """Verify, and return what was found and where."""
        return [(each.code, each.where) for each in self.verify(**against).findings]

    def checkpoint_lines(self) -> list[bytes]:
        """Return the lines of the checkpoint file."""
        return self.places.checkpoints.read_bytes().splitlines(keepends=True)

    def close(self) -> None:
        """Let go of the database."""
        self.writer.stop()
        self.reading.dispose()


def entry(**other: Any) -> Entry:
    """Return an entry; what matters to a test it names."""
    known = {"action": "account.mapped", "actor": LIN, "tenant": "merchant", "subject": "shop-1"}
    return Entry(**{**known, **other})
