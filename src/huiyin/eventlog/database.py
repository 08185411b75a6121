"""Open the database: durable, one writer, readers that cannot write."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from huiyin.kernel.errors import InvalidError, PermanentError, TemporaryError
from huiyin.kernel.units import Seconds

MIGRATIONS = Path(__file__).parent / "migrations"


def open_for_writing(path: Path, *, synchronous: str = "FULL") -> sa.Engine:
    """Return an engine for the one writer of the SQLite file at `path`, made for its owner alone if it is missing.

    `synchronous` is FULL everywhere but in the crash harness, whose control run must lose data with OFF.
    """
    # What is made beside it, the log of changes, takes its mode.
    path.touch(mode=0o600)
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.SingletonThreadPool)

    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  # DB-API connections have no common type
        # The driver's own transaction handling would commit behind our back before a SAVEPOINT.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "busy_timeout=10000",
            "temp_store=MEMORY",
            "secure_delete=ON",
            "cache_size=-65536",
            "wal_autocheckpoint=4000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    sa.event.listen(engine, "connect", prepare)
    # IMMEDIATE: a write lock taken late can fail in mid-transaction; taken at the start it waits instead.
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))

    def keep_together(connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            refuse_if_over(connection)

    sa.event.listen(engine, "before_cursor_execute", keep_together)
    return engine


def refuse_if_over(connection: sa.Connection) -> None:
    """Refuse to go on after the database ended the transaction by itself, as SQLite does when the disk is full.

    Whatever came later would be stored alone, without what came before it.

    Raises:
        TemporaryError: if it did.

    """
    if not getattr(connection.connection.dbapi_connection, "in_transaction", True):
        message = "the database gave up the transaction"
        raise TemporaryError(message, remedy="Check the disk's free space, then send it again.")


EMPTYING_SECONDS = 0.2
"""How long emptying the log waits for readers: nobody writes meanwhile. Whoever is told that it failed tries again."""
REWRITING_SECONDS = 10.0


class WritingTurn:
    """Whose turn it is to write, among processes: they wait in line, where SQLite's own lock makes them poll.

    The lock is the kernel's, on a file beside the database, and gone with its process.
    """

    def __init__(self, database: Path) -> None:
        """Open the file; it stays empty."""
        self._file = database.with_suffix(".turn").open("ab")
        self._since: float | None = None

    @property
    def waited(self) -> Seconds:
        """Return how long we have waited by now; 0 while we do not wait."""
        since = self._since
        return Seconds(0 if since is None else time.monotonic() - since)

    def __enter__(self) -> None:
        """Wait for our turn, however long: only the end of a process takes the lock from it."""
        self._since = time.monotonic()
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        finally:
            self._since = None

    def __exit__(self, *_error: object) -> None:
        """Let the next one write."""
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def empty_wal(path: Path, *, rewrite: bool = False) -> bool:
    """Fold the log of recent changes into the SQLite file at `path` and cut it to nothing; tell whether that worked.

    What was overwritten would live on in the log for a while. A reader in the middle of something makes it fail.
    `rewrite` writes the whole file anew first: what was deleted before deleting meant overwriting is gone with it.
    """
    connection = sqlite3.connect(path, timeout=REWRITING_SECONDS if rewrite else EMPTYING_SECONDS)
    try:
        if rewrite:
            connection.execute("VACUUM")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy


def open_for_reading(path: Path) -> sa.Engine:
    """Return a pooled engine whose connections refuse to write."""
    engine = sa.create_engine(f"sqlite:///{path}", pool_size=4, max_overflow=8)

    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  # DB-API connections have no common type
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("PRAGMA query_only=ON")

    sa.event.listen(engine, "connect", prepare)
    return engine


def open_to_examine(path: Path) -> sa.Engine:
    """Return an engine that reads a database as it stands, of any version, live or a copy, and changes nothing.

    Raises:
        InvalidError: there is no such file.

    """
    if not path.is_file():
        message = f"there is no database at {path}"
        raise InvalidError(message, remedy="Name the folder that holds huiyin.db with --folder.")
    # A copy on a medium that cannot be written has no place for SQLite's shared memory, and needs none.
    alone = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    return sa.create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True, timeout=10), poolclass=sa.pool.StaticPool
    )


def migrate(engine: sa.Engine, **lent: Callable[[sa.Connection], None]) -> None:
    """Bring the schema to the newest version; `lent` is what migrations need from rooms above, by name.

    Raises:
        PermanentError: if the database was written by a newer Huiyin.

    """
    config = Config()
    config.attributes.update(lent)
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            message = f"the database cannot be brought up to date: {error}"
            raise PermanentError(message, remedy="Use the Huiyin that last wrote it, or restore a backup.") from error
        connection.commit()
