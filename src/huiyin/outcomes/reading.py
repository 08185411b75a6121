"""Read what a shop's line tells of service: by the hour, from where the last reading ended, looking back a little.

Verdicts and cases are told late and change; what is told again is known. A platform that is away, refuses, or whose
quota is spent is asked again later, and what stood in the way is kept beside how far the reading is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

import sqlalchemy as sa
import structlog

from huiyin.channels.port import Capability, Channel
from huiyin.channels.service_records import ServiceLine
from huiyin.connections.lines import Lines
from huiyin.connections.troubles import code_of
from huiyin.conversations.matching import orders_spoken_of
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.clock import Clock, from_ms, to_ms
from huiyin.kernel.errors import HuiyinError, PermanentError, TemporaryError
from huiyin.org.account_names import AccountNames
from huiyin.org.book import ShopBook
from huiyin.org.views import Shop
from huiyin.outcomes.keeping import Keeper, forget_unnamed
from huiyin.outcomes.store import mark as table
from huiyin.security.sealing import Sealer

log = structlog.get_logger(__name__)

T = TypeVar("T")

BATCH = 200
"""Records per transaction."""
WINDOW = timedelta(days=6)
"""Asked for at once: JD tells seven days of verdicts to a call."""
SLOT = timedelta(minutes=5)
MOST_SLOTS = 24
"""So many slots of presence are asked for in one reading: two hours; what is older is not asked for."""
COMMENTED_BACK = timedelta(days=30)
MOST_ORDERS = 200


class Kind(NamedTuple):
    """A kind of record: what a line must be able to do, how often it is read, how far back at first and each time."""

    name: str
    capability: Capability
    every: timedelta
    first: timedelta
    overlap: timedelta


EVALUATIONS = Kind(
    "evaluations", Capability.EVALUATIONS, timedelta(hours=1), timedelta(days=7), timedelta(days=1)
)  # fmt: skip
CASES = Kind("after_sales", Capability.AFTER_SALES, timedelta(hours=1), timedelta(days=7), timedelta(hours=2))
COMMENTS = Kind("comments", Capability.COMMENTS, timedelta(days=1), COMMENTED_BACK, COMMENTED_BACK)
ORDERS = Kind("orders", Capability.PLACED_ORDERS, timedelta(hours=1), timedelta(days=60), timedelta(hours=2))
PRESENCE = Kind("presence", Capability.WAITER_PRESENCE, timedelta(hours=1), timedelta(hours=1), timedelta(0))
KINDS = (EVALUATIONS, CASES, COMMENTS, ORDERS, PRESENCE)


class Mark(NamedTuple):
    """How far a kind was read: [since, until) in ms, None before the first time; when it is due, what is in the way."""

    shop: str
    kind: str
    since: int | None
    until: int | None
    not_before: int
    trouble: str
    lasting: bool


@dataclass(frozen=True, slots=True)
class OutcomeReader:
    """Reads every shop's line; one whose platform is away keeps no other waiting for long."""

    lines: Lines
    writer: Writer
    sealer: Sealer
    accounts: AccountNames
    shops: ShopBook
    clock: Clock

    async def read(self) -> int:
        """Read whatever is due; return how many records were new or had changed."""
        now, fresh = self.clock.now(), 0
        known = await self.writer.do(_marks)
        await self.writer.do(forget_unnamed)
        for shop, line in list(self.lines.by_shop.items()):
            for kind in KINDS:
                mark = known.get((shop, kind.name))
                if kind.capability in line.capabilities and (mark is None or mark.not_before <= to_ms(now)):
                    fresh += await self._read_kind(self.shops.all()[shop], line, kind, mark)
        return fresh

    async def read_span(self, shop: Shop, line: Channel, since: datetime, until: datetime) -> int:
        """Read what a stretch of the past left behind, for a backfill; return how much was new.

        Raises:
            HuiyinError: the platform is away, or refuses.

        """
        service, fresh = cast("ServiceLine", line), 0
        for kind in (EVALUATIONS, CASES):
            if kind.capability in line.capabilities:
                fresh += await self._read_part(shop, service, kind, (since, until))
        return fresh

    @property
    def keeper(self) -> Keeper:
        """Return whatever keeps what was told."""
        return Keeper(self.sealer, self.accounts)

    async def _read_part(self, shop: Shop, line: ServiceLine, kind: Kind, span: tuple[datetime, datetime]) -> int:
        if kind is ORDERS:
            return await self._keep(self.keeper.orders, shop, await line.placed_orders(*span))
        if kind is EVALUATIONS:
            return await self._keep(self.keeper.evaluations, shop, await line.evaluations(*span))
        return await self._keep(self.keeper.cases, shop, await line.after_sales(*span))

    async def _read_kind(self, shop: Shop, line: Channel, kind: Kind, mark: Mark | None) -> int:
        now = self.clock.now()
        service = cast("ServiceLine", line)
        since = now - kind.first if mark is None or mark.until is None else from_ms(mark.until) - kind.overlap
        try:
            if kind is COMMENTS:
                return await self._comments(shop, service, now)
            if kind is PRESENCE:
                return await self._presence(shop, service, since, now)
            return await self._windows(shop, service, kind, (since, now))
        except (TemporaryError, PermanentError) as error:
            log.warning("outcomes.not_told", shop=shop.id, kind=kind.name, error=type(error).__name__, code=error.code)
            await self.writer.do(partial(_in_the_way, shop=shop, kind=kind, error=error))
            return 0

    async def _windows(self, shop: Shop, line: ServiceLine, kind: Kind, span: tuple[datetime, datetime]) -> int:
        (begin, until), fresh = span, 0
        while begin < until:
            end = min(begin + WINDOW, until)
            fresh += await self._read_part(shop, line, kind, (begin, end))
            await self.writer.do(partial(_read_up_to, shop=shop, kind=kind, span=(begin, end)))
            begin = end
        return fresh

    async def _comments(self, shop: Shop, line: ServiceLine, now: datetime) -> int:
        orders = await self.writer.do(partial(_orders, shop=shop.id, since=to_ms(now - COMMENTED_BACK)))
        fresh = await self._keep(self.keeper.comments, shop, await line.comments(orders)) if orders else 0
        await self.writer.do(partial(_read_up_to, shop=shop, kind=COMMENTS, span=(now - COMMENTED_BACK, now)))
        return fresh

    async def _presence(self, shop: Shop, line: ServiceLine, since: datetime, now: datetime) -> int:
        """Ask for every slot that is over; a stretch nobody asked for in time begins the record anew."""
        last = _slot(now)
        begin, fresh = max(_slot(since), last - MOST_SLOTS * SLOT), 0
        waiters = [each.waiter_ref for each in await line.waiters() if each.active] if begin < last else []
        while waiters and begin < last:
            fresh += await self._keep(self.keeper.moves, shop, await line.presence(waiters, begin))
            await self.writer.do(partial(_read_up_to, shop=shop, kind=PRESENCE, span=(begin, begin + SLOT)))
            begin += SLOT
        return fresh

    async def _keep(self, keep: Callable[..., int], shop: Shop, told: Sequence[Any]) -> int:
        fresh = 0
        for start in range(0, len(told), BATCH):
            fresh += await self.writer.do(partial(keep, shop=shop, told=told[start : start + BATCH]))
        return fresh


