"""Open what Kuaishou pushes, and say what it wants to hear back. Nothing is wired to this yet.

A push is an AES-CBC ciphertext in base64 under the app's message key, with an IV of zeros (Kuaishou's document 401854).
It carries no signature: whoever holds the key, and only they, can write one that opens. A push comes at least once,
so `Event.event_id` is what a repeat is told by. Heartbeats hold `{"test":true}`; whether they are encrypted
is not said, so both are read.
"""

import base64
import binascii
from typing import NoReturn

import msgspec
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from huiyin.channels.fields import Id
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.wire import UNREADABLE

RECEIPT = b'{"result":1}'
"""The answer, with HTTP 200 and within three seconds; without it the push comes again, five times."""

MAX_BYTES = 256 * 1024
"""The largest push opened, in bytes; our own bound."""

_BLOCK = 16
_BITS = 128


class Event(msgspec.Struct, frozen=True, rename="camel"):
    """What a push says happened. `info` is JSON text of the business."""

    event_id: str = ""
    biz_id: Id = ""
    app_key: str = ""
    event: str = ""
    info: str = ""
    create_time: Id = 0
    test: bool = False
    """A heartbeat: answered, and nothing more."""


_event = msgspec.json.Decoder(Event)


def open_push(raw: bytes, app_key: str, message_key: str) -> Event:
    """Return the event in one push for the app `app_key`; pure.

    Raises:
        InvalidError: too large, not to be opened with this key, unreadable, or another app's; never what it says.

    """
    if len(raw) > MAX_BYTES:
        _refuse(f"a push is at most {MAX_BYTES} bytes", "check who pushes to this address")
    plain = raw if raw.lstrip().startswith(b"{") else _decrypted(raw, message_key)
    try:
        event = _event.decode(plain)
    except UNREADABLE:
        _refuse("it is not JSON of the known shape", "check the message key in the shop's settings")
    if event.test:
        return event
    if plain is raw:
        _refuse("only heartbeats may come unencrypted", "turn on the encryption of messages at Kuaishou")
    if not event.event_id or event.app_key != app_key:
        _refuse("it names no event or another app", "push to the address of the right shop")
    return event


def _decrypted(raw: bytes, message_key: str) -> bytes:
    try:
        key = base64.b64decode(message_key, validate=True)
        sealed = base64.b64decode(raw, validate=True)
        cipher = Cipher(algorithms.AES(key), modes.CBC(bytes(_BLOCK))).decryptor()
        padded = cipher.update(sealed) + cipher.finalize()
        unpadder = padding.PKCS7(_BITS).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except (binascii.Error, ValueError):
        # One answer for every way to fail, so that nobody learns the padding from it.
        _refuse("it cannot be opened with this shop's message key", "check the message key in the shop's settings")


def _refuse(what: str, remedy: str) -> NoReturn:
    message = f"push refused: {what}"
    raise InvalidError(message, remedy=remedy)
