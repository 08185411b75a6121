"""Encrypt and decrypt streams with age (age-encryption.org/v1): to the keys of people, never to the server's own.

The server that makes a backup cannot open it. A changed or cut file does not open at all.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import BufferedIOBase
from pathlib import Path

import pyrage

from huiyin.installation.archive import CHUNK
from huiyin.kernel.errors import ConflictError, InvalidError, PermanentError

Recipient = pyrage.x25519.Recipient
Identity = pyrage.x25519.Identity


def make_identity(file: Path) -> str:
    """Write a new identity, readable by its owner alone; return the recipient that backups are encrypted to.

    Raises:
        ConflictError: the file is there; overwriting it would lose every backup made to it.

    """
    identity = Identity.generate()
    try:
        with file.open("x", encoding="ascii") as fresh:
            file.chmod(0o600)
            fresh.write(f"# public key: {identity.to_public()}\n{identity}\n")
    except FileExistsError as error:
        message = f"{file} is there already"
        raise ConflictError(message, remedy="Name another file; whoever loses this one opens no backup.") from error
    return str(identity.to_public())


def read_recipients(words: Sequence[str]) -> list[Recipient]:
    """Return the recipients that are named by words like age1….

    Raises:
        InvalidError: one of them is none.

    """
    found = []
    for each in words:
        try:
            found.append(Recipient.from_str(each.strip()))
        except pyrage.RecipientError as error:
            message = f"backup.recipients: {each[:12]}… is no age recipient"
            raise InvalidError(message, remedy="Use what `huiyin backup key` printed; it begins with age1.") from error
    return found


def read_identities(file: Path) -> list[Identity]:
    """Return the identities of a file.

    Raises:
        InvalidError: it is not there, holds none, or others may read it.

    """
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file} cannot be read as an identity"
        raise InvalidError(message, remedy="Name the file that `huiyin backup key` wrote.") from error
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        message = f"others than its owner may read {file}"
        raise InvalidError(message, remedy=f"chmod 600 {file}")
    try:
        found = [Identity.from_str(each.strip()) for each in lines if each.strip() and not each.startswith("#")]
    except pyrage.IdentityError as error:
        message = f"{file} holds no age identity"
        raise InvalidError(message, remedy="Name the file that `huiyin backup key` wrote.") from error
    if not found:
        message = f"{file} holds no age identity"
        raise InvalidError(message, remedy="Name the file that `huiyin backup key` wrote.")
    return found


def encrypt(write: Callable[[BufferedIOBase], None], target: BufferedIOBase, recipients: Sequence[Recipient]) -> None:
    """Encrypt what `write` writes into `target`, as it is written: nothing readable is kept on the way."""
    with _piped(write) as source:
        pyrage.encrypt_io(source, target, recipients)


@contextmanager
def decrypted(source: BufferedIOBase, identities: Sequence[Identity]) -> Iterator[BufferedIOBase]:
    """Yield what a stream holds, as it is decrypted.

    Raises:
        PermanentError: none of the identities opens it, or it was changed or cut.

    """

    def write(target: BufferedIOBase) -> None:
        try:
            pyrage.decrypt_io(source, target, identities)
        except OSError as error:
            # What is found damaged in mid-stream is told as an error of reading, without a number of the system's.
            if error.errno is not None:
                raise
            raise pyrage.DecryptError(str(error)) from error

    try:
        with _piped(write) as plain:
            yield plain
    except pyrage.DecryptError as error:
        message = "the backup does not open: another key, or the file was changed or cut"
        raise PermanentError(message, remedy="Use the identity it was made for, or an earlier backup.") from error


@contextmanager
def _piped(write: Callable[[BufferedIOBase], None]) -> Iterator[BufferedIOBase]:
    """Yield the reading end of a pipe into which `write` writes on a thread; its error is raised at the end."""
    reading, writing = os.pipe()

    def fill() -> None:
        # Whoever reads and has enough hangs up, and says why.
        with suppress(BrokenPipeError), os.fdopen(writing, "wb") as target:
            write(target)

    with ThreadPoolExecutor(1, thread_name_prefix="huiyin-backup") as pool, os.fdopen(reading, "rb") as source:
        filling = pool.submit(fill)
        try:
            yield source
            while source.read(CHUNK):  # to the end: a cut file is told there
                pass
        finally:
            source.close()
            filling.result()
