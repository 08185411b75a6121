"""The measured process: `python -m huiyin.bench.serving`, an Order as JSON in the first line of stdin.

It binds a free loopback port itself and names it in its first line of stdout, so whoever started it knows that
the answering process is its own. Further lines of stdin ask for the processor time used, or wait for the worker;
stdin's end ends it.
"""

import logging
import os
import socket
import sys
import threading
import time
from pathlib import Path

import msgspec
import uvicorn
from litestar import Litestar

from huiyin.bench import company as founding
from huiyin.bench import plants
from huiyin.bench.bare import bare_app
from huiyin.bench.orders import Order, Ready
from huiyin.beside import WorkerProcess, live_long
from huiyin.kernel.ids import ShopId
from huiyin.kernel.logs import log_to_stderr
from huiyin.web.app import create_app
from huiyin.web.serving import server_config
from huiyin.wiring import SERVING, Settings, build
from huiyin.worker import Worker

GRACE_SECONDS = 3
KEEP_ALIVE_SECONDS = 600
"""Connections stay open while the harness measures something else."""


def main() -> None:
    """Serve until stdin ends or a signal comes."""
    log_to_stderr(logging.ERROR)
    order = msgspec.json.decode(sys.stdin.readline(), type=Order)
    door = socket.create_server(("127.0.0.1", 0), backlog=512)
    port: int = door.getsockname()[1]
    app, ready, worker = _bare(order, port) if order.bare else _huiyin(order, port)
    config = server_config(
        app, timeout_graceful_shutdown=GRACE_SECONDS, timeout_keep_alive=KEEP_ALIVE_SECONDS, limit_concurrency=None
    )
    _tell(ready)
    threading.Thread(target=_obey, args=(worker,), daemon=True).start()
    uvicorn.Server(config).run(sockets=[door])


def _huiyin(order: Order, port: int) -> tuple[Litestar, Ready, WorkerProcess | None]:
    house = build(Settings(Path(order.folder), synchronous=order.synchronous, linger=SERVING))
    company = founding.load(house.settings.folder)
    if company is None:
        company = house.writer.run(founding.found, house.sealer, order.agents)
        founding.save(house.settings.folder, company)
    house.writer.run(founding.connect, house.sealer, company, order.gateway)
    house.knowledge()
    tokens = house.writer.run(founding.come_online, company)
    live_long()
    plants.sow(order.plant, house)
    worker = None if order.alone else WorkerProcess(house, "huiyin.bench.working", order)
    app = create_app(house, beside=((worker or Worker(house)).run,))
    return app, Ready(os.getpid(), port, company.app_secret, company.shops, tokens), worker


def _bare(order: Order, port: int) -> tuple[Litestar, Ready, None]:
    shop = founding.BenchShop(ShopId("bare"), "100101", "")
    secret = "bare-secret"  # noqa: S105  # signs made-up messages between two processes of one harness
    app = bare_app(Path(order.folder), founding.APP_KEY, secret, shop.vender_id)
    return app, Ready(os.getpid(), port, secret, [shop]), None


def _obey(worker: WorkerProcess | None) -> None:
    while asked := sys.stdin.readline():
        if asked == "ready?\n" and worker is not None:
            worker.ready.wait()
        _tell(time.process_time())
    os._exit(0)


def _tell(said: object) -> None:
    sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
