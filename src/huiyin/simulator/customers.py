"""Let customers come, talk, wait, lose patience and leave, at the pace the settings say."""

import asyncio
from random import Random

import structlog

from huiyin.simulator.courier import Courier
from huiyin.simulator.scenarios import Scenario, load_manners, load_scenarios
from huiyin.simulator.visits import Cast, Line, Turn, Visit
from huiyin.simulator.world import Customer, Said, Shop, World

log = structlog.get_logger()

TYPING = (1.0, 5.0)
"""Seconds between two lines of one customer."""

READING = (2.0, 8.0)
"""Seconds from a reply to the customer's next line."""

MINUTE = 60.0


class Crowd:
    """All customers who talk at the moment."""

    def __init__(self, world: World, courier: Courier) -> None:
        """Bring customers of `world`; `courier` carries what they say."""
        self._world = world
        self._courier = courier
        self._random = Random(world.settings.seed + 1)  # repeatable visits, not a secret
        self._ears: dict[tuple[str, str], asyncio.Queue[Said]] = {}
        self._visits: set[asyncio.Task[None]] = set()
        self.visits_begun = 0
        self.visits_ended = 0

    @property
    def talking(self) -> int:
        """Return how many customers talk now."""
        return len(self._visits)

    async def run(self) -> None:
        """Let customers arrive until cancelled, never more at once than the settings say."""
        settings = self._world.settings
        try:
            while True:
                if self.talking < settings.talking:
                    self.visit(self._random.choice(list(self._world.shops.values())))
                gap = MINUTE / max(settings.arrivals_per_minute, 0.01)
                await asyncio.sleep(self._random.uniform(0.5, 1.5) * gap / settings.pace)
        finally:
            for task in self._visits:
                task.cancel()
            await asyncio.gather(*self._visits, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until everyone who talks has left."""
        while self._visits:
            await asyncio.gather(*self._visits)

    def visit(self, shop: Shop, scenario_id: str = "") -> Customer | None:
        """Send one customer in, with a scenario of chance or the one named; None if nobody fits it."""
        scenario = self._pick(shop, scenario_id)
        cast = None if scenario is None else self._cast(shop, scenario)
        if scenario is None or cast is None:
            return None
        visit = Visit(scenario, cast, load_manners(), self._random)
        self._ears[shop.seed.shop, cast.customer.pin] = asyncio.Queue()
        task = asyncio.ensure_future(self._play(shop, visit))
        self._visits.add(task)
        task.add_done_callback(self._visits.discard)
        self.visits_begun += 1
        return cast.customer

    def heard(self, shop: Shop, said: Said) -> None:
        """Let a customer hear a reply; who is not waiting misses it."""
        ear = self._ears.get((shop.seed.shop, said.customer))
        if ear is not None:
            ear.put_nowait(said)

    def say(self, shop: Shop, pin: str, line: Line) -> Said:
        """Make a customer send one line now; one who is not there yet is invented."""
        if pin not in shop.customers:
            shop.customers[pin] = Customer(pin, "", "", "")
        said = Said(
            mid=f"m{self._world.new_number(15)}",
            sid="",
            customer=pin,
            waiter="",
            by_waiter=False,
            content=line.text,
            at=self._world.clock.now(),
            mt=line.mt,
            url=line.url,
            order_id=line.order_id,
            sku_id=line.sku_id,
        )
        if line.mt == "recall":
            said.recall_of = self._last_word(shop, pin)
        self._world.record(shop, said)
        self._courier.push(shop, said)
        return said

    async def _play(self, shop: Shop, visit: Visit) -> None:
        pin = visit.cast.customer.pin
        ear = self._ears[shop.seed.shop, pin]
        log.info("simulator.visit_begun", shop=shop.seed.shop, customer=pin, scenario=visit.scenario.id)
        try:
            turn = visit.open()
            await self._utter(shop, pin, turn)
            while not turn.over:
                turn = await self._next(shop, visit, ear)
                await self._utter(shop, pin, turn)
        finally:
            del self._ears[shop.seed.shop, pin]
            self.visits_ended += 1

    async def _next(self, shop: Shop, visit: Visit, ear: asyncio.Queue[Said]) -> Turn:
        patience = visit.scenario.patience * self._random.uniform(0.7, 1.4)
        try:
            async with asyncio.timeout(patience / self._world.settings.pace):
                said = await ear.get()
        except TimeoutError:
            return visit.wait_in_vain()
        await self._pause(READING)
        text = said.content
        while not ear.empty():
            said = ear.get_nowait()
            text += said.content
        return visit.hear(text, bot=said.waiter in shop.seed.bots)

    async def _utter(self, shop: Shop, pin: str, turn: Turn) -> None:
        for place, line in enumerate(turn.lines):
            if place:
                await self._pause(TYPING)
            said = self.say(shop, pin, line)
            share = self._world.settings.faults.recalls
            if share and line.mt == "text" and self._random.random() < share:
                await self._pause(TYPING)
                self.say(shop, said.customer, Line("recall"))

    async def _pause(self, span: tuple[float, float]) -> None:
        await asyncio.sleep(self._random.uniform(*span) / self._world.settings.pace)

    def _pick(self, shop: Shop, scenario_id: str) -> Scenario | None:
        fitting = [
            scenario
            for scenario in load_scenarios()
            if scenario_id in ("", scenario.id) and scenario.shop in ("any", shop.seed.kind)
        ]
        if not fitting:
            return None
        return self._random.choices(fitting, [scenario.weight for scenario in fitting])[0]

    def _cast(self, shop: Shop, scenario: Scenario) -> Cast | None:
        free = [pin for pin in shop.customers if (shop.seed.shop, pin) not in self._ears]
        self._random.shuffle(free)
        for pin in free:
            orders = [order for order in shop.orders_of(pin) if scenario.about in ("", order.state)]
            if scenario.about and not orders:
                continue
            order = orders[0] if scenario.about else None
            sku = order.lines[0][0] if order else self._random.choice(shop.skus)
            return Cast(shop.customers[pin], sku, order)
        return None

    def _last_word(self, shop: Shop, pin: str) -> str:
        session = shop.session_at(pin, self._world.clock.now())
        words = [said.mid for said in session.said if not said.by_waiter] if session else []
        return words[-1] if words else ""
