"""Keep a file's copy on disc, sealed under a key of its own, from its arrival until it is in."""

import contextlib
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import new_id
from huiyin.security.sealed_files import SealedWriter, open_sealed
from huiyin.security.wrapping import new_key

MOST_BYTES = 512 * 1024 * 1024
ORPHANED_AFTER = timedelta(days=1)
"""A file nobody offered by then was cut off on its way here."""


class Copy(NamedTuple):
    """A copy on disc: the file's id, its key, what it was written from, and how long that was."""

    id: str
    key: bytes
    digest: str
    bytes: int


class Files:
    """The copies, and what sorting makes of them."""

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder`."""
        self._folder = folder

    def incoming(self) -> "Incoming":
        """Begin a copy."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Incoming(self)

    def path(self, file: str, part: str) -> Path:
        """Return where a part of a file lies: `copy`, `sorted`, or a run's number."""
        return self._folder / f"{file}.{part}"

    def writer(self, file: str, part: str, key: bytes, draft: str = "") -> SealedWriter:
        """Begin to write a part; as a draft, where another process might write the same one."""
        return SealedWriter(self.path(file, f"{part}.{draft}" if draft else part), key, f"{file}.{part}")

    def settle(self, file: str, part: str, draft: str) -> None:
        """Put a draft in the place of its part."""
        self.path(file, f"{part}.{draft}").replace(self.path(file, part))

    def discard(self, file: str, draft: str) -> None:
        """Take away the drafts of somebody who works on a file no more."""
        for path in self._folder.glob(f"{file}.*.{draft}"):
            path.unlink(missing_ok=True)

    def reader(self, file: str, part: str, key: bytes, draft: str = "") -> BufferedReader:
        """Open a part, or the draft of one.

        Raises:
            InvalidError: file_gone.

        """
        try:
            return open_sealed(self.path(file, f"{part}.{draft}" if draft else part), key, f"{file}.{part}")
        except FileNotFoundError as error:
            message = "the copy of the file is gone"
            raise InvalidError(message, remedy="Give the file again.", code="file_gone") from error

    def remove(self, file: str) -> None:
        """Take away whatever is left of a file."""
        for path in self._folder.glob(f"{file}.*"):
            path.unlink(missing_ok=True)

    def sweep(self, known: Collection[str], now: datetime) -> None:
        """Take away what belongs to no file that is under way and has not been touched for a day."""
        before = (now - ORPHANED_AFTER).timestamp()
        for path in self._folder.glob("*.*"):
            with contextlib.suppress(FileNotFoundError):
                if path.name.partition(".")[0] not in known and path.stat().st_mtime < before:
                    path.unlink()


class Incoming:
    """A copy while it is being written."""

    def __init__(self, files: Files) -> None:
        """Begin it under a new id and key."""
        self.id, self._key, self._files = new_id(), new_key(), files
        self._writer, self._digest, self._bytes = files.writer(self.id, "copy", self._key), sha256(), 0

    def write(self, part: bytes) -> None:
        """Add the next part.

        Raises:
            InvalidError: file_too_large.

        """
        self._bytes += len(part)
        if self._bytes > MOST_BYTES:
            message = f"a file may have {MOST_BYTES // 2**20} MiB"
            raise InvalidError(message, remedy="Export fewer days at a time.", code="file_too_large")
        self._digest.update(part)
        self._writer.write(part)

    def finish(self) -> Copy:
        """Have it on disc."""
        self._writer.close()
        return Copy(self.id, self._key, self._digest.hexdigest(), self._bytes)

    def discard(self) -> None:
        """Take it away again."""
        self._files.remove(self.id)
