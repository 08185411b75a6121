"""What a harness orders from the measured process, and what that answers."""

import msgspec

from huiyin.bench.company import BenchShop


class Order(msgspec.Struct):
    """What to serve: Huiyin, or the bare handler it is measured against."""

    folder: str
    gateway: str = ""
    synchronous: str = "FULL"
    agents: int = 0
    plant: str = ""
    bare: bool = False
    alone: bool = False
    """One process for door and worker, as where the tape of writes must come from one process."""


class Ready(msgspec.Struct):
    """What the harness must know once the port is open."""

    pid: int
    port: int
    app_secret: str
    shops: list[BenchShop]
    tokens: list[str] = []
