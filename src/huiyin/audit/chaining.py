"""Chain entries: each one's hash covers all it says and the hash before it. Pure: no I/O, no clock.

The rule, so that anybody can check it with a program of their own: an entry's columns in the order of `COLUMNS`
are written as one MessagePack array (every text, number and nothing in its shortest form; lengths stand before
their texts, so no two entries are written alike), and `hash` is SHA-256 over `prev` followed by these bytes.
The first entry's `prev` is 32 zero bytes.
"""

import hashlib
from collections.abc import Sequence

import msgspec

COLUMNS = (
    "seq", "at", "tenant", "actor_tenant", "actor", "action", "subject", "outcome", "proof", "proof_id", "device",
    "second_factor_at", "detail",
)  # fmt: skip
"""What the hash covers besides the hash before it."""

GENESIS = bytes(32)
"""What stands before the first entry."""

_encode = msgspec.msgpack.Encoder().encode


def hash_of(prev: bytes, values: Sequence[object]) -> bytes:
    """Return the hash of an entry with these values of `COLUMNS`, standing behind `prev`."""
    return hashlib.sha256(prev + _encode(values)).digest()
