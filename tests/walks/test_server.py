"""The server in front of the door, over real connections: what it tells of itself, and how long it waits."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from huiyin.kernel.clock import monotonic
from huiyin.kernel.units import Seconds
from huiyin.simulator.serving import QuietServer
from huiyin.web.headers import ALWAYS
from huiyin.web.identity import COOKIE
from huiyin.web.serving import PunctualProtocol, server_config

from .stage import Stage


@asynccontextmanager
async def served(stage: Stage, **options: object) -> AsyncIterator[int]:
    """Serve the app on a port of this machine; return the port."""
    door = socket.create_server(("127.0.0.1", 0))
    server = QuietServer(server_config(stage.app, timeout_graceful_shutdown=1, **options))
    serving = asyncio.create_task(server.serve(sockets=[door]))
    while not server.started:  # noqa: ASYNC110  # the server offers no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield door.getsockname()[1]
    finally:
        server.should_exit = True
        await serving


async def said(port: int, raw: bytes, seconds: float = 5) -> bytes:
    """Write bytes and read until the other side hangs up."""
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        try:
            return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([line, "Host: huiyin.invalid", "Connection: close", *headers, "", ""]).encode() + body


ANSWERED = {
    "a page": (request("GET / HTTP/1.1"), b"200 503"),
    "no page": (request("GET /no/such/page HTTP/1.1"), b"404"),
    "nobody": (request("GET /api/wall HTTP/1.1"), b"401"),
    "a method the page has not": (request("PATCH /api/wall HTTP/1.1"), b"405"),
    "TRACE, which would show cookies to scripts": (request("TRACE / HTTP/1.1"), b"405"),
    "a file above": (request("GET /assets/../../../pyproject.toml HTTP/1.1"), b"404"),
    "a file above, escaped": (request("GET /assets/%2e%2e/%2e%2e/app.py HTTP/1.1"), b"404"),
    "a file above, escaped twice": (request("GET /%252e%252e%252fapp.py HTTP/1.1"), b"404"),
    "a file above, by backslash": (request("GET /..%5capp.py HTTP/1.1"), b"404"),
    "a file above, in one piece": (request("GET /..%2fapp.py HTTP/1.1"), b"404"),
    "a file with NUL in its name": (request("GET /mark.svg%00.html HTTP/1.1"), b"404"),
    "a name without end": (request(f"GET /{'x' * 4000}.svg HTTP/1.1"), b"404"),
    "an asset's name without end": (request(f"GET /assets/{'x' * 4000}.js HTTP/1.1"), b"404"),
    "an asset with NUL in its name": (request("GET /assets/a%00.js HTTP/1.1"), b"404"),
    "a file of the disk": (request("GET //etc/passwd HTTP/1.1"), b"404"),
    "a header of 40 KiB": (request("GET /api/health HTTP/1.1", "X-Long: " + "x" * 40_000), b"431"),
}


@pytest.mark.parametrize("name", ANSWERED)
async def test_every_answer_is_dressed_and_tells_nothing_of_the_inside(stage: Stage, name: str) -> None:
    raw, statuses = ANSWERED[name]
    async with served(stage) as port:
        answer = await said(port, raw)
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    assert lines[0].split()[1].encode() in statuses.split()
    headers = dict(each.lower().split(": ", 1) for each in lines[1:])
    assert {key.lower(): headers.get(key.lower()) for key in ALWAYS} == {
        key.lower(): value.lower() for key, value in ALWAYS.items()
    }
    assert "content-security-policy" in headers
    assert not headers.keys() & {"server", "x-powered-by"}
    for inside in (b"Traceback", b"litestar", b"uvicorn", b"site-packages", b"root:", b"import "):
        assert inside not in body


PATIENCE_SECONDS = 8

REFUSED = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    "CONNECT": request("CONNECT huiyin.invalid:443 HTTP/1.1"),
    "two lengths": request("POST /api/session HTTP/1.1", "Content-Length: 2", "Content-Length: 3", body=b"{}x"),
    "a length and chunks": request(
        "POST /api/session HTTP/1.1", "Content-Length: 2", "Transfer-Encoding: chunked", body=b"{}0\r\n\r\n"
    ),
    "a length below nothing": request("POST /api/session HTTP/1.1", "Content-Length: -1"),
    "a name with a line in it": b"GET / HTTP/1.1\r\nHost: a\r\nX-A\rB: c\r\n\r\n",
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_request_is_not_taken_for_one(stage: Stage, name: str) -> None:
    async with served(stage) as port:
        answer = await said(port, REFUSED[name])
        assert answer[:12] in {b"", b"HTTP/1.1 400", b"HTTP/1.1 403", b"HTTP/1.1 404", b"HTTP/1.1 405"}, answer
        assert b"Traceback" not in answer
        assert (await said(port, request("GET /api/health HTTP/1.1"))).startswith(b"HTTP/1.1 200")


HALVES = {
    "says nothing": b"",
    "half a head": b"GET /api/health HTTP/1.1\r\nHost: a\r\n",
    "half a body": b"POST /api/session HTTP/1.1\r\nHost: a\r\nX-Huiyin: 1\r\nContent-Length: 99\r\n\r\n{",
    "a second head, after a first request": b"GET /api/health HTTP/1.1\r\nHost: a\r\n\r\nGET /api",
    "a second request, of empty lines": b"GET /api/health HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("name", HALVES)
async def test_whoever_takes_their_time_is_hung_up_on(stage: Stage, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PunctualProtocol, "head_seconds", Seconds(0.3))
    monkeypatch.setattr(PunctualProtocol, "body_seconds", Seconds(0.3))
    async with served(stage, timeout_keep_alive=1) as port:
        began = monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HALVES[name])
        dripping = asyncio.create_task(_drip(writer, name))
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await _heard(reader)
        finally:
            dripping.cancel()
            writer.close()
        assert monotonic() - began < 5
        assert answer.count(b"HTTP/1.1 200") == name.startswith("a second")


async def _heard(reader: asyncio.StreamReader) -> bytes:
    """Return what came before the end; a byte that drips on a closed door is answered with a reset, an end as well."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := await reader.read(65536):
            parts.append(part)
    return b"".join(parts)


