"""Make identifiers: time-ordered, unguessable, the same on every database."""

from typing import NewType

from uuid_utils import uuid7

TenantId = NewType("TenantId", str)
ShopId = NewType("ShopId", str)
PersonId = NewType("PersonId", str)
EngagementId = NewType("EngagementId", str)
ShiftId = NewType("ShiftId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)


def new_id() -> str:
    """Return a fresh id: 32 hex digits of a UUIDv7 (RFC 9562 §5.7), so that new rows land at an index's end."""
    return uuid7().hex


def is_id(text: str) -> bool:
    """Tell whether a text has the form of an id: what stands in an address anybody may have typed."""
    return len(text) == 32 and set(text) <= _DIGITS


_DIGITS = frozenset("0123456789abcdef")
