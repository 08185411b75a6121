"""What becomes of a call over a real network connection: only what surely never left may be sent again."""

import asyncio
import contextlib
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from huiyin.channels.posting import MOST_ANSWER_BYTES, Asking, NetworkPost, Unanswered, Unreached
from huiyin.kernel.units import Seconds

pytestmark = pytest.mark.asyncio

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def platform(answer: Answer) -> AsyncIterator[str]:
    """Listen like a platform that answers in its own way."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        gone.set()

    gone = asyncio.Event()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/routerjson"
        await gone.wait()


@asynccontextmanager
async def posting(patience: float = 5.0) -> AsyncIterator[NetworkPost]:
    post = NetworkPost(Seconds(patience))
    try:
        yield post
    finally:
        await post.close()


def saying(answer: bytes, heard: list[bytes], *, empty: bool = False) -> Answer:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = [] if empty else head.lower().split(b"\r\n")
        length = next((int(line.split(b":")[1]) for line in lines if b"content-length" in line), 0)
        heard.append(head + await reader.readexactly(length))
        writer.write(answer)
        await writer.drain()

    return say


async def test_a_form_goes_in_the_body_and_the_answer_comes_back() -> None:
    heard: list[bytes] = []
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
    async with platform(saying(answer, heard)) as url, posting() as post:
        reply = await post(url, {"method": "a.b", "text": "你好 &=+"})
    assert reply == (200, b"{}")
    head, _, body = heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /routerjson HTTP/1.1")
    assert b"application/x-www-form-urlencoded" in head
    assert body == b"method=a.b&text=%E4%BD%A0%E5%A5%BD+%26%3D%2B"


async def test_a_whole_request_goes_as_it_is_written() -> None:
    heard: list[bytes] = []
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
    async with platform(saying(answer, heard, empty=True)) as url, posting() as post:
        address = url.replace("/routerjson", "/rest/10%2F01?word=%E5%AE%A2%20%2B1&page=1")
        reply = await post.ask(Asking("GET", address, {"X-JOS-Sign": "S"}))
    assert reply == (200, b"{}")
    assert heard[0].startswith(b"GET /rest/10%2F01?word=%E5%AE%A2%20%2B1&page=1 HTTP/1.1")
    assert b"X-JOS-Sign: S" in heard[0]


QUERY = "sign=a%2Bb%2F%3D&param=%7B%22n%22%3A%22%E4%BD%A0+%26%22%7D"


@pytest.mark.parametrize(("verb", "body"), [("GET", b""), ("POST", b'{"n":1}')])
async def test_a_query_arrives_as_it_was_signed(verb: str, body: bytes) -> None:
    heard: list[bytes] = []
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
    async with platform(saying(answer, heard)) as url, posting() as post:
        assert await post.ask(Asking(verb, f"{url}?{QUERY}", {}, body)) == (200, b"{}")
    head, _, sent = heard[0].partition(b"\r\n\r\n")
    said = head.split(b"\r\n")[0].decode().split()
    assert said[0] == verb
    assert parse_qsl(urlsplit(said[1]).query) == parse_qsl(QUERY)
    assert sent == body


async def test_a_redirect_is_not_followed() -> None:
    heard: list[bytes] = []
    answer = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
    async with platform(saying(answer, heard)) as url, posting() as post:
        assert (await post(url, {"a": "b"})).status == 302
    assert len(heard) == 1


async def test_the_harness_sees_a_redirect_that_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    post = aiohttp.ClientSession.post
    monkeypatch.setattr(
        aiohttp.ClientSession, "post",
        lambda self, url, **named: post(self, url, **{**named, "allow_redirects": True}),
    )  # fmt: skip
    with pytest.raises((AssertionError, Unreached)):
        await test_a_redirect_is_not_followed()


async def test_nobody_at_the_door_means_nothing_left_us() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    async with posting() as post:
        with pytest.raises(Unreached):
            await post(f"http://127.0.0.1:{port}/", {"a": "b"})
        with pytest.raises(Unreached):
            await post("http://huiyin.invalid/", {"a": "b"})


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", b"no such protocol\r\n\r\n"],
    ids=["hangs up", "half an answer", "not HTTP"],
)  # fmt: skip
async def test_a_broken_answer_leaves_it_unknown(answer: bytes) -> None:
    heard: list[bytes] = []
    async with platform(saying(answer, heard)) as url, posting() as post:
        with pytest.raises(Unanswered):
            await post(url, {"a": "b"})
    assert len(heard) == 1  # the library does not repeat it by itself


BOMB = gzip.compress(b"0" * 50_000_000)


@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "x" * 500])
async def test_a_packed_answer_nobody_asked_for_is_not_unpacked(packing: str) -> None:
    heard: list[bytes] = []
    head = f"HTTP/1.1 200 OK\r\ncontent-encoding: {packing}\r\ncontent-length: {len(BOMB)}\r\n\r\n"
    async with platform(saying(head.encode() + BOMB, heard)) as url, posting() as post:
        with pytest.raises(Unanswered, match=f"packed as {packing[:20]}$"):
            await post(url, {"a": "b"})
    assert b"accept-encoding: identity" in heard[0].lower()


async def test_an_answer_without_end_is_cut_off() -> None:
    sent = 0

    async def on_and_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while sent < 10 * MOST_ANSWER_BYTES:
                writer.write(b"0" * 1_000_000)
                await writer.drain()
                sent += 1_000_000

    async with platform(on_and_on) as url, posting() as post:
        with pytest.raises(Unanswered, match="longer than"):
            await post(url, {"a": "b"})
        await post.close()
    assert sent < 2 * MOST_ANSWER_BYTES


async def test_silence_leaves_it_unknown() -> None:
    async def never(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the caller hangs up

    async with platform(never) as url, posting(patience=0.1) as post:
        with pytest.raises(Unanswered):
            await post(url, {"a": "b"})
