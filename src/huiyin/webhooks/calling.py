"""Make the calls that are due: each endpoint by itself, so that a slow one holds no other up.

An endpoint has two calls under way at most; one that fails makes room for the others until the next round.
"""

import asyncio
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
SWEEP_MS = 3_600_000


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
    _swept: int = 0

    async def work(self) -> int:
        """Begin with every endpoint that has calls due; return with how many. They go on beside the caller."""
        self._look_after()
        await self._sweep()
        begun = 0
        for endpoint in await asyncio.to_thread(self._due):
            if endpoint not in self._running and len(self._running) < MOST_ENDPOINTS:
                begun += 1
                self._running[endpoint] = asyncio.create_task(self._serve(endpoint))
        return begun

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

    def _due(self) -> Sequence[str]:
        """Return the endpoints with calls due, those that wait longest first."""
        now, columns = to_ms(self.clock.now()), delivery.c
        query = (
            sa.select(columns.webhook)
            .join(webhook, webhook.c.id == columns.webhook)
            .where(
                columns.state == "waiting", columns.due_at <= now,
                webhook.c.state == "on", webhook.c.held_until <= now,
            )
            .group_by(columns.webhook)
            .order_by(sa.func.min(columns.due_at))
            .limit(2 * MOST_ENDPOINTS)
        )  # fmt: skip
        with self.reading.connect() as connection:
            return connection.execute(query).scalars().all()

    async def _serve(self, endpoint: str) -> None:
        async with Caller(loopback=self.loopback) as caller:
            while await self._some(caller, endpoint):
                pass

    def _look_after(self) -> None:
        """Let go of who is done; what was taken by one that failed is due again by itself."""
        for endpoint, task in list(self._running.items()):
            if not task.done():
                continue
            del self._running[endpoint]
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
