"""Read one shop through JOS."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from huiyin.channels.gateways import Source
from huiyin.channels.jd import jos_service
from huiyin.channels.jd.gateway import Gateway
from huiyin.channels.jd.history import History, check_span, windows
from huiyin.channels.jd.moments import CHINA, write_moment
from huiyin.channels.jd.recent_orders import ORDER_SEARCH, SEARCHED_STATES, RecentOrders, changed_orders
from huiyin.channels.jd.records import (
    ORDER_FIELDS,
    OrderInfo,
    order_of,
    placed_order_of,
    read_order,
    read_protections,
    read_trace,
)
from huiyin.channels.jd.settings import GatewayName, JdSettings
from huiyin.channels.port import Inbound, Logistics, Order, PriceProtection
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
from huiyin.kernel.errors import InvalidError, PermanentError, TemporaryError

ORDER_GET = "jingdong.pop.order.get"
TRACE = "jingdong.ldop.receive.trace.get"
PROTECTION = "jingdong.pop.afs.priceprotect.page"
CASES = "jingdong.asc.sync.list"
CASE = "jingdong.asc.query.list"
GROUP = "jingdong.im.pop.groupinfo.get"
SERVED = "jingdong.im.pop.replystat.get"
UNANSWERED = "jingdong.im.pop.unreplystat.get"
ASK_RATE = "jingdong.im.pop.askRate.get"
AVERAGE_WAIT = "jingdong.im.pop.consult.avgwaittime.get"
PRESENCE = "jingdong.im.pop.waiterpresence.openapi.get"
COMMENTS = "jingdong.pop.PopCommentJsfService.getVenderCommentsForJos"

PROTECTION_PAGES = 20
PAGE_SIZE = 50
MAX_PAGES = 200
MOST_ORDERS = 50
"""So many orders a call for comments takes."""

SLOT_MINUTES = 5
"""How long one index of `timeNo` is; JD gives one example only: 20:25 is `20,5`."""


class JosReads:
    """What one shop's line reads through JOS."""

    def __init__(self, settings: JdSettings, gateway: Gateway, clock: Clock) -> None:
        """Read for `settings.shop` through `gateway`."""
        self._settings = settings
        self._gateway = gateway
        self._clock = clock
        self._recent = RecentOrders(gateway, clock)
        self._history = History(settings, gateway)

    async def poll(self, since: datetime, until: datetime) -> list[Inbound]:
        """Return what was said in [since, until), oldest first."""
        return await self._history.poll(since, until, self._clock.now())

    async def evaluations(self, since: datetime, until: datetime) -> list[Evaluation]:
        """Return the verdicts customers gave in [since, until)."""
        return await self._history.evaluations(since, until, self._clock.now())

    async def orders(self, customer_ref: str, order_ref: str) -> list[Order]:
        """Look up one order, or the customer's latest of the last 30 days; another buyer's is not told."""
        if order_ref:
            info = await self._order(order_ref)
            mine = info is not None and (not customer_ref or info.bought_by(customer_ref))
            return [order_of(info, self._clock.now(), ORDER_GET)] if info and mine else []
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
            fields = {"orderId": order_ref, "pageIndex": page, "pageSize": PAGE_SIZE}
            body = await self._gateway.call(PROTECTION, fields)
            found, pages = read_protections(body, PROTECTION, self._clock.now())
            rows += found
            if page >= pages:
                break
        return rows

    async def after_sales(self, since: datetime, until: datetime) -> list[AfterSale]:
        """Return the cases changed in [since, until); JOS does not tell here what became of the money."""
        if not since < until:
            message = "after-sales cases need a span: since must be before until"
            raise InvalidError(message)
        return await self._cases(
            CASES, {"updateTimeBegin": write_moment(since), "updateTimeEnd": write_moment(until)}
        )  # fmt: skip

    async def after_sale(self, after_sale_id: str) -> AfterSale | None:
        """Return one case, None where the shop has no such case."""
        found = await self._cases(CASE, {"serviceId": after_sale_id})
        return next((case for case in found if case.after_sale_id == after_sale_id), None)

    async def waiters(self) -> list[Waiter]:
        """Return the shop's waiters."""
        return jos_service.read_waiters(await self._gateway.call(GROUP, {}), GROUP, self._clock.now())

    async def performance(self, since: datetime, until: datetime) -> list[WaiterPerformance]:
        """Return how many each waiter served and left unanswered; JOS counts whole days of China."""
        check_span(since, until, self._clock.now())
        waiters = [waiter.waiter_ref for waiter in await self.waiters()]
        sums: dict[str, dict[str, int]] = {SERVED: {}, UNANSWERED: {}}
        for begin, end in windows(since, until):
            span = {"startTime": write_moment(begin), "endTime": write_moment(end)}
            for method, sum_of in sums.items():
                body = await self._gateway.call(method, {"waiter": waiters, **span})
                for waiter, number in jos_service.read_daily(body, method).items():
                    sum_of[waiter] = sum_of.get(waiter, 0) + number
        return [
            WaiterPerformance(
                waiter_ref=waiter,
                since=since.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0),
                until=until,
                as_of=self._clock.now(),
                source=Source(GatewayName.JOS, SERVED),
                served=sums[SERVED].get(waiter, 0),
                unanswered=sums[UNANSWERED].get(waiter, 0),
            )
            for waiter in sorted(sums[SERVED].keys() | sums[UNANSWERED].keys())
        ]

    async def answer_rate(self, since: datetime, until: datetime) -> AnswerRate:
        """Return JD's answer rate of the whole shop."""
        check_span(since, until, self._clock.now())
        fields = {"startTime": write_moment(since), "endTime": write_moment(until)}
        told = jos_service.read_figure(await self._gateway.call(ASK_RATE, fields), "askRate", ASK_RATE)
        source = Source(GatewayName.JOS, ASK_RATE)
        return AnswerRate(since=since, until=until, as_told=told, as_of=self._clock.now(), source=source)

    async def average_wait(self, waiter_ref: str, day: datetime) -> AverageWait:
        """Return how long one waiter's customers waited on one day."""
        fields = {"waiter": waiter_ref, "date": write_moment(day)}
        told = jos_service.read_figure(await self._gateway.call(AVERAGE_WAIT, fields), "avgTime", AVERAGE_WAIT)
        try:
            figure = float(told)
        except ValueError as error:
            message = f"{AVERAGE_WAIT}: JD told no number"
            raise PermanentError(message, remedy="report it with the method's name") from error
        source = Source(GatewayName.JOS, AVERAGE_WAIT)
        return AverageWait(waiter_ref=waiter_ref, day=day, as_told=figure, as_of=self._clock.now(), source=source)

    async def presence(self, waiters: Sequence[str], at: datetime) -> list[WaiterPresence]:
        """Return what these waiters did to their state in the five minutes around `at`."""
        local = at.astimezone(CHINA)
        fields = {
            "waiter": list(waiters),
            "startTime": write_moment(at),
            "endTime": write_moment(at + timedelta(minutes=SLOT_MINUTES)),
            "dataType": 1,
            "timeNo": f"{local.hour},{local.minute // SLOT_MINUTES}",
        }
        return jos_service.read_presence(await self._gateway.call(PRESENCE, fields), PRESENCE, self._clock.now())

    async def comments(self, order_refs: Sequence[str]) -> list[Comment]:
        """Return the comments on these orders, asked for by fifties."""
        found: dict[str, Comment] = {}
        for start in range(0, len(order_refs), MOST_ORDERS):
            wanted = order_refs[start : start + MOST_ORDERS]
            for page in range(1, MAX_PAGES + 1):
                fields = {"orderIds": ",".join(wanted), "page": page, "pageSize": PAGE_SIZE}
                body = await self._gateway.call(COMMENTS, fields)
                rows = jos_service.read_comments(body, COMMENTS, self._clock.now())
                fresh = {row.comment_id: row for row in rows if row.comment_id not in found and row.order_id in wanted}
                found |= fresh
                # JD tells no total here: a page that is not full, or brings nothing new, is the last.
                if len(rows) < PAGE_SIZE or not fresh:
                    break
        return list(found.values())

    async def placed_orders(self, since: datetime, until: datetime) -> list[PlacedOrder]:
        """Return the orders placed or changed in [since, until), at most a month; JD searches by state."""
        found: dict[str, OrderInfo] = {}
        for state in SEARCHED_STATES:
            found |= {str(each.order_id): each for each in await changed_orders(self._gateway, state, (since, until))}
        now = self._clock.now()
        placed = [placed_order_of(each, now, ORDER_SEARCH) for each in found.values()]
        return sorted(placed, key=lambda each: (each.placed_at, each.order_id))

    async def _cases(self, method: str, fields: dict[str, str]) -> list[AfterSale]:
        operator = self._settings.operator
        fixed = {"buId": self._settings.vender_id, "operatePin": operator, "operateNick": operator, **fields}
        found: dict[str, AfterSale] = {}
        for page in range(1, MAX_PAGES + 1):
            body = await self._gateway.call(method, {**fixed, "pageNumber": page, "pageSize": PAGE_SIZE})
            rows, total = jos_service.read_cases(body, method, self._settings.vender_id, self._clock.now())
            before = len(found)
            found |= {row.after_sale_id: row for row in rows}
            if len(found) >= total:
                return list(found.values())
            if len(found) == before:
                break
        message = f"{method}: JD told more cases than it gave; a part is not passed off as the whole"
        raise TemporaryError(message, remedy="ask again later")

    async def _order(self, order_ref: str) -> OrderInfo | None:
        fields = {"order_id": order_ref, "optional_fields": ORDER_FIELDS}
        return read_order(await self._gateway.call(ORDER_GET, fields), ORDER_GET)
