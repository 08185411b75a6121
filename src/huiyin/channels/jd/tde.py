"""Speak JD's field encryption (TDE): read ciphertext, write it, and the index one looks a value up by.

Follows a public SDK; nothing was tried against JD (docs/jd.md). A ciphertext is base64 of
`0x00 0x04 | key id (16 bytes) | IV (16 bytes) | AES-128-CBC with PKCS #5 padding`, so it begins with "AAQ".
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import NamedTuple, Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.x509 import load_pem_x509_certificate

from huiyin.kernel.errors import PermanentError

FORM = b"\x00\x04"
MARK = "AAQ"
BLOCK = 16
HEAD = len(FORM) + BLOCK
BITS = 128
SDK_VERSION = 2


class FieldCipher(Protocol):
    """Turns a platform's encrypted fields into words and back; each platform has its own, or none."""

    def is_sealed(self, value: str) -> bool:
        """Tell whether a value is ciphertext of this platform."""
        ...

    def open(self, value: str) -> str:
        """Return the words; a value that is not encrypted is returned as it is."""
        ...

    def seal(self, words: str) -> str:
        """Return the words as ciphertext under the newest key."""
        ...

    def index(self, words: str) -> str:
        """Return what encrypted values are looked up by."""
        ...


class TdeKey(NamedTuple):
    """One version of a shop's key: its id and bytes as JD's answer gives them, decoded from base64."""

    id: bytes
    version: int
    key: bytes


class TdeCipher:
    """The keys of one shop."""

    def __init__(self, keys: Mapping[int, TdeKey]) -> None:
        """Use keys by version; the highest seals.

        Raises:
            PermanentError: no key, or one whose id has not 16 bytes.

        """
        if not keys or any(len(each.id) != BLOCK for each in keys.values()):
            message = "JD gave no usable encryption key for this shop"
            raise PermanentError(message, remedy="Fetch the keys again; the voucher may have expired.")
        self._by_id = {each.id: _sixteen(each.key) for each in keys.values()}
        self._newest = keys[max(keys)]
        self._oldest = keys[min(keys)]

    def is_sealed(self, value: str) -> bool:
        """Tell whether a value has the form of a ciphertext."""
        return value.startswith(MARK) and _raw(value) is not None

    def open(self, value: str) -> str:
        """Return the words behind a ciphertext.

        Raises:
            PermanentError: its key is not here, or it was altered.

        """
        raw = _raw(value) if value.startswith(MARK) else None
        if raw is None:
            return value
        key = self._by_id.get(raw[len(FORM) : HEAD])
        if key is None:
            message = "a field is encrypted under a key that is not here"
            raise PermanentError(message, remedy="Fetch the shop's keys again, and see that its voucher is valid.")
        return _decrypted(key, raw[HEAD : HEAD + BLOCK], raw[HEAD + BLOCK :])

    def seal(self, words: str) -> str:
        """Return words as ciphertext under the newest key, with an IV drawn by lot."""
        return self.seal_with(words, secrets.token_bytes(BLOCK))

    def seal_with(self, words: str, iv: bytes) -> str:
        """Return words as ciphertext with a given IV; for vectors alone, since an IV is used once."""
        key = self._by_id[self._newest.id]
        return base64.b64encode(FORM + self._newest.id + iv + _encrypted(key, iv, words.encode())).decode()

    def index(self, words: str) -> str:
        """Return the index of a value: hex of SHA-256 over its UTF-8 bytes and the salt of the first key."""
        iv = bytes(BLOCK)
        salt = iv + _encrypted(bytes(BLOCK), iv, self._oldest.key)
        return hashlib.sha256(words.encode() + salt).hexdigest()


class Voucher(msgspec.Struct):
    """JD's permission to fetch keys, as far as it is needed: moments in milliseconds."""

    id: str
    key: str
    service: str = ""
    act: str = ""
    effective: int = 0
    expired: int = 0
    stype: int = 0

    def __repr__(self) -> str:
        """Show which it is and no secret."""
        return f"Voucher(id={self.id!r}, expired={self.expired})"


