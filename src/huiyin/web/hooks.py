"""The platforms' door: pushed deliveries, stored before they are acknowledged."""

import asyncio
from typing import Any

from litestar import Request, post
from litestar.params import FromPath

from huiyin.kernel.errors import NotFoundError
from huiyin.web.guarding import ANYBODY
from huiyin.web.identity import house_of

MOST_BYTES = 512 * 1024


@post(
    "/hooks/{platform:str}/{shop:str}",
    opt=ANYBODY,
    status_code=200,
    request_max_body_size=MOST_BYTES,
    tags=["hooks"],
)
async def receive_push(
    platform: FromPath[str],
    shop: FromPath[str],
    request: Request[Any, Any, Any],
) -> dict[str, object]:
    """Take a signed delivery of a platform. The answer comes after the messages are on disk."""
    house = house_of(request)  # no dependency: to resolve one takes as long as to check the signature
    known = house.shops.all().get(shop)
    line = house.lines.get(shop)
    if known is None or line is None or known.platform != platform:
        message = "there is no such line"
        raise NotFoundError(message, remedy="Check the shop's address in its channel settings.")
    raw = await request.body()
    arrivals = [house.inbox.arriving(each, known) for each in line.read(raw, dict(request.headers))]
    received = await asyncio.gather(*(house.writer.do_with_others(house.inbox.receive, each) for each in arrivals))
    return {"code": "0", "received": len(received), "duplicates": sum(1 for each in received if each.duplicate)}
