"""Wrap one key with another: AES-256-GCM, a fresh nonce each time, bound to what the key is for."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from huiyin.kernel.errors import PermanentError

NONCE = 12
"""Bytes. Drawn by lot for each sealing: with one data key per subject no key comes near 2^32 uses (NIST SP 800-38D)."""
KEY = 32


def new_key() -> bytes:
    """Draw a key by lot."""
    return secrets.token_bytes(KEY)


def wrap(wrapping: bytes, key: bytes, context: str) -> bytes:
    """Return `nonce | ciphertext and tag` of a key."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(wrapping).encrypt(nonce, key, context.encode())


def unwrap(wrapping: bytes, wrapped: bytes, context: str) -> bytes:
    """Return the key.

    Raises:
        PermanentError: wrapped by another key, for something else, or altered.

    """
    try:
        return AESGCM(wrapping).decrypt(wrapped[:NONCE], wrapped[NONCE:], context.encode())
    except (InvalidTag, ValueError) as error:
        message = f"the key of {context} cannot be opened with the key above it"
        remedy = "Start with the master key this database was written with (HUIYIN_KEYS); `huiyin keys state` names it."
        raise PermanentError(message, remedy=remedy) from error


def derived(key: bytes, info: str) -> bytes:
    """Return a key derived from another: HKDF-SHA256 without salt (RFC 5869)."""
    return HKDF(hashes.SHA256(), KEY, salt=None, info=info.encode()).derive(key)
