"""Read a call strictly, and refuse it in the platform's own words."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple, NoReturn
from urllib.parse import parse_qsl

import msgspec

from huiyin.kernel.wire import UNREADABLE, decode
from huiyin.simulator.peers.world import PeerWorld

TOLERANCE = timedelta(minutes=10)
"""Taobao and Pinduoduo document ten minutes; for the two others it is our choice."""

Refuse = Callable[[str], NoReturn]
"""Refuse with one of the platform's reasons: `sign`, `clock`, `key`, `token`, `shape`, `limit`, `order`."""


class PeerRefusedError(Exception):
    """The platform says no, in this body."""

    def __init__(self, body: object) -> None:
        """Refuse with `body`."""
        super().__init__("refused")
        self.body = body


class NotHeardError(Exception):
    """The call does not even reach the platform's own checks; its HTTP status says why."""

    def __init__(self, status: int) -> None:
        """Turn away with `status`."""
        super().__init__(str(status))
        self.status = status


class Heard(NamedTuple):
    """One HTTP call."""

    verb: str
    path: str
    query: bytes
    body: bytes
    content_type: str


def pairs(raw: bytes) -> dict[str, str]:
    """Read a form or a query; a name given twice is turned away, an empty value is kept."""
    found = parse_qsl(raw.decode(errors="replace"), keep_blank_values=True)
    if len(dict(found)) != len(found):
        raise NotHeardError(400)
    return dict(found)


def check_names(given: dict[str, str], wanted: frozenset[str], refuse: Refuse) -> None:
    """Refuse what is missing, empty or not known."""
    if given.keys() != wanted or not all(given.values()):
        refuse("shape")


def check_clock(world: PeerWorld, written_ms: str, refuse: Refuse) -> None:
    """Refuse a call that is more than ten minutes off; `written_ms` is milliseconds since 1970."""
    if not written_ms.isdecimal():
        refuse("clock")
    now_ms = int(world.clock.now().timestamp() * 1000)
    if abs(int(written_ms) - now_ms) > TOLERANCE / timedelta(milliseconds=1):
        refuse("clock")


def json_object(written: bytes | str, refuse: Refuse) -> dict[str, object]:
    """Read business parameters."""
    try:
        found = decode(written)
    except UNREADABLE:
        refuse("shape")
    if not isinstance(found, dict):
        refuse("shape")
    return found


def as_texts(value: object) -> object:
    """Write every number inside `value` as text."""
    if isinstance(value, dict):
        return {name: as_texts(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_texts(each) for each in value]
    if isinstance(value, msgspec.Raw):
        return bytes(value).decode()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
