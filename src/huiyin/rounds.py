"""What is looked after every so often, beside the path of a message: each has a loop of its own in the worker."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from huiyin.access_logs.telling import AccessTeller
from huiyin.backfill.stepping import Backfiller
from huiyin.exporting.rows import Books
from huiyin.exporting.working import Exporter
from huiyin.idempotency.forgetting import Forgetter
from huiyin.insight.inquiring import Inquirer
from huiyin.insight.platform_figures import PlatformFigures
from huiyin.insight.rebuilding import Recounter
from huiyin.outcomes.reading import OutcomeReader
from huiyin.retention.sweeping import Sweeper
from huiyin.webhooks.calling import Courier
from huiyin.wiring import House

OFTEN_SECONDS, SELDOM_SECONDS = 1.0, 20.0


class Round(NamedTuple):
    """What is done, how many seconds after the last time, and its name in the log."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[object]]


class Rounds:
    """Those who go their rounds; each has one verb, which may be called as often as one likes."""

    def __init__(self, house: House) -> None:
        """Let each have what it needs of the house."""
        self._importer = house.importer
        self.outcomes = OutcomeReader(house.lines, house.writer, house.sealer, house.accounts, house.shops, house.clock)
        self.backfiller = Backfiller(house.lines, house.writer, house.inbox, house.shops, house.clock, self.outcomes)
        self.inquirer = Inquirer(house.lines, house.writer, house.shops)
        self.recounter = Recounter(house.writer, house.catalogue)
        self.platform_figures = PlatformFigures(house.lines, house.writer, house.accounts, house.shops, house.clock)
        self.access_teller = AccessTeller(house.lines, house.writer, house.sealer, house.clock)
        books = Books(house.bodies, house.people, house.accounts)
        self.exporter = Exporter(
            house.exports, house.writer, house.reading, house.sealer, books, house.shops, house.clock
        )
        self.forgetter = Forgetter(house.writer)
        self.courier = Courier(house.writer, house.reading, house.sealer, house.clock, house.settings.loopback)
        self.sweeper = Sweeper(house.writer, house.reading, house.shops, house.clock, house.settings.database)

    def all(self) -> tuple[Round, ...]:
        """Return every round."""
        return (
            Round("imports", OFTEN_SECONDS, self._importer.work),
            Round("exports", OFTEN_SECONDS, self.exporter.work),
            Round("exports kept", SELDOM_SECONDS, self.exporter.sweep),
            Round("webhooks", OFTEN_SECONDS, self.courier.work),
            Round("backfill", OFTEN_SECONDS, self.backfiller.work),
            Round("platform figures", SELDOM_SECONDS, self.platform_figures.read),
            Round("recount", SELDOM_SECONDS, self.recounter.work),
            Round("outcomes", SELDOM_SECONDS, self.outcomes.read),
            Round("access logs", SELDOM_SECONDS, self.access_teller.work),
            Round("inquiries", SELDOM_SECONDS, self.inquirer.work),
            Round("kept answers", SELDOM_SECONDS, self.forgetter.work),
            Round("retention", SELDOM_SECONDS, self.sweeper.work),
        )
