"""A tab with an open socket, in process: it speaks ASGI with the app, without a server and without a network."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

from huiyin.web.identity import COOKIE

from .stage import Person, Stage


class Tab:
    """One browser tab."""

    patience = 10.0
    """How many seconds it waits for a frame."""

    def __init__(
        self, stage: Stage, *, cookie: str = "", origin: str = "http://huiyin.invalid", path: str = "/ws"
    ) -> None:
        self._stage = stage
        self._path = path
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._out: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._headers = [(b"host", b"huiyin.invalid")]
        if origin:
            self._headers.append((b"origin", origin.encode()))
        if cookie:
            self._headers.append((b"cookie", f"{COOKIE}={cookie}".encode()))
        self.frames: list[dict[str, Any]] = []
        self._serving: asyncio.Task[None] | None = None

    async def connects(self) -> "Tab":
        """Open the socket; it is accepted when this returns."""
        scope = {
            "type": "websocket", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "ws", "path": self._path,
            "raw_path": self._path.encode(), "query_string": b"", "root_path": "", "headers": self._headers,
            "client": ("127.0.0.1", 50000), "server": ("huiyin.invalid", 80), "subprotocols": [], "state": {},
            "extensions": {},
        }  # fmt: skip
        app = cast("Any", self._stage.app)
        self._serving = asyncio.ensure_future(app(scope, self._in.get, self._out.put))
        self._in.put_nowait({"type": "websocket.connect"})
        assert (await self._sent())["type"] == "websocket.accept"
        return self

    def says(self, **frame: object) -> None:
        """Send a frame."""
        self.says_raw(json.dumps(frame))

    def says_raw(self, text: str) -> None:
        """Send whatever this is."""
        self._in.put_nowait({"type": "websocket.receive", "text": text})

    def says_bytes(self, raw: bytes) -> None:
        """Send a binary frame."""
        self._in.put_nowait({"type": "websocket.receive", "bytes": raw})

    async def hears(self, wanted: Callable[[dict[str, Any]], bool] | str) -> dict[str, Any]:
        """Take frames until one is as wanted, keeping all of them."""
        if isinstance(wanted, str):
            kind = wanted
            return await self.hears(lambda frame: frame["type"] == kind)
        while True:
            message = await self._sent()
            assert message["type"] == "websocket.send", message
            frame = json.loads(message["text"])
            self.frames.append(frame)
            if wanted(frame):
                return frame

    async def is_closed_with(self) -> int:
        """Wait for the server to close the socket, and return the code."""
        while True:
            message = await self._sent()
            if message["type"] == "websocket.close":
                return int(message["code"])

    async def is_closed_or_hears(self, kind: str) -> int:
        """Take frames until one is of a kind, and return 0, or the code with which the server closed the socket."""
        while True:
            message = await self._sent()
            if message["type"] == "websocket.close":
                return int(message["code"])
            self.frames.append(json.loads(message["text"]))
            if self.frames[-1]["type"] == kind:
                return 0

    async def leaves(self) -> None:
        """Cut the line, keeping what was on its way."""
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1001})
        if self._serving is not None:
            async with asyncio.timeout(10):
                await self._serving
            self._serving = None
        while not self._out.empty():
            message = self._out.get_nowait()
            if message["type"] == "websocket.send":
                self.frames.append(json.loads(message["text"]))

    async def _sent(self) -> dict[str, Any]:
        async with asyncio.timeout(self.patience):
            return await self._out.get()


async def tab_of(person: Person, **options: str) -> Tab:
    """Open a tab of somebody who is signed in, and let it be greeted."""
    tab = Tab(person.stage, cookie=person.http.cookies[COOKIE], **options)
    await tab.connects()
    await tab.hears("hello")
    return tab
