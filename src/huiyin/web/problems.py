"""Turn every error into one form, problem+json (RFC 9457), in one place: what happened, and the remedy."""

import math
from pathlib import Path
from traceback import extract_tb

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from huiyin.kernel.errors import (
    BusyError,
    CapacityError,
    ConflictError,
    HuiyinError,
    InvalidError,
    NotFoundError,
    NotSignedInError,
    OutcomeUnknownError,
    SecondFactorNeededError,
    TemporaryError,
    TooManyError,
)
from huiyin.web.shapes import Shape

log = structlog.get_logger(__name__)

STATUS: tuple[tuple[type[HuiyinError], int], ...] = (
    (NotSignedInError, 401),
    (SecondFactorNeededError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (CapacityError, 429),
    (TooManyError, 429),
    (InvalidError, 400),
    (OutcomeUnknownError, 502),
    (TemporaryError, 503),
)

FRAMES_LOGGED = 12
MOST_PATH = 200
MEDIA_TYPE = "application/problem+json"


class Problem(Shape, frozen=True):
    """An error (RFC 9457): what happened, and the remedy in `detail`.

    `code` is a word for screens that say it in their own language, "" where `type` says enough. `retry_after` is in
    seconds, where waiting helps.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str = ""
    retry_after: int | None = None


AnyRequest = Request[object, object, object]  # type: ignore[type-var]  # the state's type does not matter here


def _answer(problem: Problem, headers: dict[str, str] | None = None) -> Response[Problem]:
    return Response(
        problem,
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def _plain(status: int, kind: str, title: str, detail: str) -> Response[Problem]:
    return _answer(Problem(type=f"about:{kind}", title=title, status=status, detail=detail))


def ours(_request: AnyRequest, error: HuiyinError) -> Response[Problem]:
    """Answer an error raised on purpose."""
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 422)
    kind = type(error).__name__.removesuffix("Error").lower()
    # Rounded up: whoever comes back a moment too early is refused once more.
    wait = math.ceil(error.retry_after) if isinstance(error, TooManyError | BusyError) else None
    problem = Problem(
        type=f"about:{kind}", title=str(error), status=status, detail=error.remedy, code=error.code, retry_after=wait
    )
    return _answer(problem, None if wait is None else {"Retry-After": str(wait)})


def from_framework(_request: AnyRequest, error: HTTPException) -> Response[Problem]:
    """Answer a refusal of the framework: unknown path, unreadable body, wrong method."""
    title = detail = str(error.detail)
    extra = getattr(error, "extra", None)
    if extra and isinstance(extra, list):
        # The framework's own words repeat the whole address, with whatever was asked in it.
        title = "the request breaks a stated limit"
        detail = "; ".join(f"{each.get('key', '')}: {each.get('message', '')}" for each in extra)
    return _plain(error.status_code, "request", title, detail)


def unreadable(_request: AnyRequest, _error: Exception) -> Response[Problem]:
    """Answer a body that is no UTF-8 or is nested without end: the framework lets these two through."""
    return _plain(400, "request", "the body cannot be read", "Send UTF-8 JSON of the shape in /api/openapi.json.")


def unexpected(request: AnyRequest, error: Exception) -> Response[Problem]:
    """Answer what nobody foresaw, without telling anything about the inside.

    The log names where it happened and no values: those may be a customer's words.
    """
    where = [f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
    path = request.url.path[:MOST_PATH]
    log.error("web.unexpected", path=path, error=type(error).__name__, where=where[-FRAMES_LOGGED:])
    return _plain(
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
