"""A shop's line to JD with the strict simulator at the other end, all in this process."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import httpx
import msgspec
import pytest_asyncio

from huiyin.channels.jd import JdChannel, JdSettings, MemoryTokenStore
from huiyin.channels.posting import ClientPost
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.ids import ShopId
from huiyin.simulator import Faults, Simulator, SimulatorSettings, demo_shops
from huiyin.simulator.world import Shop

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


class Deaf(httpx.AsyncBaseTransport):
    """A line that delivers, and hears `silent` of the next answers never."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.silent = 0
        self.cut = 0
        self.paths: list[str] = []
        self.addresses: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        self.addresses.append(str(request.url))
        if self.cut:
            self.cut -= 1
            message = "planted: no way to JD"
            raise httpx.ConnectError(message)
        await asyncio.sleep(0)  # let other callers in, as a real line would
        response = await self._inner.handle_async_request(request)
        if self.silent:
            self.silent -= 1
            message = "planted: no answer"
            raise httpx.ReadTimeout(message)
        return response


@dataclass
class Line:
    """Both ends of one shop's line."""

    channel: JdChannel
    settings: JdSettings
    simulator: Simulator
    shop: Shop
    clock: ManualClock
    deaf: Deaf

    @property
    def faults(self) -> Faults:
        return self.simulator.world.settings.faults

    def again(self, **changes: object) -> JdChannel:
        """Open a second channel to the same simulator with other settings."""
        return _channel(msgspec.structs.replace(self.settings, **changes), self.clock, self.deaf)


def _channel(settings: JdSettings, clock: ManualClock, transport: httpx.AsyncBaseTransport) -> JdChannel:
    return JdChannel(settings, clock, store=MemoryTokenStore(), post=ClientPost(httpx.AsyncClient(transport=transport)))


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    clock = ManualClock(NOON)
    simulator = Simulator(
        SimulatorSettings(app_key="SIMKEY", app_secret="a-secret-of-this-test", shops=demo_shops(), customers=80),
        clock,
    )
    shop = simulator.world.shops["jd-digital"]
    settings = JdSettings(
        shop=ShopId("shop-1"),
        app_key="SIMKEY",
        app_secret="a-secret-of-this-test",
        vender_id=shop.seed.vender_id,
        access_token=shop.seed.access_token,
        refresh_token=shop.seed.refresh_token,
        gateway_url="http://127.0.0.1:8790/routerjson",
        sp_url="http://127.0.0.1:8790/rest",
        oauth_url="http://127.0.0.1:8790/oauth2/refresh_token",
        aspid=simulator.world.settings.aspid,
        dd_token=shop.seed.dd_token,
        customer_code=simulator.world.settings.customer_code,
        live=True,
        calls_per_second=10_000,
    )
    deaf = Deaf(httpx.ASGITransport(app=cast("Any", simulator.app)))
    channel = _channel(settings, clock, deaf)
    yield Line(channel, settings, simulator, shop, clock, deaf)
    await channel.close()
    await simulator.courier.close()
