"""Post a form to a platform, or ask it in REST's way, and bring back what it said or whether anything left us.

What walks in: an address and a form, or a whole request. What walks out: a status and a body, `Unreached` or
`Unanswered`. Not here: what a form means, what an answer says, whether to try again.
"""

import urllib.request
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol
from urllib.parse import urlencode

import aiohttp
import httpx

from huiyin.kernel.units import Seconds

CONNECTIONS = 64
"""Kept open to all platforms of one line: enough for a busy shop, few enough not to look like an attack."""

FORM = {"content-type": "application/x-www-form-urlencoded", "accept-encoding": "identity"}
"""Answers are asked for as they are: what nobody unpacks cannot unpack to gigabytes."""

MOST_ANSWER_BYTES = 16 * 1024 * 1024
"""The longest answer read. A page of a hundred orders is well below one."""


class Reply(NamedTuple):
    """What came back."""

    status: int
    body: bytes


class Asking(NamedTuple):
    """One request of a REST gateway. `url` carries its query encoded; who writes it answers for what stands there."""

    verb: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


class Unreached(Exception):  # noqa: N818  # not a fault of ours: what became of the call
    """Not a byte of the call left us: even a send may be tried again."""


class Unanswered(Exception):  # noqa: N818  # as above
    """The call left us, or may have; what became of it nobody knows."""


class Post(Protocol):
    """A way to platforms."""

    async def __call__(self, url: str, form: Mapping[str, str]) -> Reply:
        """Post a form and wait for the answer; redirects are not followed.

        Raises:
            Unreached: nothing left us.
            Unanswered: it left us, and no whole answer came in time.

        """
        ...

    async def ask(self, asking: Asking) -> Reply:
        """Carry a whole request and wait for the answer; redirects are not followed.

        Raises:
            Unreached: nothing left us.
            Unanswered: it left us, and no whole answer came in time.

        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class NetworkPost:
    """Posts over the network, connections kept open."""

    def __init__(self, timeout: Seconds) -> None:
        """Wait `timeout` for an answer; the first call opens the session, since that needs a running loop."""
        self._timeout = aiohttp.ClientTimeout(total=timeout, sock_connect=timeout)
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    async def __call__(self, url: str, form: Mapping[str, str]) -> Reply:
        """Post."""
        session = self._session or self._open()
        # Written here: the library's own form writer costs more than all the rest of the call.
        body = urlencode(form).encode()
        return await _answered(session.post(url, data=body, headers=FORM, allow_redirects=False))

    async def ask(self, asking: Asking) -> Reply:
        """Carry a whole request."""
        session = self._session or self._open()
        headers = {**asking.headers, "accept-encoding": "identity"}
        body = asking.body or None
        return await _answered(
            session.request(asking.verb, asking.url, data=body, headers=headers, allow_redirects=False)
        )

    async def close(self) -> None:
        """Let go of connections, for good."""
        self._closed = True
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._closed:  # a call that was on its way here when the line was closed
            reason = "closed"
            raise Unreached(reason)
        # Looking for a proxy costs a look into files at every call, so only where there is one.
        behind_proxy = bool(urllib.request.getproxies())
        self._session = aiohttp.ClientSession(
            timeout=self._timeout, connector=aiohttp.TCPConnector(limit=CONNECTIONS), trust_env=behind_proxy,
            cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False,
        )  # fmt: skip
        return self._session


async def _answered(carried: AbstractAsyncContextManager[aiohttp.ClientResponse]) -> Reply:
    try:
        async with carried as response:
            return Reply(response.status, await _whole(response))
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise Unreached(type(error).__name__) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unanswered(type(error).__name__) from error


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """Return the answer's body.

    Raises:
        Unanswered: it is packed though nobody asked for that, or too long.

    """
    packed = response.headers.get("content-encoding", "identity")
    if packed != "identity":
        message = f"packed as {packed[:20]}"
        raise Unanswered(message)
    body = bytearray()
    async for part in response.content.iter_chunked(64 * 1024):
        body += part
        if len(body) > MOST_ANSWER_BYTES:
            message = f"longer than {MOST_ANSWER_BYTES} bytes"
            raise Unanswered(message)
    return bytes(body)


class ClientPost:
    """Posts with an httpx client: to a platform that lives in this process, as in `huiyin walk` and the tests."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Post with `client`."""
        self._client = client

    async def __call__(self, url: str, form: Mapping[str, str]) -> Reply:
        """Post."""
        return await self._answered(self._client.build_request("POST", url, data=dict(form)))

    async def ask(self, asking: Asking) -> Reply:
        """Carry a whole request."""
        request = self._client.build_request(
            asking.verb, asking.url, headers=dict(asking.headers), content=asking.body
        )  # fmt: skip
        return await self._answered(request)

    async def _answered(self, request: httpx.Request) -> Reply:
        try:
            response = await self._client.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreached(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise Unanswered(type(error).__name__) from error
        return Reply(response.status_code, response.content)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()
