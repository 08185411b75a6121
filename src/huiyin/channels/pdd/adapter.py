"""Fill the channel port for Pinduoduo as far as orders, for callers who answer for the right to see them."""

from string import digits
from typing import ClassVar

from huiyin.channels.asking import Asker
from huiyin.channels.lacking import Cannot
from huiyin.channels.orders_only import Found, NumberForm, OrdersOnly
from huiyin.channels.pace import Pace
from huiyin.channels.pdd.gateway import Gateway
from huiyin.channels.pdd.lacks import CANNOT
from huiyin.channels.pdd.records import read_order
from huiyin.channels.pdd.settings import PddSettings
from huiyin.channels.posting import NetworkPost, Post
from huiyin.kernel.clock import Clock
from huiyin.kernel.units import Seconds

ORDER_GET = "pdd.order.information.get"
WRAPPER = "order_info_get_response"


class PddChannel(OrdersOnly):
    """One shop's line to Pinduoduo."""

    short: ClassVar[str] = "pdd"
    name: ClassVar[str] = "拼多多"
    cannot: ClassVar[Cannot] = CANNOT
    number: ClassVar[NumberForm] = NumberForm(f"{digits}-", 6, 40)
    names_buyers: ClassVar[bool] = False

    def __init__(
        self, settings: PddSettings, clock: Clock, *, post: Post | None = None, pace: Pace | None = None
    ) -> None:
        """Open the line; `post` is for tests, a `pace` may be shared by processes."""
        super().__init__(post or NetworkPost(Seconds(settings.timeout_seconds)))
        self._clock = clock
        asker = Asker(self.name, self._post, pace or Pace(settings.calls_per_second))
        self._gateway = Gateway(settings, asker, clock)

    async def _look_up(self, order_ref: str) -> Found | None:
        raw = await self._gateway.call(ORDER_GET, WRAPPER, {"order_sn": order_ref})
        return read_order(raw, order_ref, ORDER_GET, self._clock.now())
