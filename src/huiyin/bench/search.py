"""`huiyin bench search`: how fast is session search over a million messages, and how fast is its index made?

A house is filled with made-up sessions (`filling`). The index is built from the house as after a loss; then people of
all sorts ask: for frequent and rare words, phrases, one character, with filters, without a word, deep into the pages.
"""

import asyncio
import tempfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from huiyin.bench.filling import NEEDLE, START, Chat, written
from huiyin.bench.report import Report, percentile, tell
from huiyin.channels.port import Origin
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.finding.asking import Filters
from huiyin.finding.wanted import read_wanted
from huiyin.kernel.actors import Actor, ActorKind, Role, system
from huiyin.kernel.clock import monotonic
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import ShopId, TenantId
from huiyin.org import administering as org
from huiyin.org.hours import every_day
from huiyin.wiring import House, Settings, build

TARGETS: dict[str, tuple[str, float]] = {"p99_ms": ("<=", 100), "missing": ("==", 0)}
PLANT = "lose-a-session"
SESSIONS = 100_000
A_SESSION = 10
SHOPS = 5
QUERIES = 600
AT_ONCE = 500
FOUNDER = system("bench")


@dataclass(frozen=True, slots=True)
class Wish:
    """How many sessions, and which fault."""

    sessions: int = SESSIONS
    seed: int = 1
    plant: str = ""


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
        raise InvalidError(message, remedy="Ask for at least one session: --rate says how many.")
    return await asyncio.to_thread(_run, wish)


def _run(wish: Wish) -> Report:
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as place:
        house = build(Settings(Path(place), synchronous="OFF"))
        try:
            return _measured(house, wish)
        finally:
            house.close()


def _measured(house: House, wish: Wish) -> Report:
    dice = Random(wish.seed)
    chat = Chat(dice, A_SESSION)
    tenant, shops = house.writer.run(_found)
    began = monotonic()
    sessions = chat.sessions(wish.sessions, tenant, shops, START)
    while page := list(islice(sessions, AT_ONCE)):
        house.writer.run(written, house, tenant, page)
    tell(f"made up {wish.sessions} sessions in {monotonic() - began:.1f} s")
    began = monotonic()
    while house.finder.indexer.step():
        pass
    took, messages = monotonic() - began, wish.sessions * A_SESSION
    tell(f"indexed {messages} messages in {took:.1f} s")
    actors = [_actor(tenant, shops), _actor(tenant, shops[:2]), _actor(tenant, shops[2:3])]
    times = sorted(_timed(house, actors[number % 3], typed, filters) for number, (typed, filters) in enumerate(
        islice(chat.queries(shops), QUERIES)
    ))  # fmt: skip
    found = _find(house, actors[0], NEEDLE, Filters()).total or 0
    said = min(chat.needles, 1_000) - (1 if wish.plant else 0)
    (file,) = (house.settings.folder / "search").glob("*.db")
    figures = {
        "sessions": float(wish.sessions),
        "messages": float(messages),
        "messages_per_second": messages / took,
        "bytes_per_message": file.stat().st_size / messages,
        "queries": float(len(times)),
        "p50_ms": percentile(times, 0.5),
        "p99_ms": percentile(times, 0.99),
        "worst_ms": times[-1],
        "missing": float(abs(said - found)),
    }
    return Report("search", figures, TARGETS, wish.seed)


def _timed(house: House, actor: Actor, typed: str, filters: Filters) -> float:
    """Return how many milliseconds a search takes; of pages, the deepest of three."""
    worst, cursor = 0.0, None
    for _ in range(3):
        began = monotonic()
        found = _find(house, actor, typed, filters, cursor)
        worst = max(worst, (monotonic() - began) * 1000)
        cursor = found.next_cursor
        if cursor is None:
            break
    return worst


def _find(house: House, actor: Actor, typed: str, filters: Filters, cursor: str | None = None) -> Any:  # noqa: ANN401  # a page
    with house.reading.connect() as connection:
        return house.finder.find(connection, house.shops.all(), read_wanted(typed), filters, cursor, actor=actor)


def _actor(tenant: TenantId, shops: list[ShopId]) -> Actor:
    return Actor(ActorKind.PERSON, "looks", "", tenant, roles=frozenset({Role.TEAM_LEAD}), shops=frozenset(shops))


def _found(uow: UnitOfWork) -> tuple[TenantId, list[ShopId]]:
    merchant = org.register_organisation(uow, "merchant", "测速数码", simulated=True, actor=FOUNDER)
    shops = []
    for place in range(SHOPS):
        new = org.NewShop(
            tenant=merchant, name=f"测速{place}店", platform="jd", platform_ref=str(300_000 + place),
            category="digital", tier="live", origin=Origin.SIMULATED, bot=True, knowledge="",
        )  # fmt: skip
        shops.append(org.open_shop(uow, new, every_day("09:00-22:00"), actor=FOUNDER))
    return merchant, shops
