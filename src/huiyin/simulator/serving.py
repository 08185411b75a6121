"""Put the simulated JD together and run it beside Huiyin or alone."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
import structlog
import uvicorn
from litestar import Litestar

from huiyin.kernel.clock import Clock
from huiyin.kernel.errors import InvalidError
from huiyin.simulator.control import control_router
from huiyin.simulator.courier import Courier
from huiyin.simulator.customers import Crowd
from huiyin.simulator.dongdong import dongdong_router
from huiyin.simulator.gateway import FrontDoor
from huiyin.simulator.own_page import own_page_router
from huiyin.simulator.planting import plant
from huiyin.simulator.settings import SimulatorSettings
from huiyin.simulator.sp_door import sp_router
from huiyin.simulator.world import World

log = structlog.get_logger()

PUSH_TIMEOUT = 10.0
THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


class Simulator:
    """One simulated JD with its parts at hand, for tests and demos."""

    def __init__(self, settings: SimulatorSettings, clock: Clock, hook_client: httpx.AsyncClient | None = None) -> None:
        """Plant the world; nobody talks until the app starts."""
        self.world = plant(World(settings, clock))
        self.courier = Courier(self.world, hook_client or httpx.AsyncClient(timeout=PUSH_TIMEOUT))
        self.crowd = Crowd(self.world, self.courier)
        self.door = FrontDoor(self.world, self.crowd.heard)
        self.app = Litestar(
            route_handlers=[
                self.door.router(),
                sp_router(self.world),
                control_router(self.world, self.crowd, self.courier),
                dongdong_router(self.world, self.crowd.heard),
                own_page_router(settings),
            ],
            lifespan=[self._alive],
            openapi_config=None,
            logging_config=None,
        )

    @asynccontextmanager
    async def _alive(self, _: Litestar) -> AsyncIterator[None]:
        crowd = asyncio.create_task(self.crowd.run())
        try:
            yield
        finally:
            crowd.cancel()
            await asyncio.gather(crowd, return_exceptions=True)
            await self.courier.close()


class QuietServer(uvicorn.Server):
    """A server that leaves the process's signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def create_app(settings: SimulatorSettings, clock: Clock) -> Litestar:
    """Return the simulated JD as an ASGI app."""
    return Simulator(settings, clock).app


async def run_simulator(settings: SimulatorSettings, clock: Clock) -> None:
    """Serve the simulated JD until cancelled.

    Raises:
        InvalidError: the port is taken, or the settings would open it to other machines.

    """
    if settings.host not in THIS_MACHINE:
        message = f"the simulator listens on this machine only, not on {settings.host}"
        raise InvalidError(message, remedy="set host to 127.0.0.1")
    config = uvicorn.Config(
        create_app(settings, clock), settings.host, settings.port, log_config=None, access_log=False
    )
    try:
        door = socket.create_server((settings.host, settings.port))
    except OSError as error:
        message = f"port {settings.port} is taken or closed"
        raise InvalidError(message, remedy="choose another port for the simulator") from error
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve(sockets=[door]))
    log.info("simulator.started", host=settings.host, port=settings.port)
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving
