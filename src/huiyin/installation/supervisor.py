"""Tell systemd that we are up, alive, or ending (sd_notify(3)); without systemd this says nothing to nobody."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable

import structlog

from huiyin.kernel.units import Seconds

log = structlog.get_logger(__name__)

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"


def tell(state: str) -> None:
    """Send one state to the supervisor, where there is one."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    # A leading @ is systemd's way to write the zero byte of an abstract socket.
    where = f"\0{address[1:]}" if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        # A supervisor that does not listen must not keep customers waiting: the word is lost, the next one follows.
        line.setblocking(False)
        try:
            line.connect(where)
            line.sendall(state.encode())
        except OSError as error:
            log.warning("supervisor.not_told", error=type(error).__name__)


def watchdog() -> Seconds | None:
    """Return within what time the supervisor wants to hear that we live, None where it does not ask."""
    asked = os.environ.get("WATCHDOG_USEC", "")
    return Seconds(int(asked) / 1_000_000) if asked.isdecimal() and int(asked) else None


async def keep_telling(stands: Callable[[], Awaitable[bool]]) -> None:
    """Tell the supervisor that we live, twice within its time, as long as `stands` says so; else it restarts us."""
    within = watchdog()
    while within is not None:
        if await stands():
            tell(ALIVE)
        await asyncio.sleep(within / 2)
