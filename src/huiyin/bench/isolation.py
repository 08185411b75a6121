"""`huiyin bench isolation`: what customers of today notice while a hundred thousand old sessions go out, and then go.

A server takes messages at a modest rate, first alone, then while all that a house of years gathered is exported, then
while the merchant's period of keeping is over for it. `export_ratio_p99` and `ratio_p99` are what each costs the
acknowledgements of the first. Then the books are held against what was acknowledged: nothing of today is lost, no
message is missing in the export, nothing of what is past its time is left.
"""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random

import sqlalchemy as sa

from huiyin.bench import books, company
from huiyin.bench.chat import Customers
from huiyin.bench.filling import Chat, written
from huiyin.bench.gateway import Gateway
from huiyin.bench.orders import Order
from huiyin.bench.pushing import OK, Pushed, Pushers
from huiyin.bench.report import Report, percentile, tell
from huiyin.bench.servers import Server, serving
from huiyin.eventlog.schema import metadata
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.exporting import asking
from huiyin.exporting.jobs import UNDER_WAY
from huiyin.kernel.actors import system
from huiyin.kernel.clock import SystemClock, monotonic, to_ms
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import TenantId
from huiyin.org import views
from huiyin.org.access import access_person
from huiyin.retention.periods import BOUNDS, Kind
from huiyin.security.holds import NewHold, hold
from huiyin.wiring import Settings, build

