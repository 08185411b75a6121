"""Tell platforms of the records that wait: some of one kind at a time, shop by shop; what is refused waits and stays.

What a platform took goes here; our own word on who did what is the audit. What it would not take for half a year goes
too: nobody asks for logs older than that (Cybersecurity Law art. 21(3)).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple, cast

import msgspec
import sqlalchemy as sa
import structlog

from huiyin.access_logs.noting import place
from huiyin.access_logs.store import access_log, mark
from huiyin.channels.access_records import MOST_TOGETHER, AccessLine, AccessRecord
from huiyin.channels.port import Capability
from huiyin.connections.lines import Lines
from huiyin.connections.troubles import code_of
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import HuiyinError
from huiyin.security.sealing import Sealer

log = structlog.get_logger(__name__)

KEPT = timedelta(days=180)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)

_decoder = msgspec.json.Decoder(AccessRecord)
_MOST_DOUBLINGS = 6


class Waiting(NamedTuple):
    """Records of one kind for one shop, oldest first, and how often they were tried before."""

    ids: list[str]
    records: list[AccessRecord]
    attempts: int


@dataclass(frozen=True, slots=True)
class AccessTeller:
    """Goes round the shops whose platform wants records."""

    lines: Lines
    writer: Writer
    sealer: Sealer
    clock: Clock

    async def work(self) -> int:
        """Tell of what is due, and let old records go; return how many were taken."""
        taken = 0
        for shop, kind in await self.writer.do(partial(_due, now=to_ms(self.clock.now()))):
            line = self.lines.get(shop)
            if line is not None and Capability.TELL_ACCESS in line.capabilities:
                taken += await self._tell(shop, kind, cast("AccessLine", line))
        return taken

    async def _tell(self, shop: str, kind: str, line: AccessLine) -> int:
        taken = 0
        while (some := await self.writer.do(self._waiting, shop, kind)).ids:
            try:
                await line.tell_access(some.records)
            except HuiyinError as error:
                log.warning("access_logs.not_taken", shop=shop, kind=kind, records=len(some.ids), code=code_of(error))
                await self.writer.do(partial(_later, shop=shop, some=some, trouble=code_of(error)))
                break
            await self.writer.do(partial(_taken, shop=shop, ids=some.ids))
            taken += len(some.ids)
        return taken

    def _waiting(self, uow: UnitOfWork, shop: str, kind: str) -> Waiting:
        c = access_log.c
        here = sa.and_(c.shop == shop, c.kind == kind, c.not_before <= uow.now_ms())
        rows = uow.connection.execute(sa.select(access_log).where(here).order_by(c.at).limit(MOST_TOGETHER)).all()
        self.sealer.learn(uow.connection, [row.record for row in rows])
        opened = [(row, self._opened(uow.connection, row)) for row in rows]
        readable = [(row, plain) for row, plain in opened if plain is not None]
        return Waiting(
            [row.id for row, _ in readable],
            [_decoder.decode(plain) for _, plain in readable],
            max((row.attempts for row, _ in readable), default=0),
        )

    def _opened(self, connection: sa.Connection, row: Any) -> bytes | None:  # noqa: ANN401  # a row of the table
        return self.sealer.open(connection, place(row.tenant, row.id), row.record)


def _due(uow: UnitOfWork, *, now: int) -> list[tuple[str, str]]:
    c = access_log.c
    uow.connection.execute(access_log.delete().where(c.at < now - int(KEPT.total_seconds() * 1000)))
    waits = sa.select(c.shop, c.kind).where(c.not_before <= now).distinct().order_by(c.shop)
    return [(shop, kind) for shop, kind in uow.connection.execute(waits)]


def _taken(uow: UnitOfWork, *, shop: str, ids: Sequence[str]) -> None:
    uow.connection.execute(access_log.delete().where(access_log.c.id.in_(ids)))
    _mark(uow, shop, taken=len(ids), trouble="")


def _later(uow: UnitOfWork, *, shop: str, some: Waiting, trouble: str) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(some.attempts, _MOST_DOUBLINGS), LONGEST_PAUSE)
    again = uow.now_ms() + int(pause.total_seconds() * 1000)
    mine = access_log.update().where(access_log.c.id.in_(some.ids))
    uow.connection.execute(mine.values(attempts=access_log.c.attempts + 1, not_before=again))
    _mark(uow, shop, taken=0, trouble=trouble)


def _mark(uow: UnitOfWork, shop: str, *, taken: int, trouble: str) -> None:
    at = uow.now_ms() if taken else None
    changed = {"taken": mark.c.taken + taken, "trouble": trouble, **({"taken_at": at} if taken else {})}
    if not uow.connection.execute(mark.update().where(mark.c.shop == shop).values(changed)).rowcount:
        uow.connection.execute(mark.insert().values(shop=shop, taken=taken, taken_at=at, trouble=trouble))
