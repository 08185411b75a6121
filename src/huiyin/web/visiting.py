"""The visitors' door: a page of a shop's own begins a visit, says something, and loads the script. docs/widget.md.

No cookie opens it and no session: a token in the page's own storage does, and pages of the shop alone may ask. It is a
door beside the house's own: neither opens anything of the other.
"""

import hashlib
from typing import Annotated, Any, NamedTuple

import msgspec
from litestar import Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.exceptions import PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler
from litestar.params import FromPath, JSONBody
from litestar.types import Message, Scope

from huiyin.channels.port import Origin
from huiyin.channels.widget import WidgetChannel
from huiyin.conversations.visitors import Visitor
from huiyin.kernel.errors import InvalidError, NotFoundError
from huiyin.org.views import Shop
from huiyin.web.guarding import ANYBODY
from huiyin.web.identity import bearer_of, house_of
from huiyin.web.pace import Buckets, Pace
from huiyin.web.pages import CONSOLE
from huiyin.web.shapes import Shape
from huiyin.web.visitor_tokens import new_token, reference_of
from huiyin.web.whence import neighbourhood_of
from huiyin.wiring import House

PATH = "/api/widget/"
SCRIPT = "/widget.js"
MOST_BYTES = 16 * 1024
MOST_CHARACTERS = 2000
HOUR_SECONDS = 3600
BEGINNING, ADDRESS = Pace(30, 1 / 20), Pace(120, 4)
"""Visits begun from one address: a company may share one; and everything else that an address asks."""
SAYING, SITE = Pace(8, 0.5), Pace(300, 30)
"""Words of one visitor, and of all visitors of a site: a crowd, but no flood."""
PREFLIGHT = (
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"600"),
)
_ORIGIN = "visitors_page"


class Paces(NamedTuple):
    """How fast visitors may ask, each kind with buckets of its own."""

    beginning: Buckets
    address: Buckets
    saying: Buckets
    site: Buckets


def new_paces() -> Paces:
    """Return full buckets."""
    return Paces(*(Buckets(each) for each in (BEGINNING, ADDRESS, SAYING, SITE)))


class Begun(Shape, frozen=True):
    """A visit that began: the visitor's token, to be kept by the page, and how the shop introduces itself."""

    token: str
    title: str
    greeting: str


class Say(Shape, frozen=True):
    """What a visitor says. `id` is drawn by the page: the same words sent again under it change nothing."""

    id: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{8,64}$")]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_CHARACTERS)]


class Taken(Shape, frozen=True):
    """What was said is on disk, as the message of this id; `duplicate` if it was before."""

    message: str
    duplicate: bool


class Counter(NamedTuple):
    """Where a visitor stands: the shop, its line, and their page's origin."""

    shop: Shop
    line: WidgetChannel


def counter_of(house: House, site: str) -> Counter | None:
    """Return the shop a site key names while it is connected; None otherwise, whatever the reason."""
    for shop, line in house.lines.by_shop.items():
        if isinstance(line, WidgetChannel) and line.settings.site == site:
            known = house.shops.all().get(shop)
            return None if known is None else Counter(known, line)
    return None


def guard_visitors(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]  # any handler, any user
    """Let pages of the shop ask, and no other.

    Raises:
        TooManyError: too much is asked from this address.
        NotFoundError: no such site, or one that is not connected now.
        PermissionDeniedException: the page is none of the shop's.

    """
    paces: Paces = connection.app.state.visits
    paces.address.draw(neighbourhood_of(connection))
    site = connection.path_params["site"]
    counter, origin = counter_of(house_of(connection), site), connection.headers.get("origin", "")
    if counter is None:
        message = "there is no such site"
        raise NotFoundError(message, remedy="Copy the snippet from the page 接入 again.", code="site_unknown")
    if not counter.line.stands_on(origin):
        raise PermissionDeniedException(detail="this page is none of the shop's: name its origin in the settings")
    connection.scope["state"][_ORIGIN] = origin


