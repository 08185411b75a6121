"""Open a door to the network for as long as a block runs: the port taken first, TLS kept fresh, ended in good order."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import structlog
import uvicorn
from litestar import Litestar

from huiyin.beside import END_SECONDS
from huiyin.installation.settings import Listen, Tls
from huiyin.kernel.errors import InvalidError
from huiyin.web.serving import server_config

log = structlog.get_logger(__name__)

BACKLOG = 512
GRACE_SECONDS = 3
START_LOOK_SECONDS = 0.05
CERTIFICATE_LOOK_SECONDS = 60.0


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def take_port(listen: Listen) -> socket.socket:
    """Take the port, before anything else is begun.

    Raises:
        InvalidError: it is taken, or not ours to take.

    """
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    try:
        return socket.create_server((listen.host, listen.port), family=family, backlog=BACKLOG)
    except OSError as error:
        message = f"port {listen.port} at {listen.host} cannot be taken: {error.strerror}"
        raise InvalidError(message, remedy="End what listens there, or set listen to another port.") from error


@asynccontextmanager
async def open_door(app: Litestar, port: socket.socket, tls: Tls | None = None) -> AsyncIterator[asyncio.Task[None]]:
    """Serve an app on a port that was taken; yields the serving task once people are let in.

    At the end those who are being answered have a moment to be; then what serves beside the app ends, too.

    Raises:
        InvalidError: the certificate and its key do not fit, or cannot be read.

    """
    named = {"ssl_certfile": tls.certificate, "ssl_keyfile": tls.key} if tls else {}
    config = server_config(app, timeout_graceful_shutdown=GRACE_SECONDS, **named)
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        message = f"the certificate cannot be used: {error}"
        raise InvalidError(message, remedy="tls.certificate and tls.key must be PEM files of one pair.") from error
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[port]))
    renewing = asyncio.create_task(_keep_fresh(config.ssl, tls)) if tls and config.ssl else None
    while not server.started and not serving.done():  # noqa: ASYNC110  # the server offers no event to wait for
        await asyncio.sleep(START_LOOK_SECONDS)
    try:
        yield serving
    finally:
        if renewing is not None:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing
        server.should_exit = True
        # The worker ends with the server; one that hangs is given its time and then killed.
        await asyncio.wait([serving], timeout=GRACE_SECONDS + END_SECONDS + 2)


async def _keep_fresh(context: ssl.SSLContext, tls: Tls) -> None:
    """Use a renewed certificate for new connections as soon as its files change; an odd one leaves the old in use."""
    known = _changed_at(tls)
    while True:
        await asyncio.sleep(CERTIFICATE_LOOK_SECONDS)
        now = _changed_at(tls)
        if now == known:
            continue
        try:
            context.load_cert_chain(tls.certificate, tls.key)
        except (OSError, ssl.SSLError) as error:
            log.error("door.certificate_not_renewed", error=type(error).__name__)
        else:
            known = now
            log.info("door.certificate_renewed")


def _changed_at(tls: Tls) -> tuple[float, ...]:
    files = [Path(each) for each in (tls.certificate, tls.key)]
    return tuple(each.stat().st_mtime if each.exists() else 0.0 for each in files)
