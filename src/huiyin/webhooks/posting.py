"""Call an endpoint over the network: straight, never by a proxy or a redirect, and only at numbers that are checked."""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from huiyin.webhooks.addresses import InwardError, check_number

SECONDS = 10.0
"""For all of a call: name, connection, answer."""
MOST_ANSWER_BYTES = 4096
"""Read of an answer, so that the connection can serve the next call; nothing of it is kept."""
MOST_RETRY_SECONDS = 24 * 3600.0
ALWAYS = {"content-type": "application/json", "user-agent": "Huiyin-Webhooks/1", "accept-encoding": "identity"}
REDIRECTS = range(300, 400)


class Answer(NamedTuple):
    """What came of a call: a status, or None and an error's code; how many seconds the endpoint asks to be left."""

    status: int | None
    error: str = ""
    retry_after: float = 0.0


class _Checked(AbstractResolver):
    """Resolves names, and refuses one that leads inside in any of its numbers."""

    def __init__(self, *, loopback: bool) -> None:
        self._loopback = loopback
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        for each in found:
            check_number(each["host"], loopback=self._loopback)
        return found

    async def close(self) -> None:
        await self._inner.close()


class Caller:
    """Calls one endpoint, its connections kept open meanwhile."""

    def __init__(self, *, loopback: bool) -> None:
        """Allow http to this machine or not."""
        self._loopback = loopback

    async def __aenter__(self) -> Self:
        """Open a session: it needs a running loop."""
        connector = aiohttp.TCPConnector(
            resolver=_Checked(loopback=self._loopback), use_dns_cache=False, socket_factory=self._socket, limit=2
        )
        self._session = aiohttp.ClientSession(
            connector=connector, timeout=aiohttp.ClientTimeout(total=SECONDS), trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False,
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let go of connections."""
        await self._session.close()

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post a body and return what came of it; nothing is raised for what the other side does."""
        told = {**ALWAYS, **headers}
        try:
            async with self._session.post(url, data=body, headers=told, allow_redirects=False) as response:
                with suppress(aiohttp.ClientError, TimeoutError):  # the status came: what follows it does not count
                    await response.content.read(MOST_ANSWER_BYTES)
                error = "redirected" if response.status in REDIRECTS else ""
                return Answer(response.status, error, _seconds(response.headers.get("retry-after", "")))
        except TimeoutError:
            return Answer(None, "timeout")
        except aiohttp.ClientConnectorError as error:
            inward = isinstance(error.os_error, InwardError)
            trust = isinstance(error, aiohttp.ClientSSLError) or isinstance(error.os_error, ssl.SSLError)
            return Answer(None, "inward" if inward else "tls" if trust else "unreached")
        except (aiohttp.ClientSSLError, ssl.SSLError):
            return Answer(None, "tls")
        except (aiohttp.ClientError, OSError, ValueError):
            return Answer(None, "cut")

    def _socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Make a socket for exactly the number that was checked: a name cannot lead elsewhere in between."""
        family, kind, protocol, _, address = info
        check_number(str(address[0]), loopback=self._loopback)
        return socket.socket(family, kind, protocol)


def _seconds(text: str) -> float:
    """Return Retry-After where it is a number of seconds; a date is left out, the usual pause serves."""
    return min(float(text), MOST_RETRY_SECONDS) if text.isascii() and text.isdigit() else 0.0
