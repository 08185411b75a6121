"""The worker in a process of its own, beside the door: two interpreters use two cores.

Walks in:  an order that says how to build the house, then notices of what the other process committed.
Walks out: notices of what was committed here: subject and kind, never what was said.
Not here:  state. It lives in the database both share; a lost notice costs a moment, not a message.

The pipe between them is the worker's stdin and stdout, a line of JSON each. When the door is gone the line ends,
and the worker with it. One worker works on a folder at a time: a second one waits until the first is gone.
"""

import asyncio
import contextlib
import fcntl
import gc
import os
import select
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import IO

import msgspec
import structlog

from huiyin.eventlog.writer import Heard, Notice
from huiyin.kernel.clock import monotonic
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.units import Seconds
from huiyin.kernel.wire import encode
from huiyin.wiring import House, Settings
from huiyin.worker import Worker

log = structlog.get_logger(__name__)

POLITENESS = 5
"""How far the worker stands back from the door (nice): a customer's message is taken first, then thought about."""

YOUNG_OBJECTS, YOUNG_LOOKS, MIDDLE_LOOKS = 5_000, 20, 50
"""New objects between two looks of the memory collector; one look in so many also goes through what stayed, and one
of those in so many through everything.

A look takes as long as there are new objects: 3 ms for these, 30 ms for ten times as many, and whoever holds the turn
to write may be the one who has to look.
"""

WORKING = "huiyin.cli.working"
"""The worker's own program."""
READY = b"ready\n"
END_SECONDS = 10.0
PAUSE_SECONDS = 1.0
LONGEST_PAUSE = 30.0
GOOD_LIFE_SECONDS = 60.0
"""A worker that lived this long is followed by another at once."""

LEASE_MS = 100
LONGEST_TURN_SECONDS = 15.0
"""A worker that keeps the door from writing this long hangs; until it ends no customer's message can be stored."""
LONGEST_LINE = 4 * 1024 * 1024
MOST_UNREAD = 4 * 1024 * 1024
"""Bytes the other side may be behind; further notices are left out, since it looks again by itself soon."""

RARE = (b'"org.', b'"security.')
"""What notices of the organisation and of keys hold: rare, and looked for by nobody who is not told."""

_heard = msgspec.json.Decoder(list[Heard])


class Order(msgspec.Struct, kw_only=True):
    """How the worker builds the same house as the door."""

    folder: str
    synchronous: str
    linger: float
    keys: str
    witness: str
    addresses: dict[str, dict[str, str]] = {}
    loopback: bool = False

    def settings(self) -> Settings:
        """Return the house's settings."""
        return Settings(
            Path(self.folder), synchronous=self.synchronous, linger=Seconds(self.linger), keys=self.keys,
            witness=Path(self.witness), addresses=self.addresses, loopback=self.loopback,
        )  # fmt: skip


def order_of(settings: Settings) -> Order:
    """Return the order for a worker beside a door that was built with `settings`."""
    return Order(
        folder=str(settings.folder.absolute()), synchronous=settings.synchronous, linger=settings.linger,
        keys=settings.keys, witness=str(settings.audit.folder.absolute()),
        addresses={platform: dict(named) for platform, named in settings.addresses.items()},
        loopback=settings.loopback,
    )  # fmt: skip