class _Signed(msgspec.Struct):
    sig: str
    data: msgspec.Raw


def read_voucher(text: str, certificate: bytes, now_ms: int) -> Voucher:
    """Read a voucher, base64url of JSON, whose data JD signed with RSA-SHA256; `certificate` is JD's, as PEM.

    Raises:
        PermanentError: not a voucher, not signed by JD, or not valid now.

    """
    try:
        signed = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=_Signed)
        signature = base64.b64decode(signed.sig, validate=True)
        voucher = msgspec.json.decode(signed.data, type=Voucher)
    except (ValueError, msgspec.MsgspecError) as error:
        message = "what JD gave as a voucher cannot be read"
        raise PermanentError(message, remedy="Ask for a voucher again; report this if it stays so.") from error
    if not _signed_by(certificate, signature, bytes(signed.data)):
        message = "this voucher was not signed by JD"
        raise PermanentError(message, remedy="Check JD's certificate in the settings; trust no key from this.")
    if not voucher.effective <= now_ms < voucher.expired:
        message = "this voucher is not valid now"
        raise PermanentError(message, remedy="Ask for a new one, and check this machine's clock.")
    return voucher


def key_request(voucher: Voucher, now_ms: int) -> dict[str, str | int]:
    """Return the parameters of the call for a shop's keys, signed with the voucher's key (HMAC-SHA256)."""
    said = f'{{"sdk_ver":{SDK_VERSION},"ts":{now_ms},"tid":"{voucher.id}"}}'
    mac = hmac.new(base64.b64decode(voucher.key), said.encode(), hashlib.sha256).digest()
    return {"sig": base64.b64encode(mac).decode(), "sdk_ver": SDK_VERSION, "ts": now_ms, "tid": voucher.id}


class _Key(msgspec.Struct):
    id: str
    version: int
    key_string: str


class _Service(msgspec.Struct):
    keys: list[_Key]
    service: str = ""


class _Keys(msgspec.Struct):
    service_key_list: list[_Service]


def read_keys(body: bytes) -> TdeCipher:
    """Read the answer to `key_request` into a cipher.

    Raises:
        PermanentError: it holds no usable key.

    """
    try:
        answer = msgspec.json.decode(body, type=_Keys)
        found = [
            TdeKey(base64.b64decode(each.id), each.version, base64.b64decode(each.key_string))
            for service in answer.service_key_list
            for each in service.keys
        ]
    except (ValueError, msgspec.MsgspecError) as error:
        message = "what JD gave as keys cannot be read"
        raise PermanentError(message, remedy="Ask again; report this if it stays so.") from error
    return TdeCipher({each.version: each for each in found})


def _signed_by(certificate: bytes, signature: bytes, said: bytes) -> bool:
    key = load_pem_x509_certificate(certificate).public_key()
    if not isinstance(key, RSAPublicKey):
        return False
    try:
        key.verify(signature, said, PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _raw(value: str) -> bytes | None:
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    whole = len(raw) >= HEAD + 2 * BLOCK and (len(raw) - HEAD) % BLOCK == 0
    return raw if raw.startswith(FORM) and whole else None


def _sixteen(key: bytes) -> bytes:
    return key[:BLOCK].ljust(BLOCK, b"\0")


def _encrypted(key: bytes, iv: bytes, plain: bytes) -> bytes:
    padder = padding.PKCS7(BITS).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()


def _decrypted(key: bytes, iv: bytes, sealed: bytes) -> str:
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    unpadder = padding.PKCS7(BITS).unpadder()
    try:
        return (unpadder.update(decryptor.update(sealed) + decryptor.finalize()) + unpadder.finalize()).decode()
    except ValueError as error:
        message = "an encrypted field does not open: altered, or under another key of the same id"
        raise PermanentError(message, remedy="Fetch the shop's keys again; report this if it stays so.") from error
