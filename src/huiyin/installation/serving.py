"""Serve for real: the house, its worker beside it, the door, metrics, backups; until told to end."""

import asyncio
import fcntl
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from huiyin.beside import WorkerProcess, live_long
from huiyin.installation import supervisor
from huiyin.installation.door import open_door, take_port
from huiyin.installation.keeping_backups import keep_backing_up
from huiyin.installation.metrics import tell_metrics
from huiyin.installation.settings import Installation
from huiyin.kernel.errors import InvalidError
from huiyin.web.app import create_app
from huiyin.web.readiness import database_probe
from huiyin.wiring import House, build

log = structlog.get_logger(__name__)

ENDING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def alone(folder: Path, lock: Path | None = None) -> Iterator[None]:
    """Hold the folder for ourselves: two doors over one house would each poll, answer and back up.

    `lock` is the file that is held, by default one in the folder.

    Raises:
        InvalidError: another Huiyin serves it.

    """
    lock = lock or folder / "door.lock"
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock.open("ab") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"another Huiyin serves {folder}"
            raise InvalidError(message, remedy="Stop that one first, or give this one a folder of its own.") from error
        yield


async def serve(settings: Installation, up: Callable[[House], None]) -> None:
    """Serve until SIGINT or SIGTERM; `up` is called once people are let in.

    Raises:
        InvalidError: the port, the certificate or the keys cannot be used.

    """
    with alone(Path(settings.folder)):
        port = take_port(settings.door)
        house = build(settings.house())
        try:
            await _serve(settings, house, port, up)
        finally:
            await house.lines.close()
            house.close()


async def _serve(settings: Installation, house: House, port: socket.socket, up: Callable[[House], None]) -> None:
    stop = told_to_end()
    worker = WorkerProcess(house, arguments=(settings.log,))

    async def at_work() -> bool:
        return worker.pid is not None and worker.ready.is_set()

    app = create_app(house, beside=(worker.run,), probes={"worker": at_work})
    house.knowledge()
    live_long()
    tls = settings.tls if settings.speaks_tls else None
    with tell_metrics(settings, house, lambda: worker.pid) as app.state.traffic:
        async with open_door(app, port, tls) as serving:
            supervisor.tell(supervisor.READY)
            log.info("serving.up")
            up(house)
            beside = [
                asyncio.create_task(supervisor.keep_telling(database_probe(house))),
                asyncio.create_task(keep_backing_up(house, settings.backup)),
            ]
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait([waiting, serving], return_when=asyncio.FIRST_COMPLETED)
            supervisor.tell(supervisor.STOPPING)
            log.info("serving.ending")
            for task in (*beside, waiting):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


def told_to_end() -> asyncio.Event:
    """Return an event that is set once the process is told to end."""
    stop = asyncio.Event()
    for number in ENDING:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
