"""Work at exports: a few sessions at a time from the reading side, a part at a time onto the disc.

A part is written whole before it is noted, and begun anew if the end came between, so nothing is lost or doubled. Who
was away for so long that another process went on has lost the export, and leaves what is there alone. The writer is
asked once a part, for as long as a note takes; between two readings there is a breath for whoever is live.
"""

import asyncio
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from huiyin.conversations.extracts import FIRST, Key
from huiyin.eventlog.writer import Writer
from huiyin.exporting import jobs
from huiyin.exporting.cells import Row, csv_rows, sheet_rows
from huiyin.exporting.jobs import Job, Part
from huiyin.exporting.keeping import Draft, Parts
from huiyin.exporting.lapsing import LAPSED, lapsed, lapsed_files
from huiyin.exporting.rows import Batch, Books, read_batch
from huiyin.kernel.actors import system
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import HuiyinError, InvalidError, RefusedError, TemporaryError
from huiyin.kernel.ids import new_id
from huiyin.org.book import ShopBook
from huiyin.security.sealing import Sealer

BATCHES_A_PART, PARTS_A_TURN = 8, 10
BREATH_SECONDS = 0.02
MOST_BYTES = 4 * 1024**3
EXPORTER = system("exporter")
WRITE = {"csv": csv_rows, "xlsx": sheet_rows}


@dataclass(frozen=True, slots=True)
class Exporter:
    """Works at exports; whatever holds it, one process at a time works at one."""

    parts: Parts
    writer: Writer
    reading: sa.Engine
    sealer: Sealer
    books: Books
    shops: ShopBook
    clock: Clock

    async def work(self) -> int:
        """Work until no export waits; return how many parts were written."""
        written = 0
        if not await asyncio.to_thread(self._waiting):
            return written
        while job := await self.writer.do(jobs.take_on, self.sealer, new_id()):
            written += await self._turn(job)
        return written

    async def sweep(self) -> None:
        """End what may no longer be taken, and take away the parts of whatever ended."""
        for export in sorted(await asyncio.to_thread(self._lapsed_files)):
            await self.writer.do(jobs.end, export, "withdrawn", LAPSED, actor=EXPORTER)
            await asyncio.to_thread(self.parts.remove, export)
        known = await self.writer.do(jobs.end_expired, actor=EXPORTER)
        await asyncio.to_thread(self.parts.sweep, known, self.clock.now())

    def _waiting(self) -> bool:
        with self.reading.connect() as connection:
            return jobs.waiting(connection, to_ms(self.clock.now()))

    def _lapsed_files(self) -> set[str]:
        with self.reading.connect() as connection:
            return lapsed_files(connection, self.clock.now())

    def _check_reach(self, job: Job) -> None:
        """Refuse to go on with what whoever asked may not look at any more."""
        with self.reading.connect() as connection:
            if lapsed(connection, {job.person: [job.id]}, self.clock.now()):
                message = "whoever asked may not look at these shops any more"
                raise RefusedError(message, remedy="Ask for the export again.", code=LAPSED)

    async def _turn(self, job: Job) -> int:
        """Write some parts of an export; whoever waits beside it has its turn then."""
        written = 0
        try:
            for _ in range(PARTS_A_TURN):
                await asyncio.to_thread(self._check_reach, job)
                step = await self._part(job)
                if step is None:
                    await self.writer.do(jobs.finish, job, actor=EXPORTER)
                    return written
                if not await self.writer.do(jobs.note_part, job, step, partial(self.parts.put, _draft(job))):
                    await asyncio.to_thread(self._leave, job)
                    return written
                job, written = _behind(job, step), written + 1
            await self.writer.do(jobs.release, job)
        except TemporaryError:
            pass  # its lease runs out, and it is taken on again
        except (HuiyinError, OSError) as error:
            code = getattr(error, "code", "") or "export_disk"
            await self.writer.do(jobs.fail, job, code, actor=EXPORTER)
            await asyncio.to_thread(self._leave, job)
        return written

    def _leave(self, job: Job) -> None:
        """Take away what is one's own of an export that is not any more; everything, where it ended."""
        self.parts.drop(_draft(job))
        with self.reading.connect() as connection:
            stands = jobs.stands(connection, job.id)
        if not stands:
            self.parts.remove(job.id)

    async def _part(self, job: Job) -> Part | None:
        """Write the next part; None where every session was written."""
        rows: list[Row] = []
        sessions, shop, after = 0, job.shop, job.after
        for _ in range(BATCHES_A_PART):
            found = await asyncio.to_thread(self._read, job, shop, after)
            if found is None:
                break
            shop, batch = found
            rows += batch.rows
            sessions += batch.sessions
            shop, after = (shop, batch.last) if batch.last else (_next(job, shop), FIRST)
            await asyncio.sleep(BREATH_SECONDS)
        if (shop, after) == (job.shop, job.after):
            return None
        plain = WRITE[job.form](rows)
        if job.bytes + len(plain) > MOST_BYTES:
            message = f"an export may have {MOST_BYTES // 2**30} GiB"
            raise InvalidError(message, remedy="Ask for fewer days.", code="export_large")
        await asyncio.to_thread(self.parts.write, _draft(job), job.key, plain)
        return Part(len(rows), len(plain), sessions, shop, after)

    def _read(self, job: Job, shop: str, after: Key) -> tuple[str, Batch] | None:
        """Read the next sessions; None behind the last shop."""
        span = next((each for each in job.spans if each.opening.shop >= shop), None)
        if span is None:
            return None
        with self.reading.connect() as connection:
            known = self.shops.all()[span.opening.shop]
            return span.opening.shop, read_batch(connection, self.books, job, span, known, after)


def _next(job: Job, shop: str) -> str:
    """Return the next shop of an export, or what sorts behind every shop."""
    return next((each.opening.shop for each in job.spans if each.opening.shop > shop), "~")


def _draft(job: Job) -> Draft:
    """Return where the next part is written."""
    return Draft(job.id, job.parts + 1, job.lease)


def _behind(job: Job, part: Part) -> Job:
    return job._replace(parts=job.parts + 1, bytes=job.bytes + part.bytes, shop=part.shop, after=part.after)