TARGETS: dict[str, tuple[str, float]] = {
    "ratio_p99": ("<=", 2.0),
    "export_ratio_p99": ("<=", 2.0),
    "export_missing": ("==", 0.0),
    "left": ("==", 0.0),
    "gone_of_today": ("==", 0.0),
    "lost": ("==", 0.0),
    "doubled": ("==", 0.0),
}
PLANT = "hold-everything"
SESSIONS = 100_000
A_SESSION, OF_CUSTOMERS = 4, 2
OLDEST, DAY = timedelta(days=360), timedelta(days=1)
AT_ONCE = 500
AGENTS = 10
ENTERING_SECONDS = 2.0
STRETCH_SECONDS = 2.0
PATIENCE_SECONDS = 1_800.0
DRAIN_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: how long alone, how many messages a second, how many old sessions."""

    seconds: float = 30.0
    seed: int = 1
    plant: str = ""
    rate: float = 100.0
    sessions: int = SESSIONS


async def run(wish: Wish) -> Report:
    """Measure.

    Raises:
        InvalidError: another fault than this benchmark knows, or no sessions.

    """
    if wish.plant not in {"", PLANT}:
        message = f"this benchmark does not know the fault {wish.plant!r}"
        raise InvalidError(message, remedy=f"Use {PLANT}.")
    if wish.sessions < 1:
        message = f"{wish.sessions} sessions are none"
        raise InvalidError(message, remedy="Ask for at least one: --messages says how many.")
    gateway = Gateway()
    address = await gateway.open()
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as place:
        folder = Path(place) / "huiyin"
        order = Order(str(folder), address, agents=AGENTS)
        async with serving(order) as server:
            await server.at_work()
        await asyncio.to_thread(_fill, folder, wish)
        async with serving(order) as server:
            await server.at_work()
            figures = await _measured(server, folder, wish)
    gateway.close()
    return Report("isolation", figures, TARGETS, wish.seed)


async def _measured(server: Server, folder: Path, wish: Wish) -> dict[str, float]:
    customers = Customers(server.ready.shops, server.ready.app_secret, wish.seed)
    customers.fill(int(wish.rate))
    pushers = Pushers(server.ready.port, customers)
    await pushers.open()
    await pushers.hold(wish.rate, ENTERING_SECONDS)
    entered = len(pushers.done)
    await pushers.hold(wish.rate, wish.seconds)
    alone = pushers.done[entered:]
    tell(f"alone: p99 {_ms(alone, 0.99):.1f} ms")
    exported = await _exported(pushers, folder, wish, _ms(alone, 0.99))
    await asyncio.to_thread(_decide, folder, wish)
    begun = await _hold_while(pushers, wish, lambda: _left(folder) == wish.sessions)
    before, cpu, start = len(pushers.done), await server.cpu_seconds(), monotonic()
    if begun:
        await _hold_while(pushers, wish, lambda: _left(folder) > 0)
    took, during = monotonic() - start, pushers.done[before:] or alone
    tell(f"beside {wish.sessions} old sessions in {took:.1f} s: p99 {_ms(during, 0.99):.1f} ms")
    used = await server.cpu_seconds() - cpu
    drain = await books.drained(folder, DRAIN_PATIENCE)
    pushers.close()
    acknowledged = [each.message for each in pushers.done if each.status == OK]
    wrong = books.compare(folder, acknowledged, old=wish.sessions * OF_CUSTOMERS)
    return {
        "ratio_p99": _ms(during, 0.99) / _ms(alone, 0.99),
        **exported,
        "p99_alone_ms": _ms(alone, 0.99),
        "p99_ms": _ms(during, 0.99),
        "p50_alone_ms": _ms(alone, 0.5),
        "p50_ms": _ms(during, 0.5),
        "worst_ms": 1000 * max(each.answered - each.due for each in during),
        "sessions": float(wish.sessions),
        "sessions_per_second": wish.sessions / took,
        "drain_seconds": drain,
        "server_cpu_share": used / took,
        "left": float(_left(folder)),
        "gone_of_today": float(_gone_of_today(folder)),
        "lost": float(wrong.lost),
        "doubled": float(wrong.doubled),
    }


async def _exported(pushers: Pushers, folder: Path, wish: Wish, alone: float) -> dict[str, float]:
    """Measure while all messages of the old sessions are exported."""
    number = await asyncio.to_thread(_ask, folder)
    before, start = len(pushers.done), monotonic()
    await _hold_while(pushers, wish, lambda: _export(folder, number)[0] in UNDER_WAY)
    took, during = monotonic() - start, pushers.done[before:]
    state, rows = _export(folder, number)
    p99 = _ms(during, 0.99)
    tell(f"beside the export of {rows} messages in {took:.1f} s, {state}: p99 {p99:.1f} ms")
    return {
        "export_ratio_p99": p99 / alone,
        "export_p99_ms": p99,
        "export_worst_ms": 1000 * max(each.answered - each.due for each in during),
        "export_sessions_per_second": wish.sessions / took,
        "export_missing": float(wish.sessions * A_SESSION - rows),
    }


async def _hold_while(pushers: Pushers, wish: Wish, goes_on: Callable[[], bool]) -> bool:
    """Keep the messages coming while something is so; tell whether it ended before patience did."""
    patience = PATIENCE_SECONDS if not wish.plant else STRETCH_SECONDS
    start = monotonic()
    while await asyncio.to_thread(goes_on):
        if monotonic() - start > patience:
            return False
        await pushers.hold(wish.rate, STRETCH_SECONDS)
    return True


def _ms(pushed: list[Pushed], share: float) -> float:
    return 1000 * percentile([each.answered - each.due for each in pushed], share)


def _fill(folder: Path, wish: Wish) -> None:
    """Make up the years before, and their search index."""
    house, known = build(Settings(folder, synchronous="OFF")), company.load(folder)
    try:
        shops = [] if known is None else [each.id for each in known.shops]
        with house.reading.connect() as connection:
            tenant = next(each.tenant for each in views.shops(connection) if each.id in shops)
        start = SystemClock().now() - OLDEST
        sessions = Chat(Random(wish.seed), A_SESSION).sessions(wish.sessions, tenant, shops, start)
        while page := list(islice(sessions, AT_ONCE)):
            house.writer.run(written, house, tenant, page)
        tell(f"made up {wish.sessions} old sessions")
        while house.finder.indexer.step():
            pass
    finally:
        house.close()


def _ask(folder: Path) -> str:
    """Ask for all messages of the old sessions as a file; return its number."""
    house = build(Settings(folder))
    try:
        shops, now = list(house.shops.all().values()), SystemClock().now()
        wish = asking.Wish("messages", "xlsx", "zh", (now - OLDEST - DAY).date(), (now - DAY).date())
        owner = house.writer.run(company.add_owner, house.sealer, TenantId(shops[0].tenant))
        with house.reading.connect() as connection:
            actor = access_person(connection, owner, now)
            wanted = asking.measured(connection, asking.spans(shops, wish, now, actor=actor))
        return house.writer.run(asking.ask, house.sealer, wish, shops, wanted, actor=actor)
    finally:
        house.close()


def _decide(folder: Path, wish: Wish) -> None:
    """Let the merchant's period be in force, as a week after its owner decided."""
    house = build(Settings(folder))
    try:
        tenant = next(iter(house.shops.all().values())).tenant
        house.writer.run(_in_force, tenant)
        if wish.plant:
            house.writer.run(hold, NewHold(tenant, "", "bench"), actor=system("terminal"))
    finally:
        house.close()


def _in_force(uow: UnitOfWork, tenant: str) -> None:
    uow.connection.execute(
        sa.insert(metadata.tables["retention_period"]).values(
            tenant=tenant, kind=str(Kind.WORDS), days=BOUNDS[Kind.WORDS].least, from_at=0, before=None,
            set_at=uow.now_ms(), set_by="",
        )
    )  # fmt: skip


_OLD = "SELECT count(*) FROM conversation WHERE opened_at < ? AND kept <> 'nothing'"
_NEW = "SELECT count(*) FROM conversation WHERE opened_at >= ? AND kept <> 'all'"


def _export(folder: Path, number: str) -> tuple[str, int]:
    with books.reading(folder) as database:
        state, rows = database.execute("SELECT state, rows FROM export WHERE id = ?", (number,)).fetchone()
    return str(state), int(rows)


def _left(folder: Path) -> int:
    return _count(folder, _OLD)


def _gone_of_today(folder: Path) -> int:
    return _count(folder, _NEW)


def _count(folder: Path, query: str) -> int:
    yesterday = to_ms(SystemClock().now() - timedelta(days=1))
    with books.reading(folder) as database:
        return int(database.execute(query, (yesterday,)).fetchone()[0])
