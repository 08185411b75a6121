"""The measured worker: `python -m huiyin.bench.working`, started by the measured door with the same order."""

import logging
from pathlib import Path

import msgspec

from huiyin.bench import plants
from huiyin.bench.orders import Order
from huiyin.beside import work
from huiyin.kernel.logs import log_to_stderr
from huiyin.wiring import SERVING, House, Settings, build


def main() -> None:
    """Work until the door is gone."""
    log_to_stderr(logging.ERROR)
    work(_house)


def _house(line: bytes) -> House:
    order = msgspec.json.decode(line, type=Order)
    house = build(Settings(Path(order.folder), synchronous=order.synchronous, linger=SERVING))
    house.knowledge()
    plants.sow(order.plant, house)
    return house


if __name__ == "__main__":
    main()
