"""Fill the channel port for a platform where we look up orders and nothing else, each refusal with its reason.

Walks in: an order number, and who asks. Walks out: that order, if it is theirs. An order that names another buyer is
not told, and one that names nobody is told to no customer.
"""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import ClassVar, NamedTuple

import structlog

from huiyin.channels.asking import OrderRefusedError
from huiyin.channels.lacking import Cannot, lacking
from huiyin.channels.port import (
    Capability,
    Inbound,
    Logistics,
    Order,
    Outbound,
    PriceProtection,
    Receipt,
    Tier,
)
from huiyin.channels.posting import Post
from huiyin.kernel.errors import InvalidError, PermanentError

log = structlog.get_logger()


class Found(NamedTuple):
    """An order, and every name by which the platform tells its buyer from others."""

    order: Order
    buyers: frozenset[str]


class NumberForm(NamedTuple):
    """The form of a platform's order numbers: of which characters, how short and how long."""

    characters: str
    shortest: int
    longest: int

    def fits(self, written: str) -> bool:
        """Tell whether `written` can be such a number."""
        return self.shortest <= len(written) <= self.longest and set(written) <= set(self.characters)


class OrdersOnly(ABC):
    """One shop's line to a platform of which we know how to look up orders."""

    short: ClassVar[str]
    """The platform's short name, such as "taobao"."""

    name: ClassVar[str]
    """What people call it, such as "淘宝"."""

    cannot: ClassVar[Cannot]
    """Everything this line cannot do, with the reason and what to do instead; for the settings page."""

    number: ClassVar[NumberForm]
    """The form of the platform's order numbers; what is of another form is no order of theirs and not asked for."""

    names_buyers: ClassVar[bool] = True
    """Whether an order says whose it is."""

    def __init__(self, post: Post) -> None:
        """Speak over `post`."""
        self._post = post

    @abstractmethod
    async def _look_up(self, order_ref: str) -> Found | None:
        """Return an order of this shop, None where the platform says there is none.

        Raises:
            OrderRefusedError: the platform refused this order.

        """

    @property
    def platform(self) -> str:
        """Return the platform's short name."""
        return self.short

    @property
    def tier(self) -> Tier:
        """Return READ: nothing is sent."""
        return Tier.READ

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return that orders can be looked up, and nothing else."""
        return frozenset({Capability.ORDERS})

    @property
    def sends_at_once(self) -> int:
        """Return 0: nothing is sent."""
        return 0

    def read(self, raw: bytes, headers: dict[str, str]) -> list[Inbound]:  # noqa: ARG002  # the port's shape
        """Refuse a pushed delivery.

        Raises:
            InvalidError: always, with the reason; whoever pushed is told it as a bad request.

        """
        lack = self.cannot[Capability.RECEIVE_LIVE]
        message = f"{self.name} cannot receive live: {lack.why}"
        raise InvalidError(message, remedy=lack.remedy, code="line_cannot")

    async def poll(self, since: datetime, until: datetime) -> list[Inbound]:  # noqa: ARG002  # the port's shape
        """Refuse to fetch messages.

        Raises:
            PermanentError: always, with the reason.

        """
        raise self._lacking(Capability.READ_HISTORY)

    async def send(self, reply: Outbound) -> Receipt:  # noqa: ARG002  # the port's shape
        """Refuse to send.

        Raises:
            PermanentError: always, with the reason.

        """
        raise self._lacking(Capability.SEND_MESSAGE)

    async def orders(self, customer_ref: str, order_ref: str = "") -> list[Order]:
        """Look up one order by its number.

        An order that the platform does not name `customer_ref` as the buyer of is not told; with an empty
        `customer_ref` the caller answers for the right to see it. To a customer, an order that the platform refuses
        is as absent as one that is somebody else's.

        Raises:
            InvalidError: neither a customer nor an order is named.
            PermanentError: a customer's latest orders were asked for, or whose order it is cannot be known.
            TemporaryError: the platform gave no usable answer.

        """
        self._check_askable(customer_ref, order_ref)
        if not self.number.fits(order_ref):
            return []
        try:
            found = await self._look_up(order_ref)
        except OrderRefusedError:
            if not customer_ref:
                raise
            log.info("channels.order_not_told", platform=self.short, because="refused")
            return []
        if found is None or (customer_ref and customer_ref not in found.buyers):
            return []
        return [found.order]

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
        """Let go of connections."""
        await self._post.close()

    def _check_askable(self, customer_ref: str, order_ref: str) -> None:
        if not order_ref:
            if not customer_ref:
                message = "name a customer or an order"
                raise InvalidError(message)
            message = f"{self.name} orders cannot be searched by buyer"
            raise PermanentError(message, remedy="ask the customer for the order number", code="order_number_needed")
        if customer_ref and not self.names_buyers:
            message = f"{self.name} names no buyer on an order, so whose it is cannot be known"
            raise PermanentError(message, remedy="look the order up in the platform's own desk", code="buyer_unknown")

    def _lacking(self, capability: Capability) -> PermanentError:
        return lacking(self.name, capability, self.cannot[capability])
