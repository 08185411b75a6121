"""`huiyin bench search`: how fast is session search over a million messages, and how fast is its index made?

A house is filled with made-up sessions, sealed as any, whose words come from the project's own phrases and from a
vocabulary as uneven as a language (Zipf). The index is built from the house as after a loss; then people of all sorts
ask: for frequent and rare words, phrases, one character, with filters, without a word, deep into the pages.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from typing import Any

from huiyin.bench.chat import COURTESIES, KNOWN, UNKNOWN
from huiyin.bench.report import Report, percentile, tell
from huiyin.channels.port import Content, Origin
from huiyin.conversations.bodies import write
from huiyin.eventlog.prepared import insert
from huiyin.eventlog.schema import metadata
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.finding.asking import Filters
from huiyin.finding.wanted import read_wanted
from huiyin.kernel.actors import Actor, ActorKind, Role, system
from huiyin.kernel.clock import monotonic, to_ms
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import ShopId, TenantId, new_id
from huiyin.org import administering as org
from huiyin.org.hours import every_day
from huiyin.wiring import House, Settings, build

TARGETS: dict[str, tuple[str, float]] = {"p99_ms": ("<=", 100), "missing": ("==", 0)}
PLANT = "lose-a-session"
SESSIONS = 100_000
A_SESSION = 10
SHOPS = 5
QUERIES = 600
CUSTOMERS = 2_000
AGENTS = 60
VOCABULARY = 20_000
AT_ONCE = 500
START = datetime(2026, 1, 1, tzinfo=UTC)
FOUNDER = system("bench")
NEEDLE = "针叶樱桃口味"
"""Said in one session of a thousand: what is found is held against how often it was said."""
_HAN = "".join(chr(0x4E00 + number) for number in range(2_500))


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
    chat = _Chat(dice)
    tenant, shops = house.writer.run(_found)
    began = monotonic()
    sessions = chat.sessions(wish.sessions, tenant, shops)
    while page := list(islice(sessions, AT_ONCE)):
        house.writer.run(_written, house, tenant, page)
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


class _Chat:
    """Makes up what people say, and what is looked for."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._lines = (*KNOWN, *COURTESIES, *UNKNOWN)
        self._words = ["".join(dice.choices(_HAN, k=2)) for _ in range(VOCABULARY)]
        self._weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
        self._agents = [new_id() for _ in range(AGENTS)]
        self.needles = 0

    def sessions(self, number: int, tenant: str, shops: list[ShopId]) -> Iterator[tuple[dict[str, Any], list[str]]]:
        """Make sessions up, as rows of theirs, with what was said in turns."""
        for place in range(number):
            at = to_ms(START + timedelta(seconds=100 * place))
            lines = [self._said() for _ in range(A_SESSION)]
            if place % 1_000 == 0:
                lines[0] += NEEDLE
                self.needles += 1
            yield {
                "id": new_id(), "tenant": tenant, "shop": self._dice.choice(shops),
                "customer": str(place % CUSTOMERS), "session_ref": "", "origin": "live", "state": "closed",
                "skill": "", "person": self._dice.choice(self._agents), "engagement": "", "order_ref": "",
                "greeted": False, "opened_at": at, "queued_at": None, "waiting_since": None, "last_at": at + 60_000,
                "last_message": "", "closed_at": at + 90_000, "close_reason": "solved", "unread": 0,
                "outside_hours": False,
                "kept": "all",
            }, lines  # fmt: skip

    def queries(self, shops: list[ShopId]) -> Iterator[tuple[str, Filters]]:
        """Ask, in turn: frequent, rare, phrase, one character, two words, without a word, each also with filters."""
        word = self._word
        while True:
            line = self._dice.choice(self._lines).strip("？")
            for typed in (
                self._words[0], self._dice.choice(self._words), f'"{line[:6]}"', line[0], "快递",
                f"{word()} {word()}", f"{line[:2]} -{word()}", f"{word()} {line[:3]}",
            ):  # fmt: skip
                yield typed, Filters()
                day = (START + timedelta(days=self._dice.randrange(100))).date()
                yield typed, Filters(shop=self._dice.choice(shops), first=day, last=day + timedelta(days=7))
                yield typed, Filters(agent=self._dice.choice(self._agents), side="customer")

    def _word(self) -> str:
        return self._dice.choices(self._words, cum_weights=self._weights)[0]

    def _said(self) -> str:
        return self._dice.choice(self._lines) + "".join(
            self._dice.choices(self._words, cum_weights=self._weights, k=self._dice.randrange(2, 8))
        )


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


def _written(uow: UnitOfWork, house: House, tenant: str, page: list[tuple[dict[str, Any], list[str]]]) -> None:
    """Write sessions and their messages as the hall keeps them, sealed under their customers' keys."""
    keys = house.ring.for_writing(uow, tenant, {session["customer"] for session, _ in page})
    rows = []
    for session, lines in page:
        for turn, line in enumerate(lines):
            message, sender = new_id(), ("customer", "agent", "bot")[turn % 3]
            content = Content(text=line)
            sealed = house.bodies.seal(uow.connection, keys[session["customer"]], tenant, message, write(content))
            rows.append({
                "id": message, "conversation": session["id"], "version": turn + 1, "tenant": tenant,
                "shop": session["shop"], "source_key": None, "sender": sender,
                "author": f"person:{session['person']}" if sender == "agent" else "", "kind": "text",
                "body": sealed.body, "original": sealed.original, "content_hash": "", "reply_mac": "",
                "platform_at": session["opened_at"] + turn * 5_000, "received_at": session["opened_at"],
                "delivery": None, "note": "", "flags": "",
            })  # fmt: skip
    insert(uow.connection, metadata.tables["conversation"], [session for session, _ in page])
    insert(uow.connection, metadata.tables["message"], rows)
