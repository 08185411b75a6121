"""Who has a house open, and whether a whole one stands there: a backup takes its place while nobody is in it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huiyin.kernel.errors import InvalidError

ASIDE = "before-restore-"
"""What the folders are called that hold what stood there before a backup took its place."""


class Presence:
    """Says that somebody has the house in a folder open, for as long as they have: server, worker, demo or command.

    The lock is the kernel's, shared by all of them, on a file beside the database, and gone with its process.
    """

    def __init__(self, database: Path) -> None:
        """Open the house's file, and hold it.

        Raises:
            InvalidError: the house is being replaced, or half of it was.

        """
        self._file = _lock_of(database).open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            _check_whole(database)
        except BlockingIOError as error:
            self._file.close()
            message = f"the house in {database.parent} is being replaced by a backup"
            raise InvalidError(message, remedy="Wait until `huiyin restore` has ended.") from error
        except InvalidError:
            self._file.close()
            raise

    def close(self) -> None:
        """Let go."""
        self._file.close()


@contextmanager
def nobody_in(database: Path) -> Iterator[None]:
    """Keep everybody out of a house while it is replaced.

    Raises:
        InvalidError: somebody has it open.

    """
    with _lock_of(database).open("ab") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"somebody has the house in {database.parent} open: a server, its worker, a demo or a command"
            raise InvalidError(message, remedy="End whatever of Huiyin runs over it, then try again.") from error
        yield


def cut_off(database: Path) -> Path | None:
    """Return where a database was moved to by a restore that never came to put another there; None where none was."""
    if database.exists():
        return None
    asides = sorted(database.parent.glob(f"{ASIDE}*"), reverse=True)
    return next((each for each in asides if (each / database.name).exists()), None)


def _check_whole(database: Path) -> None:
    """Refuse to found an empty house where one was just moved aside.

    Raises:
        InvalidError: there is no database, and one lies aside.

    """
    aside = cut_off(database)
    if aside is not None:
        message = f"a restore was cut off: there is no database in {database.parent}, and one lies in {aside.name}"
        raise InvalidError(message, remedy="Give the `huiyin restore` command again: it goes on from there.")


def _lock_of(database: Path) -> Path:
    return database.with_name("house.lock")
