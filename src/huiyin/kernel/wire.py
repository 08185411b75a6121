"""Encode and decode JSON once, the same way everywhere."""

from typing import Any

import msgspec

UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
"""What reading somebody else's JSON may raise: it is not JSON or of another shape, no UTF-8, nested without end."""

_encoder = msgspec.json.Encoder()


def encode(value: object) -> bytes:
    """Return `value` as UTF-8 JSON."""
    return _encoder.encode(value)


def encode_text(value: object) -> str:
    """Return `value` as JSON text, for a text column."""
    return _encoder.encode(value).decode()


def decode(raw: bytes | str) -> Any:  # noqa: ANN401  # JSON is whatever the other side sent; callers convert
    """Read JSON into plain Python values."""
    return msgspec.json.decode(raw)
