"""Read Huiyin's books from outside, with SQLite and the house's key: what is stored, in which order, what is behind."""

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from huiyin.bench.chat import Message
from huiyin.conversations.source_keys import SEEN
from huiyin.eventlog.database import open_for_reading
from huiyin.kernel.clock import monotonic
from huiyin.security.keeping import open_keeper
from huiyin.security.keys import HOUSE, KeyRing
from huiyin.wiring import Settings

DRAIN_POLL_SECONDS = 0.1


class Backlog(NamedTuple):
    """What was acknowledged and not worked through yet."""

    events: int
    turns: int
    replies: int

    @property
    def empty(self) -> bool:
        """Tell whether nothing is behind."""
        return not any(self)


class Wrong(NamedTuple):
    """What the books lack of what was acknowledged. All must be 0."""

    lost: int
    doubled: int
    reordered: int


@contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the database to read."""
    with closing(sqlite3.connect(f"file:{folder / 'huiyin.db'}?mode=ro", uri=True, timeout=30)) as database:
        database.execute("BEGIN")  # one moment for all questions, while the server goes on writing
        yield database


def backlog(folder: Path) -> Backlog:
    """Count what is behind."""
    with reading(folder) as database:
        newest = _one(database, "SELECT coalesce(max(position), 0) FROM event")
        slowest = _one(database, "SELECT coalesce(min(position), 0) FROM listener_position")
        turns = _one(database, "SELECT count(*) FROM assist_turn")
        replies = _one(database, "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')")
    return Backlog(newest - slowest, turns, replies)


async def drained(folder: Path, patience: float) -> float:
    """Wait until nothing is behind; return the seconds it took, infinity if patience ended first."""
    start = monotonic()
    while monotonic() - start < patience:
        if (await asyncio.to_thread(backlog, folder)).empty:
            return monotonic() - start
        await asyncio.sleep(DRAIN_POLL_SECONDS)
    return float("inf")


def counts(folder: Path) -> dict[str, float]:
    """Count what there is."""
    with reading(folder) as database:
        return {
            "stored": _one(database, "SELECT count(*) FROM message WHERE sender = 'customer'"),
            "verdicts": _one(database, "SELECT count(DISTINCT message) FROM verdict"),
            "messages": _one(database, "SELECT count(*) FROM message"),
            "conversations": _one(database, "SELECT count(*) FROM conversation"),
            "parked": _one(database, "SELECT count(*) FROM parked_event"),
            "unknown": _one(database, "SELECT count(*) FROM outbox WHERE state = 'unknown'"),
        }


def named(folder: Path, source_ids: Iterable[str]) -> dict[str, str]:
    """Return the platform's ids of messages by what stands for them in the books."""
    settings = Settings(folder)
    ring = KeyRing(open_keeper(settings.keys, settings.master_key, fresh=False))
    engine = open_for_reading(settings.database)
    try:
        with engine.connect() as connection:
            return {f"{SEEN}{ring.look_up(connection, HOUSE, 'record', each)}": each for each in source_ids}
    finally:
        engine.dispose()


def compare(folder: Path, acknowledged: Sequence[Message], *, old: int = 0) -> Wrong:
    """Hold the acknowledged messages, in the order each customer sent them, against the books.

    `old` messages of customers were made up in the database before, and no event tells of them.
    """
    names = named(folder, (each.mid for each in acknowledged))
    with reading(folder) as database:
        return compare_with(database, acknowledged, names, old=old)


def compare_with(
    database: sqlite3.Connection, acknowledged: Sequence[Message], names: Mapping[str, str], *, old: int = 0
) -> Wrong:
    """Do as `compare` does, on an open database whose `names` for messages are known (`named`)."""
    rows = database.execute(
        "SELECT source_key, conversation, version, id FROM message WHERE sender = 'customer'"
    ).fetchall()
    keys = [(str(key).partition(":")[2], conversation, version) for key, conversation, version, _ in rows]
    stored = {names.get(key, key): (conversation, version) for key, conversation, version in keys}
    heard = database.execute(
        "SELECT count(*), count(DISTINCT json_extract(CAST(body AS TEXT), '$.message')) FROM event"
        " WHERE kind = 'conversations.MessageReceived' AND json_extract(CAST(body AS TEXT), '$.sender') = 'customer'"
    ).fetchone()
    doubled = (len(rows) - len(stored)) + abs(int(heard[0]) + old - len(rows)) + (int(heard[0]) - int(heard[1]))
    lost = reordered = 0
    last: dict[tuple[str, str], int] = {}
    for each in acknowledged:
        found = stored.get(each.mid)
        if found is None:
            lost += 1
            continue
        conversation, version = found
        place = (each.talk.pin, conversation)
        reordered += version <= last.get(place, 0)
        last[place] = version
    return Wrong(lost, doubled, reordered)


def integrity(database: sqlite3.Connection) -> bool:
    """Let SQLite check its own pages."""
    return bool(database.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


def _one(database: sqlite3.Connection, query: str) -> int:
    return int(database.execute(query).fetchone()[0])
