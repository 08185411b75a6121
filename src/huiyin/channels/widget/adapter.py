"""Fill the channel port for the visitors of a shop's own page.

There is no platform behind it. A visitor's words come in at the visitors' door, and a reply is delivered when it is
kept: the visitor, who may be away, reads it from the conversation itself (`conversations.visitors`).
"""

from datetime import datetime
from typing import ClassVar

from huiyin.channels.lacking import Cannot, lacking
from huiyin.channels.port import (
    Capability,
    Content,
    ContentKind,
    Inbound,
    Logistics,
    Order,
    Origin,
    Outbound,
    PriceProtection,
    Receipt,
    Sender,
    Tier,
)
from huiyin.channels.widget.lacks import CANNOT
from huiyin.channels.widget.settings import WidgetSettings
from huiyin.kernel.clock import Clock
from huiyin.kernel.errors import InvalidError, PermanentError

AT_ONCE = 1_000
"""Nothing is sent anywhere, so no reply waits for another."""


class WidgetChannel:
    """One shop's line to the visitors of its own page."""

    short: ClassVar[str] = "widget"
    name: ClassVar[str] = "网页客服"
    cannot: ClassVar[Cannot] = CANNOT
    repeats: ClassVar[bool] = True
    """A reply that is sent twice is there once: visitors read what we keep, and know a message by its id."""

    def __init__(self, settings: WidgetSettings, clock: Clock) -> None:
        """Open the line."""
        self.settings = settings
        self._clock = clock

    @property
    def platform(self) -> str:
        """Return the platform's short name."""
        return self.short

    @property
    def tier(self) -> Tier:
        """Return LIVE."""
        return Tier.LIVE

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return that words arrive live and replies are sent, and nothing else."""
        return frozenset({Capability.RECEIVE_LIVE, Capability.SEND_MESSAGE})

    @property
    def sends_at_once(self) -> int:
        """Return as many as anybody asks for."""
        return AT_ONCE

    def stands_on(self, origin: str) -> bool:
        """Tell whether a page of this origin, as its browser names it, may speak for the shop."""
        return origin in self.settings.origins

    def heard(self, visitor: str, own_id: str, text: str, origin: Origin) -> Inbound:
        """Return a visitor's words as a record. `own_id` is drawn by the page and names these words of this visitor."""
        return Inbound(
            shop=self.settings.shop, source_id=f"{visitor}|{own_id}", customer_ref=visitor, sender=Sender.CUSTOMER,
            content=Content(text=text), platform_at=self._clock.now(), origin=origin,
        )  # fmt: skip

    def read(self, raw: bytes, headers: dict[str, str]) -> list[Inbound]:  # noqa: ARG002  # the port's shape
        """Refuse a pushed delivery: there is no platform that signs one.

        Raises:
            InvalidError: always; visitors write at their own door.

        """
        message = "nobody pushes to a widget's line"
        raise InvalidError(message, remedy="visitors write at /api/widget", code="line_cannot")

    async def poll(self, since: datetime, until: datetime) -> list[Inbound]:  # noqa: ARG002  # the port's shape
        """Refuse to fetch messages.

        Raises:
            PermanentError: always, with the reason.

        """
        raise self._lacking(Capability.READ_HISTORY)

    async def send(self, reply: Outbound) -> Receipt:
        """Take a reply: it is kept already, and marked as delivered it is the visitor's to read.

        Raises:
            PermanentError: the script shows no such content.

        """
        if reply.content.kind is not ContentKind.TEXT:
            message = f"a visitor's page shows words, no {reply.content.kind.value}"
            raise PermanentError(message, remedy="write it in words", code="line_cannot")
        return Receipt(reply.dedupe, self._clock.now())

    async def orders(self, customer_ref: str, order_ref: str = "") -> list[Order]:  # noqa: ARG002  # the port's shape
        """Refuse to look up orders.

        Raises:
            PermanentError: always, with the reason.

        """
        raise self._lacking(Capability.ORDERS)

    async def logistics(self, order_ref: str) -> Logistics | None:  # noqa: ARG002  # the port's shape
        """Refuse to tell a parcel's steps.

        Raises:
            PermanentError: always, with the reason.

        """
        raise self._lacking(Capability.LOGISTICS)

    async def price_protection(self, order_ref: str) -> list[PriceProtection]:  # noqa: ARG002  # the port's shape
        """Refuse to tell price-protection applications.

        Raises:
            PermanentError: always, with the reason.

        """
        raise self._lacking(Capability.PRICE_PROTECTION)

    async def close(self) -> None:
        """Let go of nothing: there are no connections."""

    def _lacking(self, capability: Capability) -> PermanentError:
        return lacking(self.name, capability, self.cannot[capability])
