"""Give every request an actor, or refuse it."""

from litestar import Request
from litestar.connection import ASGIConnection

from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import NotFoundError, NotSignedInError
from huiyin.org.access import access_person
from huiyin.org.signing_in import session_of, touch_session
from huiyin.wiring import House

COOKIE = "huiyin_session"
ACTOR = "actor"
"""Under which name the guard leaves the actor it let through."""


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
    """Hand the actor whom the guard let through to an endpoint."""
    actor: Actor = request.state[ACTOR]
    return actor


def provide_house(request: Request) -> House:  # type: ignore[type-arg]  # as above
    """Hand the house to an endpoint."""
    return house_of(request)
