"""Keep a shop's recent orders at hand for a moment: JOS cannot search by buyer, so all who ask share one reading.

What walks in: who asks. What walks out: their orders, newest first, with the moment they were read.
A reading costs a call a page and state; asked for by every customer anew, a busy shop would use up its calls.
"""

import asyncio
from datetime import datetime, timedelta
from typing import NamedTuple

from huiyin.channels.jd.gateway import Gateway
from huiyin.channels.jd.moments import write_moment
from huiyin.channels.jd.records import ORDER_FIELDS, OrderInfo, order_of, read_orders
from huiyin.channels.port import Order
from huiyin.kernel.clock import Clock
from huiyin.kernel.errors import TemporaryError

ORDER_SEARCH = "jingdong.pop.order.search"

RECENT = timedelta(days=30)
"""A search spans a month at most; 30 days fit every month but February, and a slightly short one is safe."""

FRESH = timedelta(seconds=3)
"""How old a reading may be; it carries its moment, and a customer who has just paid asks seconds later."""

SEARCHED_STATES = (
    "WAIT_SELLER_STOCK_OUT", "WAIT_GOODS_RECEIVE_CONFIRM", "WAIT_SELLER_DELIVERY", "PAUSE", "POP_ORDER_PAUSE",
    "LOCKED", "FINISHED_L", "TRADE_CANCELED",
)  # fmt: skip
SEARCHED_PAGES = 3
CHANGED_PAGES = 1000
SEARCH_PAGE_SIZE = 100
LATEST = 10


class _Reading(NamedTuple):
    at: datetime
    buyers: dict[str, list[OrderInfo]]


class RecentOrders:
    """The recent orders of one shop."""

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        """Read through `gateway` when somebody asks."""
        self._gateway = gateway
        self._clock = clock
        self._last: _Reading | None = None
        self._under_way: asyncio.Task[_Reading] | None = None

    async def of(self, customer_ref: str) -> list[Order]:
        """Return a customer's latest orders of the last 30 days.

        Raises:
            TemporaryError: JD did not answer.
            PermanentError: JD refused for good.

        """
        reading = await self._reading()
        orders = [order_of(info, reading.at, ORDER_SEARCH) for info in reading.buyers.get(customer_ref, ())]
        orders.sort(key=lambda order: order.created_at, reverse=True)
        return orders[:LATEST]

    async def _reading(self) -> _Reading:
        now = self._clock.now()
        if self._last is not None and abs(now - self._last.at) < FRESH:
            return self._last
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._read(now))
            self._under_way.add_done_callback(_looked_at)
        # Shielded: who loses patience must not take the answer from the others.
        return await asyncio.shield(self._under_way)

    async def _read(self, now: datetime) -> _Reading:
        buyers: dict[str, list[OrderInfo]] = {}
        for infos in await asyncio.gather(*(self._in_state(state, now) for state in SEARCHED_STATES)):
            for info in infos:
                for name in info.buyers:
                    buyers.setdefault(name, []).append(info)
        self._last = _Reading(now, buyers)
        return self._last

    async def _in_state(self, state: str, now: datetime) -> list[OrderInfo]:
        """Read the newest pages of one state."""
        found: list[OrderInfo] = []
        for page in range(1, SEARCHED_PAGES + 1):
            fields = {
                "start_date": write_moment(now - RECENT),
                "end_date": write_moment(now),
                "order_state": state,
                "optional_fields": ORDER_FIELDS,
                "page": str(page),
                "page_size": str(SEARCH_PAGE_SIZE),
                "sortType": "1",
                "dateType": "1",
            }
            infos, total = read_orders(await self._gateway.call(ORDER_SEARCH, fields), ORDER_SEARCH)
            found += infos
            if page * SEARCH_PAGE_SIZE >= total or not infos:
                break
        return found


async def changed_orders(gateway: Gateway, state: str, span: tuple[datetime, datetime]) -> list[OrderInfo]:
    """Return the orders now in a state that were placed or changed in [since, until), a month at most.

    Raises:
        TemporaryError: JD did not answer, or told more than it gave: a part is not passed off as the whole.

    """
    found: dict[str, OrderInfo] = {}
    fields = {
        "start_date": write_moment(span[0]), "end_date": write_moment(span[1]), "order_state": state,
        "optional_fields": ORDER_FIELDS, "page_size": str(SEARCH_PAGE_SIZE), "sortType": "0", "dateType": "0",
    }  # fmt: skip
    for page in range(1, CHANGED_PAGES + 1):
        infos, total = read_orders(await gateway.call(ORDER_SEARCH, {**fields, "page": str(page)}), ORDER_SEARCH)
        before = len(found)
        found |= {str(each.order_id): each for each in infos}
        if len(found) >= total:
            return list(found.values())
        if len(found) == before:
            break
    message = f"{ORDER_SEARCH}: JD told more orders than it gave; a part is not passed off as the whole"
    raise TemporaryError(message, remedy="ask again later")


def _looked_at(task: asyncio.Task[_Reading]) -> None:
    """Look at a reading's error even if all who asked have gone, or asyncio complains of it."""
    if not task.cancelled():
        task.exception()