async def _drip(writer: asyncio.StreamWriter, name: str) -> None:
    """Say one byte more, again and again: bytes that come in do not buy more time."""
    while name != "says nothing":
        await asyncio.sleep(0.05)
        writer.write(b"\r\n" if name.endswith("empty lines") else b"x")


async def test_a_frame_of_megabytes_is_not_read_to_its_end(stage: Stage) -> None:
    from websockets.asyncio.client import connect
    from websockets.exceptions import ConnectionClosed

    lin = await stage.person("lin")
    async with served(stage) as port:
        headers = {"Cookie": f"{COOKIE}={lin.http.cookies[COOKIE]}", "Origin": f"http://127.0.0.1:{port}"}
        async with connect(f"ws://127.0.0.1:{port}/ws", additional_headers=headers, proxy=None) as tab:
            assert '"hello"' in str(await tab.recv())
            with contextlib.suppress(ConnectionClosed):
                await tab.send("x" * 5_000_000)
            with pytest.raises(ConnectionClosed) as closed:
                await tab.recv()
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(stage: Stage) -> None:
    from .founding import PASSWORD

    body = f'{{"login": "lin", "password": "{PASSWORD}"}}'.encode()
    line = "POST /api/session HTTP/1.1"
    async with served(stage) as port:
        raw = request(line, "X-Huiyin: 1", "Content-Type: application/json", f"Content-Length: {len(body)}", body=body)
        answer = await said(port, raw)
    cookies = [each for each in answer.split(b"\r\n") if each.lower().startswith(b"set-cookie:")]
    assert len(cookies) == 1
    assert {part.strip().lower() for part in cookies[0].split(b";")[1:]} == {b"httponly", b"path=/", b"samesite=strict"}
