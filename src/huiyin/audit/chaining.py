"""Chain entries: each one's hash covers all it says and the hash before it. Pure: no I/O, no clock.

The rule, so that anybody can check it with a program of their own: an entry's columns in the order of `COLUMNS`
are written as one MessagePack array (every text, number and nothing in its shortest form; lengths stand before
their texts, so no two entries are written alike), and `hash` is SHA-256 over `prev` followed by these bytes.
The first entry's `prev` is 32 zero bytes.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

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


class Break(NamedTuple):
    """Where the chain does not hold: edited, missing or out_of_place from `seq` to `until`, or the clock went back."""

    code: str
    seq: int
    until: int


class Chain:
    """Follows entries from one end to the other and says where they do not hold together.

    After a break it goes on from the hash that stands there, so that each break is told once and at its place.
    """

    def __init__(self, seq: int = 0, head: bytes = GENESIS) -> None:
        """Stand behind the entry `seq` with the hash `head`; by default before the first."""
        self.seq = seq
        self.head: bytes | None = head
        self.at = 0

    def take(self, rows: Sequence[tuple[Any, ...]]) -> list[Break]:
        """Follow rows of `COLUMNS`, `prev` and `hash`, in the order of `seq`; return what does not hold."""
        breaks: list[Break] = []
        seq, head, last_at, sha256, encode, width = self.seq, self.head, self.at, hashlib.sha256, _encode, len(COLUMNS)
        for row in rows:
            prev, own, here, at = row[width], row[width + 1], row[0], row[1]
            if here != seq + 1:
                breaks.append(Break("missing", seq + 1, here - 1))
            elif prev != head and head is not None:
                breaks.append(Break("out_of_place", here, here))
            if type(prev) is not bytes or sha256(prev + encode(row[:width])).digest() != own:
                breaks.append(Break("edited", here, here))
            if type(at) is not int:
                at = last_at  # told as an edit above
            elif at < last_at:
                breaks.append(Break("clock_went_back", here, here))
            seq, head, last_at = here, own, at
        self.seq, self.head, self.at = seq, head, last_at
        return breaks

    def skip(self, seq: int) -> None:
        """Step over an entry that cannot be read."""
        self.seq, self.head = seq, None
