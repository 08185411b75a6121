"""The measured worker: `python -m huiyin.bench.working`, started by the measured door with the same order."""

import logging
import sys
from pathlib import Path

import msgspec
import structlog

from huiyin.bench import company as founding
from huiyin.bench import plants
from huiyin.bench.orders import Order
from huiyin.beside import work
from huiyin.kernel.errors import PermanentError
from huiyin.wiring import SERVING, House, Settings, build


def main() -> None:
    """Work until the door is gone."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    work(_house)


def _house(line: bytes) -> House:
    order = msgspec.json.decode(line, type=Order)
    house = build(Settings(Path(order.folder), synchronous=order.synchronous, linger=SERVING))
    company = founding.load(house.settings.folder)
    if company is None:
        message = "the measured company was not founded"
        raise PermanentError(message, remedy="The door founds it before it starts the worker.")
    founding.open_lines(house, company, order.gateway)
    house.knowledge()
    plants.sow(order.plant, house)
    return house


if __name__ == "__main__":
    main()
