"""The port every platform adapter fills: one shape in, one shape out, abilities declared, never assumed.

An adapter is pure translation plus network calls. It raises `TemporaryError` when a call may work later,
`PermanentError` when the platform refused for good, and `OutcomeUnknownError` when a send left us and no
answer came back. It keeps no state of ours.
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from huiyin.channels.gateways import Source
from huiyin.kernel.ids import ShopId
from huiyin.kernel.units import Fen

VISITOR = "visitor_"
"""What the reference of a visitor of a shop's own page begins with: they have no account anywhere."""


class Capability(StrEnum):
    """What an adapter can do; screens show it, rooms ask before they rely on it."""

    READ_HISTORY = "read_history"
    NEAR_REALTIME = "near_realtime"
    RECEIVE_LIVE = "receive_live"
    SEND_MESSAGE = "send_message"
    ORDERS = "orders"
    LOGISTICS = "logistics"
    PRICE_PROTECTION = "price_protection"
    EVALUATIONS = "evaluations"
    AFTER_SALES = "after_sales"
    WAITER_STATS = "waiter_stats"
    WAITER_PRESENCE = "waiter_presence"
    COMMENTS = "comments"
    TELL_ACCESS = "tell_access"
    PLACED_ORDERS = "placed_orders"


class Tier(StrEnum):
    """How far a shop's channel reaches: copies to the platform by hand, or a live line."""

    READ = "read"
    LIVE = "live"


class Origin(StrEnum):
    """Where a conversation comes from; it decides who may answer, who is alarmed, what counts for pay."""

    LIVE = "live"
    BACKFILL = "backfill"
    REPLAY = "replay"
    DRILL = "drill"
    SIMULATED = "simulated"


class Sender(StrEnum):
    """Which side wrote a message."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"


class ContentKind(StrEnum):
    """What a message holds. The text of a card is its readable summary; `Content.data` has its fields."""

    TEXT = "text"
    IMAGE = "image"
    ORDER_CARD = "order_card"
    SKU_CARD = "sku_card"
    VOICE = "voice"
    RECALL = "recall"
    SYSTEM = "system"


class Content(msgspec.Struct, frozen=True):
    """A message's typed content.

    `text` is what a person reads (for an image: its caption or ""), `data` the fields of a card or file:
    order_card {order_id}, sku_card {sku_id}, image {url}, voice {url, seconds}, recall {source_id}.
    """

    kind: ContentKind = ContentKind.TEXT
    text: str = ""
    data: dict[str, str] = {}


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """One record read from a platform, in the platform's words, before anything of ours looked at it.

    `source_id` is the platform's message id and the half of the idempotency key (shop, source_id). Where the platform
    gives none it is derived from the record, its words among them.
    `session_ref` is the platform's session id (JD `sid`), "" where the platform has none.
    `corrects` names the source id of an earlier record that this one replaces, "" otherwise.
    """

    shop: ShopId
    source_id: str
    customer_ref: str
    sender: Sender
    content: Content
    platform_at: datetime
    session_ref: str = ""
    waiter_ref: str = ""
    order_ref: str = ""
    sku_ref: str = ""
    corrects: str = ""
    origin: Origin = Origin.LIVE
    synthetic_time: bool = False
    """True where the record carried no time and `platform_at` was made up; every screen says so."""


class Outbound(msgspec.Struct, frozen=True, kw_only=True):
    """One approved reply on its way to a platform. `dedupe` is the platform's own idempotency key."""

    shop: ShopId
    dedupe: str
    customer_ref: str
    waiter_ref: str
    content: Content
    session_ref: str = ""


class Receipt(msgspec.Struct, frozen=True):
    """A platform's word that it took our message: its id for it, and its time."""

    source_id: str
    at: datetime


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One SKU of an order. Price is per piece."""

    sku_id: str
    name: str
    count: int
    price: Fen


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order as the platform tells it at `as_of`. Buyer fields are never carried here."""

    order_id: str
    state: str
    state_label: str
    total: Fen
    paid: Fen
    created_at: datetime
    as_of: datetime
    lines: tuple[OrderLine, ...]
    waybill: str = ""
    paid_at: datetime | None = None
    finished_at: datetime | None = None
    plus: bool | None = None
    """PLUS member order: yes, no, or unknown (no gateway says it plainly)."""

    source: Source = Source()


class TraceStep(msgspec.Struct, frozen=True):
    """One step of a parcel. Adapters mask who brings it and where to, as they do in all free text of facts."""

    at: datetime
    text: str


class Logistics(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel's steps, newest last, as of `as_of`."""

    waybill: str
    carrier: str
    steps: tuple[TraceStep, ...]
    as_of: datetime
    source: Source = Source()


class PriceProtection(msgspec.Struct, frozen=True, kw_only=True):
    """One price-protection (价保) application; the buyer files it, we only read it."""

    application_id: str
    order_id: str
    sku_id: str
    sku_name: str
    bought_at_price: Fen
    applied_price: Fen
    refunded: Fen
    state_label: str
    applied_at: datetime
    as_of: datetime
    source: Source = Source()


class Channel(Protocol):
    """One shop's line to its platform."""

    @property
    def platform(self) -> str:
        """Return the platform's short name, such as "jd"."""
        ...

    @property
    def tier(self) -> Tier:
        """Return how far this line reaches."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return what this line can do."""
        ...

    @property
    def sends_at_once(self) -> int:
        """Return how many sends may be under way without one of them waiting more than half a second.

        A reply is claimed only when it can leave: what waits behind a limit can still be withdrawn.
        """
        ...

    def read(self, raw: bytes, headers: dict[str, str]) -> list[Inbound]:
        """Check and read one pushed delivery; pure.

        Raises:
            InvalidError: bad signature, stale time, unreadable or too large; the message names the remedy.

        """
        ...

    async def poll(self, since: datetime, until: datetime) -> list[Inbound]:
        """Fetch the messages of sessions touched in [since, until), oldest first."""
        ...

    async def send(self, reply: Outbound) -> Receipt:
        """Deliver one reply."""
        ...

    async def orders(self, customer_ref: str, order_ref: str = "") -> list[Order]:
        """Look up an order by its number, or the customer's latest orders."""
        ...

    async def logistics(self, order_ref: str) -> Logistics | None:
        """Return the parcel of an order, None while nothing was shipped."""
        ...

    async def price_protection(self, order_ref: str) -> list[PriceProtection]:
        """Return the price-protection applications of an order."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
