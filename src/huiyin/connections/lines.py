"""The open lines to platforms, by shop: opened as the shops are connected, opened again when that changes."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from huiyin.channels.pace import Pace
from huiyin.channels.port import Capability, Channel, Tier
from huiyin.connections.connecting import settings_place
from huiyin.connections.counting import CountedSlot, DayCount
from huiyin.connections.events import ConnectionChanged
from huiyin.connections.pacing import FileSlot
from huiyin.connections.platforms import Means, open_line
from huiyin.connections.store import connection as table
from huiyin.connections.tokens import SealedTokens
from huiyin.eventlog.events import kind_of
from huiyin.eventlog.writer import Notice, Writer
from huiyin.kernel.clock import Clock, monotonic
from huiyin.kernel.errors import HuiyinError
from huiyin.security.sealing import Sealer

log = structlog.get_logger(__name__)

_CHANGED = kind_of(ConnectionChanged)
LONGEST_CALL_SECONDS = 60.0
"""A line that was replaced is closed after this: whatever was under way over it has its answer by then."""
LOOK_SECONDS = 5.0


class Place(NamedTuple):
    """Where a machine's paces are kept for all its processes, and at which addresses it finds platforms, if other."""

    folder: Path
    addresses: Mapping[str, Mapping[str, str]]


class Lines:
    """The open lines of this process."""

    def __init__(self, place: Place, writer: Writer, reading: sa.Engine, sealer: Sealer, clock: Clock) -> None:
        """Open lines that live over `writer` and `reading`."""
        self._paces = place.folder / "paces"
        self._writer = writer
        self._reading = reading
        self._sealer = sealer
        self._means = Means(clock, place.addresses, self._tokens, self._pace)
        self._replaced: list[tuple[float, Channel]] = []
        self.by_shop: dict[str, Channel] = {}

    def open(self, shops: Sequence[str] | None = None) -> None:
        """Open the lines of some shops, or of all that are connected; a line that cannot be opened is left out."""
        query = sa.select(table) if shops is None else sa.select(table).where(table.c.shop.in_(shops))
        with self._reading.connect() as connection:
            found = {row.shop: self._opened(connection, row) for row in connection.execute(query)}
        for shop in found if shops is None else shops:
            line, before = found.get(shop), self.by_shop.get(shop)
            if line is not None:
                self.by_shop[shop] = line
            else:
                self.by_shop.pop(shop, None)
            if before is not None:
                self._replaced.append((monotonic(), before))

    def watch(self, notices: Sequence[Notice]) -> None:
        """Look at committed events for shops that were connected otherwise."""
        changed = sorted({each.subject for each in notices if each.kind == _CHANGED})
        if changed:
            self.open(changed)

    def get(self, shop: str) -> Channel | None:
        """Return a shop's line, None where it has none."""
        return self.by_shop.get(shop)

    def live(self, shop: str) -> bool:
        """Tell whether we can send for this shop ourselves."""
        line = self.by_shop.get(shop)
        return line is not None and line.tier is Tier.LIVE and Capability.SEND_MESSAGE in line.capabilities

    def repeats(self, shop: str) -> bool:
        """Tell whether a reply handed to a shop's line a second time is there once: where we keep it ourselves."""
        return bool(getattr(self.by_shop.get(shop), "repeats", False))

    def is_polled(self, shop: str) -> bool:
        """Tell whether a shop's platform must be asked: its line can read, and nothing is pushed over it."""
        line = self.by_shop.get(shop)
        able = frozenset[Capability]() if line is None else line.capabilities
        return Capability.READ_HISTORY in able and Capability.RECEIVE_LIVE not in able

    def calls_today(self, shop: str) -> int:
        """Return how many calls a shop's lines made on the platform's present day, over all processes."""
        return self._count(shop).of(self._means.clock.now())

    async def run(self) -> None:
        """Close lines that were replaced, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._close_replaced(monotonic() - LONGEST_CALL_SECONDS)

    async def close(self) -> None:
        """Close every line."""
        await self._close_replaced(float("inf"))
        for line in self.by_shop.values():
            await line.close()

    async def _close_replaced(self, before: float) -> None:
        for each in [one for one in self._replaced if one[0] <= before]:
            # Whoever is cancelled here has not forgotten the others: they are closed at the end.
            await each[1].close()
            if each in self._replaced:
                self._replaced.remove(each)

    def _opened(self, connection: sa.Connection, row: sa.Row) -> Channel | None:  # type: ignore[type-arg]  # its table's
        try:
            plain = self._sealer.open(connection, settings_place(row.tenant, row.shop), row.settings_sealed)
            return None if plain is None else open_line(row.platform, plain, self._means)
        except HuiyinError as error:
            log.error("connections.line_not_opened", shop=row.shop, platform=row.platform, error=type(error).__name__)
            return None

    def _tokens(self, shop: str) -> SealedTokens:
        return SealedTokens(shop, self._writer, self._reading, self._sealer)

    def _pace(self, shop: str, per_second: float) -> Pace:
        self._paces.mkdir(exist_ok=True)
        slot = CountedSlot(FileSlot(self._paces / shop), self._count(shop), self._means.clock.now)
        return Pace(per_second, slot=slot)

    def _count(self, shop: str) -> DayCount:
        return DayCount(self._paces / f"{shop}.calls")
