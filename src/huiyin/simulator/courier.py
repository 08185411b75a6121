"""Carry what customers say to the hook: signed, in order within a conversation, again until it is taken."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from urllib.parse import urlencode

import httpx
import structlog

from huiyin.channels.jd.signing import sign
from huiyin.kernel.clock import to_ms
from huiyin.kernel.wire import encode_text
from huiyin.simulator.jdtime import stamped
from huiyin.simulator.world import Said, Shop, World

log = structlog.get_logger()

METHOD = "huiyin.unverified.chat.push"
FIRST_WAIT = 0.25
LONGEST_WAIT = 8.0
HOLD_SECONDS = 2.0
TOO_MANY = 429

Talk = tuple[str, str]


class Courier:
    """Push deliveries to `{hook}/{shop}`, one queue a conversation."""

    def __init__(self, world: World, client: httpx.AsyncClient) -> None:
        """Carry with `client`."""
        self._world = world
        self._client = client
        self._queues: dict[Talk, deque[tuple[Shop, Said]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.pushed = 0
        self.refused = 0
        self.given_up = 0

    def push(self, shop: Shop, said: Said) -> None:
        """Send one message on its way, through whatever mischief is switched on."""
        if not self._world.settings.hook or not shop.seed.pushes:
            return
        faults, chance = self._world.settings.faults, self._world.random
        if faults.late and chance.random() < faults.late:
            self._start(self._push_late(shop, said, faults.late_seconds))
            return
        self._enqueue(shop, said)
        if faults.duplicates and chance.random() < faults.duplicates:
            self._enqueue(shop, said)

    async def settle(self) -> None:
        """Wait until everything on its way has arrived or was given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Drop what is on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _push_late(self, shop: Shop, said: Said, seconds: float) -> None:
        await asyncio.sleep(seconds / self._world.settings.pace)
        self._enqueue(shop, said)

    def _enqueue(self, shop: Shop, said: Said) -> None:
        talk = (shop.seed.shop, said.customer)
        if talk in self._queues:
            self._queues[talk].append((shop, said))
            return
        self._queues[talk] = deque([(shop, said)])
        self._start(self._carry(talk))

    async def _carry(self, talk: Talk) -> None:
        queue = self._queues[talk]
        faults, chance = self._world.settings.faults, self._world.random
        while queue:
            if faults.reordering and chance.random() < faults.reordering:
                await asyncio.sleep(HOLD_SECONDS / self._world.settings.pace)
                queue.rotate(-1)
            await self._deliver(*queue.popleft())
        del self._queues[talk]

    async def _deliver(self, shop: Shop, said: Said) -> None:
        address = f"{self._world.settings.hook}/{shop.seed.shop}"
        wait = FIRST_WAIT
        for _ in range(self._world.settings.push_attempts):
            status = await self._post(address, self.body(shop, [said]))
            if status is not None and status < httpx.codes.BAD_REQUEST:
                self.pushed += 1
                return
            if status is not None and status < httpx.codes.INTERNAL_SERVER_ERROR and status != TOO_MANY:
                self.refused += 1
                log.warning("simulator.push_refused", shop=shop.seed.shop, mid=said.mid, status=status)
                return
            await asyncio.sleep(wait / self._world.settings.pace)
            wait = min(wait * 2, LONGEST_WAIT)
        self.given_up += 1
        log.error("simulator.push_given_up", shop=shop.seed.shop, mid=said.mid)

    async def _post(self, address: str, body: bytes) -> int | None:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        try:
            response = await self._client.post(address, content=body, headers=headers)
        except httpx.HTTPError as error:
            log.info("simulator.hook_unreachable", error=type(error).__name__)
            return None
        return response.status_code

    def body(self, shop: Shop, messages: list[Said]) -> bytes:
        """Return a signed delivery, stamped now: a retry is signed afresh."""
        settings = self._world.settings
        form = {
            "method": METHOD,
            "app_key": settings.app_key,
            "timestamp": stamped(self._world.clock.now()),
            "v": "2.0",
            "360buy_param_json": encode_text(
                {"venderId": shop.seed.vender_id, "messages": [_message(said) for said in messages]}
            ),
        }
        form["sign"] = sign(settings.app_secret, form)
        return urlencode(form).encode()


def _message(said: Said) -> dict[str, object]:
    return {
        "mid": said.mid,
        "sid": said.sid,
        "customer": said.customer,
        "waiter": said.waiter,
        "waiterSend": said.by_waiter,
        "content": said.content,
        "created": to_ms(said.at),
        "mt": said.mt,
        "url": said.url,
        "orderId": said.order_id,
        "skuId": said.sku_id,
        "recallOf": said.recall_of,
        "channel": "1",
    }
