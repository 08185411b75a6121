"""Keep a file sealed on disc: AES-256-GCM in frames, each bound to its file and place, read from anywhere in it.

A frame is `nonce (12 bytes) | ciphertext and tag`. The binding is `name|number`, and `name|number|last` for the last
one, so frames that were moved, taken from another file or cut off at the end do not open.
"""

import io
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huiyin.kernel.errors import PermanentError
from huiyin.security.wrapping import NONCE

FRAME = 256 * 1024
"""Plain bytes per frame."""
_SEALED = FRAME + NONCE + 16


class SealedWriter:
    """Writes a sealed file from its beginning to its end. What was not closed does not open."""

    def __init__(self, path: Path, key: bytes, name: str) -> None:
        """Begin the file, in place of one that is there; only its owner may read it."""
        self._cipher, self._name, self._frames, self._rest = AESGCM(key), name, 0, bytearray()
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")

    def write(self, plain: bytes) -> None:
        """Add some bytes."""
        self._rest += plain
        # The last frame is bound otherwise, so one is kept back until it is known not to be the last.
        while len(self._rest) > FRAME:
            self._frame(bytes(self._rest[:FRAME]), last=False)
            del self._rest[:FRAME]

    def close(self) -> None:
        """Finish the file and have it on disc."""
        self._frame(bytes(self._rest), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def _frame(self, plain: bytes, *, last: bool) -> None:
        nonce = secrets.token_bytes(NONCE)
        self._file.write(nonce + self._cipher.encrypt(nonce, plain, _binding(self._name, self._frames, last=last)))
        self._frames += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the file; one that broke off stays unfinished and does not open."""
        if kind is None:
            self.close()
        else:
            self._file.close()


class SealedReader(io.RawIOBase):
    """Reads a sealed file as if it were plain; `open_sealed` puts a buffer before it."""

    def __init__(self, path: Path, key: bytes, name: str) -> None:
        """Open the file."""
        super().__init__()
        self._file = path.open("rb")
        self._cipher, self._name = AESGCM(key), name
        size = path.stat().st_size
        self._frames = max(1, -(-size // _SEALED))
        self._size = size - self._frames * (_SEALED - FRAME)
        self._at, self._number, self._frame = 0, -1, b""

    def readable(self) -> bool:
        """Return true."""
        return True

    def seekable(self) -> bool:
        """Return true."""
        return True

    def tell(self) -> int:
        """Return the place in the plain bytes."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place in the plain bytes."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # any writable buffer; Python 3.11 has no type for it
        """Read on, at most to the end of a frame.

        Raises:
            PermanentError: the file was altered, or never finished.

        """
        if self._at >= self._size:
            self._load(self._frames - 1)  # an end that was cut off is noticed by whoever reads up to it
            return 0
        number, offset = divmod(self._at, FRAME)
        part = self._load(number)[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        super().close()

    def _load(self, number: int) -> bytes:
        if number == self._number:
            return self._frame
        self._file.seek(number * _SEALED)
        sealed = self._file.read(_SEALED)
        binding = _binding(self._name, number, last=number == self._frames - 1)
        try:
            self._frame = self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], binding)
        except (InvalidTag, ValueError) as error:
            message = f"{self._name} does not open: altered, or never finished"
            raise PermanentError(message, remedy="Give the file again.", code="file_damaged") from error
        self._number = number
        return self._frame


def open_sealed(path: Path, key: bytes, name: str) -> io.BufferedReader:
    """Return a sealed file to read from, as if it were plain."""
    return io.BufferedReader(SealedReader(path, key, name), FRAME)


def _binding(name: str, number: int, *, last: bool) -> bytes:
    return f"{name}|{number}|last".encode() if last else f"{name}|{number}".encode()
