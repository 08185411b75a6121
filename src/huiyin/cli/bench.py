"""`huiyin bench`: run one harness, its progress on stderr, its report as the last line of stdout."""

import asyncio
import sys
from collections.abc import Coroutine

import uvicorn

from huiyin.bench import audit, backfill, crash, figures, ingest, isolation, pii, search, wall
from huiyin.bench.report import Report, tell
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.wire import encode_text

NAMES = ("ingest", "wall", "crash", "audit", "pii", "figures", "search", "backfill", "isolation")


def _started(
    name: str, seconds: float, seed: int, plant: str, rate: float, messages: int
) -> Coroutine[None, None, Report]:
    match name:
        case "ingest":
            started = ingest.run(ingest.Wish(seconds or 60.0, seed, plant, rate))
        case "wall":
            started = wall.run(wall.Wish(seconds or 60.0, seed, plant, rate or 100.0))
        case "audit":
            started = audit.run(audit.Wish(seed=seed, plant=plant))
        case "pii":
            started = pii.run(pii.Wish(seconds or 10.0, seed, plant))
        case "figures":
            started = figures.run(figures.Wish(int(rate) or figures.SESSIONS, seed, plant))
        case "search":
            started = search.run(search.Wish(int(rate) or search.SESSIONS, seed, plant))
        case "backfill":
            wish = backfill.Wish(seconds or 30.0, seed, plant, rate or 100.0, messages or backfill.MESSAGES)
            started = backfill.run(wish)
        case "isolation":
            wished = isolation.Wish(seconds or 30.0, seed, plant, rate or 100.0, messages or isolation.SESSIONS)
            started = isolation.run(wished)
        case _:
            started = crash.run(crash.Wish(seconds or 50.0, seed, plant, rate or 150.0))
    return started


def run(name: str, seconds: float, seed: int, plant: str, rate: float, messages: int = 0) -> Report:
    """Run the harness of a name.

    Raises:
        InvalidError: there is no such harness, or no such fault.

    """
    from huiyin.bench.plants import PLANTS

    if name not in NAMES:
        message = f"there is no benchmark {name!r}"
        raise InvalidError(message, remedy=f"Use one of {', '.join(NAMES)}.")
    plants = [*PLANTS, pii.PLANT, figures.PLANT, search.PLANT, isolation.PLANT]
    if plant and plant not in plants:
        message = f"there is no fault {plant!r}"
        raise InvalidError(message, remedy=f"Use one of {', '.join(plants)}.")
    # The loop uvicorn would choose: the harness shares the machine with what it measures.
    with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as runner:
        report = runner.run(_started(name, seconds, seed, plant, rate, messages))
    for miss in report.missed():
        tell(f"not held: {miss}")
    sys.stdout.write(encode_text(report) + "\n")
    return report
