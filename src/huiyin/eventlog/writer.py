"""The one writer: many commands, one transaction, one fsync.

Commands wait in a queue. The writer takes all that wait, runs each behind its own savepoint, commits once and
only then answers everybody. A command that raises spares its neighbours. Commands handed in for the same batch
verb are run together, so the hot path makes one query where a loop would make hundreds; if the batch fails its
members are run one by one, and only the guilty one hears of it.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

import sqlalchemy as sa
import structlog

from huiyin.eventlog.events import Catalogue
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.clock import Clock
from huiyin.kernel.errors import TemporaryError
from huiyin.kernel.units import Seconds

T = TypeVar("T")
Item = TypeVar("Item")
BatchVerb = Callable[[UnitOfWork, Sequence[Item]], Sequence[T]]

log = structlog.get_logger(__name__)

MOST_JOBS = 512
"""Commands per transaction: enough to share the fsync, few enough that the first is not kept waiting."""


class Notice(Protocol):
    """That something happened to a subject: all that caches, screens and loops need to look again."""

    @property
    def subject(self) -> str:
        """Return whom it happened to."""
        ...

    @property
    def kind(self) -> str:
        """Return what happened."""
        ...


class Heard(NamedTuple):
    """A notice from another process."""

    subject: str
    kind: str


Watcher = Callable[[Sequence[Notice]], object]


class Job(Generic[T]):
    """A command that waits for the writer."""

    __slots__ = ("args", "batch", "error", "future", "loop", "named", "result", "verb")

    def __init__(
        self, verb: Callable[..., T], args: tuple[Any, ...], named: dict[str, Any] | None = None, *, batch: bool
    ) -> None:
        """Keep the verb and what it is called with."""
        self.verb = verb
        self.args = args
        self.named = named or {}
        self.batch = batch
        self.result: T | None = None
        self.error: BaseException | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.future: Future[T] | asyncio.Future[T]

    def settle(self) -> None:
        """Tell whoever waits; called on the waiter's own thread of control."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]  # no error means the verb returned


class Writer:
    """Runs verbs inside units of work, on a thread of its own."""

    def __init__(
        self,
        engine: sa.Engine,
        catalogue: Catalogue,
        clock: Clock,
        linger: Seconds = Seconds(0),
        turn: AbstractContextManager[None] = nullcontext(),  # noqa: B008  # it keeps nothing
    ) -> None:
        """Prepare; `start` begins to work.

        `turn` is held during each transaction: writers of several processes wait for it in line. `linger` is how
        long the first command waits for company: a transaction for ten costs hardly more than one for one, so a few
        milliseconds save most of the work of a busy hour.
        """
        self._linger = linger
        self._turn = turn
        self._engine = engine
        self._catalogue = catalogue
        self._clock = clock
        self._queue: queue.SimpleQueue[Job[Any] | None] = queue.SimpleQueue()
        self._watchers: list[Watcher] = []
        self._tellers: list[Watcher] = []
        self._thread = threading.Thread(target=self._work, name="huiyin-writer", daemon=True)
        self._closed = False

    def start(self) -> None:
        """Begin to take commands."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then end."""
        self._closed = True
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def watch(self, watcher: Watcher) -> None:
        """Call `watcher` after each transaction that recorded events, ours or another process's; it must be quick."""
        self._watchers.append(watcher)

    def tell(self, teller: Watcher) -> None:
        """Call `teller`, on the writer's thread, after each of our own transactions: it passes the word on."""
        self._tellers.append(teller)

    def announce(self, notices: Sequence[Notice]) -> None:
        """Tell everybody, here and in other processes, of something that left no event."""
        _call_all([partial(watcher, notices) for watcher in (*self._watchers, *self._tellers)])

    def hear(self, notices: Sequence[Notice]) -> None:
        """Take notice of what another process committed."""
        _call_all([partial(watcher, notices) for watcher in self._watchers])

    def run(self, verb: Callable[..., T], *args: Any, **named: Any) -> T:  # noqa: ANN401  # the verb's own signature checks them
        """Run `verb(uow, …)` and wait for durability. For threads; coroutines use `do`."""
        job: Job[T] = Job(verb, args, named, batch=False)
        future: Future[T] = Future()
        job.future = future
        self._put(job)
        return future.result()

    async def do(self, verb: Callable[..., T], *args: Any, **named: Any) -> T:  # noqa: ANN401  # as in `run`
        """Run `verb(uow, …)` and wait, without blocking the loop, until it is durable."""
        return await self._wait(Job(verb, args, named, batch=False))

    async def do_with_others(self, verb: BatchVerb[Item, T], item: Item) -> T:
        """Run a batch verb on `item`, together with whatever waits for the same verb."""
        job: Job[T] = Job(verb, (item,), batch=True)  # type: ignore[arg-type]  # a batch verb returns one result an item
        return await self._wait(job)

    async def _wait(self, job: Job[T]) -> T:
        job.loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = job.loop.create_future()
        job.future = future
        self._put(job)
        return await future

    def _put(self, job: Job[Any]) -> None:
        if self._closed:
            message = "Huiyin is shutting down and takes no more work"
            raise TemporaryError(message, remedy="Send it again after the restart.")
        self._queue.put(job)

    def _work(self) -> None:
        while True:
            jobs, last = self._take()
            if jobs:
                self._transact(jobs)
                self._answer(jobs)
            if last:
                return

    def _take(self) -> tuple[list[Job[Any]], bool]:
        jobs: list[Job[Any]] = []
        job = self._queue.get()
        if self._linger and job is not None and not self._closed:
            time.sleep(self._linger)
        while job is not None:
            jobs.append(job)
            if len(jobs) >= MOST_JOBS:
                return jobs, False
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return jobs, False
        return jobs, True

    def _transact(self, jobs: list[Job[Any]]) -> None:
        try:
            with self._turn, self._engine.begin() as connection:
                uow = UnitOfWork(connection, self._catalogue, self._clock)
                for group in _grouped(jobs):
                    _perform(uow, group)
                recorded = uow.flush()
        except Exception as error:  # noqa: BLE001  # not swallowed: everybody who waits hears of it, and the writer lives on
            log.error("eventlog.commit_failed", jobs=len(jobs), error=type(error).__name__)
            for job in jobs:
                job.error = _not_stored(error)
            return
        after: list[Callable[[], object]] = [uow.committed]
        if recorded:
            after += [partial(watcher, recorded) for watcher in (*self._watchers, *self._tellers)]
        _call_all(after)

    def _answer(self, jobs: list[Job[Any]]) -> None:
        loops: dict[asyncio.AbstractEventLoop, list[Job[Any]]] = {}
        for job in jobs:
            if job.loop is None:
                job.settle()
            else:
                loops.setdefault(job.loop, []).append(job)
        for loop, waiting in loops.items():
            if not loop.is_closed():
                # One wake-up for the whole batch: a wake-up each would cost more than the insert.
                loop.call_soon_threadsafe(_settle_all, waiting)


