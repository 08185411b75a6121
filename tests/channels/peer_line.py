"""Lines to the simulated platforms over real HTTP: a server on a free port, and the product's own network client."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest_asyncio
import uvicorn

from huiyin.channels.douyin import DouyinChannel, DouyinSettings
from huiyin.channels.kuaishou import KuaishouChannel, KuaishouSettings
from huiyin.channels.kuaishou import SignMethod as KuaishouMethod
from huiyin.channels.orders_only import OrdersOnly
from huiyin.channels.pdd import PddChannel, PddSettings
from huiyin.channels.taobao import SignMethod, TaobaoChannel, TaobaoSettings
from huiyin.kernel.clock import Clock, ManualClock
from huiyin.kernel.ids import ShopId
from huiyin.simulator.peers import PeerKeys, Peers, PeerWorld, planted_orders
from huiyin.simulator.serving import QuietServer

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
KEYS = PeerKeys("12345678", "一个测试用的密钥", "token-of-this-test")


@dataclass(frozen=True)
class Kind:
    """One platform: how to set up a line to it and how to open one; `token` is what it calls its token."""

    settings: Callable[[str], Any]
    open: Callable[[Any, Clock], OrdersOnly]
    channel: type[OrdersOnly]
    key: str = "app_key"
    secret: str = "app_secret"
    token: str = "access_token"
    pays_goods: bool = False
    """Whether `paid` repeats the sum of the goods, since no field says what was paid."""


def _taobao(base: str, method: SignMethod = SignMethod.MD5) -> TaobaoSettings:
    return TaobaoSettings(
        shop=ShopId("shop-1"), app_key=KEYS.app_key, app_secret=KEYS.secret, session=KEYS.token,
        gateway_url=f"{base}/router/rest", sign_method=method, calls_per_second=100,
    )  # fmt: skip


def _pdd(base: str) -> PddSettings:
    return PddSettings(
        shop=ShopId("shop-1"), client_id=KEYS.app_key, client_secret=KEYS.secret, access_token=KEYS.token,
        gateway_url=f"{base}/api/router", calls_per_second=100,
    )  # fmt: skip


def _douyin(base: str) -> DouyinSettings:
    return DouyinSettings(
        shop=ShopId("shop-1"), app_key=KEYS.app_key, app_secret=KEYS.secret, access_token=KEYS.token,
        gateway_url=base, calls_per_second=100,
    )  # fmt: skip


def _kuaishou(base: str, method: KuaishouMethod = KuaishouMethod.HMAC_SHA256) -> KuaishouSettings:
    return KuaishouSettings(
        shop=ShopId("shop-1"), app_key=KEYS.app_key, sign_secret=KEYS.secret, access_token=KEYS.token,
        gateway_url=base, sign_method=method, calls_per_second=100,
    )  # fmt: skip


KINDS = {
    "taobao": Kind(_taobao, TaobaoChannel, TaobaoChannel, token="session"),
    "taobao hmac": Kind(lambda base: _taobao(base, SignMethod.HMAC), TaobaoChannel, TaobaoChannel, token="session"),
    "taobao sha256": Kind(
        lambda base: _taobao(base, SignMethod.HMAC_SHA256), TaobaoChannel, TaobaoChannel, token="session"
    ),
    "pdd": Kind(_pdd, PddChannel, PddChannel, key="client_id", secret="client_secret"),
    "douyin": Kind(_douyin, DouyinChannel, DouyinChannel),
    "kuaishou": Kind(_kuaishou, KuaishouChannel, KuaishouChannel, secret="sign_secret", pays_goods=True),
    "kuaishou md5": Kind(
        lambda base: _kuaishou(base, KuaishouMethod.MD5),
        KuaishouChannel,
        KuaishouChannel,
        secret="sign_secret",
        pays_goods=True,
    ),
}


@dataclass
class PeerLine:
    """Both ends of lines to the simulated platforms."""

    world: PeerWorld
    base: str
    clock: ManualClock
    opened: list[OrdersOnly]

    def channel(self, kind: Kind, **changes: object) -> OrdersOnly:
        settings = msgspec.structs.replace(kind.settings(self.base), **changes)
        self.opened.append(kind.open(settings, self.clock))
        return self.opened[-1]


@pytest_asyncio.fixture
async def peers() -> AsyncIterator[PeerLine]:
    clock = ManualClock(NOON)
    world = PeerWorld(KEYS, clock, planted_orders(NOON))
    door = socket.create_server(("127.0.0.1", 0))
    server = QuietServer(uvicorn.Config(Peers(world), log_config=None, lifespan="off", access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[door]))
    line = PeerLine(world, f"http://127.0.0.1:{door.getsockname()[1]}", clock, [])
    yield line
    for channel in line.opened:
        await channel.close()
    server.should_exit = True
    await serving
    door.close()
