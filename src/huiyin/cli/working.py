"""The worker's program: `python -m huiyin.cli.working [text|json]`, started by a door that logs in that form."""

import sys

import msgspec

from huiyin.beside import Order, work
from huiyin.kernel.logs import log_to_stderr
from huiyin.wiring import House, build


def main() -> None:
    """Work until the door is gone."""
    log_to_stderr(form="json" if "json" in sys.argv[1:] else "text")
    work(_house)


def _house(line: bytes) -> House:
    house = build(msgspec.json.decode(line, type=Order).settings())
    house.knowledge()
    return house


if __name__ == "__main__":
    main()