def _call_all(effects: Sequence[Callable[[], object]]) -> None:
    for each in effects:
        try:
            each()
        except Exception as error:  # noqa: BLE001  # what is durable stays so; who merely looks on may not end the writer
            log.error("eventlog.watcher_failed", error=type(error).__name__)


def _settle_all(jobs: list[Job[Any]]) -> None:
    for job in jobs:
        job.settle()


def _grouped(jobs: list[Job[Any]]) -> list[list[Job[Any]]]:
    """Put jobs of one batch verb together, at the place of the first; the others stay single, in order."""
    groups: list[list[Job[Any]]] = []
    batches: dict[Callable[..., Any], list[Job[Any]]] = {}
    for job in jobs:
        if job.batch and job.verb in batches:
            batches[job.verb].append(job)
            continue
        group = [job]
        groups.append(group)
        if job.batch:
            batches[job.verb] = group
    return groups


def _perform(uow: UnitOfWork, group: list[Job[Any]]) -> None:
    if group[0].batch and len(group) > 1 and _perform_together(uow, group):
        return
    for job in group:
        _perform_one(uow, job)


def _perform_together(uow: UnitOfWork, group: list[Job[Any]]) -> Literal[True] | None:
    try:
        with uow.savepoint():
            results = group[0].verb(uow, [job.args[0] for job in group])
    except Exception as error:  # noqa: BLE001  # not swallowed: the members run again one by one and the guilty one answers
        log.warning("eventlog.batch_split", jobs=len(group), error=type(error).__name__)
        return None
    for job, result in zip(group, results, strict=True):
        job.result = result
    return True


def _perform_one(uow: UnitOfWork, job: Job[Any]) -> None:
    try:
        with uow.savepoint():
            outcome = job.verb(uow, [job.args[0]]) if job.batch else job.verb(uow, *job.args, **job.named)
            job.result = outcome[0] if job.batch else outcome
    except Exception as error:  # noqa: BLE001  # not swallowed: handed whole to whoever waits for this command
        # A prepared statement raises the driver's own error, any other SQLAlchemy's.
        failed = (sa.exc.OperationalError, uow.connection.dialect.loaded_dbapi.OperationalError)
        job.error = _not_stored(error) if isinstance(error, failed) else error


def _not_stored(error: Exception) -> TemporaryError:
    return TemporaryError(
        f"nothing was stored: {type(error).__name__}", remedy="Check the disk's free space, then send it again."
    )
