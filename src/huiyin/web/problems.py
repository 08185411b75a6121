"""Turn every error into one form, problem+json (RFC 9457), in one place: what happened, and the remedy."""

from pathlib import Path
from traceback import extract_tb

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from huiyin.kernel.errors import (
    CapacityError,
    ConflictError,
    HuiyinError,
    InvalidError,
    NotFoundError,
    NotSignedInError,
    OutcomeUnknownError,
    SecondFactorNeededError,
    TemporaryError,
)
from huiyin.web.headers import HEADERS
from huiyin.web.shapes import Shape

log = structlog.get_logger(__name__)

STATUS: tuple[tuple[type[HuiyinError], int], ...] = (
    (NotSignedInError, 401),
    (NotFoundError, 404),
    (ConflictError, 409),
    (SecondFactorNeededError, 403),
    (CapacityError, 429),
    (InvalidError, 400),
    (OutcomeUnknownError, 502),
    (TemporaryError, 503),
)

FRAMES_LOGGED = 12
AnyRequest = Request[object, object, object]  # type: ignore[type-var]  # the state's type does not matter here


class Problem(Shape, frozen=True):
    """An error (RFC 9457): what happened, and the remedy in `detail`."""

    type: str
    title: str
    status: int
    detail: str


def _answer(status: int, kind: str, title: str, detail: str) -> Response[Problem]:
    return Response(
        Problem(type=f"about:{kind}", title=title, status=status, detail=detail),
        status_code=status,
        media_type="application/problem+json",
        headers=HEADERS,
    )


def ours(_request: AnyRequest, error: HuiyinError) -> Response[Problem]:
    """Answer an error raised on purpose."""
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 422)
    return _answer(status, type(error).__name__.removesuffix("Error").lower(), str(error), error.remedy)


def from_framework(_request: AnyRequest, error: HTTPException) -> Response[Problem]:
    """Answer a refusal of the framework: unknown path, unreadable body, wrong method."""
    detail = error.detail
    extra = getattr(error, "extra", None)
    if extra and isinstance(extra, list):
        detail = "; ".join(f"{each.get('key', '')}: {each.get('message', '')}" for each in extra)
    return _answer(error.status_code, "request", str(error.detail), detail)


def unreadable(_request: AnyRequest, _error: Exception) -> Response[Problem]:
    """Answer a body that is no UTF-8 or is nested without end: the framework lets these two through."""
    return _answer(400, "request", "the body cannot be read", "Send UTF-8 JSON of the shape in /api/openapi.json.")


def unexpected(request: AnyRequest, error: Exception) -> Response[Problem]:
    """Answer what nobody foresaw, without telling anything about the inside.

    The log names where it happened and no values: those may be a customer's words.
    """
    where = [f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
    log.error("web.unexpected", path=request.url.path, error=type(error).__name__, where=where[-FRAMES_LOGGED:])
    return _answer(
        500, "unexpected", "Something went wrong on our side", "Try again; if it stays, tell your administrator."
    )


HANDLERS: ExceptionHandlersMap = {
    HuiyinError: ours,
    HTTPException: from_framework,
    UnicodeDecodeError: unreadable,
    RecursionError: unreadable,
    Exception: unexpected,
}
"""The one place that says which error is answered how."""
