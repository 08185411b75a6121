"""Read one shop through SP-API."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from huiyin.channels.jd import sp_after_sales, sp_chat, sp_trade
from huiyin.channels.jd.history import LEAD, check_span, windows
from huiyin.channels.jd.recent_orders import LATEST, RECENT
from huiyin.channels.jd.settings import JdSettings
from huiyin.channels.jd.sp_fields import one, rows
from huiyin.channels.jd.sp_gateway import SpCall, SpGateway
from huiyin.channels.jd.sp_pages import PAGE_SIZE, pages
from huiyin.channels.port import Inbound, Logistics, Order, PriceProtection
from huiyin.channels.service_records import AfterSale, Evaluation, Waiter, WaiterPerformance
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import InvalidError, PermanentError

SESSIONS = SpCall("GET", "/sp-support/v0/dongdong-sessions")
CHAT_DETAILS = SpCall("GET", "/sp-support/v0/dongdong-chat-details")
CHAT_LOGS = SpCall("GET", "/sp-support/v0/dongdong-sessions/{sid}/chat-logs")
PERFORMANCE = SpCall("GET", "/sp-support/v0/dongdong-waiter-performance")
EVALUATIONS = SpCall("GET", "/sp-support/v0/dongdong-waiter-evaluations")
WAITERS = SpCall("GET", "/sp-support/v0/dongdong-waiters")
ORDERS = SpCall("GET", "/sp-order/v0/orders")
ORDER = SpCall("GET", "/sp-order/v0/orders/{orderId}")
TRACES = SpCall("GET", "/sp-order/v0/waybill-traces")
PROTECTIONS = SpCall("GET", "/sp-aftercare/v0/price-protect-orders")
CASES = SpCall("GET", "/sp-aftercare/v0/afs-orders")
CASE = SpCall("GET", "/sp-aftercare/v0/afs-orders/{afsOrderId}")

MOST_BUYERS = 10_000
"""So many pins are kept beside the `xid` that orders name their buyers by; the oldest go first."""

ASKED_BACK = timedelta(days=6)
"""How far back a customer's own sessions are looked for, to learn the `xid`."""

LONGEST = timedelta(days=7)

CASE_WINDOW = timedelta(days=1)
"""Cases are asked for a day at a time: how long a span JD takes is not published."""


