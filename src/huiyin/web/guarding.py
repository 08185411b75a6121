"""Stand at the door of every route: who asks, may they, and could a foreign page have made them ask.

A route says in its `opt` which rights open it; one that says nothing keeps the application from starting.
"""

from enum import Enum, auto
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.exceptions import ImproperlyConfiguredException, NotFoundException, PermissionDeniedException
from litestar.handlers import HTTPRouteHandler
from litestar.handlers.base import BaseRouteHandler
from litestar.routes import HTTPRoute

from huiyin.kernel.errors import SecondFactorNeededError
from huiyin.policy.deciding import demand_second_factor, may_any_field
from huiyin.policy.terms import Action, Resource, Right
from huiyin.web.identity import ACTOR, SAFE, actor_of, bearer_of, house_of, same_origin
from huiyin.web.pace import Buckets
from huiyin.web.refusing import note_refusal
from huiyin.web.whence import neighbourhood_of

RIGHTS = "rights"
REPEATS = "repeats"
ANYBODY: dict[str, Any] = {"anonymous": True}
OURS = frozenset({"same-origin", "none"})
"""What a browser says of a request (Sec-Fetch-Site) that one of our own pages made, or the person themselves."""
DOCUMENT = "/api/openapi.json"
FRAMEWORK = (DOCUMENT, f"{DOCUMENT}/openapi.json", f"{DOCUMENT}/{{path:str}}")
"""Routes the framework adds for the API document, which tells nothing about anybody."""


def needs(resource: Resource, *actions: Action) -> dict[str, Any]:
    """Return the `opt` of a route that any of these rights opens."""
    return {RIGHTS: tuple(Right(resource, action) for action in actions)}


class Repeat(Enum):
    """What an operation keeps for a caller who repeats it under an `Idempotency-Key`."""

    KEPT = auto()
    """Its answer."""
    SHOWN_ONCE = auto()
    """That it was done: the answer holds what is shown once."""


def repeatable(opt: dict[str, Any], repeat: Repeat = Repeat.KEPT) -> dict[str, Any]:
    """Return the `opt` of a route that makes something, and may be called again under the same key."""
    return {**opt, REPEATS: repeat}


def guard(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]  # any handler, any user
    """Let a request through, or refuse it: first whoever is not signed in, then what the table does not allow.

    Raises:
        NotSignedInError: nobody is signed in.
        NotFoundException: the table does not open this route to the actor; answered as a page that does not exist.
        SecondFactorNeededError: the right is theirs and wants a second factor first.
        TooManyError: they ask too fast, or nobody in particular does from their address.

    """
    _refuse_foreign_writes(connection)
    if handler.opt.get("anonymous"):
        strangers: Buckets = connection.app.state.strangers
        strangers.draw(neighbourhood_of(connection))
        return
    actor = actor_of(connection)
    held = [right for right in handler.opt[RIGHTS] if may_any_field(actor, right)]
    if not held:
        note_refusal(connection, handler.opt[RIGHTS][0], "right", actor)
        raise NotFoundException
    try:
        demand_second_factor(actor, held[0], house_of(connection).clock.now())
    except SecondFactorNeededError:
        note_refusal(connection, held[0], "second_factor", actor)
        raise
    connection.state[ACTOR] = actor


def _refuse_foreign_writes(connection: ASGIConnection) -> None:  # type: ignore[type-arg]  # as above
    """Refuse writes that a foreign page could have caused (CSRF).

    No such page can set our header, and browsers say where a page comes from. A token is sent by nobody's browser.
    """
    if connection.scope.get("method") in SAFE or bearer_of(connection):
        return
    if connection.headers.get("x-huiyin") != "1":
        raise PermissionDeniedException(detail="writes need the header X-Huiyin: 1")
    if connection.headers.get("sec-fetch-site", "none") not in OURS or not same_origin(connection):
        raise PermissionDeniedException(detail="writes come from pages of this server only")


def check_every_route(app: Litestar) -> None:
    """Refuse to start with a route that nobody said anything about.

    Raises:
        ImproperlyConfiguredException: naming the routes.

    """
    silent = sorted(
        f"{method} {route.path}"
        for route in app.routes
        if isinstance(route, HTTPRoute) and route.path not in FRAMEWORK
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS" and not _says_who(handler)
    )
    if silent:
        message = f"no right is named for {', '.join(silent)}: add opt=needs(…) or opt=ANYBODY"
        raise ImproperlyConfiguredException(message)


def _says_who(handler: HTTPRouteHandler) -> bool:
    return bool(handler.opt.get("anonymous")) or bool(handler.opt.get(RIGHTS))
