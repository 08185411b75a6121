"""Tell whether the process lives, and whether it is ready for people: what a proxy and an operator ask.

Each part is asked by its probe and has a moment to answer; the answer names parts and never why, since anybody may ask.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from litestar import Request, Response, get
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.errors import HuiyinError
from huiyin.web.guarding import ANYBODY
from huiyin.web.shapes import Shape
from huiyin.wiring import House

log = structlog.get_logger(__name__)

Probe = Callable[[], Awaitable[bool]]
PROBE_SECONDS = 2.0


class Readiness(Shape, frozen=True):
    """Whether people can be served now, and which parts stand: `database` can be written, `worker` works beside."""

    ready: bool
    parts: dict[str, bool]


@get("/api/health", opt=ANYBODY, tags=["health"], sync_to_thread=False)
def health() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


@get("/api/ready", opt=ANYBODY, tags=["health"])
async def ready(request: Request) -> Response[Readiness]:  # type: ignore[type-arg]  # any user
    """Tell whether people can be served now: 200, or 503 with the parts that do not stand."""
    probes: Mapping[str, Probe] = request.app.state.probes
    parts = {name: await _stands(name, probe) for name, probe in probes.items()}
    whole = all(parts.values())
    return Response(Readiness(whole, parts), status_code=HTTP_200_OK if whole else HTTP_503_SERVICE_UNAVAILABLE)


def database_probe(house: House) -> Probe:
    """Return the probe that writes nothing through the one writer: its thread, its turn, its disk."""

    async def probe() -> bool:
        return await house.writer.do(_nothing)

    return probe


def _nothing(_: UnitOfWork) -> bool:
    return True


async def _stands(name: str, probe: Probe) -> bool:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            return await probe()
    except (TimeoutError, HuiyinError) as error:
        log.error("web.not_ready", part=name, error=type(error).__name__)
        return False
