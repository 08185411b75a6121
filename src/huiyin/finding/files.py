"""Open index files: one for writing in the worker, a few for reading in the doors, none that is not the one there."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog

from huiyin.eventlog.writer import Notice
from huiyin.finding import store
from huiyin.finding.keys import find_key
from huiyin.security.keys import CHANGED
from huiyin.security.sealing import Sealer

log = structlog.get_logger(__name__)

MOST_IDLE = 4
"""Connections kept open for reading a tenant's index: each has pages in its own memory."""


def file_of(folder: Path, tenant: str) -> Path:
    """Return the file of a tenant's index."""
    return folder / f"{tenant}.db"


def remove(file: Path) -> None:
    """Remove an index file and what lies beside it."""
    for each in (file, *(file.with_name(f"{file.name}-{end}") for end in ("wal", "shm", "journal"))):
        each.unlink(missing_ok=True)


def number_of(file: Path) -> int:
    """Return the number of the file that is there now, 0 for none: a file made anew has another."""
    try:
        return file.stat().st_ino
    except FileNotFoundError:
        return 0


class Shelf:
    """The indexes for reading."""

    def __init__(self, folder: Path, reading: sa.Engine, sealer: Sealer) -> None:
        """Open none yet."""
        self._folder, self._reading, self._sealer = folder, reading, sealer
        self._lock = threading.Lock()
        self._idle: dict[str, tuple[int, list[Any]]] = {}
        self._turn = 0

    @contextlib.contextmanager
    def lent(self, tenant: str) -> Iterator[Any]:
        """Lend a connection to a tenant's index; None where there is none to be read.

        A file that turns out to be torn, or none, is taken away: the worker makes it anew.
        """
        file = file_of(self._folder, tenant)
        number, turn = number_of(file), self._turn
        opened = self._taken(tenant, number) if number else None
        try:
            if opened is None and number:
                opened = self._opened(file, tenant)
        except store.Damaged as error:
            self._take_away(error, tenant, file, number)
        try:
            yield opened
        except store.Damaged as error:
            if opened is not None:
                opened.close()
                opened = None
            self._take_away(error, tenant, file, number)
        finally:
            if opened is not None:
                self._put_back(tenant, number, turn, opened)

    def watch(self, notices: Sequence[Notice]) -> None:
        """Let go of every index when keys changed: one whose key was destroyed opens no more."""
        if any(each.kind == CHANGED.kind for each in notices):
            self.close()

    def close(self) -> None:
        """Let go of every index."""
        with self._lock:
            self._turn += 1
            idle, self._idle = self._idle, {}
        for _, waiting in idle.values():
            for each in waiting:
                each.close()

    def _taken(self, tenant: str, number: int) -> Any:  # noqa: ANN401  # the driver ships no types
        with self._lock:
            known, waiting = self._idle.get(tenant, (0, []))
            if known == number and waiting:
                return waiting.pop()
            stale, self._idle[tenant] = waiting if known != number else [], (number, [])
        for each in stale:
            each.close()
        return None

    def _take_away(self, error: Exception, tenant: str, file: Path, number: int) -> None:
        """Take away a file that is torn, or none; raise whatever else the driver said."""
        if not store.is_damaged(error):
            raise error
        log.error("finding.damaged", tenant=tenant)
        if number_of(file) == number:
            remove(file)

    def _opened(self, file: Path, tenant: str) -> Any:  # noqa: ANN401  # as above
        with self._reading.connect() as connection:
            key = find_key(connection, self._sealer, tenant)
        return None if key is None else store.connect(file, key, writing=False)

    def _put_back(self, tenant: str, number: int, turn: int, opened: Any) -> None:  # noqa: ANN401  # as above
        with self._lock:
            known, waiting = self._idle.get(tenant, (number, []))
            if turn == self._turn and known == number and len(waiting) < MOST_IDLE:
                self._idle[tenant] = (number, [*waiting, opened])
                return
        opened.close()
