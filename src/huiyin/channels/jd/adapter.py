"""Fill the channel port for JD: two tiers, one shop a line.

READ polls history and looks up orders, parcels and price protection; replies are copied into 咚咚 by hand.
LIVE also sends, which needs 咚咚 access, and at the simulator takes pushed chat.
"""

from datetime import datetime

import msgspec

from huiyin.channels.jd.answers import decode
from huiyin.channels.jd.chatlog import Evaluation
from huiyin.channels.jd.envelope import EnvelopeReader
from huiyin.channels.jd.gateway import Gateway
from huiyin.channels.jd.history import History
from huiyin.channels.jd.moments import read_moment
from huiyin.channels.jd.pace import Pace
from huiyin.channels.jd.recent_orders import RecentOrders
from huiyin.channels.jd.records import (
    ORDER_FIELDS,
    OrderInfo,
    order_of,
    read_order,
    read_protections,
    read_trace,
)
from huiyin.channels.jd.settings import JdSettings
from huiyin.channels.jd.tokens import MemoryTokenStore, TokenKeeper, TokenStore
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
from huiyin.kernel.clock import Clock
from huiyin.kernel.errors import InvalidError, OutcomeUnknownError, PermanentError
from huiyin.kernel.units import Seconds

ORDER_GET = "jingdong.pop.order.get"
TRACE = "jingdong.ldop.receive.trace.get"
PROTECTION = "jingdong.pop.afs.priceprotect.page"
SEND = "jingdong.MessagePushService.pushChatTextMessage"

PROTECTION_PAGES = 20

_READS = frozenset(
    {
        Capability.READ_HISTORY,
        Capability.ORDERS,
        Capability.LOGISTICS,
        Capability.PRICE_PROTECTION,
        Capability.EVALUATIONS,
    }
)


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
        self._recent = RecentOrders(self._gateway, clock)
        self._history = History(settings, self._gateway)
        self._envelope = EnvelopeReader(
            settings.app_key, settings.app_secret, settings.vender_id, settings.shop, settings.origin
        )
        self._takes_pushes = settings.live and settings.at_simulator

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
        able = set(_READS)
        if not self._settings.customer_code:
            able.discard(Capability.LOGISTICS)
        if self._settings.live and self._settings.aspid and self._settings.dd_token:
            able.add(Capability.SEND_MESSAGE)
        if self._takes_pushes:
            able.add(Capability.RECEIVE_LIVE)
        return frozenset(able)

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
        return await self._history.poll(since, until, self._clock.now())

    async def evaluations(self, since: datetime, until: datetime) -> list[Evaluation]:
        """Fetch the verdicts customers gave in [since, until)."""
        return await self._history.evaluations(since, until, self._clock.now())

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
        if order_ref:
            info = await self._order(order_ref)
            mine = info is not None and (not customer_ref or info.bought_by(customer_ref))
            return [order_of(info, self._clock.now())] if info and mine else []
        if not customer_ref:
            message = "name a customer or an order"
            raise InvalidError(message)
        return await self._recent.of(customer_ref)

    async def logistics(self, order_ref: str) -> Logistics | None:
        """Return the parcel of an order, None while nothing was shipped.

        Raises:
            PermanentError: the shop's 青龙 code is not set.

        """
        info = await self._order(order_ref)
        if info is None or not info.waybill:
            return None
        if not self._settings.customer_code:
            message = "JD tells parcels only to a shop with a 青龙 customer code"
            raise PermanentError(message, remedy="set customer_code for this shop")
        fields = {"customerCode": self._settings.customer_code, "waybillCode": info.waybill}
        return read_trace(await self._gateway.call(TRACE, fields), TRACE, info.waybill, self._clock.now())

    async def price_protection(self, order_ref: str) -> list[PriceProtection]:
        """Return the price-protection applications of an order."""
        rows: list[PriceProtection] = []
        for page in range(1, PROTECTION_PAGES + 1):
            fields = {"orderId": order_ref, "pageIndex": page, "pageSize": 50}
            body = await self._gateway.call(PROTECTION, fields)
            found, pages = read_protections(body, PROTECTION, self._clock.now())
            rows += found
            if page >= pages:
                break
        return rows

    async def close(self) -> None:
        """Let go of connections."""
        await self._post.close()

    async def _order(self, order_ref: str) -> OrderInfo | None:
        fields = {"order_id": order_ref, "optional_fields": ORDER_FIELDS}
        return read_order(await self._gateway.call(ORDER_GET, fields), ORDER_GET)

    def _reply_fields(self, reply: Outbound) -> dict[str, str]:
        settings = self._settings
        if not (settings.live and settings.aspid and settings.dd_token):
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
