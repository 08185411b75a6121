"""What a platform keeps about service: after-sales cases, its own figures of waiters, verdicts, comments.

Every record says when it was read and through which method. Figures are the platform's own and are never mixed with
ours; what no document gives a unit for is carried `as_told` and not computed with.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from huiyin.channels.gateways import Source
from huiyin.kernel.units import Fen


class AfterSale(msgspec.Struct, frozen=True, kw_only=True):
    """One after-sales case (售后服务单). Who asked for it is not carried.

    `refunded` is true only where the platform says that the money went back; None where what was asked does not tell.
    A finished case proves nothing about money. `deadline` is when the platform acts if the shop does not.
    """

    after_sale_id: str
    order_id: str
    expectation: str
    state: str
    state_label: str
    applied_at: datetime | None
    changed_at: datetime | None
    as_of: datetime
    source: Source
    sku_ids: tuple[str, ...] = ()
    finished_at: datetime | None = None
    deadline: datetime | None = None
    refunded: bool | None = None
    refund_state: str = ""
    asked_amount: Fen | None = None
    refunded_amount: Fen | None = None


class WaiterPerformance(msgspec.Struct, frozen=True, kw_only=True):
    """The platform's own figures of one waiter in [since, until); None where this gateway does not tell one.

    `ratings` counts verdicts from very satisfied down to very unsatisfied.
    """

    waiter_ref: str
    since: datetime
    until: datetime
    as_of: datetime
    source: Source
    inquiries: int | None = None
    served: int | None = None
    unanswered: int | None = None
    evaluations: int | None = None
    ratings: tuple[int, int, int, int, int] | None = None
    average_wait_as_told: float | None = None
    online_as_told: float | None = None
    serving_as_told: float | None = None


class AverageWait(msgspec.Struct, frozen=True, kw_only=True):
    """How long customers of one waiter waited on one day, in a unit the platform does not name."""

    waiter_ref: str
    day: datetime
    as_told: float
    as_of: datetime
    source: Source


class AnswerRate(msgspec.Struct, frozen=True, kw_only=True):
    """The shop's answer rate (应答率) in [since, until) as the platform writes it: a share or a percentage."""

    since: datetime
    until: datetime
    as_told: str
    as_of: datetime
    source: Source


class WaiterPresence(msgspec.Struct, frozen=True, kw_only=True):
    """What a waiter did to their state at a moment, in the platform's word: no document lists the words."""

    waiter_ref: str
    state_as_told: str
    at: datetime
    as_of: datetime
    source: Source


class Waiter(msgspec.Struct, frozen=True, kw_only=True):
    """One of the shop's accounts for customer service."""

    waiter_ref: str
    active: bool
    leads: bool
    level_as_told: str
    as_of: datetime
    source: Source


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's verdict on a waiter, in the platform's words and points."""

    customer_ref: str
    waiter_ref: str
    label: str
    score: str
    at: datetime
    as_of: datetime
    source: Source
    session_ref: str = ""


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """What a buyer wrote about goods. The text is masked; who wrote it is not carried."""

    comment_id: str
    order_id: str
    sku_id: str
    score: str
    text: str
    replies: int
    at: datetime | None
    as_of: datetime
    source: Source


class PlacedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it was placed, paid or not, for whoever asks what a conversation led to.

    `customer_refs` are the names the platform gives the buyer: one of them is the chat's. `cancelled_at` is None while
    it stands. No money is carried: discounts by line are not told.
    """

    order_id: str
    customer_refs: tuple[str, ...]
    skus: tuple[str, ...]
    placed_at: datetime
    cancelled_at: datetime | None
    as_of: datetime
    source: Source


class ServiceLine(Protocol):
    """The part of a shop's line that tells what the platform keeps about service.

    Each raises `PermanentError` when no gateway serves it, naming the remedy.
    """

    async def after_sales(self, since: datetime, until: datetime) -> list[AfterSale]:
        """Return the cases changed in [since, until)."""
        ...

    async def after_sale(self, after_sale_id: str) -> AfterSale | None:
        """Return one case with what is known of its money, None where the shop has no such case."""
        ...

    async def performance(self, since: datetime, until: datetime) -> list[WaiterPerformance]:
        """Return the platform's figures of every waiter."""
        ...

    async def evaluations(self, since: datetime, until: datetime) -> list[Evaluation]:
        """Return the verdicts given in [since, until)."""
        ...

    async def presence(self, waiters: Sequence[str], at: datetime) -> list[WaiterPresence]:
        """Return what these waiters did to their state in the five minutes around `at`."""
        ...

    async def waiters(self) -> list[Waiter]:
        """Return the shop's waiters."""
        ...

    async def comments(self, order_refs: Sequence[str]) -> list[Comment]:
        """Return the comments on these orders."""
        ...

    async def placed_orders(self, since: datetime, until: datetime) -> list[PlacedOrder]:
        """Return the orders placed or changed in [since, until), at most a month, oldest first."""
        ...
