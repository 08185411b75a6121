"""Bring files in, one after the other: read and sort, then feed what fits, a few records at a time.

Every few records and the note that they are in are one transaction, so a file goes on where it was after any end.
Between two transactions live work has its turn.
"""

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import sqlalchemy as sa
import structlog

from huiyin.conversations.inbox import Arrival, Inbox
from huiyin.conversations.same_ids import told_apart
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.imports import jobs
from huiyin.imports.chats import Said, inbound_of, other_id
from huiyin.imports.columns import Kind
from huiyin.imports.jobs import Job, Refused
from huiyin.imports.keeping import Files
from huiyin.imports.reports import Told
from huiyin.imports.sorting import Record, reader_of, sort_file, sorted_records
from huiyin.insight import reported
from huiyin.kernel.actors import system
from huiyin.kernel.clock import Clock
from huiyin.kernel.errors import HuiyinError, TemporaryError
from huiyin.kernel.ids import ShopId, new_id
from huiyin.kernel.resting import resting
from huiyin.org.account_names import AccountNames
from huiyin.org.book import ShopBook
from huiyin.security.sealing import Sealer

log = structlog.get_logger(__name__)

BATCH = 5
"""Records per transaction, about as many milliseconds: a live message waits for one at most."""
LOOKS_AT_ONCE = 2
IMPORTER = system("importer")


@dataclass(frozen=True, slots=True)
class Importer:
    """Brings files in; whatever holds it, one process at a time works on a file."""

    files: Files
    writer: Writer
    reading: sa.Engine
    sealer: Sealer
    inbox: Inbox
    accounts: AccountNames
    shops: ShopBook
    clock: Clock
    looking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKS_AT_ONCE))
    """Whoever looks into an offered file takes one: a look keeps a thread busy for seconds, and all share a few."""

    async def work(self) -> int:
        """Bring in the next file there is; return how many of its records were fed.

        A file that cannot be read on ends as failed, with the reason as a code, whatever reading it raised: it would
        be taken on for ever. What nobody foresaw is raised on, for the log.
        """
        self.files.sweep(await self.writer.do(partial(jobs.forget_unstarted, actor=IMPORTER)), self.clock.now())
        job = await self.writer.do(jobs.take_on, self.sealer, new_id())
        if job is None:
            return 0
        fed, state, trouble = 0, "done", ""
        try:
            if job.state == "feeding" or await asyncio.to_thread(self._sort, job):
                fed = await self._feed(job)
        except (TemporaryError, sa.exc.DBAPIError):
            return 0  # its lease runs out, and it is taken on again
        except HuiyinError as error:
            state, trouble = "failed", error.code or "file_unreadable"
        except OSError as error:
            log.warning("imports.disk", file=job.id, errno=error.errno)
            state, trouble = "failed", "import_disk"
        except Exception:
            await self._end(job, "failed", "import_broke")
            raise
        await self._end(job, state, trouble)
        return fed

    async def _end(self, job: Job, state: str, trouble: str) -> None:
        """End an import that is still ours; files of one that another process has are left alone."""
        ended = await self.writer.do(partial(jobs.end_ours, job=job, state=state, trouble=trouble, actor=IMPORTER))
        if ended or not await self.writer.do(jobs.is_open, job.id):
            self.files.remove(job.id)
        else:
            self.files.discard(job.id, job.lease)

    def _sort(self, job: Job) -> bool:
        """Read and sort the file; false if it was stopped meanwhile, or another process has it."""
        noted = 0

        def told(rows: int, refused: list[Refused]) -> bool:
            nonlocal noted
            goes_on = self.writer.run(jobs.note_read, job, rows, refused, noted)
            noted += len(refused)
            return goes_on

        found = sort_file(
            self.files, job, reader_of(job, self.clock.now(), self.shops.all()[job.shop].name), self._named, told
        )
        if found is None:
            return False
        settle = partial(self.files.settle, job.id, "sorted", job.lease)
        ours = self.writer.run(jobs.note_sorted, job, *found, settle)
        self.files.discard(job.id, job.lease)
        return ours

    def _named(self, derived: str) -> str:
        """Return a name for what a file does not name: the same for the same, and nobody can guess back from it."""
        return f"file:{self.sealer.ring.house_index('record', derived)}"

    async def _feed(self, job: Job) -> int:
        fed = 0
        records = sorted_records(self.files, job, job.fed)
        while batch := await asyncio.to_thread(_next, records):
            async with resting():
                if not await self.writer.do(self._verb(job, batch)):
                    break
            fed += len(batch)
        return fed

    def _verb(self, job: Job, batch: Sequence[Record]) -> "partial[bool]":
        if job.kind is Kind.REPORT:
            return partial(self._feed_figures, job=job, told=[each for each in batch if isinstance(each, Told)])
        shop = self.shops.all()[job.shop]
        said = [each for each in batch if isinstance(each, Said)]
        arrivals = [self.inbox.arriving(inbound_of(each, ShopId(job.shop)), shop) for each in said]
        return partial(self._feed_chats, job=job, arrivals=arrivals, others=[other_id(each) for each in said])

    def _feed_chats(self, uow: UnitOfWork, job: Job, arrivals: Sequence[Arrival], others: Sequence[str]) -> bool:
        if not jobs.is_ours(uow, job):
            return False
        received = self.inbox.receive(uow, told_apart(uow, self.sealer.ring, arrivals, others))
        jobs.note_fed(uow, job, len(arrivals), sum(1 for each in received if not each.duplicate))
        return True

    def _feed_figures(self, uow: UnitOfWork, job: Job, told: Sequence[Told]) -> bool:
        if not jobs.is_ours(uow, job):
            return False
        whence = reported.Whence(job.tenant, job.shop, job.source, job.id, uow.now_ms())
        rows = [reported.Told(each.day, each.until, each.agent, each.values) for each in told]
        jobs.note_fed(uow, job, len(told), reported.keep_reported(uow, self.accounts, whence, rows))
        return True


def _next(records: Iterator[Record]) -> list[Record]:
    return list(itertools.islice(records, BATCH))
