"""Let a person on this machine look into the simulated JD and pull its strings: `/_control`."""

import ipaddress
from typing import Any, Literal

import msgspec
from litestar import Router, get, post, put
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody

from huiyin.simulator.courier import Courier
from huiyin.simulator.customers import Crowd
from huiyin.simulator.faults import Faults
from huiyin.simulator.visits import Line
from huiyin.simulator.world import Shop, World

HEADER = "x-control"
"""Any value will do: a web page in a browser cannot set it on a call to another address unasked."""


class Say(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Make `customer` send one line. `mt` is a kind of the envelope."""

    shop: str
    customer: str
    text: str = ""
    mt: Literal["text", "image", "order", "sku", "voice", "recall", "system"] = "text"
    order_id: str = ""
    sku_id: str = ""
    url: str = ""


class Come(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Send a customer in with a scenario, or with one of chance."""

    shop: str
    scenario: str = ""


class ShopSummary(msgspec.Struct, frozen=True):
    """How much a shop holds."""

    shop: str
    name: str
    customers: int
    orders: int
    sessions: int
    messages: int


class Summary(msgspec.Struct, frozen=True):
    """What the simulated JD is doing."""

    shops: list[ShopSummary]
    talking: int
    visits_begun: int
    visits_ended: int
    pushed: int
    refused: int
    given_up: int
    faults: Faults


class Told(msgspec.Struct, frozen=True):
    """What a control call brought about."""

    customer: str
    mid: str = ""


def control_router(world: World, crowd: Crowd, courier: Courier) -> Router:
    """Return the control routes, closed to everyone but this machine."""

    def shop_named(name: str) -> Shop:
        if name not in world.shops:
            raise NotFoundException(detail=f"no shop {name}; there are {', '.join(world.shops)}")
        return world.shops[name]

    @get("/state", sync_to_thread=False)
    def state() -> Summary:
        return Summary(
            shops=[_summary(shop) for shop in world.shops.values()],
            talking=crowd.talking,
            visits_begun=crowd.visits_begun,
            visits_ended=crowd.visits_ended,
            pushed=courier.pushed,
            refused=courier.refused,
            given_up=courier.given_up,
            faults=world.settings.faults,
        )

    @post("/say", status_code=200)
    async def say(data: JSONBody[Say]) -> Told:
        line = Line(data.mt, data.text, data.url, data.order_id, data.sku_id)
        said = crowd.say(shop_named(data.shop), data.customer, line)
        return Told(said.customer, said.mid)

    @post("/visit", status_code=200)
    async def come(data: JSONBody[Come]) -> Told:
        customer = crowd.visit(shop_named(data.shop), data.scenario)
        if customer is None:
            raise NotFoundException(detail=f"no scenario {data.scenario} fits this shop")
        return Told(customer.pin)

    @put("/faults", sync_to_thread=False)
    def switch(data: JSONBody[Faults]) -> Faults:
        for name in data.__struct_fields__:
            setattr(world.settings.faults, name, getattr(data, name))
        return world.settings.faults

    return Router("/_control", route_handlers=[state, say, come, switch], guards=[only_this_machine])


def only_this_machine(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse callers and host names that are not this machine, and calls without the control header."""
    if not (_is_local(connection) and HEADER in connection.headers):
        raise PermissionDeniedException(detail=f"control is for this machine; send the header {HEADER}: 1")


def only_opened_here(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse callers and host names that are not this machine; a page opened in a browser sends no header."""
    if not _is_local(connection):
        raise PermissionDeniedException(detail="this page is for this machine")


def _is_local(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    caller = connection.client.host if connection.client else ""
    host = connection.url.hostname or ""
    return _is_here(caller) and (host == "localhost" or _is_here(host))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _summary(shop: Shop) -> ShopSummary:
    return ShopSummary(
        shop=shop.seed.shop,
        name=shop.seed.name,
        customers=len(shop.customers),
        orders=len(shop.orders),
        sessions=len(shop.sessions),
        messages=sum(1 for _ in shop.said()),
    )