def _marks(uow: UnitOfWork) -> dict[tuple[str, str], Mark]:
    return {(row.shop, row.kind): Mark(*row) for row in uow.connection.execute(sa.select(table))}


def _orders(uow: UnitOfWork, shop: str, since: int) -> list[str]:
    return orders_spoken_of(uow.connection, shop, since, MOST_ORDERS)


def _slot(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0)


def _read_up_to(uow: UnitOfWork, shop: Shop, kind: Kind, span: tuple[datetime, datetime]) -> None:
    """Note that a span was read; one that leaves a gap to what was read before begins the record anew."""
    here = sa.and_(table.c.shop == shop.id, table.c.kind == kind.name)
    row = uow.connection.execute(sa.select(table).where(here)).one_or_none()
    since, until = to_ms(span[0]), to_ms(span[1])
    if row is not None and row.until is not None and since <= row.until:
        since, until = min(since, row.since), max(until, row.until)
    _put(uow, Mark(shop.id, kind.name, since, until, to_ms(uow.now() + kind.every), "", lasting=False))


def _in_the_way(uow: UnitOfWork, shop: Shop, kind: Kind, error: HuiyinError) -> None:
    """Keep what stood in the way, and ask again in an hour, or on the platform's next day if its quota is spent."""
    here = sa.and_(table.c.shop == shop.id, table.c.kind == kind.name)
    row = uow.connection.execute(sa.select(table.c.since, table.c.until).where(here)).one_or_none()
    code, due = code_of(error), uow.now() + timedelta(hours=1)
    if code == "quota_used":
        tomorrow = uow.now().astimezone(shop.zone).date() + timedelta(days=1)
        due = datetime.combine(tomorrow, time(), shop.zone)
    since, until = (None, None) if row is None else row
    lasting = isinstance(error, PermanentError)
    _put(uow, Mark(shop.id, kind.name, since, until, to_ms(due), code, lasting))


def _put(uow: UnitOfWork, mark: Mark) -> None:
    uow.connection.execute(table.delete().where(table.c.shop == mark.shop, table.c.kind == mark.kind))
    uow.connection.execute(table.insert().values(**mark._asdict()))
