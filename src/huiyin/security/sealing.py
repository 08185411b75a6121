"""Seal and open single fields: AES-256-GCM, bound to tenant, table, row and field.

A sealed field is `0x01 | key id (16 bytes) | nonce (12 bytes) | ciphertext and tag`. The binding is the
additional data `tenant|table|row|field`, so a ciphertext moved elsewhere does not open.
"""

import secrets
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from huiyin.kernel.errors import PermanentError
from huiyin.security.keys import KeyRing
from huiyin.security.wrapping import NONCE

VERSION = b"\x01"
HEAD = 17
KEY_ID = slice(1, HEAD)
"""Where in a sealed field the id of its data key stands."""


class Place(NamedTuple):
    """Where a sealed field lives."""

    tenant: str
    table: str
    row: str
    field: str

    def binding(self) -> bytes:
        """Return the additional data that ties a ciphertext to this place."""
        return "|".join(self).encode()


class Sealer:
    """Seals on the way in, opens on the way out."""

    def __init__(self, ring: KeyRing) -> None:
        """Use the keys of `ring`."""
        self.ring = ring

    def seal(self, connection: sa.Connection, key_id: str, place: Place, plain: bytes) -> bytes:
        """Return `plain` sealed for `place` under a data key."""
        cipher = self.ring.cipher(connection, key_id)
        if cipher is None:
            message = f"data key {key_id} was destroyed; nothing more can be written under it"
            raise PermanentError(message)
        nonce = secrets.token_bytes(NONCE)
        return VERSION + bytes.fromhex(key_id) + nonce + cipher.encrypt(nonce, plain, place.binding())

    def learn(self, connection: sa.Connection, sealed: Iterable[bytes]) -> None:
        """Load the keys of many sealed fields in one query."""
        self.ring.learn(connection, (each[KEY_ID].hex() for each in sealed))

    def open(self, connection: sa.Connection, place: Place, sealed: bytes) -> bytes | None:
        """Return the plain bytes, or None once the subject's key was destroyed.

        Raises:
            PermanentError: if the ciphertext was altered or comes from another place.

        """
        return self.open_at(connection, place, sealed)[1]

    def open_at(self, connection: sa.Connection, place: Place, sealed: bytes) -> tuple[int, bytes | None]:
        """Return the plain bytes as `open` does, after the epoch of the key: for whoever keeps them in memory.

        Raises:
            PermanentError: as `open`.

        """
        epoch, cipher = self.ring.cipher_at(connection, sealed[KEY_ID].hex())
        if cipher is None:
            return epoch, None
        try:
            return epoch, cipher.decrypt(sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE :], place.binding())
        except InvalidTag as error:
            message = f"{place.table} {place.row} does not open: altered, or moved from another place"
            raise PermanentError(
                message, remedy="Restore this row from a backup and look into who changed it."
            ) from error
