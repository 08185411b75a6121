"""The headers that every answer carries, refusals included, and the limit on those that come in."""

import secrets

from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException, NotFoundException
from litestar.handlers.base import BaseRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from huiyin.web.whence import is_secure

MOST_HEADER_BYTES = 32 * 1024
MOST_NAME_BYTES = 255
"""The longest name of a file that disks know."""
YEAR_SECONDS = 365 * 24 * 3600

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def policy(nonce: str = "") -> str:
    """Return the Content-Security-Policy: scripts from our own files only, styles too but for those with the nonce.

    antd writes its styles at run time and gives them the nonce of the page. Style attributes are let be: charts write
    them into their tooltips, and they can load nothing (img-src and font-src see to that).
    """
    style = f"style-src 'self' 'nonce-{nonce}'" if nonce else "style-src 'self'"
    return (
        f"default-src 'self'; script-src 'self'; {style}; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'self'; "
        "form-action 'self'"
    )


_ALWAYS = {name.lower().encode(): value.encode() for name, value in ALWAYS.items()}
_KEPT_BY_NOBODY = {**_ALWAYS, b"cache-control": b"no-store"}
_POLICY = (b"content-security-policy", policy().encode())
_STRICT = (b"strict-transport-security", f"max-age={YEAR_SECONDS}".encode())


def new_nonce() -> str:
    """Return a nonce for one answer."""
    return secrets.token_urlsafe(18)


async def dress(message: Message, scope: Scope) -> None:
    """Put the headers on an answer, whoever gave it; a page has written a policy of its own by then.

    It runs for every answer, the platforms' pushes among them, so it writes the bytes of headers as they leave.
    """
    if message["type"] != "http.response.start":
        return
    # What one person was told through the API must not lie about where the next one sits.
    ours = _KEPT_BY_NOBODY if scope["path"].startswith("/api") else _ALWAYS
    headers = [header for header in message["headers"] if header[0].lower() not in ours]
    headers += ours.items()
    if all(name.lower() != _POLICY[0] for name, _ in headers):
        headers.append(_POLICY)
    if is_secure(ASGIConnection(scope)):
        headers.append(_STRICT)
    message["headers"] = headers


def refuse_long_heads(app: ASGIApp) -> ASGIApp:
    """Refuse a request whose headers are longer than any browser of ours sends: 431.

    No guard: the framework copies the handler for each guard it asks, at every push of a platform.
    """

    async def within_limits(scope: Scope, receive: Receive, send: Send) -> None:
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADER_BYTES:
            message = f"the headers are longer than {MOST_HEADER_BYTES // 1024} KiB"
            raise ClientException(detail=message, status_code=431)
        await app(scope, receive, send)

    return within_limits


async def refuse_odd_names(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]  # any handler, any user
    """Refuse the path of a file that no disk could hold, before anybody asks the disk.

    Asynchronous, as the guards that ask no disk are: the framework hands the others to a thread.

    Raises:
        NotFoundException: there is no such file.

    """
    path: str = connection.scope["path"]
    if "\0" in path or any(len(each.encode(errors="replace")) > MOST_NAME_BYTES for each in path.split("/")):
        raise NotFoundException
