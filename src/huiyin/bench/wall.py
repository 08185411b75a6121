"""`huiyin bench wall`: 200 agents look on while messages come in; is every screen in step, and how soon?

Fifty customers have asked for a person and sit on agents' desks. Every agent's socket shows one conversation (its
own, or a colleague's), so each message goes to about four open conversations and, as a changed line, to everyone.

`p99_ms`: from a message's acknowledgement to the frame that carries it, over all sockets that show its
conversation. `gaps` and `repeats` are judged by the versions in the frames, as docs/api.md has clients do;
`undelivered` messages never came, and a `behind` socket ended short of the version in the books.
"""

import asyncio
import re
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from huiyin.bench import books
from huiyin.bench.chat import Customers, Talk
from huiyin.bench.gateway import Gateway
from huiyin.bench.orders import Order
from huiyin.bench.pushing import OK, Pushed, Pushers
from huiyin.bench.report import Report, percentile, tell
from huiyin.bench.screens import Screen, open_screen
from huiyin.bench.servers import Server, serving
from huiyin.kernel.clock import monotonic
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.wire import encode

TARGETS = {
    "p99_ms": ("<=", 200.0),
    "gaps": ("==", 0.0),
    "repeats": ("==", 0.0),
    "undelivered": ("==", 0.0),
    "behind": ("==", 0.0),
    "closed_sockets": ("==", 0.0),
}
SEATING_SECONDS = 120.0
OPENING_AT_ONCE = 20
ENDLESS = 10**9

_tag = re.compile(r"\[(m\d+x\d+)\]")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for."""

    seconds: float = 60.0
    seed: int = 1
    plant: str = ""
    rate: float = 100.0
    agents: int = 200
    conversations: int = 50
    settle_seconds: float = 3.0


class _Message(msgspec.Struct):
    text: str


class _Events(msgspec.Struct, rename={"after": "from"}):
    conversation: str
    after: int
    to: int
    messages: list[_Message]


_events = msgspec.json.Decoder(_Events)


@dataclass(slots=True)
class Seat:
    """One agent's socket and what it knows."""

    open: dict[str, int]
    arrived: dict[str, float] = field(default_factory=dict)
    gaps: int = 0
    repeats: int = 0
    frames: int = 0
    size: int = 0
    screen: Screen | None = None

    def heard(self, frame: bytes) -> None:
        """Take a frame as a client does."""
        self.frames += 1
        self.size += len(frame)
        if not frame.startswith(b'{"type":"events"'):
            return
        now, news = monotonic(), _events.decode(frame)
        known = self.open.get(news.conversation, 0)
        self.gaps += news.after > known
        self.repeats += news.after < known
        self.open[news.conversation] = max(known, news.to)
        for message in news.messages:
            for mid in _tag.findall(message.text):
                self.arrived.setdefault(mid, now)


async def run(wish: Wish) -> Report:
    """Measure."""
    gateway = Gateway()
    address = await gateway.open()
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as place:
        folder = Path(place)
        order = Order(place, address, agents=wish.agents, plant=wish.plant)
        async with serving(order) as server:
            customers = Customers(server.ready.shops, server.ready.app_secret, wish.seed, tagged=True)
            pushers = Pushers(server.ready.port, customers)
            await pushers.open()
            talks = await _seat_customers(pushers, customers, wish.conversations, folder)
            seats = await _open_screens(server, folder, wish)
            tell(f"{len(seats)} sockets open, {wish.rate:.0f} messages/s for {wish.seconds:.0f} s")
            customers.stay(talks)
            before, cpu, own = len(pushers.done), await server.cpu_seconds(), time.process_time()
            start = monotonic()
            await pushers.hold(wish.rate, wish.seconds)
            took, own = monotonic() - start, time.process_time() - own
            cpu = await server.cpu_seconds() - cpu
            await books.drained(folder, SEATING_SECONDS)
            await asyncio.sleep(wish.settle_seconds)
            figures = _figures(seats, pushers.done[before:], folder)
            figures |= {"server_cpu_share": cpu / took, "generator_cpu_share": own / took}
            figures["closed_sockets"] = sum(1 for each in seats if each.screen is None or each.screen.closed)
            _hang_up(seats, pushers)
    gateway.close()
    return Report("wall", figures, TARGETS, wish.seed)