class WorkerProcess:
    """The door's side."""

    def __init__(
        self, house: House, module: str = WORKING, order: object = None, *, arguments: Sequence[str] = ()
    ) -> None:
        """Start `python -m module arguments…` when run, with `order` as its first line: by default how to build."""
        self._house = house
        self._command = (sys.executable, "-m", module, *arguments)
        self._order = encode(order or order_of(house.settings)) + b"\n"
        self._process: asyncio.subprocess.Process | None = None
        self.ready = threading.Event()
        """Set once a first worker is at work."""

    @property
    def pid(self) -> int | None:
        """Return the worker's process id while it lives."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def run(self) -> None:
        """Keep a worker alive until cancelled; then let it finish what it has in hand."""
        loop = asyncio.get_running_loop()
        self._house.writer.tell(partial(_tell_on, loop, self._pass_on))
        pause = PAUSE_SECONDS / 2
        try:
            while True:
                born = monotonic()
                try:
                    await self._live()
                except (OSError, ValueError) as error:  # no process to be had, or a line without end
                    log.error("beside.worker_lost", error=type(error).__name__)
                    await self._end()
                log.error("beside.worker_ended", code=self._process.returncode if self._process else None)
                # A worker that fails at every start must not keep the machine busy with starting.
                pause = PAUSE_SECONDS if monotonic() - born > GOOD_LIFE_SECONDS else min(LONGEST_PAUSE, 2 * pause)
                await asyncio.sleep(pause)
        finally:
            await asyncio.shield(self._end())

    async def _live(self) -> None:
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            # Ctrl-C reaches the door alone, which then ends the worker in good order.
            start_new_session=True, limit=LONGEST_LINE,
        )  # fmt: skip
        if process.stdin is None or process.stdout is None:
            message = "the worker process has no pipes"
            raise PermanentError(message)
        process.stdin.write(self._order)
        guarding = asyncio.create_task(self._guard(process))
        try:
            async for line in process.stdout:
                if line == READY:
                    self.ready.set()
                else:
                    _hear(self._house, line)
            await process.wait()
        finally:
            guarding.cancel()

    async def _guard(self, process: asyncio.subprocess.Process) -> None:
        while self._house.turn.waited < LONGEST_TURN_SECONDS:  # noqa: ASYNC110  # nobody is left to tell us
            await asyncio.sleep(PAUSE_SECONDS)
        log.error("beside.worker_hangs", pid=process.pid)
        with contextlib.suppress(ProcessLookupError):
            process.kill()

    def _pass_on(self, line: bytes) -> None:
        process = self._process
        if process is None or process.stdin is None or process.returncode is not None:
            return
        _pass(process.stdin.transport, line)

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(END_SECONDS):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def work(build: Callable[[bytes], House]) -> None:
    """Be the worker: build the house from the order, work until the door is gone."""
    os.nice(POLITENESS)
    # Unbuffered: a buffer would swallow the notices behind the order, and hand on the last one cut in two.
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as pipe:
        order = pipe.readline()
    house = build(order)
    live_long()
    with lease_of(house.settings.folder).open("ab") as lease:
        try:
            if not _lease(lease):
                return
            with asyncio.Runner(loop_factory=quick_loop()) as runner:
                runner.run(_work(house))
        finally:
            house.close()


def _lease(lease: IO[bytes]) -> bool:
    """Wait for the lease, as long as the door is there; tell whether we have it."""
    gone = select.poll()
    gone.register(sys.stdin.fileno(), 0)  # told unasked: that the other side hung up
    while True:
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if gone.poll(LEASE_MS):
                return False
        else:
            return True


async def _work(house: House) -> None:
    loop = asyncio.get_running_loop()
    ear = asyncio.StreamReader(limit=LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(ear), sys.stdin.buffer)
    mouth, _ = await loop.connect_write_pipe(asyncio.Protocol, sys.stdout.buffer)
    mouth.write(READY)

    house.writer.tell(partial(_tell_on, loop, partial(_pass, mouth)))
    working = asyncio.create_task(Worker(house).run())
    listening = asyncio.create_task(_listen(house, ear))
    await asyncio.wait([working, listening], return_when=asyncio.FIRST_COMPLETED)
    for task in (listening, working):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    await house.lines.close()
    mouth.close()


def _pass(pipe: asyncio.WriteTransport, line: bytes) -> None:
    """Write notices into a pipe that is open, and not too far behind."""
    if not pipe.is_closing() and (pipe.get_write_buffer_size() < MOST_UNREAD or any(each in line for each in RARE)):
        pipe.write(line)


def _hear(house: House, line: bytes) -> None:
    """Take notice of a line; the last one of a process that was killed may be cut off."""
    try:
        house.writer.hear(_heard.decode(line))
    except msgspec.MsgspecError:
        log.warning("beside.line_unread", bytes=len(line))


async def _listen(house: House, ear: asyncio.StreamReader) -> None:
    async for line in ear:
        _hear(house, line)


def _tell_on(loop: asyncio.AbstractEventLoop, tell: Callable[[bytes], None], notices: Sequence[Notice]) -> None:
    """Pass notices from the writer's thread to the loop, as long as there is one."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(tell, _line(notices))


def _line(notices: Sequence[Notice]) -> bytes:
    return encode(sorted({(each.subject, each.kind) for each in notices})) + b"\n"


def quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return the faster event loop where the platform has it."""
    try:
        import uvloop  # not on every platform
    except ImportError:
        return None
    return uvloop.new_event_loop


def live_long() -> None:
    """Tell the memory collector that what is loaded by now stays, and that it need not look so often.

    Looking through all of a loaded house takes tens of milliseconds, in which nobody gets an answer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, YOUNG_LOOKS, MIDDLE_LOOKS)


def lease_of(folder: Path) -> Path:
    """Return the file that the one worker of a folder holds."""
    return folder / "worker.lock"
