"""What an event is: a past-tense, frozen record that carries ids rather than objects."""

from collections.abc import Iterable
from typing import Any

import msgspec

from huiyin.kernel.errors import PermanentError


class Event(msgspec.Struct, frozen=True):
    """The root of every room's events. Subclasses set `tag="room.PastTense"`."""


class Recorded(msgspec.Struct, frozen=True):
    """An event as it stands in the log.

    `version` counts 1, 2, 3 … within `subject` without gaps, so it is the cursor of whoever follows that
    subject. `position` only orders the log for listeners; it is never shown to a client.
    """

    position: int
    tenant: str
    shop: str
    subject: str
    version: int
    kind: str
    actor: str
    at: int
    event: Event


def kind_of(event_type: type[Event]) -> str:
    """Return an event type's name in the log, such as `conversations.Routed`."""
    return str(event_type.__struct_config__.tag)


class Catalogue:
    """Every event type of the house, by its name in the log; wiring builds the only one."""

    def __init__(self, event_types: Iterable[type[Event]]) -> None:
        """Index the types by their tags."""
        self._decoders = {kind_of(each): msgspec.json.Decoder(each) for each in event_types}
        self._encoder = msgspec.json.Encoder()

    def encode(self, event: Event) -> bytes:
        """Return the stored form of an event."""
        return self._encoder.encode(event)

    def decode(self, kind: str, body: bytes) -> Event:
        """Read a stored event.

        Raises:
            PermanentError: if no room knows the kind; the program is older than its database.

        """
        decoder = self._decoders.get(kind)
        if decoder is None:
            message = f"this version of Huiyin does not know events of kind {kind}"
            raise PermanentError(message, remedy="Start the version of Huiyin that wrote this database.")
        return decoder.decode(body)

    def read(self, row: Any) -> Recorded:  # noqa: ANN401  # a database row has no static type
        """Read a row of the event table, as `decode` does."""
        event = self.decode(row.kind, row.body)
        return Recorded(
            row.position, row.tenant, row.shop, row.subject, row.version, row.kind, row.actor, row.at, event
        )
