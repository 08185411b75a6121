"""`huiyin bench ingest`: how many messages a second Huiyin takes, durably, while it answers and counts them.

A server process and this generator share the machine. First come alternating rounds of a closed loop against the
bare handler and against Huiyin (`ratio_bare`: acknowledgements a second, Huiyin's ÷ the bare handler's, medians).
Then short open-loop probes look for the highest rate that keeps its promises, and that rate is held.

`p99_ack_ms`: from the moment a message was due to be sent to its acknowledgement, which follows the commit.
`p99_wall_ms`: from the moment a conversation's first message was due to the arrival, at a WebSocket client with
`wall: true`, of the first frame whose figure `sessions` has counted as many sessions as had been opened by then.
`lost`: acknowledged, and not in the database after everything was worked through.
"""

import asyncio
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from huiyin.bench import books
from huiyin.bench.chat import Customers
from huiyin.bench.gateway import Gateway
from huiyin.bench.orders import Order
from huiyin.bench.pushing import OK, Pushed, Pushers
from huiyin.bench.report import Report, percentile, tell
from huiyin.bench.screens import open_screen
from huiyin.bench.servers import Server, serving
from huiyin.kernel.clock import monotonic
from huiyin.kernel.wire import decode, encode

TARGETS = {
    "messages_per_second": (">=", 1500.0),
    "p99_ack_ms": ("<=", 100.0),
    "p99_wall_ms": ("<=", 500.0),
    "ratio_bare": (">=", 0.3),
    "lost": ("==", 0.0),
    "unjudged": ("==", 0.0),
}
AGENTS = 10
ENTERING_SECONDS = 1.0
PROBES = 5
LOWEST_RATE = 50.0
CATCH_UP_SECONDS = 1.0
"""A rate is kept up with if what is behind at its end is worked through this soon."""

DRAIN_PATIENCE = 240.0
HEADROOM = 0.7
"""The part of the acknowledgements' target a short probe may use: a long run meets more bad moments."""

MARGIN = 0.95
"""The held rate, as a share of the best one probed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for. `rate` 0 looks for the highest."""

    seconds: float = 60.0
    seed: int = 1
    plant: str = ""
    rate: float = 0.0
    rounds: int = 3
    """Rounds against the bare handler, after one that warms up; 0 for none, and no ratio."""


@dataclass(slots=True)
class WallWatch:
    """What a watcher of the wall saw: when, and how many sessions."""

    seen: list[tuple[float, int]] = field(default_factory=list)

    def heard(self, frame: bytes) -> None:
        """Note the count of a wall frame."""
        if frame.startswith(b'{"type":"wall"'):
            figures = {each["key"]: each["value"] for each in decode(frame)["body"]["figures"]}
            self.seen.append((monotonic(), int(figures["sessions"] or 0)))

    def delays(self, before: int, opened: list[float]) -> list[float]:
        """Return, for sessions opened at these moments after `before` others, how long each took to be counted."""
        seen = iter(self.seen)
        at, count = next(seen, (float("inf"), 0))
        delays = []
        for place, moment in enumerate(sorted(opened), start=before + 1):
            while count < place and at != float("inf"):
                at, count = next(seen, (float("inf"), 0))
            delays.append(at - moment)
        return delays


@dataclass(slots=True)
class Held:
    """What one open-loop stretch showed."""

    rate: float
    seconds: float
    pushed: list[Pushed]
    wall: list[float]
    backlog: books.Backlog
    drain: float
    cpu: tuple[float, float]
    """Processor seconds of the server and of the generator."""

    @property
    def p99_ack(self) -> float:
        """Return the 99th percentile of acknowledgement times, in milliseconds."""
        return 1000 * percentile([each.answered - each.due for each in self.pushed], 0.99)

    @property
    def p99_wall(self) -> float:
        """Return the 99th percentile of the times to the wall, in milliseconds."""
        return 1000 * percentile(self.wall, 0.99)

    @property
    def kept(self) -> bool:
        """Tell whether acknowledgements and the wall came in time and the work behind them was done."""
        good = all(each.status == OK for each in self.pushed)
        in_time = self.p99_ack <= HEADROOM * TARGETS["p99_ack_ms"][1] and self.p99_wall <= TARGETS["p99_wall_ms"][1]
        return good and in_time and self.drain <= CATCH_UP_SECONDS


class Bench:
    """One server under load."""

    def __init__(self, server: Server, folder: Path, seed: int) -> None:
        """Measure `server`, whose books are in `folder`."""
        self.server = server
        self.folder = folder
        self.customers = Customers(server.ready.shops, server.ready.app_secret, seed)
        self.pushers = Pushers(server.ready.port, self.customers)
        self.watch = WallWatch()

    async def watch_wall(self) -> None:
        """Open the manager's wall."""
        screen = await open_screen(self.server.ready.port, self.server.ready.tokens[-1], self.watch.heard)
        screen.say(encode({"type": "resume", "open": {}, "wall": True}))

    async def flood(self, seconds: float) -> float:
        """Return the acknowledgements a second of a closed loop."""
        before, start = len(self.pushers.done), monotonic()
        await self.pushers.flood(seconds)
        done = self.pushers.done[before:]
        return sum(1 for each in done if each.status == OK) / (monotonic() - start)

    async def hold(self, rate: float, seconds: float) -> Held:
        """Hold a rate and see what it costs. A second before that brings the customers in, unmeasured."""
        known = int((await asyncio.to_thread(books.counts, self.folder))["conversations"])
        entered = len(self.pushers.done)
        self.customers.fill(int(rate))
        await self.pushers.hold(rate, ENTERING_SECONDS)
        before = len(self.pushers.done)
        known += sum(each.message.opening for each in self.pushers.done[entered:])
        cpu, own, start = await self.server.cpu_seconds(), time.process_time(), monotonic()
        await self.pushers.hold(rate, seconds)
        took = monotonic() - start
        behind = await asyncio.to_thread(books.backlog, self.folder)
        used, own = await self.server.cpu_seconds() - cpu, time.process_time() - own
        drain = await books.drained(self.folder, DRAIN_PATIENCE)
        await asyncio.sleep(0.6)  # the wall's last frame
        pushed = self.pushers.done[before:]
        opened = [each.due for each in pushed if each.message.opening]
        return Held(rate, took, pushed, self.watch.delays(known, opened), behind, drain, (used, own))


