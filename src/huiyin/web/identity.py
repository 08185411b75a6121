"""Give every request an actor, or refuse it."""

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import NotFoundError, NotSignedInError
from huiyin.org.access import access_person
from huiyin.org.signing_in import session_of, touch_session
from huiyin.wiring import House

COOKIE = "huiyin_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def house_of(connection: ASGIConnection) -> House:  # type: ignore[type-arg]  # any handler, any user
    """Return the house this process serves."""
    house: House = connection.app.state.house
    return house


def actor_of(connection: ASGIConnection) -> Actor:  # type: ignore[type-arg]  # as above
    """Return who asks, with the shops that are theirs at this moment.

    Raises:
        NotSignedInError: no session, one that ended, or one of somebody who is gone.

    """
    house = house_of(connection)
    token = connection.cookies.get(COOKIE)
    if not token:
        message = "nobody is signed in"
        raise NotSignedInError(message, remedy="Sign in.")
    with house.reading.connect() as reading:
        session = session_of(reading, token, house.clock)
        try:
            actor = access_person(reading, session.person, house.clock.now())
        except NotFoundError as error:
            message = "nobody is signed in"
            raise NotSignedInError(message, remedy="Sign in.") from error
    if session.stale:
        house.writer.run(touch_session, token)
    return actor


def provide_actor(request: Request) -> Actor:  # type: ignore[type-arg]  # as above
    """Hand the actor to an endpoint."""
    return actor_of(request)


def provide_house(request: Request) -> House:  # type: ignore[type-arg]  # as above
    """Hand the house to an endpoint."""
    return house_of(request)


def refuse_foreign_writes(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]  # as above
    """Refuse writes that a foreign page could have caused: no such page can set this header (CSRF)."""
    if connection.scope.get("method") not in SAFE and connection.headers.get("x-huiyin") != "1":
        raise PermissionDeniedException(detail="writes need the header X-Huiyin: 1")
