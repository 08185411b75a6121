"""The bare handler: the least a durable, checked acknowledgement costs on the same server stack.

It checks the same signature, reads the same JSON and commits one row a message, many rows a transaction, with
synchronous=FULL, before it answers. No masking, no sealing, no conversations, no listeners.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, post

from huiyin.channels.jd.envelope import EnvelopeReader
from huiyin.channels.port import Origin
from huiyin.kernel.clock import SystemClock
from huiyin.kernel.ids import ShopId

MOST_ROWS = 512

Row = tuple[str, str, str]
Waiting = tuple[Row, "asyncio.Future[None]"]


class RowWriter:
    """One thread, one transaction for all rows that wait."""

    def __init__(self, path: Path) -> None:
        """Prepare; `start` opens the file."""
        self._path = path
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to write for the running loop."""
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._work, daemon=True).start()

    def stop(self) -> None:
        """End after what waits."""
        self._queue.put(None)

    async def write(self, row: Row) -> None:
        """Return once the row is on disk."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.put((row, future))
        await future

    def _work(self) -> None:
        database = sqlite3.connect(self._path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, customer TEXT, content TEXT)")
        while (first := self._queue.get()) is not None:
            waiting = [first]
            while len(waiting) < MOST_ROWS and not self._queue.empty():
                more = self._queue.get()
                if more is None:
                    return
                waiting.append(more)
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT OR IGNORE INTO message VALUES (?, ?, ?)", [row for row, _ in waiting])
            database.execute("COMMIT")
            if self._loop is not None:
                self._loop.call_soon_threadsafe(_settle, waiting)


def _settle(waiting: list[Waiting]) -> None:
    for _, future in waiting:
        if not future.done():
            future.set_result(None)


def bare_app(folder: Path, app_key: str, app_secret: str, vender_id: str) -> Litestar:
    """Return the bare handler at Huiyin's hook address."""
    writer, clock = RowWriter(folder / "bare.db"), SystemClock()
    reader = EnvelopeReader(app_key, app_secret, vender_id, ShopId("bare"), Origin.SIMULATED)

    @post("/hooks/{platform:str}/{shop:str}", status_code=200)
    async def receive(platform: str, shop: str, request: Request[Any, Any, Any]) -> dict[str, object]:
        del platform, shop
        inbound = reader.read(await request.body(), clock.now())
        for each in inbound:
            await writer.write((each.source_id, each.customer_ref, each.content.text))
        return {"code": "0", "received": len(inbound), "duplicates": 0}

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        writer.start()
        yield
        writer.stop()

    return Litestar([receive], lifespan=[lifespan], openapi_config=None, logging_config=None)
