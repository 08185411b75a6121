"""Bring a shop's past in, a day at a time, a few records to a transaction; live work has its turn in between.

What stands in the way is told and waited for: a platform that is away for minutes, a spent quota until the next day, a
refused token until somebody authorises again, which is tried by itself. A day that was cut off is read again; repeats
are known.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import NamedTuple

import msgspec
import sqlalchemy as sa
import structlog

from huiyin.backfill.asking import end
from huiyin.backfill.days import Span, next_day, spans
from huiyin.backfill.store import backfill as table
from huiyin.channels.port import Inbound, Origin
from huiyin.connections.lines import Lines
from huiyin.connections.troubles import code_of
from huiyin.conversations.inbox import Arrival, Inbox
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import system
from huiyin.kernel.clock import Clock, from_ms, to_ms
from huiyin.kernel.errors import HuiyinError, InvalidError, PermanentError, TemporaryError
from huiyin.kernel.ids import new_id
from huiyin.kernel.resting import resting
from huiyin.org.book import ShopBook
from huiyin.org.views import Shop
from huiyin.outcomes.reading import OutcomeReader

log = structlog.get_logger(__name__)

BATCH = 5
"""Records per transaction, about as many milliseconds: a live message waits for one at most.

With rests between them some hundred and fifty records a second come in: more than the calls of a shop bring. Without
(ten records, ten milliseconds between) three hundred did, and live messages waited three times as long.
"""
DAYS_A_TURN = 5
"""Days of one shop, before another shop's backfill has its turn."""
LEASE_MS = 10 * 60_000
"""A process that ended is followed by another after this; one that still reads renews its lease before."""
BEAT_SECONDS = 60.0
CUT_OFF = "backfill_cut_off"
"""Told while a backfill goes on that ended without a word, until its next day is in."""
PAUSE = timedelta(minutes=2)
LONG_PAUSE = timedelta(minutes=10)
BACKFILLER = system("backfill")


class Job(NamedTuple):
    """A backfill that was taken on."""

    id: str
    shop: str
    since: datetime
    until: datetime
    done: int
    lease: str


@dataclass(frozen=True, slots=True)
class Backfiller:
    """Brings the past in; whatever holds it, one process at a time works on a backfill."""

    lines: Lines
    writer: Writer
    inbox: Inbox
    shops: ShopBook
    clock: Clock
    outcomes: OutcomeReader
    beat: float = BEAT_SECONDS
    """How many seconds a long read goes on before its lease is renewed, and before it hears that it was stopped."""

    async def work(self) -> int:
        """Work on backfills that are due, some days of each in turn; return how many records came in."""
        brought = 0
        while job := await self.writer.do(_take_on, new_id()):
            brought += await self._turn(job)
        return brought

    async def _turn(self, job: Job) -> int:
        """Bring some days in, and end the backfill after its last; others have their turn then."""
        shop, brought = self.shops.all()[job.shop], 0
        days = list(enumerate(spans(job.since, job.until, shop.zone), start=1))
        for number, span in days[job.done : job.done + DAYS_A_TURN]:
            try:
                came = await self._day(job, shop, number, span)
            except HuiyinError as error:
                await self.writer.do(partial(self._wait, job=job, shop=shop, error=error))
                return brought
            if came is None:
                return brought
            brought += came
        if job.done + DAYS_A_TURN < len(days):
            await self.writer.do(_released, job)
        else:
            await self.writer.do(partial(end, backfill=job.id, state="done", actor=BACKFILLER))
        return brought

    async def _day(self, job: Job, shop: Shop, number: int, span: Span) -> int | None:
        """Bring a day in; return how many records it had, None if the backfill was stopped meanwhile."""
        missed = 0
        try:
            records = await self._read(job, *span)
        except InvalidError as error:
            if error.code:
                raise
            records, missed = [], 1  # the platform's limit went by while it waited
        if records is None or not await self._feed(job, shop, records):
            return None
        if not missed:
            await self._read_outcomes(shop, *span)
        return len(records) if await self.writer.do(_part_done, job, number, missed) else None

    async def _read(self, job: Job, since: datetime, until: datetime) -> list[Inbound] | None:
        """Read a part, which may take a busy shop hours; None if the backfill was stopped meanwhile."""
        line = self.lines.get(job.shop)
        if line is None:
            message = "the shop is not connected"
            raise PermanentError(message, remedy="Connect it.", code="line_none")
        reading = asyncio.create_task(line.poll(since, until))
        try:
            while not (await asyncio.wait({reading}, timeout=self.beat))[0]:
                if not await self.writer.do(_renewed, job):
                    return None
            return [msgspec.structs.replace(each, origin=Origin.BACKFILL) for each in reading.result()]
        finally:
            reading.cancel()

    async def _read_outcomes(self, shop: Shop, since: datetime, until: datetime) -> None:
        """Read what came of a day's sessions, now that they are here; what the platform grants nobody is left out."""
        line = self.lines.get(shop.id)
        if line is None:
            return
        try:
            await self.outcomes.read_span(shop, line, since, until)
        except PermanentError as error:
            log.warning("backfill.outcomes_not_told", shop=shop.id, code=error.code)

    async def _feed(self, job: Job, shop: Shop, records: Sequence[Inbound]) -> bool:
        """Hand the records of a day in; false if the backfill was stopped meanwhile."""
        left = iter(records)
        while batch := list(islice(left, BATCH)):
            async with resting():
                arrivals = [self.inbox.arriving(each, shop) for each in batch]
                if not await self.writer.do(self._received, job, arrivals):
                    return False
        return True

    def _received(self, uow: UnitOfWork, job: Job, arrivals: Sequence[Arrival]) -> bool:
        if not _is_ours(uow, job):
            return False
        received = self.inbox.receive(uow, arrivals)
        fresh = sum(1 for each in received if not each.duplicate)
        _set(uow, job, messages=table.c.messages + len(received), fresh=table.c.fresh + fresh)
        return True

    def _wait(self, uow: UnitOfWork, job: Job, shop: Shop, error: HuiyinError) -> None:
        """Tell what stands in the way, and let go until it may be gone."""
        if not _is_ours(uow, job):
            return
        now, code = uow.now(), code_of(error)
        if code == "quota_used":
            until = next_day(now, shop.zone)
        else:
            until = now + (PAUSE if isinstance(error, TemporaryError) else LONG_PAUSE)
        _set(uow, job, trouble=code, not_before=to_ms(until), leased_until=0)


