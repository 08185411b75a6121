"""Fill the channel port for Kuaishou as far as orders."""

from string import digits
from typing import ClassVar

from huiyin.channels.asking import Asker
from huiyin.channels.kuaishou.gateway import Gateway
from huiyin.channels.kuaishou.lacks import CANNOT
from huiyin.channels.kuaishou.records import read_order
from huiyin.channels.kuaishou.settings import KuaishouSettings
from huiyin.channels.lacking import Cannot
from huiyin.channels.orders_only import Found, NumberForm, OrdersOnly
from huiyin.channels.pace import Pace
from huiyin.channels.posting import NetworkPost, Post
from huiyin.kernel.clock import Clock
from huiyin.kernel.units import Seconds

ORDER_GET = "open.order.detail"


class KuaishouChannel(OrdersOnly):
    """One shop's line to Kuaishou."""

    short: ClassVar[str] = "kuaishou"
    name: ClassVar[str] = "快手小店"
    cannot: ClassVar[Cannot] = CANNOT
    number: ClassVar[NumberForm] = NumberForm(digits, 6, 18)
    """Sent as a JSON number, which 18 digits always fit."""

    def __init__(
        self, settings: KuaishouSettings, clock: Clock, *, post: Post | None = None, pace: Pace | None = None
    ) -> None:
        """Open the line; `post` is for tests, a `pace` may be shared by processes."""
        super().__init__(post or NetworkPost(Seconds(settings.timeout_seconds)))
        self._clock = clock
        asker = Asker(self.name, self._post, pace or Pace(settings.calls_per_second))
        self._gateway = Gateway(settings, asker, clock)

    async def _look_up(self, order_ref: str) -> Found | None:
        if order_ref.startswith("0"):
            return None  # a JSON number has no leading zero: this would ask for another order
        raw = await self._gateway.call(ORDER_GET, {"oid": int(order_ref)})
        return read_order(raw, order_ref, ORDER_GET, self._clock.now())