async def run(wish: Wish) -> Report:
    """Measure."""
    gateway = Gateway()
    address = await gateway.open()
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as place:
        folder = Path(place)
        order = Order(str(folder / "huiyin"), address, agents=AGENTS, plant=wish.plant)
        async with serving(order) as server:
            await server.at_work()
            bench = Bench(server, folder / "huiyin", wish.seed)
            await bench.pushers.open()
            await bench.watch_wall()
            figures = await _compare_with_bare(bench, folder / "bare", wish) if wish.rounds else {}
            rate = wish.rate or await _sustainable(bench, figures.get("carried_per_second", 1000.0), wish.seconds)
            tell(f"holding {rate:.0f}/s for {wish.seconds:.0f} s")
            held = await bench.hold(rate, wish.seconds)
            figures |= await asyncio.to_thread(_figures, bench, held)
            figures["replies_delivered"] = gateway.delivered
            figures["resent"] = gateway.resent
            bench.pushers.close()
    gateway.close()
    return Report("ingest", figures, TARGETS, wish.seed)


async def _compare_with_bare(bench: Bench, folder: Path, wish: Wish) -> dict[str, float]:
    seconds = min(5.0, max(1.0, wish.seconds / 12))
    ours, bares, carried = [], [], []
    async with serving(Order(str(folder), bare=True)) as server:
        customers = Customers(server.ready.shops, server.ready.app_secret, 1)
        pushers = Pushers(server.ready.port, customers)
        await pushers.open()
        for customers_present in (bench.customers, customers):
            customers_present.fill(1000)
        for turn in range(wish.rounds + 1):
            bare = await _flood_bare(pushers, seconds)
            start, before = monotonic(), len(bench.pushers.done)
            acks = await bench.flood(seconds)
            drain = await books.drained(bench.folder, DRAIN_PATIENCE)
            through = (len(bench.pushers.done) - before) / (monotonic() - start)
            tell(f"round {turn}: bare {bare:.0f}/s, huiyin {acks:.0f}/s, carried {through:.0f}/s, drain {drain:.1f} s")
            if turn:
                bares.append(bare)
                ours.append(acks)
                carried.append(through)
        pushers.close()
    return {
        "bare_per_second": median(bares),
        "acks_per_second": median(ours),
        "carried_per_second": median(carried),
        "ratio_bare": median(our / bare for our, bare in zip(ours, bares, strict=True)),
        "ratio_carried": median(through / bare for through, bare in zip(carried, bares, strict=True)),
    }


async def _flood_bare(pushers: Pushers, seconds: float) -> float:
    before, start = len(pushers.done), monotonic()
    await pushers.flood(seconds)
    return (len(pushers.done) - before) / (monotonic() - start)


async def _sustainable(bench: Bench, highest: float, seconds: float) -> float:
    """Return a rate that a few short probes kept."""
    best, low, high = 0.0, LOWEST_RATE, highest
    for place in range(PROBES):
        # What was carried in the closed loop is nearly what can be held, so the search begins there.
        rate = high if place == 0 else (low + high) / 2
        length = min(4.0, max(1.0, seconds / 10))
        if await _probe(bench, rate, length) or await _probe(bench, rate, length):  # one bad moment is forgiven
            best = low = rate
        else:
            high = rate
    return max(LOWEST_RATE, best * MARGIN)


async def _probe(bench: Bench, rate: float, seconds: float) -> bool:
    probe = await bench.hold(rate, seconds)
    tell(
        f"probe {rate:.0f}/s: ack p99 {probe.p99_ack:.0f} ms, wall p99 {probe.p99_wall:.0f} ms, "
        f"behind {tuple(probe.backlog)}, drain {probe.drain:.1f} s"
    )
    return probe.kept


def _figures(bench: Bench, held: Held) -> dict[str, float]:
    acknowledged = [each.message for each in bench.pushers.done if each.status == OK]
    wrong = books.compare(bench.folder, acknowledged)
    stored = books.counts(bench.folder)
    good = [each for each in held.pushed if each.status == OK]
    return {
        "messages_per_second": len(good) / held.seconds,
        "p50_ack_ms": 1000 * percentile([each.answered - each.due for each in held.pushed], 0.5),
        "p99_ack_ms": held.p99_ack,
        "p99_wall_ms": held.p99_wall,
        "refused": len(held.pushed) - len(good),
        "acknowledged": len(acknowledged),
        "unjudged": stored["messages"] - stored["verdicts"],
        "backlog_events": held.backlog.events,
        "backlog_turns": held.backlog.turns,
        "backlog_replies": held.backlog.replies,
        "drain_seconds": held.drain,
        "server_cpu_seconds": held.cpu[0],
        "server_cpu_ms_per_message": 1000 * held.cpu[0] / max(1, len(good)),
        "server_cpu_share": held.cpu[0] / held.seconds,
        "generator_cpu_share": held.cpu[1] / held.seconds,
        **{key: float(value) for key, value in wrong._asdict().items()},
        **stored,
    }
