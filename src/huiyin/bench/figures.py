"""`huiyin bench figures`: how fast are the figures of all sessions made anew from events, and are they the same again?

Two logs are made up of the same sessions, one as they happened, one shuffled as far as figures allow. The first is
rebuilt twice, the second once; all three must come to the same rows, and the rows to what the sessions were made up
of. Then the figures of one shop's day are computed on the full database.
"""

import asyncio
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from huiyin.bench.report import Report, tell
from huiyin.bench.sessions import Sessions, Told, Truth
from huiyin.channels.port import Origin
from huiyin.eventlog.events import Catalogue, kind_of
from huiyin.eventlog.prepared import insert
from huiyin.eventlog.replaying import replay
from huiyin.eventlog.schema import event as event_table
from huiyin.eventlog.schema import listener_position
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.insight import views as insight
from huiyin.insight.counting import Days
from huiyin.insight.listen import figures_listener
from huiyin.insight.rebuilding import rebuild
from huiyin.kernel.actors import Actor, ActorKind, system
from huiyin.kernel.clock import monotonic
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import ShopId, TenantId
from huiyin.org import administering as org
from huiyin.org.hours import every_day
from huiyin.wiring import House, Settings, build

TARGETS: dict[str, tuple[str, float]] = {
    "million_seconds": ("<=", 600),
    "shop_day_seconds": ("<=", 1),
    "missing": ("==", 0),
    "off_ms": ("==", 0),
    "differing_again": ("==", 0),
    "differing_shuffled": ("==", 0),
}
PLANT = "keep-rows"
SESSIONS = 40_000
SHOPS = 4
DAYS = 2
START = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
FOUNDER = system("bench")
WRITTEN_AT_ONCE = 5_000
LOOKS = 5

Rows = dict[str, dict[str, Any]]
"""The figures of sessions, by conversation."""


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
    sessions = Sessions(wish.sessions, SHOPS, DAYS, START, wish.seed)
    truth = sessions.truth()
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as place:
        first = _House(Path(place) / "first", sessions, order=None)
        try:
            events, took, rows = first.rebuilt(rebuild)
            _, took_again, again = first.rebuilt(kept if wish.plant else rebuild)
            bare = first.read()
            looked, seen = first.shop_day()
        finally:
            first.close()
        second = _House(Path(place) / "second", sessions, order=wish.seed)
        try:
            _, took_shuffled, shuffled = second.rebuilt(rebuild)
        finally:
            second.close()
    seconds = median([took, took_again])
    figures = {
        "sessions": float(truth.sessions),
        "events": float(events),
        "sessions_per_second": truth.sessions / seconds,
        "events_per_second": events / seconds,
        "shuffled_per_second": truth.sessions / took_shuffled,
        "million_seconds": 1_000_000 / (truth.sessions / seconds),
        "ratio_bare": bare / seconds,
        "shop_day_seconds": looked,
        "shop_day_sessions": seen,
        **_wrong(truth, rows),
        "differing_again": float(_differing(rows, again)),
        "differing_shuffled": float(_differing(rows, shuffled)),
    }
    return Report("figures", figures, TARGETS, wish.seed)


class _House:
    """A house with a made-up log, and nothing counted of it yet."""

    def __init__(self, folder: Path, sessions: Sessions, order: int | None) -> None:
        self._house: House = build(Settings(folder, synchronous="OFF"))
        self._tenant, self._shops = self._house.writer.run(_found)
        began, versions = monotonic(), dict[str, int]()
        log = sessions.log(order)
        while page := list(islice(log, WRITTEN_AT_ONCE)):
            self._house.writer.run(_written, self._house.catalogue, self._rows(page, versions))
        self._house.writer.run(_carried)
        tell(f"made up a log in {monotonic() - began:.1f} s")

    def close(self) -> None:
        self._house.close()

    def rebuilt(self, verb: Any) -> tuple[int, float, Rows]:  # noqa: ANN401  # a verb of the writer
        """Return how many events were gone through, in how many seconds, and the rows they came to."""
        began = monotonic()
        events = self._house.writer.run(verb, self._house.catalogue)
        took = monotonic() - began
        tell(f"rebuilt from {events} events in {took:.1f} s")
        with self._house.reading.connect() as connection:
            found = connection.execute(sa.text("SELECT * FROM session_figures"))
            return events, took, {row["conversation"]: self._named_alike(dict(row)) for row in found.mappings()}

    def _named_alike(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row in which what each house names by itself is the same in both."""
        return {**row, "tenant": "", "shop": self._shops.index(row["shop"])}

    def read(self) -> float:
        """Return how many seconds reading the log alone takes."""
        began = monotonic()
        with self._house.reading.connect() as connection:
            read = self._house.catalogue.read
            for row in connection.execute(sa.select(event_table).order_by(event_table.c.position)):
                read(row)
        return monotonic() - began

    def shop_day(self) -> tuple[float, float]:
        """Return how many seconds the figures of one shop's day take at worst, and how many sessions it has."""
        shop = self._shops[0]
        actor = Actor(ActorKind.PERSON, "looks-on", "", self._tenant, shops=frozenset({shop}))
        day, worst, seen = START.date() + timedelta(days=DAYS // 2), 0.0, 0.0
        known, now = self._house.shops.all(), START + timedelta(days=DAYS)
        for _ in range(LOOKS):
            began = monotonic()
            with self._house.reading.connect() as connection:
                found = insight.period(connection, known, insight.Stretch(Days(day, day)), now, _nobody, actor=actor)
            worst = max(worst, monotonic() - began)
            seen = next(value.value or 0.0 for figure, value in found.all.figures if figure.key == "sessions")
        return worst, seen

    def _rows(self, page: Iterable[Told], versions: dict[str, int]) -> Iterator[dict[str, Any]]:
        for each in page:
            version = versions[each.subject] = versions.get(each.subject, 0) + 1
            yield {
                "tenant": self._tenant,
                "shop": "" if each.shop < 0 else self._shops[each.shop],
                "subject": each.subject,
                "version": version,
                "kind": kind_of(type(each.event)),
                "actor": FOUNDER.label,
                "at": each.at,
                "event": each.event,
            }


def kept(uow: UnitOfWork, catalogue: Catalogue) -> int:
    """Go through the log without throwing the rows away: the fault to plant."""
    return replay(uow, catalogue, figures_listener())


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


def _written(uow: UnitOfWork, catalogue: Catalogue, rows: Iterable[dict[str, Any]]) -> None:
    """Write a page of the log as it would stand there after those days."""
    told = [{**row, "position": None, "body": catalogue.encode(row["event"])} for row in rows]
    insert(uow.connection, event_table, told)


def _carried(uow: UnitOfWork) -> None:
    """Note that the figures have read the whole log, so that a rebuild goes to its end."""
    last = uow.connection.execute(sa.select(sa.func.max(event_table.c.position))).scalar_one()
    name = figures_listener().name
    uow.connection.execute(listener_position.delete().where(listener_position.c.listener == name))
    uow.connection.execute(listener_position.insert().values(listener=name, position=last))


def _wrong(truth: Truth, rows: Rows) -> dict[str, float]:
    """Hold the rows against what the sessions were made up of."""
    counted = sum(row["first_response_ms"] or 0 for row in rows.values())
    return {"missing": float(truth.sessions - len(rows)), "off_ms": float(abs(counted - truth.first_response_ms))}


def _differing(one: Rows, other: Rows) -> int:
    return sum(one.get(key) != other.get(key) for key in one.keys() | other.keys())


def _nobody(_connection: sa.Connection, _people: set[str]) -> dict[str, str]:
    """Know nobody's name."""
    return {}
