"""Carry calls out, over httpx: with the token, tried again where that is safe, errors as exceptions."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import cache
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import uuid4

import httpx
import msgspec

from huiyin_client.calls import Call, Item, P, PagedCall
from huiyin_client.problems import HuiyinError, Problem, TemporaryError, UnknownOutcomeError, error_of

T = TypeVar("T")

ATTEMPTS = 4
SECONDS = 30.0
PAUSES_SECONDS = (0.5, 2.0, 8.0)
MOST_PAUSE_SECONDS = 60.0
"""Whoever is told to wait longer is told so at once, by the exception."""
RUNNING = "idempotency_running"
WAITS = frozenset({429, 503})
"""Statuses with which nothing was done, and that may pass."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Huiyin:
    """A server, asked with an API token."""

    def __init__(
        self, url: str, token: str, *, client: httpx.Client | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Ask at `url`; `client` brings proxies, certificates or a transport of its own."""
        self._client = client or httpx.Client(timeout=SECONDS)
        self._url, self._token, self._sleep = url, token, sleep

    def ask(self, call: Call[T]) -> T:
        """Carry a call out and return the answer; HuiyinError, of a type that says what to do."""
        request = _request(self._client, self._url, self._token, call)
        attempt = 0
        while True:
            attempt += 1
            try:
                response = self._client.send(request)
            except httpx.TransportError as error:
                wait = _after_failure(call, error, attempt)
            else:
                if response.is_success:
                    return _read(call, response.content)
                wait = _after_refusal(response, attempt)
            self._sleep(wait)

    def each(self, paged: PagedCall[P, Item]) -> Iterator[Item]:
        """Go through a long list, page by page."""
        page = self.ask(paged.first)
        yield from paged.items(page)
        while page.next_cursor is not None:
            page = self.ask(paged.after(page.next_cursor))
            yield from paged.items(page)

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class AsyncHuiyin:
    """A server, asked with an API token, in an event loop."""

    def __init__(
        self, url: str, token: str, *, client: httpx.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        """Ask at `url`; `client` brings proxies, certificates or a transport of its own."""
        self._client = client or httpx.AsyncClient(timeout=SECONDS)
        self._url, self._token, self._sleep = url, token, sleep

    async def ask(self, call: Call[T]) -> T:
        """Carry a call out and return the answer; HuiyinError, of a type that says what to do."""
        request = _request(self._client, self._url, self._token, call)
        attempt = 0
        while True:
            attempt += 1
            try:
                response = await self._client.send(request)
            except httpx.TransportError as error:
                wait = _after_failure(call, error, attempt)
            else:
                if response.is_success:
                    return _read(call, response.content)
                wait = _after_refusal(response, attempt)
            await self._sleep(wait)

    async def each(self, paged: PagedCall[P, Item]) -> AsyncIterator[Item]:
        """Go through a long list, page by page."""
        page = await self.ask(paged.first)
        for item in paged.items(page):
            yield item
        while page.next_cursor is not None:
            page = await self.ask(paged.after(page.next_cursor))
            for item in paged.items(page):
                yield item

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()


def _request(client: httpx.Client | httpx.AsyncClient, url: str, token: str, call: Call[Any]) -> httpx.Request:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    content = None
    if call.body is not None:
        content = msgspec.json.encode(call.body)
        headers["Content-Type"] = "application/json"
    if call.keyed:
        headers["Idempotency-Key"] = str(uuid4())
    return client.build_request(
        call.method, f"{url.rstrip('/')}{call.path}", params=dict(call.query), headers=headers, content=content
    )


def _after_failure(call: Call[Any], error: httpx.TransportError, attempt: int) -> float:
    """Return how long to wait before the next attempt; raise where there is none."""
    told = Problem(title="no answer came", detail="Look at the address and the way there.")
    if not (call.safe or call.keyed or isinstance(error, _NOT_SENT)):
        raise UnknownOutcomeError(told) from error
    if attempt >= ATTEMPTS:
        raise TemporaryError(told) from error
    return PAUSES_SECONDS[attempt - 1]


def _after_refusal(response: httpx.Response, attempt: int) -> float:
    """Return how long to wait before the next attempt; raise the refusal where there is none."""
    error: HuiyinError = error_of(response.status_code, response.content)
    passes = response.status_code in WAITS or error.code == RUNNING
    wait = max(error.retry_after or 0.0, PAUSES_SECONDS[min(attempt, len(PAUSES_SECONDS)) - 1])
    if not passes or attempt >= ATTEMPTS or wait > MOST_PAUSE_SECONDS:
        raise error
    return wait


def _read(call: Call[T], body: bytes) -> T:
    try:
        answer: T = _decoder(call.answer).decode(body)
    except msgspec.DecodeError as error:
        told = Problem(title="the answer is of another shape", detail="Use the client that came with the server.")
        raise HuiyinError(told) from error
    return answer


@cache
def _decoder(answer: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401  # a type, or a list of one
    return msgspec.json.Decoder(answer)
