"""Let go of answers that are older than a day."""

from dataclasses import dataclass

from huiyin.eventlog.writer import Writer
from huiyin.idempotency.keeping import MOST_SWEPT, sweep


@dataclass(frozen=True, slots=True)
class Forgetter:
    """Goes round the answers of everybody."""

    writer: Writer

    async def work(self) -> int:
        """Let go of what is due; return how many answers."""
        gone = some = await self.writer.do(sweep)
        while some == MOST_SWEPT:
            some = await self.writer.do(sweep)
            gone += some
        return gone
