"""Let go of what is past its period: a few conversations at a time, so that whoever writes now has their turn between.

What was let go of is written over in the database at once and folded out of its log of recent changes at the end; the
search index is told by the events. Backups made before still have it: they go when they are replaced.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa
import structlog

from huiyin.assist.forgetting import forget
from huiyin.audit.writing import Entry, write_down
from huiyin.conversations.expiring import Due, expire, oldest_due
from huiyin.eventlog.database import empty_wal
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.exporting.withdrawing import withdraw_words
from huiyin.kernel.actors import system
from huiyin.kernel.clock import Clock, to_ms
from huiyin.org.book import ShopBook
from huiyin.outcomes.forgetting import Named, forget_names, forget_outcomes, old_names
from huiyin.retention.pausing import is_paused
from huiyin.retention.periods import Kind, due_of, periods
from huiyin.security.holds import held

log = structlog.get_logger(__name__)

BATCH = 10
"""Conversations in one transaction: some ten milliseconds, which is what a message waits for at most."""
NAMES = 50
"""Cases and comments in one transaction."""
BREATH_SECONDS = 0.02
RETENTION = system("retention")
SWEPT = "retention.swept"


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Goes round all tenants."""

    writer: Writer
    reading: sa.Engine
    shops: ShopBook
    clock: Clock
    database: Path

    async def work(self) -> int:
        """Let go of what is due; return of how many conversations."""
        if is_paused(self.database):
            log.warning("retention.paused", remedy="Enter holds and shreddings again, then: huiyin keys confirm.")
            return 0
        gone = 0
        for tenant in sorted({shop.tenant for shop in self.shops.all().values()}):
            for kind in (Kind.WORDS, Kind.ORIGINALS):  # whoever loses all words need not lose the originals first
                while some := await self._sweep(tenant, kind):
                    gone += some
                    await asyncio.sleep(BREATH_SECONDS)
            while named := await asyncio.to_thread(self._names, tenant):
                await self.writer.do(forget_names, named)
                await asyncio.sleep(BREATH_SECONDS)
        if gone:
            log.info("retention.swept", conversations=gone, emptied=await asyncio.to_thread(empty_wal, self.database))
        return gone

    async def _sweep(self, tenant: str, kind: Kind) -> int:
        due = await asyncio.to_thread(self._due, tenant, kind)
        return 0 if due is None else await self.writer.do(partial(_let_go, due=due, kind=kind))

    def _names(self, tenant: str) -> list[Named]:
        """Return what names orders of customers whose words, if there were any, are past their period."""
        now = to_ms(self.clock.now())
        with self.reading.connect() as connection:
            kept = held(connection, tenant, now)
            due = due_of(Kind.WORDS, periods(connection, tenant, now)[Kind.WORDS].days, kept, tenant, now)
            return [] if due is None else old_names(connection, tenant, due.before, kept.subjects, NAMES)

    def _due(self, tenant: str, kind: Kind) -> Due | None:
        now = to_ms(self.clock.now())
        with self.reading.connect() as connection:
            period = periods(connection, tenant, now)[kind]
            return due_of(kind, period.days, held(connection, tenant, now), tenant, now)


def _let_go(uow: UnitOfWork, *, due: Due, kind: Kind) -> int:
    """Let go of a few; a hold placed since they were looked for is heard."""
    kept = held(uow.connection, due.tenant, uow.now_ms())
    if kept.everything:
        return 0
    due = due._replace(held=kept.subjects)
    ids = oldest_due(uow.connection, due, BATCH)
    if ids:
        if kind is Kind.WORDS:
            forget_outcomes(uow, due.tenant, ids)
        expire(uow, due, ids, actor=RETENTION)
        forget(uow, ids)
        if kind is Kind.WORDS:
            withdraw_words(uow, due.tenant, ids, actor=RETENTION)
        detail = {"kind": str(kind), "conversations": len(ids)}
        write_down(uow, Entry(action=SWEPT, actor=RETENTION, tenant=due.tenant, subject=due.tenant, detail=detail))
    return len(ids)
