"""How the server itself is set: what it takes from a connection before any of our code hears of it.

Huiyin is not made to stand on the internet alone; these limits hold where somebody reaches it past the proxy.
"""

import asyncio
from typing import Any

import uvicorn
from litestar import Litestar
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from huiyin.kernel.units import Seconds
from huiyin.web.socket import MOST_FRAME

HEAD_SECONDS = Seconds(10)
"""From the first moment of a connection, or the first byte of a request, to the end of its headers."""
BODY_SECONDS = Seconds(30)
MOST_CONNECTIONS = 2000
"""At once; beyond that the server answers 503. A desk keeps two or three open."""
KEEP_ALIVE_SECONDS = 65
"""Longer than proxies keep theirs (nginx: 60): if we hung up first, a request would meet a door that just closed."""


class PunctualProtocol(HttpToolsProtocol):
    """Hangs up on whoever takes too long to say what they want (slow loris); the library waits without end."""

    head_seconds = HEAD_SECONDS
    body_seconds = BODY_SECONDS
    _patience: asyncio.TimerHandle | None = None
    _owed: Seconds | None = None
    """How long they have for what they owe us: a head, or a body. None while it is our turn."""
    _turns: int = 0
    """How often that changed."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the library has it
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait(self.head_seconds)

    def data_received(self, data: bytes) -> None:
        """Take what came, then wait for what is still owed: a request that comes whole costs no timer."""
        turns = self._turns
        super().data_received(data)
        if self._turns == turns:
            # More of the same buys no more time. Between requests it is nothing, and the library waits no more.
            answered = getattr(self.cycle, "response_complete", True)  # there is no cycle before the first request
            if self._patience is None and self._owed is None and answered:
                self._wait(self.head_seconds)
            return
        self._stop()
        if self._owed is not None:
            self._wait(self._owed)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Wait for the headers."""
        super().on_message_begin()
        self._owes(self.head_seconds)

    def on_headers_complete(self) -> None:
        """Wait for the body."""
        self._owes(self.body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Stop waiting; now they wait for us."""
        self._owes(None)
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Stop waiting: a socket is silent as long as its own rules allow."""
        self._owes(None)
        super().handle_websocket_upgrade()

    def _owes(self, seconds: Seconds | None) -> None:
        self._owed = seconds
        self._turns += 1

    def _wait(self, seconds: Seconds) -> None:
        self._stop()
        self._patience = self.loop.call_later(seconds, self.transport.close)

    def _stop(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def server_config(app: Litestar, **named: Any) -> uvicorn.Config:  # noqa: ANN401  # options of the server
    """Return how to serve an app: `named` are options of uvicorn beside those that are always the same.

    It says nothing of itself, believes no header about where a request comes from (web/whence.py does, where a proxy
    of ours is known), and reads no frame that the socket would refuse anyway.
    """
    always: dict[str, Any] = {
        "http": PunctualProtocol, "server_header": False, "proxy_headers": False, "log_config": None,
        "access_log": False, "ws_max_size": 4 * MOST_FRAME, "ws_ping_interval": None,
        "limit_concurrency": MOST_CONNECTIONS, "timeout_keep_alive": KEEP_ALIVE_SECONDS,
    }  # fmt: skip
    return uvicorn.Config(app, **{**always, **named})