class SpReads:
    """What one shop's line reads through SP-API."""

    def __init__(self, settings: JdSettings, gateway: SpGateway, clock: Clock) -> None:
        """Read for `settings.shop` through `gateway`."""
        self._settings = settings
        self._gateway = gateway
        self._clock = clock
        self._buyers: dict[str, str] = {}

    async def poll(self, since: datetime, until: datetime) -> list[Inbound]:
        """Return what was said in [since, until), oldest first.

        Raises:
            InvalidError: the span is empty, or older than JD keeps chat.

        """
        check_span(since, until, self._clock.now())
        found: dict[str, Inbound] = {}
        for begin, end in windows(since, until):
            call = _within(CHAT_DETAILS, begin - LEAD, end)
            async for chat in pages(self._gateway, call, sp_chat.chats):
                for record in await self._records(chat):
                    if since <= record.platform_at < until:
                        found.setdefault(record.source_id, record)
        return sorted(found.values(), key=lambda record: record.platform_at)

    async def evaluations(self, since: datetime, until: datetime) -> list[Evaluation]:
        """Return the verdicts customers gave in [since, until)."""
        check_span(since, until, self._clock.now())
        found: list[Evaluation] = []
        for begin, end in windows(since, until):
            async for row in pages(self._gateway, _within(EVALUATIONS, begin, end), sp_chat.judgements):
                judged = sp_chat.evaluation_of(row, self._clock, EVALUATIONS.source)
                if judged is not None and begin <= judged.at < end:
                    found.append(judged)
        return found

    async def performance(self, since: datetime, until: datetime) -> list[WaiterPerformance]:
        """Return JD's figures of every waiter who worked in [since, until), seven days at most.

        Raises:
            InvalidError: the span is longer: means of parts make no mean of the whole.

        """
        check_span(since, until, self._clock.now())
        if until - since > LONGEST:
            message = "JD tells waiters' figures for seven days at most"
            raise InvalidError(message, remedy="ask for a shorter span")
        answer = await self._gateway.call(_within(PERFORMANCE, since, until))
        span = to_ms(since), to_ms(until)
        return [
            sp_chat.performance_of(row, span, self._clock, PERFORMANCE.source)
            for row in rows(sp_chat.performances, answer, PERFORMANCE.method)
        ]

    async def waiters(self) -> list[Waiter]:
        """Return the shop's waiters."""
        found = pages(self._gateway, WAITERS, sp_chat.waiters)
        return [sp_chat.waiter_of(row, self._clock, WAITERS.source) async for row in found]

    async def orders(self, customer_ref: str, order_ref: str) -> list[Order]:
        """Look up one order, or the customer's latest of the last 30 days; another buyer's is not told."""
        names = await self._names(customer_ref) if customer_ref else set()
        now = self._clock.now()
        if order_ref:
            answer = await self._gateway.call(ORDER._replace(in_path={"orderId": order_ref}))
            info = one(sp_trade.order, answer, ORDER.method)
            if info is None or str(info.order_id) != order_ref or (names and info.xid_buyer not in names):
                return []
            return [sp_trade.order_of(info, now, ORDER.source)]
        if not names:
            message = "name a customer or an order"
            raise InvalidError(message)
        call = _within(ORDERS, now - RECENT, now)
        found = [
            sp_trade.order_of(info, now, ORDERS.source)
            for name in sorted(names)
            async for info in pages(self._gateway, _with(call, xidBuyer=name), sp_trade.orders)
            if info.xid_buyer == name
        ]
        found.sort(key=lambda order: order.created_at, reverse=True)
        return found[:LATEST]

    async def logistics(self, order_ref: str) -> Logistics | None:
        """Return an order's parcel, the one that moved last where there are several; None before one was shipped."""
        answer = await self._gateway.call(_with(TRACES, orderId=_needed(order_ref)))
        found = [
            sp_trade.parcel_of(parcel, self._clock.now(), TRACES.source)
            for parcel in rows(sp_trade.parcels, answer, TRACES.method)
        ]
        moved = [parcel for parcel in found if parcel.steps]
        return max(moved, key=lambda parcel: parcel.steps[-1].at) if moved else next(iter(found), None)

    async def price_protection(self, order_ref: str) -> list[PriceProtection]:
        """Return the price-protection applications of an order."""
        now = self._clock.now()
        found = pages(self._gateway, _with(PROTECTIONS, orderId=_needed(order_ref)), sp_trade.protections)
        every = [sp_trade.protection_of(row, now, PROTECTIONS.source) async for row in found]
        return [row for row in every if row.order_id == order_ref]

    async def after_sales(self, since: datetime, until: datetime) -> list[AfterSale]:
        """Return the cases changed in [since, until); what became of the money only one case tells.

        Raises:
            PermanentError: JD named a case of another shop.

        """
        if not since < until:
            message = "after-sales cases need a span: since must be before until"
            raise InvalidError(message)
        now = self._clock.now()
        found: dict[str, AfterSale] = {}
        begin = since
        while begin < until:
            end = min(begin + CASE_WINDOW, until)
            call = _with(CASES, updateStartTime=to_ms(begin), updateEndTime=to_ms(end))
            async for row in self._own_cases(call):
                case = sp_after_sales.after_sale_of(row, now, CASES.source)
                found[case.after_sale_id] = case
            begin = end
        return list(found.values())

    async def after_sale(self, after_sale_id: str) -> AfterSale | None:
        """Return one case with its money.

        The case itself does not say whose it is, so the list is asked first.

        Raises:
            PermanentError: it is another shop's, or JD's two answers disagree.

        """
        listed = [row async for row in self._own_cases(_with(CASES, afsOrderId=_needed(after_sale_id)))]
        named = next((row for row in listed if str(row.afs_order_id) == after_sale_id), None)
        if named is None:
            return None
        call = CASE._replace(in_path={"afsOrderId": after_sale_id}, query={"scopeSet": sp_after_sales.DETAIL_SCOPES})
        row = one(sp_after_sales.case, await self._gateway.call(call), CASE.method)
        if row is None:
            return None
        sp_after_sales.check_owner(row, self._settings.vender_id, CASE.method, needed=False)
        case = sp_after_sales.after_sale_of(row, self._clock.now(), CASE.source)
        expected = (after_sale_id, sp_after_sales.order_id_of(named, CASES.method))
        if (case.after_sale_id, case.order_id) != expected:
            message = f"{CASE.method}: JD answered with another case than the one asked for"
            raise PermanentError(message, remedy="report it with the number of the case")
        return case

    async def _own_cases(self, call: SpCall) -> AsyncIterator[sp_after_sales.SpCase]:
        async for row in pages(self._gateway, call, sp_after_sales.cases):
            sp_after_sales.check_owner(row, self._settings.vender_id, CASES.method, needed=True)
            yield row

    async def _records(self, chat: sp_chat.SpChat) -> list[Inbound]:
        session, said = chat.dongdong_session, chat.dongdong_chat_log_list or []
        self._learn(session)
        if len(said) < session.counted(CHAT_DETAILS.method):
            # The list beside the session was cut short: the session's own log has all of it.
            answer = await self._gateway.call(CHAT_LOGS._replace(in_path={"sid": str(session.sid)}))
            said = rows(sp_chat.sayings, answer, CHAT_LOGS.method)
        return sp_chat.inbound_of(session, said, self._settings, CHAT_DETAILS.method)

    def _learn(self, session: sp_chat.SpSession) -> None:
        if session.xid_customer:
            self._buyers.pop(session.customer, None)
            self._buyers[session.customer] = session.xid_customer
            if len(self._buyers) > MOST_BUYERS:
                del self._buyers[next(iter(self._buyers))]

    async def _names(self, customer_ref: str) -> set[str]:
        """Return what orders may call a customer: chat knows a pin, orders only an `xid`."""
        if customer_ref not in self._buyers and "," not in customer_ref:  # a list of pins cannot carry one
            now = self._clock.now()
            call = _with(_within(SESSIONS, now - ASKED_BACK, now), customerList=[customer_ref])
            call = _with(call, page=1, pageSize=PAGE_SIZE)
            for session in rows(sp_chat.sessions, await self._gateway.call(call), SESSIONS.method):
                if session.customer == customer_ref:
                    self._learn(session)
        return {self._buyers.get(customer_ref, customer_ref)}


def _needed(number: str) -> str:
    """Refuse an empty number: JD would take the call for a question about everything."""
    if not number:
        message = "name the order or the case by its number"
        raise InvalidError(message)
    return number


def _with(call: SpCall, **fields: str | int | list[str]) -> SpCall:
    return call._replace(query={**call.query, **fields})


def _within(call: SpCall, begin: datetime, end: datetime) -> SpCall:
    return _with(call, startTime=to_ms(begin), endTime=to_ms(end))
