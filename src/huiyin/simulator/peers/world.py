"""Hold what the simulated platforms know: one app, one shop, some orders, and switches for planted mischief."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from huiyin.kernel.clock import Clock

State = Literal["unpaid", "paid", "shipped", "done", "closed"]


@dataclass(frozen=True)
class PeerLine:
    """Some pieces of one SKU; the price of one in 分."""

    sku: int
    name: str
    count: int
    price: int


@dataclass(frozen=True)
class PeerOrder:
    """An order, in no platform's words. `payment` is what is to be paid, in 分; all people are made up."""

    number: str
    buyer: str
    state: State
    lines: tuple[PeerLine, ...]
    payment: int
    created: datetime
    paid: datetime | None = None
    finished: datetime | None = None
    waybill: str = ""
    receiver: str = "测试收件人"
    phone: str = "13900001111"
    address: str = "测试市测试路100号"

    @property
    def goods(self) -> int:
        """Return the sum of the goods, in 分."""
        return sum(line.price * line.count for line in self.lines)


class PeerKeys(msgspec.Struct, frozen=True):
    """What a caller must know. Each platform has names of its own for them."""

    app_key: str
    secret: str
    token: str

    def __repr__(self) -> str:
        """Show no secret."""
        return f"PeerKeys(app_key={self.app_key!r})"


class PeerFaults(msgspec.Struct, kw_only=True):
    """What goes wrong on purpose; counts go down by one each time they strike."""

    slow_seconds: float = 0.0
    """Every answer waits so long."""

    cut: int = 0
    """So many answers break off in the middle."""

    broken: int = 0
    """So many calls are answered with HTTP 500."""

    html: int = 0
    """So many calls are answered with a page, and HTTP 200."""

    repeated: int = 0
    """So many answers are sent twice, one behind the other."""

    spent: int = 0
    """So many calls are over the limit."""

    texts: bool = False
    """Every number in an answer is written as text."""

    def strike(self, name: str) -> bool:
        """Tell whether the counted fault `name` strikes now, and count it."""
        left: int = getattr(self, name)
        if left <= 0:
            return False
        setattr(self, name, left - 1)
        return True


@dataclass
class PeerWorld:
    """One app and one shop, alike at every platform."""

    keys: PeerKeys
    clock: Clock
    orders: dict[str, PeerOrder]
    faults: PeerFaults = field(default_factory=PeerFaults)
    calls: list[str] = field(default_factory=list)
    """The paths that were called, in their order."""


def planted_orders(now: datetime) -> dict[str, PeerOrder]:
    """Return orders in every state, of two buyers; the same moment, the same orders."""
    now = now.replace(microsecond=0)
    tea = PeerLine(5001, "云南普洱茶饼 357克", 2, 6890)
    cup = PeerLine(5002, "白瓷盖碗", 1, 1205)
    day = timedelta(days=1)
    orders = (
        PeerOrder("400000000001", "buyer-one", "unpaid", (cup,), 1205, now - day),
        PeerOrder("400000000002", "buyer-one", "paid", (tea, cup), 14185, now - 2 * day, now - 2 * day),
        PeerOrder(
            "400000000003", "buyer-two", "shipped", (tea,), 13780, now - 3 * day, now - 3 * day, None, "YT900003"
        ),
        PeerOrder(
            "400000000004", "buyer-two", "done", (cup,), 1005, now - 9 * day, now - 9 * day, now - day, "YT900004"
        ),
        PeerOrder("400000000005", "buyer-one", "closed", (tea,), 13780, now - 5 * day, None, now - 4 * day),
    )
    return {order.number: order for order in orders}
