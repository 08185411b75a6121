"""The master key in a file that its owner alone can read."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from huiyin.kernel.errors import PermanentError
from huiyin.security.keeping.versions import FIRST, HeldKeeper, read_versions, written
from huiyin.security.wrapping import KEY

RESTORE = "Restore it from its backup; without it nothing can be read."
TRIES = 3
"""Whoever opened the file just before it was replaced may see it overwritten."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class FileKeeper(HeldKeeper):
    """Versions in a file, one a line. Made on first use; replaced in one step, the former bytes overwritten."""

    def __init__(self, path: Path, *, fresh: bool) -> None:
        """Make the file if there is none and nothing was written under it yet.

        Raises:
            PermanentError: it is gone, not a key file, or others may read it.

        """
        super().__init__(str(path), self._read, self._write)
        self._path = path
        if fresh and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write({FIRST: secrets.token_bytes(KEY)})
        if not self._read():
            message = f"{path} is empty"
            raise PermanentError(message, remedy=RESTORE)

    def _read(self) -> dict[str, bytes]:
        path = self._path
        try:
            mode = path.stat().st_mode
            text = next((text for _ in range(TRIES) if "\0" not in (text := path.read_text(encoding="ascii"))), "?")
        except FileNotFoundError as error:
            message = f"{path} is gone"
            raise PermanentError(
                message, remedy="Restore it from its backup; without it nothing can be read."
            ) from error
        except PermissionError as error:
            message = f"{path} may not be read by this user"
            remedy = f"Run Huiyin as the file's owner, or: chown $(id -u) {path} && chmod 600 {path}"
            raise PermanentError(message, remedy=remedy) from error
        except UnicodeDecodeError:
            mode, text = path.stat().st_mode, "?"
        if mode & OTHERS:
            message = f"{path} can be read by others"
            raise PermanentError(message, remedy=f"chmod 600 {path}, and think of the key as known: rotate it.")
        return read_versions(text, str(path))

    def _write(self, versions: dict[str, bytes]) -> None:
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
        with fresh.open("w", encoding="ascii") as file:
            file.write(written(versions))
            file.flush()
            os.fsync(file.fileno())
        former = self._path.open("r+b") if self._path.exists() else contextlib.nullcontext()
        with former as old:
            fresh.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
            if old is not None:
                # The new file is safe by now. A medium that writes elsewhere keeps the old bytes for a while.
                size = os.fstat(old.fileno()).st_size
                old.write(b"\0" * size)
                old.flush()
                os.fsync(old.fileno())
