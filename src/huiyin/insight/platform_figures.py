"""Read what a platform itself counts of service, through a shop's own line: by day and account, kept beside ours.

Counts are kept as told and added up here; what a platform gives no unit for is not kept. Yesterday is asked again with
today, because verdicts come late.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import cast

import structlog

from huiyin.channels.port import Capability
from huiyin.channels.service_records import ServiceLine, WaiterPerformance
from huiyin.connections.lines import Lines
from huiyin.eventlog.writer import Writer
from huiyin.insight.outside import GOOD_DEGREES, satisfaction_of, served_share_of
from huiyin.insight.reported import Told, Whence, keep_reported
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import PermanentError, TemporaryError
from huiyin.org.account_names import AccountNames
from huiyin.org.book import ShopBook
from huiyin.org.views import Shop

log = structlog.get_logger(__name__)

EVERY = timedelta(hours=1)
DAYS_BACK = 1


@dataclass(frozen=True, slots=True)
class PlatformFigures:
    """Reads every shop's line that tells figures; a shop whose platform is away is asked again the next time."""

    lines: Lines
    writer: Writer
    accounts: AccountNames
    shops: ShopBook
    clock: Clock
    asked: dict[str, datetime] = field(default_factory=dict)
    """When each shop was last asked: a platform's quota is for answering customers first."""

    async def read(self) -> int:
        """Ask whoever is due; return how many days of accounts told anything new."""
        now, fresh = self.clock.now(), 0
        for shop, line in list(self.lines.by_shop.items()):
            due = shop not in self.asked or now - self.asked[shop] >= EVERY
            if not due or Capability.WAITER_STATS not in line.capabilities:
                continue
            self.asked[shop] = now
            try:
                fresh += await self._read_one(self.shops.all()[shop], cast("ServiceLine", line), now)
            except (TemporaryError, PermanentError) as error:
                log.warning("figures.not_told", shop=shop, error=type(error).__name__, code=error.code)
        return fresh

    async def _read_one(self, shop: Shop, line: ServiceLine, now: datetime) -> int:
        today, fresh = now.astimezone(shop.zone).date(), 0
        for back in range(DAYS_BACK, -1, -1):
            day = today - timedelta(days=back)
            begin = datetime.combine(day, time(), shop.zone)
            found = await line.performance(begin, min(begin + timedelta(days=1), now))
            for source in sorted({each.source.gateway for each in found}):
                told = told_of(day, [each for each in found if each.source.gateway == source])
                whence = Whence(shop.tenant, shop.id, source, "", to_ms(now))
                fresh += await self.writer.do(partial(keep_reported, accounts=self.accounts, whence=whence, told=told))
        return fresh


def told_of(day: date, found: Iterable[WaiterPerformance]) -> list[Told]:
    """Return the figures of a day by account, and of the whole shop from their sums."""
    everybody, name = list(found), day.isoformat()
    told = [Told(name, name, each.waiter_ref, _values([each])) for each in everybody]
    return [each for each in [*told, Told(name, name, "", _values(everybody))] if each.values]


def _values(told: list[WaiterPerformance]) -> dict[str, float]:
    counts = {
        "inquiries": [each.inquiries for each in told],
        "served": [each.served for each in told],
        "unserved": [each.unanswered for each in told],
        "ratings": [None if each.ratings is None else sum(each.ratings) for each in told],
        "ratings_good": [None if each.ratings is None else sum(each.ratings[:GOOD_DEGREES]) for each in told],
        "ratings_bad": [None if each.ratings is None else sum(each.ratings[-GOOD_DEGREES:]) for each in told],
    }
    # A sum of which one part is not told is not known.
    values = {
        name: float(sum(number for number in numbers if number is not None))
        for name, numbers in counts.items()
        if numbers and None not in numbers
    }
    shares = {"satisfaction": satisfaction_of(told).value, "served_share": served_share_of(told).value}
    return values | {name: value for name, value in shares.items() if value is not None}
