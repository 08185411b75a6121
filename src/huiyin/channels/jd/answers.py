"""Open JD's answers with care: an unknown shape is an error, never an empty list."""

from datetime import datetime
from typing import TypeVar

import msgspec

from huiyin.channels.jd.moments import read_moment
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.wire import UNREADABLE

T = TypeVar("T")

_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def decode(decoder: msgspec.json.Decoder[T], body: bytes, method: str) -> T:
    """Decode `body`.

    Raises:
        PermanentError: the shape is not the one JD documents.

    """
    try:
        return decoder.decode(body)
    except UNREADABLE as error:
        raise strange(method) from error


def inside(body: bytes, key: str, method: str) -> bytes:
    """Return the object that holds `key`: the body itself, or an object one key below.

    How deep JD puts some pages inside the wrapper is not verified, so both are read.

    Raises:
        PermanentError: no such object, so the answer cannot be trusted to be empty.

    """
    top = decode(_fields, body, method)
    if key in top:
        return body
    for value in top.values():
        raw = bytes(value)
        if raw.startswith(b"{") and key in decode(_fields, raw, method):
            return raw
    raise strange(method)


def moment(written: str | int | None, method: str) -> datetime | None:
    """Read a JD time out of the answer of `method`."""
    try:
        return read_moment(written)
    except ValueError as error:
        raise strange(method) from error


def strange(method: str) -> PermanentError:
    """Return the error for an answer nobody documented."""
    return PermanentError(
        f"{method}: JD's answer has a shape we do not know", remedy="report it with the method's name"
    )
