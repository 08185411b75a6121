"""Give every request an actor, or refuse it."""

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.enums import ScopeType

from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import NotSignedInError
from huiyin.org.entering import Visit
from huiyin.org.signing_in import Access, access_session, nobody, touch_session
from huiyin.org.tokens import access_token, touch_token
from huiyin.web.devices import device_of
from huiyin.web.pace import WRITE_COSTS, Buckets
from huiyin.web.whence import is_secure, neighbourhood_of
from huiyin.wiring import House

COOKIE = "huiyin_session"
SECURE_COOKIE = f"__Host-{COOKIE}"
"""Over https: the prefix keeps a neighbouring host from planting a cookie of its own (RFC 6265bis §4.1.3.2)."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ACTOR = "actor"
"""Under which name the guard leaves the actor it let through."""


def house_of(connection: ASGIConnection) -> House:  # type: ignore[type-arg]  # any handler, any user
    """Return the house this process serves."""
    house: House = connection.app.state.house
    return house


def cookie_of(connection: ASGIConnection) -> str:  # type: ignore[type-arg]  # as above
    """Return the session token the browser holds, "" if none."""
    return connection.cookies.get(SECURE_COOKIE if is_secure(connection) else COOKIE, "")


def cookie_for(connection: ASGIConnection, token: str) -> Cookie:  # type: ignore[type-arg]  # as above
    """Return the cookie that holds a session token: out of reach of scripts and of other sites."""
    secure = is_secure(connection)
    name = SECURE_COOKIE if secure else COOKIE
    return Cookie(key=name, value=token, httponly=True, samesite="strict", path="/", secure=secure)


def visit_of(connection: ASGIConnection) -> Visit:  # type: ignore[type-arg]  # as above
    """Return what signing in wants to know about where somebody comes from."""
    device = device_of(connection.headers.get("user-agent", ""))
    return Visit(neighbourhood_of(connection), device, cookie_of(connection))


def bearer_of(connection: ASGIConnection) -> str:  # type: ignore[type-arg]  # as above
    """Return the API token a program sends, "" if none."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def actor_of(connection: ASGIConnection) -> Actor:  # type: ignore[type-arg]  # as above
    """Return who asks, with the shops that are theirs at this moment.

    Raises:
        NotSignedInError: no session, one that ended, one of somebody who is gone, or of somebody else than the page
            believes.
        TooManyError: they ask too fast.

    """
    strangers: Buckets = connection.app.state.strangers
    paces: Buckets = connection.app.state.paces
    try:
        access = _access(connection)
    except NotSignedInError:
        strangers.draw(neighbourhood_of(connection))
        raise
    actor = access.actor
    paces.draw(actor.proof.id, 1.0 if connection.scope.get("method") in SAFE else WRITE_COSTS)
    over_http = connection.scope["type"] == ScopeType.HTTP
    # A page cannot give a socket headers.
    believed = connection.headers.get("x-huiyin-person", "") if over_http else connection.query_params.get("as", "")
    if believed and believed != actor.id:
        message = "somebody else is signed in in this browser"
        raise NotSignedInError(message, remedy="Load the page again to go on as them.", code="other_person")
    # A page nobody sits at goes on asking, and keeps its socket open, by itself: that is no use of the session.
    attended = over_http and connection.headers.get("x-huiyin-unattended") != "1"
    if access.stale and attended:
        touch = touch_token if actor.proof.kind == "token" else touch_session
        house_of(connection).writer.run(touch, actor.proof.id)
    return actor


def _access(connection: ASGIConnection) -> Access:  # type: ignore[type-arg]  # as above
    house = house_of(connection)
    bearer, cookie = bearer_of(connection), cookie_of(connection)
    if not bearer and not cookie:
        raise nobody()
    with house.reading.connect() as reading:
        if bearer:
            return access_token(reading, bearer, house.clock)
        return access_session(reading, cookie, house.clock, house.settings.sessions)


def provide_actor(request: Request) -> Actor:  # type: ignore[type-arg]  # as above
    """Hand the actor whom the guard let through to an endpoint."""
    actor: Actor = request.state[ACTOR]
    return actor


def provide_house(request: Request) -> House:  # type: ignore[type-arg]  # as above
    """Hand the house to an endpoint."""
    return house_of(request)


def same_origin(connection: ASGIConnection) -> bool:  # type: ignore[type-arg]  # as above
    """Tell whether the page that asks is ours, as far as it says so; "null" is a sandboxed page, and not ours."""
    origin = connection.headers.get("origin")
    return origin is None or origin.partition("://")[2] == connection.headers.get("host")
