"""Serve the simulated platforms as one ASGI app: each at its own path, all over one world."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from huiyin.kernel.wire import encode
from huiyin.simulator.peers import douyin, kuaishou, pdd, taobao
from huiyin.simulator.peers.heard import Heard, NotHeardError, PeerRefusedError, as_texts
from huiyin.simulator.peers.world import PeerWorld

log = structlog.get_logger()

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = Callable[[PeerWorld, Heard], dict[str, object]]

PATHS: dict[str, Answer] = {
    "/router/rest": taobao.answer,
    "/api/router": pdd.answer,
    "/order/orderDetail": douyin.answer,
    "/open/order/detail": kuaishou.answer,
}
PAGE = "<!doctype html><title>系统繁忙</title><p>系统繁忙，请稍后再试".encode()
MOST_BYTES = 64 * 1024


class Peers:
    """The platforms' front doors."""

    def __init__(self, world: PeerWorld) -> None:
        """Answer from `world`."""
        self.world = world

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP call."""
        if scope["type"] != "http":
            message = f"no {scope['type']} here"
            raise NotImplementedError(message)
        status, body = self._answered(await _heard(scope, receive))
        faults = self.world.faults
        await asyncio.sleep(faults.slow_seconds)
        length = len(body)
        if faults.strike("cut"):
            body = body[: length // 2]
        kind = b"text/html" if body.startswith(b"<") else b"application/json"
        headers = [(b"content-type", kind), (b"content-length", str(length).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        # A body shorter than announced makes the server hang up, as a line that breaks does.
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _answered(self, heard: Heard) -> tuple[int, bytes]:
        self.world.calls.append(heard.path)
        faults = self.world.faults
        if faults.strike("broken"):
            return 500, b'{"error":"planted"}'
        if faults.strike("html"):
            return 200, PAGE
        try:
            said = self._said(heard)
        except NotHeardError as turned:
            return turned.status, b"{}"
        body = encode(as_texts(said) if faults.texts else said)
        return 200, body * 2 if faults.strike("repeated") else body

    def _said(self, heard: Heard) -> object:
        answer = PATHS.get(heard.path)
        if answer is None or len(heard.body) > MOST_BYTES:
            raise NotHeardError(404 if answer is None else 413)
        try:
            return answer(self.world, heard)
        except PeerRefusedError as refusal:
            log.info("simulator.peer_refused", path=heard.path)
            return refusal.body


async def _heard(scope: Message, receive: Receive) -> Heard:
    headers = dict(scope["headers"])
    body = b""
    while len(body) <= MOST_BYTES:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    content_type = headers.get(b"content-type", b"").decode("latin-1")
    return Heard(scope["method"], scope["path"], scope["query_string"], body, content_type)
