"""Make the calls that are due: each endpoint by itself and a turn at a time, so that a slow one holds no other up.

An endpoint has two calls under way at most. Its turn is over when a call failed or some seconds passed; next is whoever
waits longest since theirs: merchants first, then the endpoints of each.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from huiyin.eventlog.writer import Writer
from huiyin.kernel.clock import Clock, to_ms
from huiyin.security.sealing import Sealer
from huiyin.webhooks.model import OK
from huiyin.webhooks.posting import Answer, Caller
from huiyin.webhooks.sealed import place
from huiyin.webhooks.settling import Parcel, claim, orphans, settle, sweep
from huiyin.webhooks.signing import signed
from huiyin.webhooks.store import delivery, webhook

log = structlog.get_logger(__name__)

AT_ONCE = 2
"""Calls under way to one endpoint."""
MOST_ENDPOINTS = 16
"""Endpoints that are called at one time, of all organisations."""
MOST_OF_ONE = 4
"""Endpoints of one organisation among them: as slow as they may be, there is room for others."""
TURN_SECONDS = 5.0
"""How long calls follow each other in one turn; one that is under way then is waited for."""
SWEEP_MS = 3_600_000


class _Due(NamedTuple):
    """An endpoint with calls due."""

    tenant: str
    id: str


class _Door(NamedTuple):
    url: str
    keys: list[bytes]


@dataclass(slots=True)
class Courier:
    """Makes the calls; `loopback` allows http to this machine."""

    writer: Writer
    reading: sa.Engine
    sealer: Sealer
    clock: Clock
    loopback: bool
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _whose: dict[str, str] = field(default_factory=dict)
    _turns: dict[str, int] = field(default_factory=dict)
    """The number of the last turn each organisation and each endpoint had."""
    _swept: int = 0

    async def work(self) -> int:
        """Begin the turns of endpoints that have calls due; return how many. They go on beside the caller."""
        self._look_after()
        await self._sweep()
        begun, waiting = 0, await asyncio.to_thread(self._due)
        while (each := self._next(waiting)) is not None:
            begun += 1
            number = 1 + max(self._turns.values(), default=0)
            self._turns |= {each.tenant: number, each.id: number}
            self._whose[each.id] = each.tenant
            self._running[each.id] = asyncio.create_task(self._serve(each.id))
        return begun

    def _next(self, waiting: Sequence[_Due]) -> _Due | None:
        """Return whose turn it is; None where nobody waits for whom there is room."""
        if len(self._running) >= MOST_ENDPOINTS:
            return None
        room = Counter(self._whose[each] for each in self._running)
        free = [each for each in waiting if each.id not in self._running and room[each.tenant] < MOST_OF_ONE]
        return min(free, key=lambda each: (self._turns.get(each.tenant, 0), self._turns.get(each.id, 0)), default=None)

    async def finish(self) -> None:
        """Work until nothing is due and nothing under way: for tests and replays, which own the clock."""
        while await self.work() or self._running:
            await asyncio.gather(*self._running.values())

    async def _sweep(self) -> None:
        now = to_ms(self.clock.now())
        if now - self._swept < SWEEP_MS:
            return
        removed = await asyncio.to_thread(self._orphans)
        more = True
        while more:
            more = await self.writer.do(sweep, removed)
        self._swept = now

    def _orphans(self) -> list[str]:
        with self.reading.connect() as connection:
            return orphans(connection)

    def _due(self) -> Sequence[_Due]:
        """Return the endpoints with calls due, those with the oldest first."""
        now, columns = to_ms(self.clock.now()), delivery.c
        query = (
            sa.select(webhook.c.tenant, columns.webhook)
            .join(webhook, webhook.c.id == columns.webhook)
            .where(
                columns.state == "waiting", columns.due_at <= now,
                webhook.c.state == "on", webhook.c.held_until <= now,
            )
            .group_by(columns.webhook)
            .order_by(sa.func.min(columns.due_at))
        )  # fmt: skip
        with self.reading.connect() as connection:
            return [_Due(*row) for row in connection.execute(query)]

    async def _serve(self, endpoint: str) -> None:
        loop = asyncio.get_running_loop()
        over = loop.time() + TURN_SECONDS
        async with Caller(loopback=self.loopback) as caller:
            while await self._some(caller, endpoint) and loop.time() < over:
                pass

    def _look_after(self) -> None:
        """Let go of who is done; what was taken by one that failed is due again by itself."""
        for endpoint, task in list(self._running.items()):
            if not task.done():
                continue
            del self._running[endpoint], self._whose[endpoint]
            error = None if task.cancelled() else task.exception()
            if error is not None:
                log.error("webhooks.failed", webhook=endpoint, error=type(error).__name__)

    async def _some(self, caller: Caller, endpoint: str) -> bool:
        """Make the next calls to an endpoint; tell whether to go on: there were some, and all went well."""
        parcels = await self.writer.do(claim, endpoint, AT_ONCE)
        door = await asyncio.to_thread(self._door, endpoint) if parcels else None
        if door is None:
            return False
        answers = await asyncio.gather(*(self._call(caller, door, each) for each in parcels))
        await self.writer.do(settle, endpoint, list(zip(parcels, answers, strict=True)))
        log.info("webhooks.called", webhook=endpoint, answers=[each.status or each.error for each in answers])
        return all(each.status in OK for each in answers)

    async def _call(self, caller: Caller, door: _Door, parcel: Parcel) -> Answer:
        body = parcel.body.encode()
        at = to_ms(self.clock.now()) // 1000
        return await caller(door.url, signed(door.keys, parcel.id, at, body), body)

    def _door(self, endpoint: str) -> _Door | None:
        """Return where to call and what to sign with; None for an endpoint that is gone or whose keys are."""
        with self.reading.connect() as connection:
            row = connection.execute(sa.select(webhook).where(webhook.c.id == endpoint)).one_or_none()
            if row is None:
                return None
            fields = [("url", row.url_sealed), ("secret", row.secret_sealed)]
            if row.former_sealed is not None and row.former_until > to_ms(self.clock.now()):
                fields.append(("former", row.former_sealed))
            opened = [
                self.sealer.open(connection, place(row.tenant, endpoint, name), sealed) for name, sealed in fields
            ]
        plain = [each for each in opened if each is not None]
        return _Door(plain[0].decode(), plain[1:]) if len(plain) == len(fields) else None