async def share(message: Message, scope: Scope) -> None:
    """Let the page that was let in read the answer, refusals included; and any page load the script.

    The framework answers OPTIONS for every route: a page of the shop is told there what it may send.
    """
    if message["type"] != "http.response.start":
        return
    if scope["path"] == SCRIPT:
        wide = b"cross-origin-resource-policy"
        message["headers"] = [each for each in message["headers"] if each[0] != wide] + [(wide, b"cross-origin")]
    elif scope["path"].startswith(PATH):
        asked = scope.get("method") == "OPTIONS"
        origin = _asking(scope) if asked else scope["state"].get(_ORIGIN, "")
        allowed = [(b"access-control-allow-origin", origin.encode()), *(PREFLIGHT if asked else ())] if origin else []
        message["headers"] = [*message["headers"], (b"vary", b"Origin"), *allowed]


def _asking(scope: Scope) -> str:
    """Return the origin of a page that asks what it may send, "" where it is none of the shop's."""
    connection = ASGIConnection[Any, Any, Any, Any](scope)
    counter = counter_of(house_of(connection), str(connection.path_params.get("site", "")))
    origin = connection.headers.get("origin", "")
    return origin if counter is not None and counter.line.stands_on(origin) else ""


@post(f"{PATH}{{site:str}}/visits", opt=ANYBODY, guards=[guard_visitors], status_code=200, sync_to_thread=False,
      request_max_body_size=MOST_BYTES, tags=["widget"])  # fmt: skip
def begin_visit(site: FromPath[str], request: Request[Any, Any, Any]) -> Begun:
    """Begin a visit: a token for whoever has none yet. Nothing is stored until they say something."""
    paces: Paces = request.app.state.visits
    paces.beginning.draw(neighbourhood_of(request))
    house = house_of(request)
    counter = counter_of(house, site)
    look = None if counter is None else counter.line.settings
    return Begun(
        token=new_token(house.ring, site), title=look.title if look else "", greeting=look.greeting if look else ""
    )


@post(f"{PATH}{{site:str}}/messages", opt=ANYBODY, guards=[guard_visitors], status_code=200,
      request_max_body_size=MOST_BYTES, tags=["widget"])  # fmt: skip
async def say(site: FromPath[str], request: Request[Any, Any, Any], data: JSONBody[Say]) -> Taken:
    """Say something as the visitor whose token is sent as bearer. The answer comes after the words are on disk."""
    house = house_of(request)
    visitor, counter = visitor_of(house, site, bearer_of(request))
    paces: Paces = request.app.state.visits
    paces.site.draw(site)  # not before the token is known: whoever has none must not use up what visitors share
    paces.saying.draw(visitor.reference)
    if not data.text.strip():
        message = "there is nothing to say"
        raise InvalidError(message, remedy="Write something.", code="reply_length")
    inbound = counter.line.heard(visitor.reference, data.id, data.text, Origin(counter.shop.origin))
    received = await house.writer.do_with_others(house.inbox.receive, house.inbox.arriving(inbound, counter.shop))
    return Taken(message=received.message, duplicate=received.duplicate)


@get(SCRIPT, include_in_schema=False, opt=ANYBODY, sync_to_thread=True)
def script(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Hand out the script that a shop's page loads; a page that has it asks whether it is still the same."""
    file = CONSOLE / SCRIPT.removeprefix("/")
    if not file.exists():
        message = "the widget is not built"
        raise NotFoundError(message, remedy="Run make console.", code="page_gone")
    body = file.read_bytes()
    mark = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"Cache-Control": f"public, max-age={HOUR_SECONDS}, stale-while-revalidate={24 * HOUR_SECONDS}",
               "ETag": mark}  # fmt: skip
    if mark in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type="text/javascript", headers=headers)  # the framework adds the charset


def visitor_of(house: House, site: str, token: str) -> tuple[Visitor, Counter]:
    """Return whose token it is, and where they stand.

    Raises:
        NotFoundError: the site is not connected.
        NotSignedInError: the token is none of this site's.

    """
    counter = counter_of(house, site)
    if counter is None:
        message = "there is no such site"
        raise NotFoundError(message, remedy="Copy the snippet from the page 接入 again.", code="site_unknown")
    reference = reference_of(house.ring, site, token)
    return Visitor(counter.shop.id, counter.shop.tenant, reference), counter
