"""Say which live facts an answer may need. A channel fills this as it is."""

from typing import Protocol

from huiyin.channels.port import Logistics, Order, PriceProtection


class LiveFacts(Protocol):
    """Facts read from the platform at the moment of asking; every one carries its `as_of`."""

    async def orders(self, customer_ref: str, order_ref: str = "") -> list[Order]:
        """Look up an order by its number, or the customer's latest orders."""
        ...

    async def logistics(self, order_ref: str) -> Logistics | None:
        """Return the parcel of an order, None while nothing was shipped."""
        ...

    async def price_protection(self, order_ref: str) -> list[PriceProtection]:
        """Return the price-protection applications of an order."""
        ...


class NoFacts:
    """The null body: a shop whose channel reads no facts. Questions that need one go to a person."""

    async def orders(self, customer_ref: str, order_ref: str = "") -> list[Order]:  # noqa: ARG002  # it knows nothing
        """Know no order."""
        return []

    async def logistics(self, order_ref: str) -> Logistics | None:  # noqa: ARG002  # it knows nothing
        """Know no parcel."""
        return None

    async def price_protection(self, order_ref: str) -> list[PriceProtection]:  # noqa: ARG002  # it knows nothing
        """Know no application."""
        return []
