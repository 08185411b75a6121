"""`huiyin bench backfill`: what customers of today notice while a shop's past comes in.

A server takes messages at a modest rate, first alone, then while it brings in a past of 100,000 messages that the fake
gateway holds. `ratio_p99` is what the second costs the acknowledgements of the first. Then the books are held against
what was acknowledged and against what the gateway holds: all of it, once, and nobody alarmed.
"""

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from huiyin.backfill import asking
from huiyin.bench import books, company
from huiyin.bench.chat import Customers
from huiyin.bench.gateway import Gateway
from huiyin.bench.orders import Order
from huiyin.bench.past import Past
from huiyin.bench.pushing import OK, Pushed, Pushers
from huiyin.bench.report import Report, percentile, tell
from huiyin.bench.servers import Server, serving
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.clock import SystemClock, monotonic
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import TenantId
from huiyin.org import views
from huiyin.wiring import Settings, build

TARGETS: dict[str, tuple[str, float]] = {
    "ratio_p99": ("<=", 2.0),
    "past_lost": ("==", 0.0),
    "past_doubled": ("==", 0.0),
    "alarmed": ("==", 0.0),
    "lost": ("==", 0.0),
    "doubled": ("==", 0.0),
}
MESSAGES = 100_000
DAYS = 60
AGENTS = 10
ENTERING_SECONDS = 2.0
STRETCH_SECONDS = 2.0
PATIENCE_SECONDS = 1_800.0
DRAIN_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: how long alone, how many a second, and how large a past."""

    seconds: float = 30.0
    seed: int = 1
    plant: str = ""
    rate: float = 100.0
    messages: int = MESSAGES


async def run(wish: Wish) -> Report:
    """Measure.

    Raises:
        InvalidError: there is no past to bring in.

    """
    if wish.messages < 1:
        message = f"a past of {wish.messages} messages is none"
        raise InvalidError(message, remedy="Ask for at least one: --messages says how many.")
    past = Past(wish.messages, DAYS - 1, SystemClock().now(), wish.seed)
    gateway = Gateway(past=past)
    address = await gateway.open()
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as place:
        folder = Path(place) / "huiyin"
        async with serving(Order(str(folder), address, agents=AGENTS, plant=wish.plant)) as server:
            await server.at_work()
            figures = await _measured(server, folder, past, wish)
    gateway.close()
    return Report("backfill", figures, TARGETS, wish.seed)


async def _measured(server: Server, folder: Path, past: Past, wish: Wish) -> dict[str, float]:
    customers = Customers(server.ready.shops, server.ready.app_secret, wish.seed)
    customers.fill(int(wish.rate))
    pushers = Pushers(server.ready.port, customers)
    await pushers.open()
    await pushers.hold(wish.rate, ENTERING_SECONDS)
    entered = len(pushers.done)
    await pushers.hold(wish.rate, wish.seconds)
    alone, alone_p50 = _p99(pushers.done[entered:]), _p50(pushers.done[entered:])
    tell(f"alone: p99 {alone:.1f} ms")
    before, cpu = len(pushers.done), await server.cpu_seconds()
    await asyncio.to_thread(_ask, folder)
    start = monotonic()
    while await asyncio.to_thread(_running, folder) and monotonic() - start < PATIENCE_SECONDS:
        await pushers.hold(wish.rate, STRETCH_SECONDS)
    took, during = monotonic() - start, pushers.done[before:]
    tell(f"beside {wish.messages} messages of the past in {took:.1f} s: p99 {_p99(during):.1f} ms")
    used = await server.cpu_seconds() - cpu
    drain = await books.drained(folder, DRAIN_PATIENCE)
    pushers.close()
    acknowledged = [each.message for each in pushers.done if each.status == OK]
    wrong = books.compare(folder, acknowledged)
    return {
        "ratio_p99": _p99(during) / alone,
        "p99_alone_ms": alone,
        "p99_ms": _p99(during),
        "p50_alone_ms": alone_p50,
        "p50_ms": _p50(during),
        "worst_ms": 1000 * max((each.answered - each.due for each in during), default=0.0),
        "messages": float(wish.messages),
        "messages_per_second": wish.messages / took,
        "platform_calls": float(past.calls),
        "live_per_second": len(during) / took,
        "drain_seconds": drain,
        "server_cpu_share": used / took,
        "acknowledged": float(len(acknowledged)),
        "lost": float(wrong.lost),
        "doubled": float(wrong.doubled),
        **_held_against(folder, past),
    }


def _p99(pushed: list[Pushed]) -> float:
    return 1000 * percentile([each.answered - each.due for each in pushed], 0.99)


def _p50(pushed: list[Pushed]) -> float:
    return 1000 * percentile([each.answered - each.due for each in pushed], 0.5)


def _ask(folder: Path) -> None:
    """Ask for the first shop's past, as its owner would."""
    house, known = build(Settings(folder)), company.load(folder)
    try:
        if known is not None:
            shop = known.shops[0].id
            with house.reading.connect() as connection:
                tenant = next(each.tenant for each in views.shops(connection) if each.id == shop)
            owner = Actor(ActorKind.PERSON, "owner", "", TenantId(tenant), shops=frozenset({shop}))
            house.writer.run(asking.ask, shop, DAYS, actor=owner)
    finally:
        house.close()


def _running(folder: Path) -> bool:
    with books.reading(folder) as database:
        state, trouble = database.execute("SELECT state, trouble FROM backfill").fetchone()
    if trouble:
        tell(f"the backfill waits: {trouble}")
    return bool(state == "running")


def _held_against(folder: Path, past: Past) -> dict[str, float]:
    """Hold the books against what the gateway holds of the past."""
    names = books.named(folder, past.mids())
    with books.reading(folder) as database:
        rows = database.execute(
            "SELECT m.source_key, c.state FROM message m JOIN conversation c ON c.id = m.conversation"
            " WHERE c.origin = 'backfill'"
        ).fetchall()
        answered = database.execute(
            "SELECT count(*) FROM conversation c WHERE c.origin = 'backfill' AND c.id IN"
            " (SELECT conversation FROM outbox UNION SELECT conversation FROM assist_turn"
            " UNION SELECT conversation FROM assignment)"
        ).fetchone()
    found = Counter(names.get(str(key).partition(":")[2], "") for key, _ in rows)
    return {
        "past_stored": float(len(rows)),
        "past_lost": float(sum(1 for each in past.mids() if each not in found)),
        "past_doubled": float(len(rows) - len(found)),
        "alarmed": float(sum(1 for _, state in rows if state != "recorded") + answered[0]),
    }
