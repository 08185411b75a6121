"""`huiyin bench`: run one harness, its progress on stderr, its report as the last line of stdout."""

import asyncio
import sys
from collections.abc import Coroutine

import uvicorn

from huiyin.bench import audit, crash, ingest, pii, wall
from huiyin.bench.report import Report, tell
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.wire import encode_text

NAMES = ("ingest", "wall", "crash", "audit", "pii")


def _started(name: str, seconds: float, seed: int, plant: str, rate: float) -> Coroutine[None, None, Report]:
    if name == "ingest":
        return ingest.run(ingest.Wish(seconds or 60.0, seed, plant, rate))
    if name == "wall":
        return wall.run(wall.Wish(seconds or 60.0, seed, plant, rate or 100.0))
    if name == "audit":
        return audit.run(audit.Wish(seed=seed, plant=plant))
    if name == "pii":
        return pii.run(pii.Wish(seconds or 10.0, seed, plant))
    return crash.run(crash.Wish(seconds or 50.0, seed, plant, rate or 150.0))


def run(name: str, seconds: float, seed: int, plant: str, rate: float) -> Report:
    """Run the harness of a name.

    Raises:
        InvalidError: there is no such harness, or no such fault.

    """
    from huiyin.bench.plants import PLANTS

    if name not in NAMES:
        message = f"there is no benchmark {name!r}"
        raise InvalidError(message, remedy=f"Use one of {', '.join(NAMES)}.")
    plants = [*PLANTS, pii.PLANT]
    if plant and plant not in plants:
        message = f"there is no fault {plant!r}"
        raise InvalidError(message, remedy=f"Use one of {', '.join(plants)}.")
    # The loop uvicorn would choose: the harness shares the machine with what it measures.
    with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as runner:
        report = runner.run(_started(name, seconds, seed, plant, rate))
    for miss in report.missed():
        tell(f"not held: {miss}")
    sys.stdout.write(encode_text(report) + "\n")
    return report
