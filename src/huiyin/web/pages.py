"""Hand out the console: its page, the few files beside it, and its page again for an address that leads nowhere."""

from pathlib import Path

from litestar import MediaType, Request, Response, get
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath
from litestar.types import ExceptionHandlersMap

from huiyin.kernel.errors import NotFoundError
from huiyin.web import problems
from huiyin.web.guarding import ANYBODY
from huiyin.web.headers import new_nonce, policy

CONSOLE = Path(__file__).parent / "static"
NONCE_PLACE = b"__NONCE__"
"""Stands in the console's page; scripts read it there and give it to the styles they write."""
PAGES = [
    "/", "/desk", "/desk/{conversation:str}", "/wall", "/reports", "/search", "/care", "/care/accounts", "/shops",
    "/imports", "/exports", "/sessions/{session:str}", "/settings", "/people", "/audit", "/keys", "/start",
    "/sign-in", "/welcome",
]  # fmt: skip
BESIDE = {".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}
FOR_PROGRAMS = ("/api", "/assets", "/hooks")


@get(PAGES, include_in_schema=False, opt=ANYBODY, sync_to_thread=False)
def console() -> Response[bytes]:
    """Return the console's page; it finds its way by the path."""
    return _console(200)


@get("/{name:str}", include_in_schema=False, opt=ANYBODY, sync_to_thread=False)
def console_file(name: FromPath[str]) -> Response[bytes]:
    """Return one of the few files that stand beside the console's page, such as its mark."""
    # Looked up among what is there: a name from outside never becomes a path.
    file = next((each for each in CONSOLE.glob("*") if each.name == name), None)
    kind = None if file is None else BESIDE.get(file.suffix)
    if file is None or kind is None:
        message = "there is no such page"
        raise NotFoundError(message, remedy="Go to / and find your way from there.", code="page_gone")
    return Response(file.read_bytes(), media_type=kind, headers={"Cache-Control": "no-cache"})


def lost(request: problems.AnyRequest, error: NotFoundError) -> Response[bytes] | Response[problems.Problem]:
    """Answer an address that leads nowhere: a person sees the console say so, a program a problem."""
    return _console(404) if _is_person(request) else problems.ours(request, error)


def astray(request: problems.AnyRequest, error: HTTPException) -> Response[bytes] | Response[problems.Problem]:
    """Answer an address that no route knows, in the same two ways."""
    return _console(404) if _is_person(request) else problems.from_framework(request, error)


def _is_person(request: Request) -> bool:  # type: ignore[type-arg]  # any user
    wanted = request.headers.get("accept", "")
    return request.method == "GET" and "text/html" in wanted and not request.url.path.startswith(FOR_PROGRAMS)


def _console(status: int) -> Response[bytes]:
    page = CONSOLE / "index.html"
    if not page.exists():
        text = "控制台尚未构建：请运行 make console / the console is not built: run make console"
        return Response(text.encode(), media_type="text/plain; charset=utf-8", status_code=503)
    nonce = new_nonce()
    return Response(
        page.read_bytes().replace(NONCE_PLACE, nonce.encode()),
        status_code=status,
        media_type=MediaType.HTML,
        headers={"Cache-Control": "no-store", "Content-Security-Policy": policy(nonce)},
    )


LOST: ExceptionHandlersMap = {NotFoundError: lost, NotFoundException: astray}
