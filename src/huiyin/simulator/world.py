"""Hold what the simulated JD knows: shops, goods, buyers, orders, parcels, chats. Memory only."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from huiyin.kernel.clock import Clock
from huiyin.simulator.settings import ShopSeed, SimulatorSettings

SAME_SESSION = timedelta(minutes=10)
"""Coming back within ten minutes of the last word goes on in the same session."""


@dataclass(frozen=True, slots=True)
class Sku:
    """One thing on sale; money in 分."""

    sku_id: str
    name: str
    short: str
    price: int


@dataclass(frozen=True, slots=True)
class Customer:
    """A buyer as JD knows him. Names, phones and addresses are invented."""

    pin: str
    name: str
    phone: str
    address: str


@dataclass(slots=True)
class SimOrder:
    """One order."""

    order_id: str
    pin: str
    state: str
    lines: list[tuple[Sku, int]]
    created: datetime
    paid: datetime | None
    finished: datetime | None
    waybill: str
    trace: list[tuple[datetime, str, str]]

    @property
    def total(self) -> int:
        """Return the goods' price in 分."""
        return sum(sku.price * count for sku, count in self.lines)


@dataclass(frozen=True, slots=True)
class Protected:
    """One price-protection application."""

    application_id: str
    order_id: str
    sku: Sku
    bought: int
    now: int
    refunded: int
    state: str
    applied: datetime


@dataclass(slots=True)
class Said:
    """One chat record."""

    mid: str
    sid: str
    customer: str
    waiter: str
    by_waiter: bool
    content: str
    at: datetime
    mt: str = "text"
    url: str = ""
    order_id: str = ""
    sku_id: str = ""
    recall_of: str = ""


@dataclass(slots=True)
class Session:
    """One session of a customer."""

    sid: str
    customer: str
    waiter: str
    begin: datetime
    last: datetime
    replied: datetime | None = None
    said: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One evaluation."""

    customer: str
    waiter: str
    desc: str
    score: int
    at: datetime
    sid: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One after-sales case; `main` 100 is over, `refund` 20 is paid back."""

    case_id: str
    order_id: str
    sku: Sku
    wish: int
    main: int
    refund: int
    asked: int
    refunded: int
    applied: datetime
    changed: datetime
    finished: datetime | None
    deadline: datetime | None


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment on an order."""

    remark_id: str
    order_id: str
    sku: Sku
    score: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """A waiter's change of state, in words of this simulator."""

    waiter: str
    state: str
    at: datetime


class Shop:
    """One shop with all it holds."""

    def __init__(self, seed: ShopSeed) -> None:
        """Open an empty shop."""
        self.seed = seed
        self.access_token = seed.access_token
        self.refresh_token = seed.refresh_token
        self.skus: list[Sku] = []
        self.customers: dict[str, Customer] = {}
        self.orders: dict[str, SimOrder] = {}
        self.protected: list[Protected] = []
        self.sessions: list[Session] = []
        self.verdicts: list[Verdict] = []
        self.cases: list[Case] = []
        self.remarks: list[Remark] = []
        self.moves: list[Move] = []
        self.told: list[tuple[str, dict[str, str]]] = []
        """Access logs taken, each with its kind."""

        self.sent: dict[str, tuple[datetime, str]] = {}
        """Access ids seen lately, with when and the message id: JD's three-minute memory."""

        self._open: dict[str, Session] = {}

    @property
    def waiters(self) -> tuple[str, ...]:
        """Return the pins that answer here."""
        return self.seed.waiters or (self.seed.main_waiter,)

    def orders_of(self, pin: str) -> list[SimOrder]:
        """Return a buyer's orders, newest first."""
        mine = [order for order in self.orders.values() if order.pin == pin]
        return sorted(mine, key=lambda order: order.created, reverse=True)

    def session_at(self, pin: str, moment: datetime) -> Session | None:
        """Return the buyer's session that a word at `moment` goes on in, None if a new one begins."""
        session = self._open.get(pin)
        return session if session is not None and moment - session.last <= SAME_SESSION else None

    def begin(self, session: Session) -> None:
        """Add a session as the buyer's current one."""
        self.sessions.append(session)
        self._open[session.customer] = session

    def said(self) -> Iterator[Said]:
        """Go through everything said in the shop."""
        for session in self.sessions:
            yield from session.said


class World:
    """All shops, one clock, one source of chance."""

    def __init__(self, settings: SimulatorSettings, clock: Clock) -> None:
        """Start empty; `planting.plant` fills it."""
        self.settings = settings
        self.clock = clock
        self.random = Random(settings.seed)  # a repeatable world, not a secret
        self.shops = {seed.shop: Shop(seed) for seed in settings.shops}
        self.calls_today = 0
        self.day = ""
        self.recent: deque[str] = deque(maxlen=200)

    def new_number(self, digits: int) -> str:
        """Return a fresh number string of so many digits."""
        return str(self.random.randrange(10 ** (digits - 1), 10**digits))

    def by_token(self, token: str) -> Shop | None:
        """Return the shop a token opens."""
        return next((shop for shop in self.shops.values() if token and shop.access_token == token), None)

    def record(self, shop: Shop, said: Said) -> Said:
        """Write down one word, in the buyer's session or a new one, and return it with its session id."""
        session = shop.session_at(said.customer, said.at)
        if session is None:
            waiter = said.waiter or shop.seed.main_waiter
            session = Session(f"sid{self.new_number(12)}", said.customer, waiter, said.at, said.at)
            shop.begin(session)
        said.sid = session.sid
        said.waiter = said.waiter or session.waiter
        session.last = max(session.last, said.at)
        if said.by_waiter and session.replied is None:
            session.replied = said.at
        session.said.append(said)
        return said
