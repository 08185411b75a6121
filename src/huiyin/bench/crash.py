"""`huiyin bench crash`: is everything that was acknowledged still there after a kill, and after a power cut?

(a) The server is killed (kill -9) at seeded random moments under load and started again on its folder. What was not
acknowledged is pushed again, as JD does. After each restart every acknowledged message must be in the books exactly
once and in its customer's order; no reply may be handed to the gateway twice (`resent`): a reply that was in flight
at the kill is `unknown` and waits for a person. `recovery_seconds` is the longest time from starting the new process
to its first acknowledgement.

(b) kill -9 keeps the page cache, so it proves nothing about power. `power.py` does; its control must fail.
"""

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from huiyin.bench import books, power
from huiyin.bench.chat import Customers, Message
from huiyin.bench.gateway import Gateway
from huiyin.bench.orders import Order
from huiyin.bench.pushing import OK, Pushers
from huiyin.bench.report import Report, tell
from huiyin.bench.servers import Server, start
from huiyin.kernel.clock import monotonic

TARGETS = {
    "lost": ("==", 0.0),
    "doubled": ("==", 0.0),
    "reordered": ("==", 0.0),
    "resent": ("==", 0.0),
    "corrupt": ("==", 0.0),
    "recovery_seconds": ("<=", 5.0),
    **power.TARGETS,
}
LIFE_SECONDS = (0.3, 1.7)
"""How long a server lives under load before it is killed, drawn evenly: one second on average."""

CUSTOMERS = 60
AGENTS = 5
GATEWAY_DELAY = (0.0, 0.08)
"""The gateway takes its time, so that kills find replies in flight."""

DRAIN_PATIENCE = 120.0
FIRST_ACK_SECONDS = 30.0
EARLY_EVERY = 5
"""Every so many kills the worker may not be at work yet; at the others replies are in flight."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: on average one kill a second of load, four power cuts a second, 200 at most."""

    seconds: float = 50.0
    seed: int = 1
    plant: str = ""
    rate: float = 150.0
    power: bool = True

    @property
    def kills(self) -> int:
        """Return how often the server is killed."""
        return max(1, round(self.seconds))

    @property
    def cuts(self) -> int:
        """Return at how many moments the power is cut."""
        return min(200, max(10, round(4 * self.seconds)))


@dataclass(slots=True)
class Story:
    """What happened over all lives."""

    acknowledged: list[Message] = field(default_factory=list)
    unanswered: list[Message] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    wrong: books.Wrong = field(default_factory=lambda: books.Wrong(0, 0, 0))

    def check(self, folder: Path) -> None:
        """Hold the books against what was acknowledged; keep the worst that was ever found."""
        found = books.compare(folder, self.acknowledged)
        self.wrong = books.Wrong(*map(max, zip(self.wrong, found, strict=True)))


async def run(wish: Wish) -> Report:
    """Measure."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as place:
        figures = await _kills(wish, Path(place))
    if wish.power:
        load = power.Load(min(10.0, max(2.0, wish.seconds / 5)), wish.rate, wish.seed, wish.cuts, wish.plant)
        figures |= await power.measure(load)
        return Report("crash", figures, TARGETS, wish.seed)
    targets = {key: value for key, value in TARGETS.items() if key not in power.TARGETS}
    return Report("crash", figures, targets, wish.seed)


async def _kills(wish: Wish, folder: Path) -> dict[str, float]:
    gateway = Gateway(delay=GATEWAY_DELAY, seed=wish.seed)
    order = Order(str(folder), await gateway.open(), agents=AGENTS, plant=wish.plant)
    server = await start(order)
    customers = Customers(server.ready.shops, server.ready.app_secret, wish.seed)
    customers.fill(CUSTOMERS)
    dice, story = Random(wish.seed), Story()
    try:
        for number in range(1, wish.kills + 1):
            if number % EARLY_EVERY:
                await server.at_work()
            life = dice.uniform(*LIFE_SECONDS)
            await _live(server, customers, story, wish.rate, life)
            await server.kill()
            born = monotonic()
            server = await start(order)
            await _first_ack(server, customers, story, born)
            await asyncio.to_thread(story.check, folder)
            if number % 10 == 0 or number == wish.kills:
                tell(f"kill {number}: {len(story.acknowledged)} acknowledged, {story.wrong}, resent {gateway.resent}")
        drain = await books.drained(folder, DRAIN_PATIENCE)
        await asyncio.to_thread(story.check, folder)
    finally:
        await server.stop()
        gateway.close()
    with books.reading(folder) as database:
        whole = books.integrity(database)
    stored = books.counts(folder)
    return {
        **{key: float(value) for key, value in story.wrong._asdict().items()},
        "resent": gateway.resent,
        "corrupt": 0.0 if whole else 1.0,
        "recovery_seconds": max(story.recoveries),
        "kills": wish.kills,
        "acknowledged": len(story.acknowledged),
        "replies_delivered": gateway.delivered,
        "in_flight_at_kills": stored["unknown"],
        "unjudged": stored["messages"] - stored["verdicts"],
        "drain_seconds": drain,
    }


async def _live(server: Server, customers: Customers, story: Story, rate: float, life: float) -> None:
    """Push at a rate until the server is killed in the middle of it."""
    pushers = Pushers(server.ready.port, customers)
    await pushers.open()
    loading = asyncio.create_task(pushers.hold(rate, life + FIRST_ACK_SECONDS))
    await asyncio.sleep(life)
    await server.kill()
    await loading
    story.acknowledged += [each.message for each in pushers.done if each.status == OK]
    story.unanswered = pushers.unanswered


async def _first_ack(server: Server, customers: Customers, story: Story, born: float) -> None:
    """Push again what nobody took, and note when the first acknowledgement came."""
    pushers = Pushers(server.ready.port, customers)
    await pushers.open()
    for message in story.unanswered or [customers.say(customers.newcomer())]:
        pushers.offer(customers.again(message), monotonic())
    await pushers.answered(FIRST_ACK_SECONDS)
    story.recoveries.append(min((each.answered for each in pushers.done), default=float("inf")) - born)
    story.acknowledged += [each.message for each in pushers.done if each.status == OK]
    pushers.close()
