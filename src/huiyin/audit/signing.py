"""The key checkpoints are signed with: Ed25519 (RFC 8032), in a file of its own, apart from the master key.

Whoever holds the signing key can vouch for a forged chain; whoever holds the public key alone can only check. The
public key belongs with an auditor outside, before anything has gone wrong.
"""

import hashlib
import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from huiyin.kernel.errors import InvalidError, PermanentError

KEY = 32


class SigningKey:
    """Signs; made by `load_signing_key`."""

    def __init__(self, raw: bytes) -> None:
        """Keep the key of 32 bytes."""
        self._key = Ed25519PrivateKey.from_private_bytes(raw)
        self.public = PublicKey(self._key.public_key())

    def sign(self, payload: bytes) -> bytes:
        """Return the signature of `payload`."""
        return self._key.sign(payload)


class PublicKey:
    """Checks signatures, and nothing else."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        """Keep the key and work out its name."""
        self._key = key
        self.name = hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]

    def signed(self, payload: bytes, signature: bytes) -> bool:
        """Tell whether `signature` was made over `payload` with the key's other half."""
        try:
            self._key.verify(signature, payload)
        except InvalidSignature:
            return False
        return True

    def vouches(self, name: str, payload: bytes, signature: str) -> bool:
        """Tell whether this is the key of that name, and the signature (in hex) is its own."""
        return name == self.name and self.signed(payload, bytes.fromhex(signature))

    def pem(self) -> str:
        """Return the key as other programs read it."""
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def load_signing_key(path: Path, *, make: bool) -> SigningKey:
    """Read the signing key; make it on first use where `make` says so, readable by its owner alone.

    Raises:
        PermanentError: the file is not a key, or it is gone while checkpoints signed with it exist.

    """
    if not path.exists():
        if not make:
            message = f"the key the checkpoints were signed with is not at {path}"
            raise PermanentError(message, remedy="Restore it from its backup; until then no checkpoint is signed.")
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written whole under another name first: a crash leaves no half key.
        fresh = path.with_name(f"{path.name}.new")
        fresh.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
        fresh.write_text(os.urandom(KEY).hex() + "\n")
        sync(fresh)
        fresh.replace(path)
        sync(path.parent)
    try:
        raw = bytes.fromhex(path.read_text().strip())
    except (ValueError, OSError):
        raw = b""
    if len(raw) != KEY:
        message = f"{path} does not hold a signing key of {KEY} bytes in hex, or cannot be read"
        raise PermanentError(message, remedy="Restore it from its backup; until then no checkpoint is signed.")
    return SigningKey(raw)


def load_public_key(path: Path) -> PublicKey:
    """Read a public key.

    Raises:
        InvalidError: there is no such file, or it is not an Ed25519 public key.

    """
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        message = f"{path} is not a public key that can be read"
        raise InvalidError(message, remedy="Name the PEM file that `huiyin audit public-key` wrote.") from error
    if not isinstance(key, Ed25519PublicKey):
        message = f"{path} is a public key of another kind"
        raise InvalidError(message, remedy="Name the Ed25519 key that `huiyin audit public-key` wrote.")
    return PublicKey(key)


def sync(path: Path) -> None:
    """Have a file or a folder on disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
