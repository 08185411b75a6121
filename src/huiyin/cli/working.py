"""The demo's worker: `python -m huiyin.cli.working`, started by `huiyin demo` beside its door."""

from pathlib import Path

import msgspec

from huiyin.beside import work
from huiyin.cli import founding
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.logs import log_to_stderr
from huiyin.simulator.settings import SimulatorSettings
from huiyin.wiring import SERVING, House, Settings, build


class Order(msgspec.Struct):
    """Which demo to work for: its folder, and where its simulated JD listens and pushes."""

    folder: str
    simulator_port: int
    hook: str
    talking: int


def open_lines(house: House, state: founding.DemoState, order: Order) -> SimulatorSettings:
    """Open every shop's line to the simulated JD and return how that is set up."""
    simulated = founding.simulator_settings(state, port=order.simulator_port, hook=order.hook, talking=order.talking)
    for shop in state.shops:
        house.lines.by_shop[shop.id] = founding.line(shop, simulated, house.clock)
    return simulated


def main() -> None:
    """Work until the door is gone."""
    log_to_stderr()
    work(_house)


def _house(line: bytes) -> House:
    order = msgspec.json.decode(line, type=Order)
    folder = Path(order.folder)
    state = founding.load(folder)
    if state is None:
        message = "this demo was not founded"
        raise PermanentError(message, remedy="Start it with huiyin demo, which founds it first.")
    house = build(Settings(folder, linger=SERVING))
    open_lines(house, state, order)
    house.knowledge()
    return house


if __name__ == "__main__":
    main()
