"""A simulated JD in this process, a caller that signs, and a hook that remembers."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx
import msgspec
import pytest_asyncio

from huiyin.channels.jd.signing import sign, verify
from huiyin.kernel.clock import ManualClock
from huiyin.simulator import Simulator, SimulatorSettings, demo_shops
from huiyin.simulator.jdtime import stamped

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
SECRET = "a-secret-of-this-test"  # a test's own


class Hook:
    """Huiyin's end as JD sees it: takes deliveries, and refuses as often as told."""

    def __init__(self) -> None:
        self.answers: list[int | None] = []
        self.messages: list[dict[str, object]] = []
        self.paths: list[str] = []
        self.on_message: Callable[[dict[str, object]], None] = lambda _: None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        status = self.answers.pop(0) if self.answers else 202
        if status is None:
            message = "planted: refused"
            raise httpx.ConnectError(message)
        if status < 400:
            form = dict(parse_qsl((await request.aread()).decode()))
            assert verify(SECRET, form)
            self.paths.append(request.url.path)
            for pushed in msgspec.json.decode(form["360buy_param_json"])["messages"]:
                self.messages.append(pushed)
                self.on_message(pushed)
        return httpx.Response(status)

    def contents(self) -> list[str]:
        return [str(message["content"]) for message in self.messages]


class Rig:
    """A simulator with its hook and a signing caller."""

    def __init__(self, **changes: object) -> None:
        self.clock = ManualClock(NOON)
        self.hook = Hook()
        settings = SimulatorSettings(
            app_key="SIMKEY",
            app_secret=SECRET,
            shops=demo_shops(frozenset({"bot"})),
            hook="http://127.0.0.1:1/hooks/jd",
            customers=40,
            pace=100_000.0,
        )
        settings = msgspec.structs.replace(settings, **changes)
        client = httpx.AsyncClient(transport=httpx.MockTransport(self.hook))
        self.simulator = Simulator(settings, self.clock, client)
        self.world = self.simulator.world
        self.shop = self.world.shops["jd-digital"]
        self.fresh = self.world.shops["jd-fresh"]
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=cast("Any", self.simulator.app)),
            base_url="http://127.0.0.1:8790",
        )

    def form(self, method: str, json: str = "{}", /, **changes: str | None) -> dict[str, str]:
        """Return a rightly signed call; changes come before signing, None leaves a field out."""
        form: dict[str, str | None] = {
            "method": method,
            "app_key": "SIMKEY",
            "access_token": self.shop.access_token,
            "timestamp": stamped(self.clock.now()),
            "v": "2.0",
            "360buy_param_json": json,
            **changes,
        }
        sent = {name: value for name, value in form.items() if value is not None}
        return {**sent, "sign": sign(SECRET, sent)}

    async def post(self, form: dict[str, str]) -> dict[str, dict[str, object]]:
        answer = await self.http.post("/routerjson", data=form)
        assert answer.status_code == 200
        return dict(answer.json())

    async def ask(self, method: str, fields: dict[str, object]) -> dict[str, dict[str, object]]:
        return await self.post(self.form(method, msgspec.json.encode(fields).decode()))


@pytest_asyncio.fixture
async def rig() -> AsyncIterator[Rig]:
    made = Rig()
    yield made
    await made.http.aclose()
    await made.simulator.courier.close()
