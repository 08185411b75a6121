"""Start, ask, stop and kill measured processes; each is ours, known by its id, ended with us."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec

from huiyin.bench.orders import Order, Ready
from huiyin.kernel.errors import PermanentError

START_SECONDS = 60.0
STOP_SECONDS = 15.0
TAIL = 2000


class Server:
    """A measured process that answers."""

    def __init__(self, process: asyncio.subprocess.Process, ready: Ready, log: Path) -> None:
        """Take charge of a started process."""
        self._process = process
        self._log = log
        self.ready = ready

    @property
    def alive(self) -> bool:
        """Tell whether it still runs."""
        return self._process.returncode is None

    async def cpu_seconds(self) -> float:
        """Return the processor time it used so far."""
        if self._process.stdin is None or self._process.stdout is None:
            return 0.0
        self._process.stdin.write(b"cpu\n")
        workers = sum(map(cpu_seconds_of, children_of(self._process.pid)))
        return float(await self._process.stdout.readline()) + workers

    async def at_work(self) -> None:
        """Wait until its worker works: what is measured is a running Huiyin, not its start."""
        if self._process.stdin is not None and self._process.stdout is not None:
            self._process.stdin.write(b"ready?\n")
            await self._process.stdout.readline()

    async def stop(self) -> None:
        """Ask it to finish; kill it if it does not."""
        if self.alive:
            self._process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self._process.wait()
            except TimeoutError:
                await self.kill()

    async def kill(self) -> None:
        """Kill it as a power switch would, page cache apart."""
        if self.alive:
            workers = children_of(self._process.pid)
            self._process.kill()
            for each in workers:
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
        await self._process.wait()

    def last_words(self) -> str:
        """Return the end of its log."""
        return tail_of(self._log)


def children_of(pid: int) -> list[int]:
    """Return the processes a process started, where the kernel tells; elsewhere none."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in listed.read_text().split()] if listed.exists() else []


def cpu_seconds_of(pid: int) -> float:
    """Return the processor time another process used, where the kernel tells; elsewhere 0."""
    file = Path(f"/proc/{pid}/stat")
    if not file.exists():
        return 0.0
    user, system = file.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def tail_of(log: Path) -> str:
    """Return the end of a log file."""
    return log.read_text(errors="replace")[-TAIL:] if log.exists() else ""


async def start(order: Order, *, environment: Mapping[str, str] | None = None) -> Server:
    """Start a measured process and wait until its port is open.

    Raises:
        PermanentError: it did not come up; with its last words.

    """
    folder = Path(order.folder)
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  # nothing is measured yet
    log = folder / "server.log"
    with log.open("ab") as words:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "huiyin.bench.serving",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=words,
            env={**os.environ, **(environment or {})},
        )  # fmt: skip
    if process.stdin is None or process.stdout is None:
        message = "the measured process has no pipes"
        raise PermanentError(message)
    process.stdin.write(msgspec.json.encode(order) + b"\n")
    try:
        async with asyncio.timeout(START_SECONDS):
            said = await process.stdout.readline()
        ready = msgspec.json.decode(said, type=Ready)
    except (TimeoutError, msgspec.DecodeError) as error:
        if process.returncode is None:
            process.kill()
        message = f"the measured process did not start: {tail_of(log)}"
        raise PermanentError(message) from error
    return Server(process, ready, log)


@asynccontextmanager
async def serving(order: Order, *, environment: Mapping[str, str] | None = None) -> AsyncIterator[Server]:
    """Serve for the length of a block."""
    server = await start(order, environment=environment)
    try:
        yield server
    finally:
        await server.stop()
