"""Fill the channel port for Taobao as far as orders."""

from string import digits
from typing import ClassVar

from huiyin.channels.asking import Asker
from huiyin.channels.lacking import Cannot
from huiyin.channels.orders_only import Found, NumberForm, OrdersOnly
from huiyin.channels.pace import Pace
from huiyin.channels.posting import NetworkPost, Post
from huiyin.channels.taobao.gateway import Gateway
from huiyin.channels.taobao.lacks import CANNOT
from huiyin.channels.taobao.records import FIELDS, read_trade
from huiyin.channels.taobao.settings import TaobaoSettings
from huiyin.kernel.clock import Clock
from huiyin.kernel.units import Seconds

ORDER_GET = "taobao.trade.fullinfo.get"


class TaobaoChannel(OrdersOnly):
    """One shop's line to Taobao."""

    short: ClassVar[str] = "taobao"
    name: ClassVar[str] = "淘宝"
    cannot: ClassVar[Cannot] = CANNOT
    number: ClassVar[NumberForm] = NumberForm(digits, 6, 24)

    def __init__(
        self, settings: TaobaoSettings, clock: Clock, *, post: Post | None = None, pace: Pace | None = None
    ) -> None:
        """Open the line; `post` is for tests, a `pace` may be shared by processes."""
        super().__init__(post or NetworkPost(Seconds(settings.timeout_seconds)))
        self._clock = clock
        asker = Asker(self.name, self._post, pace or Pace(settings.calls_per_second))
        self._gateway = Gateway(settings, asker, clock)

    async def _look_up(self, order_ref: str) -> Found | None:
        raw = await self._gateway.call(ORDER_GET, {"fields": FIELDS, "tid": order_ref})
        return read_trade(raw, order_ref, ORDER_GET, self._clock.now())
