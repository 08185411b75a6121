"""Fill the channel port for JD: two tiers, one shop a line, two gateways behind it.

READ polls history and looks up orders, parcels and price protection; replies are copied into 咚咚 by hand.
LIVE also sends, which needs 咚咚 access, and at the simulator takes pushed chat.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from huiyin.channels.access_records import AccessRecord
from huiyin.channels.gateways import Served
from huiyin.channels.jd.access_logs import AccessLogs
from huiyin.channels.jd.answers import decode
from huiyin.channels.jd.choosing import Choice
from huiyin.channels.jd.envelope import EnvelopeReader
from huiyin.channels.jd.gateway import Gateway
from huiyin.channels.jd.jos_reads import JosReads
from huiyin.channels.jd.moments import read_moment
from huiyin.channels.jd.settings import GatewayName, JdSettings
from huiyin.channels.jd.sp_gateway import SpGateway
from huiyin.channels.jd.sp_reads import SpReads
from huiyin.channels.jd.tokens import MemoryTokenStore, TokenKeeper, TokenStore
from huiyin.channels.pace import Pace
from huiyin.channels.port import (
    Capability,
    ContentKind,
    Inbound,
    Logistics,
    Order,
    Outbound,
    PriceProtection,
    Receipt,
    Tier,
)
from huiyin.channels.posting import NetworkPost, Post
from huiyin.channels.service_records import (
    AfterSale,
    AnswerRate,
    AverageWait,
    Comment,
    Evaluation,
    PlacedOrder,
    Waiter,
    WaiterPerformance,
    WaiterPresence,
)
from huiyin.kernel.clock import Clock
from huiyin.kernel.errors import InvalidError, OutcomeUnknownError, PermanentError
from huiyin.kernel.units import Seconds

SEND = "jingdong.MessagePushService.pushChatTextMessage"

T = TypeVar("T")


class _Sent(msgspec.Struct):
    code: str | int
    msgid: str | int | None = None
    sendTimestamp: str | int | None = None  # noqa: N815  # JD's name


_sent = msgspec.json.Decoder(_Sent)


class JdChannel:
    """One shop's line to JD."""

    def __init__(
        self,
        settings: JdSettings,
        clock: Clock,
        *,
        store: TokenStore | None = None,
        post: Post | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Open the line; `store` keeps the tokens over restarts, `post` and `pace` are for tests."""
        self._settings = settings
        self._clock = clock
        self._post = post or NetworkPost(Seconds(settings.timeout_seconds))
        keeper = TokenKeeper(settings, store or MemoryTokenStore(), clock, self._post)
        pace = pace or Pace(settings.calls_per_second)
        self._gateway = Gateway(settings, keeper, clock, self._post, pace)
        self._jos = JosReads(settings, self._gateway, clock)
        self._sp = SpReads(settings, SpGateway(settings, keeper, clock, self._post, pace), clock)
        log_door = msgspec.structs.replace(settings, gateway_url=settings.log_url)
        self._access_logs = AccessLogs(settings, Gateway(log_door, keeper, clock, self._post, pace), clock)
        self._choice = Choice(settings, clock)
        self._takes_pushes = self._choice.served(Capability.RECEIVE_LIVE).why_not is None
        self._envelope = EnvelopeReader(
            settings.app_key, settings.app_secret, settings.vender_id, settings.shop, settings.origin
        )

    @property
    def platform(self) -> str:
        """Return "jd"."""
        return "jd"

    @property
    def tier(self) -> Tier:
        """Return LIVE only for a line that may send."""
        return Tier.LIVE if self._settings.live else Tier.READ

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return what this line can do with the keys it was given."""
        return frozenset(each for each in Capability if self._choice.served(each).why_not is None)

    def serving(self) -> dict[Capability, Served]:
        """Tell for each capability which gateway serves it and since when, or why none does."""
        return {each: self._choice.served(each) for each in Capability}

    @property
    def inquiry_window(self) -> timedelta:
        """Return how long after a consult an order counts for it."""
        return timedelta(hours=self._settings.inquiry_hours or 24)

    @property
    def sends_at_once(self) -> int:
        """Return half a second's worth of the calls the shop may make."""
        return max(1, int(self._settings.calls_per_second / 2))

    def read(self, raw: bytes, headers: dict[str, str]) -> list[Inbound]:  # noqa: ARG002  # the form says it all
        """Check and read one pushed delivery.

        Raises:
            InvalidError: this line takes no pushes, or the delivery fails a check.

        """
        if not self._takes_pushes:
            message = "pushed chat is an unverified form of ours and is read from the simulator only"
            raise InvalidError(message, remedy="let the shop be polled")
        return self._envelope.read(raw, self._clock.now())

    async def poll(self, since: datetime, until: datetime) -> list[Inbound]:
        """Fetch the messages of sessions touched in [since, until), oldest first."""
        return await self._read(
            Capability.READ_HISTORY, lambda: self._jos.poll(since, until), lambda: self._sp.poll(since, until)
        )

    async def evaluations(self, since: datetime, until: datetime) -> list[Evaluation]:
        """Fetch the verdicts customers gave in [since, until)."""
        return await self._read(
            Capability.EVALUATIONS,
            lambda: self._jos.evaluations(since, until),
            lambda: self._sp.evaluations(since, until),
        )

    async def send(self, reply: Outbound) -> Receipt:
        """Deliver one reply; its dedupe key is JD's `accessid`, which JD remembers for three minutes.

        Raises:
            PermanentError: the line cannot send, or JD refused; the remedy is to copy the reply by hand.
            TemporaryError: nothing left us, or JD is over its limit.
            OutcomeUnknownError: the reply left us and no answer came back.

        """
        fields = self._reply_fields(reply)
        sent = decode(_sent, await self._gateway.call(SEND, fields, sends=True), SEND)
        if str(sent.code) != "0":
            message = f"{SEND}: JD did not deliver (code {sent.code})"
            raise PermanentError(message, remedy="copy the reply into 咚咚")
        if not sent.msgid:
            message = f"{SEND}: JD named no message id"
            raise OutcomeUnknownError(message, remedy="look at the chat before sending again")
        return Receipt(str(sent.msgid), self._sent_at(sent))

    async def orders(self, customer_ref: str, order_ref: str = "") -> list[Order]:
        """Look up one order, or the customer's latest of the last 30 days.

        An order that JD does not name `customer_ref` as the buyer of is not told; with an empty
        `customer_ref` the caller answers for the right to see it.
        """
        return await self._read(
            Capability.ORDERS,
            lambda: self._jos.orders(customer_ref, order_ref),
            lambda: self._sp.orders(customer_ref, order_ref),
        )

    async def logistics(self, order_ref: str) -> Logistics | None:
        """Return the parcel of an order, None while nothing was shipped.

        Raises:
            PermanentError: no gateway tells parcels, as JOS does not without the shop's 青龙 code.

        """
        return await self._read(
            Capability.LOGISTICS, lambda: self._jos.logistics(order_ref), lambda: self._sp.logistics(order_ref)
        )

    async def price_protection(self, order_ref: str) -> list[PriceProtection]:
        """Return the price-protection applications of an order."""
        return await self._read(
            Capability.PRICE_PROTECTION,
            lambda: self._jos.price_protection(order_ref),
            lambda: self._sp.price_protection(order_ref),
        )

    async def after_sales(self, since: datetime, until: datetime) -> list[AfterSale]:
        """Return the after-sales cases changed in [since, until)."""
        return await self._read(
            Capability.AFTER_SALES,
            lambda: self._jos.after_sales(since, until),
            lambda: self._sp.after_sales(since, until),
        )

    async def after_sale(self, after_sale_id: str) -> AfterSale | None:
        """Return one case with what the gateway knows of its money, None where the shop has no such case."""
        return await self._read(
            Capability.AFTER_SALES,
            lambda: self._jos.after_sale(after_sale_id),
            lambda: self._sp.after_sale(after_sale_id),
        )

    async def performance(self, since: datetime, until: datetime) -> list[WaiterPerformance]:
        """Return JD's own figures of every waiter in [since, until)."""
        return await self._read(
            Capability.WAITER_STATS,
            lambda: self._jos.performance(since, until),
            lambda: self._sp.performance(since, until),
        )

    async def waiters(self) -> list[Waiter]:
        """Return the shop's waiters."""
        return await self._read(Capability.WAITER_STATS, self._jos.waiters, self._sp.waiters)

    async def presence(self, waiters: Sequence[str], at: datetime) -> list[WaiterPresence]:
        """Return what these waiters did to their state in the five minutes around `at`."""
        self._choice.check(Capability.WAITER_PRESENCE)
        return await self._jos.presence(waiters, at)

    async def comments(self, order_refs: Sequence[str]) -> list[Comment]:
        """Return the comments on these orders."""
        self._choice.check(Capability.COMMENTS)
        return await self._jos.comments(order_refs)

    async def answer_rate(self, since: datetime, until: datetime) -> AnswerRate:
        """Return JD's answer rate of the whole shop; JOS alone tells it."""
        self._check_jos(Capability.WAITER_STATS)
        return await self._jos.answer_rate(since, until)

    async def average_wait(self, waiter_ref: str, day: datetime) -> AverageWait:
        """Return how long one waiter's customers waited on a day; JOS alone tells it by the day."""
        self._check_jos(Capability.WAITER_STATS)
        return await self._jos.average_wait(waiter_ref, day)

    async def placed_orders(self, since: datetime, until: datetime) -> list[PlacedOrder]:
        """Return the orders placed or changed in [since, until)."""
        self._choice.check(Capability.PLACED_ORDERS)
        return await self._jos.placed_orders(since, until)

    async def tell_access(self, records: Sequence[AccessRecord]) -> None:
        """Tell JD's log address of records of one kind; JOS alone takes them."""
        self._choice.check(Capability.TELL_ACCESS)
        await self._access_logs.tell(records)

    async def close(self) -> None:
        """Let go of connections."""
        await self._post.close()

    async def _read(
        self, capability: Capability, jos: Callable[[], Awaitable[T]], sp_api: Callable[[], Awaitable[T]]
    ) -> T:
        return await self._choice.read(capability, {GatewayName.JOS: jos, GatewayName.SP_API: sp_api})

    def _check_jos(self, capability: Capability) -> None:
        only = self._settings.gateway_of.get(capability)
        if GatewayName.JOS not in (self._settings.gateways if only is None else (only,)):
            message = f"JD tells this part of {capability} through JOS alone, which this shop does not use"
            raise PermanentError(message, remedy="name jos in the shop's gateways")

    def _reply_fields(self, reply: Outbound) -> dict[str, str]:
        settings = self._settings
        if self._choice.served(Capability.SEND_MESSAGE).why_not is not None:
            message = "this line reads only; JD sends for nobody without 咚咚 access"
            raise PermanentError(message, remedy="copy the reply into 咚咚")
        if reply.content.kind is not ContentKind.TEXT or not reply.content.text:
            message = "JD's push call carries text only"
            raise PermanentError(message, remedy="copy the reply into 咚咚")
        return {
            "accessToken": settings.dd_token,
            "aspid": settings.aspid,
            "accessid": reply.dedupe,
            "fromPin": reply.waiter_ref,
            "fromApp": settings.waiter_app,
            "fromClientType": "gw",
            "toPin": reply.customer_ref,
            "toApp": settings.customer_app,
            "toClientType": "gw",
            "content": reply.content.text,
        }

    def _sent_at(self, sent: _Sent) -> datetime:
        try:
            return read_moment(sent.sendTimestamp) or self._clock.now()
        except ValueError:
            return self._clock.now()  # delivered all the same; JD's clock is a nicety
