"""`huiyin replay`: recorded sessions through the front door, in a house of their own, with a balance at the end."""

import asyncio
import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from huiyin.channels.port import Content, Inbound, Origin, Sender
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.insight import totals
from huiyin.kernel.actors import Role, system
from huiyin.kernel.clock import ManualClock, monotonic
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import PersonId, ShopId
from huiyin.kernel.units import Seconds
from huiyin.org import administering as org
from huiyin.org.hours import every_day
from huiyin.security.sealing import Sealer
from huiyin.stand_ins import StandIns
from huiyin.wiring import House, Settings, build
from huiyin.worker import Worker

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai: inside everybody's opening hours, outside the platform's night."""
SPREAD = timedelta(hours=2)
GAP_SECONDS = (5.0, 75.0)
WINDOW = timedelta(seconds=30)
STAND_INS = 24
REPLAYER = system("replay")


class Turn(msgspec.Struct):
    """One turn of a recorded session."""

    role: str
    text: str


class Session(msgspec.Struct):
    """One recorded session."""

    sid: str
    turns: list[Turn]


class Wish(NamedTuple):
    """What was asked for on the command line."""

    file: Path
    mode: str
    seed: int
    limit: int


class Balance(msgspec.Struct, frozen=True):
    """What came of a replay. Balanced: every message in or out is stored once and inspected once.

    `answered_by_bot` counts the bot's answers (its parting words before a hand-over are none), `handed_over`
    the sessions that went to people.
    """

    mode: str
    sessions: int
    messages_in: int
    messages_out: int
    stored: int
    inspected: int
    answered_by_bot: int
    handed_over: int
    findings: int
    seconds: float

    @property
    def balanced(self) -> bool:
        """Tell whether nothing is missing and nothing is there twice."""
        return self.stored == self.inspected == self.messages_in + self.messages_out


class Timed(NamedTuple):
    """A record at its synthetic moment."""

    at: datetime
    inbound: Inbound


def read_sessions(file: Path, limit: int = 0) -> list[Session]:
    """Read sessions, one JSON object a line.

    Raises:
        InvalidError: naming the line that cannot be read; nothing was fed by then.

    """
    sessions: list[Session] = []
    decoder = msgspec.json.Decoder(Session)
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if limit and len(sessions) >= limit:
                break
            if not line.strip():
                continue
            try:
                sessions.append(decoder.decode(line))
            except msgspec.DecodeError as error:
                message = f"line {number} of {file.name} is not a session: {error}"
                raise InvalidError(
                    message, remedy="Give one JSON object a line with sid and turns[role, text]."
                ) from error
    return sessions


def timetable(sessions: Sequence[Session], shop: ShopId, wish: Wish) -> list[Timed]:
    """Give every turn a seeded moment; sessions overlap as they would in a busy shop."""
    lot = random.Random(wish.seed)  # noqa: S311  # repeatable times, no secret
    records = []
    for session in sessions:
        at = START + timedelta(seconds=lot.uniform(0, SPREAD.total_seconds()))
        for place, turn in enumerate(session.turns):
            at += timedelta(seconds=round(lot.uniform(*GAP_SECONDS), 3))
            if turn.role != "customer" and wish.mode == "customers-only":
                continue
            records.append(Timed(at, _inbound(session.sid, place, turn, shop, at)))
    records.sort(key=lambda each: each.at)
    return records


def _inbound(sid: str, place: int, turn: Turn, shop: ShopId, at: datetime) -> Inbound:
    return Inbound(
        shop=shop, source_id=f"{sid}:{place}", customer_ref=f"replay-{sid}", session_ref=sid,
        sender=Sender.CUSTOMER if turn.role == "customer" else Sender.AGENT,
        waiter_ref="" if turn.role == "customer" else f"recorded-{sid[:6]}",
        content=Content(text=turn.text), platform_at=at, origin=Origin.REPLAY, synthetic_time=True,
    )  # fmt: skip


def windows(records: Sequence[Timed]) -> Iterator[list[Timed]]:
    """Cut the timetable into short windows; what falls into one arrives together."""
    window: list[Timed] = []
    for each in records:
        if window and each.at - window[0].at > WINDOW:
            yield window
            window = []
        window.append(each)
    if window:
        yield window


async def run(wish: Wish) -> Balance:
    """Replay a file and return its balance."""
    began = monotonic()
    sessions = read_sessions(wish.file, wish.limit)
    with tempfile.TemporaryDirectory(prefix="huiyin-replay-") as folder:
        clock = ManualClock(START)
        house = build(Settings(Path(folder)), clock)
        try:
            shop, people = await house.writer.do(_found, house.sealer, answered=wish.mode == "customers-only")
            stand_ins = StandIns(house, people, random.Random(wish.seed), (5.0, 60.0))  # noqa: S311  # repeatable, no secret
            records = timetable(sessions, shop, wish)
            await _feed(house, clock, records, stand_ins if people else None)
            return await asyncio.to_thread(_balance, house, wish, len(sessions), len(records), began)
        finally:
            house.close()


async def _feed(house: House, clock: ManualClock, records: list[Timed], stand_ins: StandIns | None) -> None:
    worker = Worker(house)
    if stand_ins is not None:
        await stand_ins.come_online()
    columns = (TextColumn("重放 / replaying"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("replay", total=len(records))
        for window in windows(records):
            clock.set(max(clock.now(), window[-1].at))
            shops = house.shops.all()
            await asyncio.gather(
                *(
                    house.writer.do_with_others(
                        house.inbox.receive, house.inbox.arriving(each.inbound, shops[each.inbound.shop])
                    )
                    for each in window
                )
            )
            await _settle(worker, stand_ins)
            progress.advance(bar, len(window))
        for _ in range(20):
            clock.advance(Seconds(60))
            if not await _settle(worker, stand_ins):
                break


async def _settle(worker: Worker, stand_ins: StandIns | None) -> int:
    await worker.settle()
    if stand_ins is None:
        return 0
    moved = await stand_ins.step()
    await worker.settle()
    return moved


def _found(uow: UnitOfWork, sealer: Sealer, *, answered: bool) -> tuple[ShopId, list[PersonId]]:
    merchant = org.register_organisation(uow, "merchant", "重放", simulated=True, actor=REPLAYER)
    hours = every_day("00:00-24:00")
    shop = org.open_shop(
        uow,
        org.NewShop(
            tenant=merchant,
            name="重放店铺",
            platform="jd",
            platform_ref="replay",
            origin=Origin.REPLAY,
            bot=answered,
            knowledge="demo-digital",
        ),
        hours,
        actor=REPLAYER,
    )
    people = []
    for place in range(STAND_INS if answered else 0):
        new = org.NewPerson(
            tenant=merchant, name=f"代班{place + 1}", login=f"stand-in-{place}", password="", capacity=8,
            roles=frozenset({Role.AGENT}),
        )  # fmt: skip
        people.append(org.register_person(uow, new, sealer, actor=REPLAYER))
    return shop, people


def _balance(house: House, wish: Wish, sessions: int, fed: int, began: Seconds) -> Balance:
    with house.reading.connect() as connection:
        found = totals.of_everything(connection)
    return Balance(
        mode=wish.mode, sessions=sessions, messages_in=fed, messages_out=found.replies, stored=found.stored,
        inspected=found.inspected, answered_by_bot=found.bot_answers, handed_over=found.handed_over,
        findings=found.findings, seconds=round(monotonic() - began, 2),
    )  # fmt: skip


def show(balance: Balance, *, as_json: bool) -> None:
    """Print the balance as a table, or as one JSON object."""
    if as_json:
        print(msgspec.json.encode(balance).decode())  # the command's output
        return
    table = Table("", "", show_header=False, box=None)
    labels = {
        "mode": "方式", "sessions": "会话", "messages_in": "收到消息", "messages_out": "发出回复", "stored": "入库",
        "inspected": "已检查", "answered_by_bot": "机器人答复的消息", "handed_over": "转人工的会话",
        "findings": "检查发现", "seconds": "用时（秒）",
    }  # fmt: skip
    for name, label in labels.items():
        table.add_row(label, str(getattr(balance, name)))
    console = Console()
    console.print(table)
    good = balance.balanced
    console.print("[green]平衡：入库 = 已检查 = 收到 + 发出[/]" if good else "[red]不平衡[/]")
    console.print("[dim]时间为种子生成的合成时间 / times are synthetic and seeded[/]")
