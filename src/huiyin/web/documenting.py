"""Say in the API document how an operation refuses, and what opens it: both follow from what the operation is.

tests/walks/test_schema.py holds the door to it: no answer has a status, a media type or a shape that is not named.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Components, Operation, Parameter, Schema, SecurityRequirement, SecurityScheme
from litestar.openapi.spec.enums import OpenAPIType
from litestar.routes import HTTPRoute

from huiyin.policy.deciding import is_strong, may_be_scope
from huiyin.policy.terms import Resource
from huiyin.web.examples import EXAMPLES, Shown, show
from huiyin.web.guarding import REPEATS, RIGHTS
from huiyin.web.identity import COOKIE, SAFE
from huiyin.web.problems import MEDIA_TYPE, Problem

SAYS = {
    400: "The request cannot be read, or breaks a stated limit.",
    401: "Nobody is signed in, or what was shown opens nothing.",
    403: "A second factor is wanted first, or a foreign page may have caused the write.",
    404: "Absent, or not yours: both answer alike.",
    409: "It changed or is taken: look again and decide.",
    413: "The body is too large.",
    422: "The rules do not allow it.",
    429: "Too often, or no room: `retryAfter` says for how many seconds, where waiting helps.",
    431: "The headers are too long.",
    503: "It may work later: try again with patience.",
}
SESSION, PAGE, TOKEN, VISITOR = "session", "own_page", "token", "visitor"  # names, not secrets
KEY = Parameter(
    name="Idempotency-Key", param_in="header", required=False,
    description="Makes a repeat harmless: for 24 hours it gets the first answer, with `Idempotency-Replayed: true`.",
    schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=64, pattern="^[!-~]{1,64}$"),
)  # fmt: skip
OUTSIDE = frozenset({"hooks", "widget"})
"""Tags of doors that no person of ours uses: no page of ours writes there."""
SCHEMES = Components(
    security_schemes={
        SESSION: SecurityScheme(
            type="apiKey", name=COOKIE, security_scheme_in="cookie",
            description=f"The session of a person. Over https the cookie's name begins with __Host-: __Host-{COOKIE}.",
        ),
        PAGE: SecurityScheme(
            type="apiKey", name="X-Huiyin", security_scheme_in="header",
            description="Always 1. No foreign page can set it, so none can make a browser write (CSRF).",
        ),
        TOKEN: SecurityScheme(type="http", scheme="bearer", description="An API token of a program."),
        VISITOR: SecurityScheme(type="http", scheme="bearer", description="The token of a visitor of a shop's page."),
    }
)  # fmt: skip


def _operation_of(handler: HTTPRouteHandler, shown: Shown | None) -> type[Operation]:
    """Return operations that name the header of calls that may be repeated, and show an example."""

    @dataclass
    class Said(Operation):
        """An operation with what the framework does not know of it."""

        def __post_init__(self) -> None:
            """Add it."""
            if REPEATS in handler.opt:
                self.parameters = [*(self.parameters or []), KEY]
            if shown is not None:
                show(self, shown)

    return Said


def document_refusals(app: Litestar) -> None:
    """Write into every operation how it refuses, what opens it, and an example where there is one."""
    for route in app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if handler.resolve_include_in_schema():
                handler.responses = {
                    **{each: _refusal(each) for each in refusals(handler)},
                    **(handler.responses or {}),
                }
                handler.security = security(handler)
                shown = next((EXAMPLES.get(f"{each} {route.path}") for each in handler.http_methods), None)
                handler.operation_class = _operation_of(handler, shown)


def refusals(handler: HTTPRouteHandler) -> list[int]:
    """Return the statuses with which an operation may refuse."""
    return sorted(set(_refusals(handler)))


def _refusals(handler: HTTPRouteHandler) -> Iterator[int]:
    asked = handler.parsed_fn_signature.parameters
    rights = handler.opt.get(RIGHTS, ())
    writes = _writes(handler)
    if "widget" in handler.resolve_tags():
        yield 404
    hook = "hooks" in handler.resolve_tags()
    yield from (429, 431)
    if hook or asked.keys() - {"self", "house", "actor", "request"}:
        yield 400
    if hook or "data" in asked:
        yield 413
    if hook:
        yield from (404, 503)
        return
    if writes:
        yield from (403, 503)
    if rights:
        yield from (401, 404, 503)
    if writes and (rights or "data" in asked):
        yield from (401, 404, 409, 422)
    if any(map(is_strong, rights)):
        yield 403
    if any(right.resource is Resource.FACTS for right in rights):
        yield 422


def security(handler: HTTPRouteHandler) -> list[SecurityRequirement]:
    """Return what opens an operation: a session, with our own header for writes, or a token."""
    rights = handler.opt.get(RIGHTS, ())
    tags = set(handler.resolve_tags())
    if "widget" in tags:
        return [{VISITOR: []}] if "data" in handler.parsed_fn_signature.parameters else []
    page: SecurityRequirement = {PAGE: []} if _writes(handler) and not tags & OUTSIDE else {}
    if not rights:
        return [page] if page else []
    by_token: list[SecurityRequirement] = [{TOKEN: []}] if all(map(may_be_scope, rights)) else []
    return [{SESSION: [], **page}, *by_token]


def _writes(handler: HTTPRouteHandler) -> bool:
    return bool(set(handler.http_methods) - SAFE)


def _refusal(status: int) -> ResponseSpec:
    return ResponseSpec(Problem, generate_examples=False, description=SAYS[status], media_type=MEDIA_TYPE)