def _take_on(uow: UnitOfWork, lease: str) -> Job | None:
    now = uow.now_ms()
    due = sa.and_(table.c.state == "running", table.c.leased_until < now, table.c.not_before <= now)
    row = uow.connection.execute(
        sa.select(table).where(due).order_by(table.c.turned_at, table.c.done).limit(1)
    ).one_or_none()
    if row is None:
        return None
    # Whoever had it let nobody know why it ended: a restart, or a fault nobody foresaw, which would come again.
    trouble = CUT_OFF if row.leased_until else row.trouble
    taken = table.update().where(table.c.id == row.id)
    uow.connection.execute(taken.values(lease=lease, leased_until=now + LEASE_MS, trouble=trouble))
    return Job(row.id, row.shop, from_ms(row.since), from_ms(row.until), row.done, lease)


def _part_done(uow: UnitOfWork, job: Job, done: int, missed: int = 0) -> bool:
    """Note that a day is done, or `missed`: the platform's limit went by while it waited."""
    if not _is_ours(uow, job):
        return False
    _set(uow, job, done=done, missed=table.c.missed + missed, trouble="")
    return True


def _released(uow: UnitOfWork, job: Job) -> None:
    """Let go of a backfill that is not at its end: whichever waits longest is next."""
    if _is_ours(uow, job):
        uow.connection.execute(
            table.update().where(table.c.id == job.id).values(leased_until=0, turned_at=uow.now_ms())
        )


def _renewed(uow: UnitOfWork, job: Job) -> bool:
    ours = _is_ours(uow, job)
    if ours:
        _set(uow, job)
    return ours


def _is_ours(uow: UnitOfWork, job: Job) -> bool:
    mine = sa.and_(table.c.id == job.id, table.c.lease == job.lease, table.c.state == "running")
    return uow.connection.execute(sa.select(table.c.id).where(mine)).scalar() is not None


def _set(uow: UnitOfWork, job: Job, **values: object) -> None:
    renewed = {"leased_until": uow.now_ms() + LEASE_MS, **values}
    uow.connection.execute(table.update().where(table.c.id == job.id).values(**renewed))
