"""Put a file's records into the order of their moments, however many there are, in memory that stays small.

Records are sorted by runs that are sealed on disc and then merged (external merge sort). Equal records of a file that
names no ids are told apart by their place among equals, and silence divides sessions where the file names none.
"""

import heapq
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import BinaryIO

import msgspec

from huiyin.imports.chats import DERIVED, SESSION_GAP, Said, likeness, other_id, said_in
from huiyin.imports.chats import FIELDS as CHAT_FIELDS
from huiyin.imports.columns import Field, Kind, score_of
from huiyin.imports.files import Row, Sheet, open_file
from huiyin.imports.jobs import Job, Refused
from huiyin.imports.keeping import Files
from huiyin.imports.reports import FIELDS as REPORT_FIELDS
from huiyin.imports.reports import Told, told_in
from huiyin.imports.values import UnfitError

RUN = 50_000
"""Records sorted in memory at a time."""
TOLD_EVERY = 2_000
"""Rows between two notes of progress."""
SAME_ID_MS = 60_000
LENGTH = 4
Record = Said | Told
Span = tuple[int, int] | None
Read = Callable[[Row], Record]
Progress = Callable[[int, list[Refused]], bool]
"""Takes how many rows were read, and those refused since the last time; false to stop."""

_encode = msgspec.msgpack.Encoder().encode
_DECODERS: dict[Kind, Callable[[bytes], Record]] = {
    Kind.CHATS: msgspec.msgpack.Decoder(Said).decode,
    Kind.REPORT: msgspec.msgpack.Decoder(Told).decode,
}
_order = attrgetter("at", "row")


def fields_of(kind: Kind) -> tuple[Field, ...]:
    """Return what is read from a file of a kind."""
    return CHAT_FIELDS if kind is Kind.CHATS else REPORT_FIELDS


def open_as(kind: Kind, file: BinaryIO, sheet: str = "") -> Sheet:
    """Open a file whose header has a kind's names; InvalidError as `open_file`."""
    return open_file(file, lambda names: score_of(fields_of(kind), names), sheet)


def reader_of(job: Job, now: datetime, shop: str) -> Read:
    """Return how rows are read for a job of `shop`, by its name."""

    def chats(row: Row) -> Said:
        return said_in(row, job.columns, now, shop)

    def report(row: Row) -> Told:
        return told_in(row, job.columns, now, shop)

    return chats if job.kind is Kind.CHATS else report


def sort_file(
    files: Files, job: Job, read: Read, named: Callable[[str], str], told: Progress
) -> tuple[int, Span] | None:
    """Read a job's file and write its records in order; return how many and their span, None if told to stop.

    They are the draft of the part `sorted` under the job's lease, so that two processes never write one file. `named`
    makes a name nobody can guess of one that was derived. Progress is told while records are written, as well.

    Raises:
        InvalidError: the file cannot be opened, or not be read on.

    """
    runs = _Runs(files, job)
    with files.reader(job.id, "copy", job.key) as copy:
        rows, refused = 0, list[Refused]()
        for rows, row in enumerate(open_as(job.kind, copy, job.sheet).rows, start=1):  # told below
            try:
                runs.add(read(row))
            except UnfitError as error:
                refused.append(Refused(row.number, error.field, error.code))
            if rows % TOLD_EVERY == 0:
                if not told(rows, refused):
                    return None
                refused = []
        if not told(rows, refused):
            return None
    records: Iterator[Record] = runs.merged()
    if job.kind is Kind.CHATS:
        records = _named(records, named)  # type: ignore[arg-type]  # the records of chats
    return _write(files, job, records, partial(told, rows, []))


def sorted_records(files: Files, job: Job, skip: int) -> Iterator[Record]:
    """Yield a job's sorted records after the first `skip`."""
    with files.reader(job.id, "sorted", job.key) as source:
        for place, raw in enumerate(_blobs(source)):
            if place >= skip:
                yield _DECODERS[job.kind](raw)


class _Runs:
    """Records by the run, each sorted."""

    def __init__(self, files: Files, job: Job) -> None:
        self._files, self._job, self._count = files, job, 0
        self._held: list[Record] = []

    def add(self, record: Record) -> None:
        self._held.append(record)
        if len(self._held) >= RUN:
            self._spill()

    def merged(self) -> Iterator[Record]:
        self._held.sort(key=_order)
        decode = _DECODERS[self._job.kind]
        with ExitStack() as opened:
            runs = [
                opened.enter_context(self._files.reader(self._job.id, f"run{number}", self._job.key, self._job.lease))
                for number in range(self._count)
            ]
            yield from heapq.merge(*(map(decode, _blobs(run)) for run in runs), self._held, key=_order)

    def _spill(self) -> None:
        self._held.sort(key=_order)
        with self._files.writer(self._job.id, f"run{self._count}", self._job.key, self._job.lease) as run:
            for each in self._held:
                run.write(_framed(each))
        self._count += 1
        self._held = []


def _write(files: Files, job: Job, records: Iterator[Record], goes_on: Callable[[], bool]) -> tuple[int, Span] | None:
    count, first, last = 0, 0, 0
    with files.writer(job.id, "sorted", job.key, job.lease) as target:
        for count, record in enumerate(records, start=1):  # returned below
            target.write(_framed(record))
            first, last = (record.at if count == 1 else first), record.at
            if count % TOLD_EVERY == 0 and not goes_on():
                return None
    return count, ((first, last) if count else None)


def _named(records: Iterator[Said], named: Callable[[str], str]) -> Iterator[Said]:
    """Name messages and sessions that a file leaves without names; records in the order of their moments.

    Of records that bear one id within a minute and say different things, the first keeps it.
    """
    ids = _Ids()
    sessions: dict[str, tuple[int, str]] = {}
    second, seen = -1, dict[str, int]()
    gap = SESSION_GAP.total_seconds() * 1000
    for said in records:
        session, message = said.session, said.message
        if not session:
            last, session = sessions.get(said.customer, (0, ""))
            if not session or said.at - last > gap:
                session = named(f"session|{said.customer}|{said.at}")
            sessions[said.customer] = (said.at, session)
        if not message:
            if said.at != second:
                second, seen = said.at, {}
            like = likeness(said)
            seen[like] = seen.get(like, 0) + 1
            message = f"{DERIVED}{like}:{seen[like]}"
        elif ids.says_other(said):
            message = other_id(said)
        yield msgspec.structs.replace(said, session=session, message=message)


class _Ids:
    """What was said under an id within the last minute or two."""

    def __init__(self) -> None:
        self._since, self._latest, self._earlier = 0, dict[str, int](), dict[str, int]()

    def says_other(self, said: Said) -> bool:
        """Tell whether the record's id stood for other words, or for another's, just before."""
        if said.at - self._since >= SAME_ID_MS:
            self._earlier = self._latest if said.at - self._since < 2 * SAME_ID_MS else {}
            self._since, self._latest = said.at, {}
        words = hash((said.customer, said.sender, said.text))
        known = self._earlier.get(said.message) or self._latest.setdefault(said.message, words)
        return known != words


def _framed(record: Record) -> bytes:
    raw = _encode(record)
    return len(raw).to_bytes(LENGTH, "big") + raw


def _blobs(source: BinaryIO) -> Iterator[bytes]:
    while head := source.read(LENGTH):
        yield source.read(int.from_bytes(head, "big"))
