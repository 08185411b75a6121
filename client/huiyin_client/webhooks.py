"""Check a webhook, and read it. Any library of Standard Webhooks does the same."""

import base64
import binascii
import hmac
import time
from collections.abc import Mapping
from datetime import datetime

import msgspec

TOLERANCE_SECONDS = 300
PREFIX = "whsec_"


class UnverifiedError(Exception):
    """The call is not from the server, too old, or was changed: answer 400, and do nothing."""


class Event(msgspec.Struct, frozen=True):
    """What happened: its kind, when, and the ids; `id` is the same each time the call is repeated."""

    type: str
    timestamp: datetime
    data: dict[str, str | int | bool | None]
    id: str = ""


_event = msgspec.json.Decoder(Event)


def verify(body: bytes, headers: Mapping[str, str], secret: str, *, now: float | None = None) -> Event:
    """Return the event of a call whose signature holds; `body` is the raw body, `now` in seconds for tests.

    Raises:
        UnverifiedError: a header is missing, the time is more than five minutes off, or no signature fits.

    """
    told = {name.lower(): value for name, value in headers.items()}
    try:
        message, at, given = told["webhook-id"], told["webhook-timestamp"], told["webhook-signature"]
        off = abs((time.time() if now is None else now) - int(at))
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (KeyError, ValueError, binascii.Error) as error:
        reason = "a header is missing or unreadable, or the secret is none"
        raise UnverifiedError(reason) from error
    if off > TOLERANCE_SECONDS:
        reason = "the call is too old, or a clock is wrong"
        raise UnverifiedError(reason)
    mac = base64.b64encode(hmac.digest(key, f"{message}.{at}.".encode() + body, "sha256"))
    fits = [
        version == "v1" and hmac.compare_digest(value.encode(), mac)
        for version, _, value in (each.partition(",") for each in given.split(" "))
    ]
    if not any(fits):
        reason = "no signature fits"
        raise UnverifiedError(reason)
    try:
        return msgspec.structs.replace(_event.decode(body), id=message)
    except msgspec.DecodeError as error:
        reason = "the body is none of the server's"
        raise UnverifiedError(reason) from error