def _hang_up(seats: list[Seat], pushers: Pushers) -> None:
    for each in seats:
        if each.screen is not None:
            each.screen.close()
    pushers.close()


async def _seat_customers(pushers: Pushers, customers: Customers, wanted: int, folder: Path) -> list[Talk]:
    """Let customers ask for a person until each of them sits on a desk."""
    talks = [customers.newcomer(ENDLESS) for _ in range(wanted)]
    now = monotonic()
    for talk in talks:
        pushers.offer(customers.say(talk, customers.asking(talk.shop, "转人工")), now)
    await pushers.answered()
    while await asyncio.to_thread(_seated, folder) < wanted:
        if monotonic() - now > SEATING_SECONDS:
            message = "the customers did not come to the agents' desks"
            raise PermanentError(message, remedy="Look at routing; the agents are online with free places.")
        await asyncio.sleep(0.2)
    await books.drained(folder, SEATING_SECONDS)
    customers.dismiss()
    return talks


def _seated(folder: Path) -> int:
    with books.reading(folder) as database:
        return int(database.execute("SELECT count(*) FROM conversation WHERE state = 'human'").fetchone()[0])


async def _open_screens(server: Server, folder: Path, wish: Wish) -> list[Seat]:
    with books.reading(folder) as database:
        desks = dict(database.execute("SELECT person, id FROM conversation WHERE state = 'human'").fetchall())
        everything = [row[0] for row in database.execute("SELECT id FROM conversation WHERE state = 'human'")]
        people = [row[0] for row in database.execute("SELECT person FROM seat ORDER BY rowid")]
    seats = []
    for place, person in enumerate(people[: wish.agents]):
        seats.append(Seat({desks.get(person, everything[place % len(everything)]): 0}))
    opening = asyncio.Semaphore(OPENING_AT_ONCE)

    async def sit(seat: Seat, token: str) -> None:
        async with opening:
            seat.screen = await open_screen(server.ready.port, token, seat.heard)
            seat.screen.say(encode({"type": "resume", "open": seat.open, "wall": False}))

    await asyncio.gather(*(sit(seat, token) for seat, token in zip(seats, server.ready.tokens, strict=False)))
    await asyncio.sleep(wish.settle_seconds)
    return seats


def _figures(seats: list[Seat], pushed: list[Pushed], folder: Path) -> dict[str, float]:
    showing: dict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        for conversation in seat.open:
            showing[conversation].append(seat)
    names = books.named(folder, (each.message.mid for each in pushed))
    with books.reading(folder) as database:
        where = {
            names.get(str(key).partition(":")[2], ""): conversation
            for key, conversation in database.execute("SELECT source_key, conversation FROM message")
        }
        newest = dict(database.execute("SELECT subject, max(version) FROM event GROUP BY subject").fetchall())
    delays, undelivered = [], 0
    for each in pushed:
        for seat in showing[where.get(each.message.mid, "")] if each.status == OK else ():
            arrived = seat.arrived.get(each.message.mid)
            undelivered += arrived is None
            if arrived is not None:
                delays.append(max(0.0, arrived - each.answered))
    return {
        "p50_ms": 1000 * percentile(delays, 0.5),
        "p99_ms": 1000 * percentile(delays, 0.99),
        "gaps": sum(seat.gaps for seat in seats),
        "repeats": sum(seat.repeats for seat in seats),
        "undelivered": undelivered,
        "behind": sum(known != newest[conversation] for seat in seats for conversation, known in seat.open.items()),
        "messages": len(pushed),
        "arrivals": len(delays),
        "p99_ack_ms": 1000 * percentile([each.answered - each.due for each in pushed], 0.99),
        "frames": sum(seat.frames for seat in seats),
        "megabytes": sum(seat.size for seat in seats) / 1e6,
    }
