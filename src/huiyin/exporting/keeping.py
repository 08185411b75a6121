"""Keep an export's parts on disc, each sealed under the export's key and bound to its number.

A part is a draft of whoever works at the export until they noted it: whoever lost the export to somebody else has
nothing in its place, and nothing of theirs to take away but drafts.
"""

import contextlib
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from huiyin.kernel.errors import InvalidError
from huiyin.security.sealed_files import FRAME, SealedWriter, open_sealed

ORPHANED_AFTER = timedelta(minutes=5)
"""A draft, or a part whose export nobody knows any more, is taken away after this; until then it may be on its way."""


class Draft(NamedTuple):
    """A part that is not noted yet: of which export, which one, and under which lease it was written."""

    export: str
    number: int
    lease: str


class Parts:
    """The parts of all exports."""

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder`."""
        self._folder = folder

    def write(self, draft: Draft, key: bytes, plain: bytes) -> None:
        """Write a part whole, beside where it belongs."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with SealedWriter(self._draft(draft), key, _name(draft.export, draft.number)) as writer:
            writer.write(plain)

    def put(self, draft: Draft) -> bool:
        """Put a part where it belongs, in place of one that was never noted; false if it was swept meanwhile."""
        try:
            self._draft(draft).replace(self._path(draft.export, draft.number))
        except FileNotFoundError:
            return False
        return True

    def drop(self, draft: Draft) -> None:
        """Take a draft away."""
        self._draft(draft).unlink(missing_ok=True)

    def read(self, export: str, number: int, key: bytes) -> Iterator[bytes]:
        """Return a part, frame by frame.

        Raises:
            InvalidError: export_gone.

        """
        try:
            reader = open_sealed(self._path(export, number), key, _name(export, number))
        except FileNotFoundError as error:
            message = "the file of this export is gone"
            raise InvalidError(message, remedy="Ask for the export again.", code="export_gone") from error
        with reader:
            while frame := reader.read(FRAME):
                yield frame

    def whole(self, export: str, parts: int) -> bool:
        """Tell whether every part lies there: a database that was put back from a backup may tell of files it had."""
        return all(self._path(export, number).exists() for number in range(1, parts + 1))

    def remove(self, export: str) -> None:
        """Take away whatever there is of an export."""
        for path in self._folder.glob(f"{export}.*"):
            path.unlink(missing_ok=True)

    def sweep(self, known: Collection[str], now: datetime) -> None:
        """Take away the parts of exports that are neither under way nor to be taken, and drafts that were left."""
        before = (now - ORPHANED_AFTER).timestamp()
        for path in self._folder.glob("*.*"):
            with contextlib.suppress(FileNotFoundError):
                export, *place = path.name.split(".")
                if (export not in known or len(place) > 1) and path.stat().st_mtime < before:
                    path.unlink()

    def _path(self, export: str, number: int) -> Path:
        return self._folder / f"{export}.{number}"

    def _draft(self, draft: Draft) -> Path:
        return self._folder / f"{draft.export}.{draft.number}.{draft.lease}"


def _name(export: str, number: int) -> str:
    return f"export.{export}.{number}"
