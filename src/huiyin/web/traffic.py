"""Count what was asked and how long the answers took, by route; never by who asked or for what."""

import logging

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Histogram

from huiyin.kernel.clock import monotonic

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0)
"""Seconds: finest where the targets lie (a screen answers within 0.2)."""

SLOW_SECONDS = 5.0
"""An answer that took longer is a line in the log: somebody sat before a screen that did not move."""

_logger = logging.getLogger(__name__)


class Traffic:
    """The answers of one process since its start."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Tell them in `registry`."""
        self._seconds = Histogram(
            "huiyin_request_seconds", "Seconds until an answer began.", ("route", "method", "status"),
            registry=registry, buckets=BUCKETS,
        )  # fmt: skip

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one answer."""
        self._seconds.labels(_route(scope), scope.get("method", ""), f"{status // 100}xx").observe(seconds)


def count_traffic(app: ASGIApp) -> ASGIApp:
    """Count every answer of a handler where somebody wants to know (`app.state.traffic`); log the slow ones."""

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        traffic: Traffic | None = scope["litestar_app"].state.traffic
        begun = monotonic()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                seconds = monotonic() - begun
                if traffic is not None:
                    traffic.answered(scope, message["status"], seconds)
                if seconds > SLOW_SECONDS:
                    _logger.warning("%s %s took %.1f s", scope.get("method"), _route(scope), seconds)
            await send(message)

        await app(scope, receive, told)

    return counted


def _route(scope: Scope) -> str:
    return scope.get("path_template") or "(none)"
