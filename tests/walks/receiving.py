"""A program outside that is told what happens: a small server on this machine, and its own check of signatures."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Receiver:
    """Remembers what it was told; answers as told by the story."""

    url: str = ""
    calls: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False
    hangs: asyncio.Event | None = None
    at_once: int = 0
    most_at_once: int = 0

    def told(self, place: int = -1) -> Any:
        """Return a body it was sent."""
        return json.loads(self.bodies[place])

    def kinds(self) -> list[str]:
        return [json.loads(each)["type"] for each in self.bodies]

    def ids(self) -> list[str]:
        return [each.headers["webhook-id"] for each in self.calls]

    def signed_by(self, secret: str, place: int = -1) -> bool:
        """Check a signature as docs/webhooks.md says, by hand."""
        call, body = self.calls[place], self.bodies[place]
        signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        mac = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
        return mac in call.headers["webhook-signature"].split(" ")

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        self.calls.append(request)
        self.bodies.append(await request.read())
        if self.hangs is not None:
            await self.hangs.wait()
        self.at_once -= 1
        if self.drips:
            return await self._drip(request)
        return web.Response(status=self.status, headers=self.headers, text="x" * 10_000)

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-length": "1000"})
        await response.prepare(request)
        await response.write(b"x")
        await asyncio.sleep(2)
        return response


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Open a receiver."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        if receiver.hangs is not None:
            receiver.hangs.set()
        await runner.cleanup()
