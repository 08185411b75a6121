"""Open screens by the hundred: WebSocket clients by hand, cheap enough to stand beside the server they measure."""

import asyncio
import base64
import os
import secrets
import struct
from collections.abc import Callable
from typing import cast

from huiyin.kernel.errors import PermanentError

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
SHORT, MEDIUM, LONG = 125, 126, 127
OPENING_SECONDS = 20.0

Heard = Callable[[bytes], None]


class Screen(asyncio.Protocol):
    """One socket of a signed-in person. `heard` gets every text frame as it came."""

    def __init__(self, token: str, heard: Heard) -> None:
        """Sign in with a session token."""
        self._token = token
        self._heard = heard
        self._transport: asyncio.WriteTransport | None = None
        self._buffer = bytearray()
        self._shaken = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._transport = cast("asyncio.WriteTransport", transport)  # other loops' are none by descent
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self._transport.write(
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: http://127.0.0.1\r\nCookie: huiyin_session={self._token}\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end."""
        del exc
        self.closed = True
        if not self.opened.done():
            self.opened.set_exception(PermanentError("the socket was refused"))

    def data_received(self, data: bytes) -> None:
        """Read frames."""
        self._buffer += data
        if not self._shaken:
            head, gap, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not gap:
                return
            if b" 101 " not in head[:16]:
                self.close()
                return
            self._shaken = True
            self._buffer = bytearray(rest)
            self.opened.set_result(None)
        while self._frame():
            pass

    def say(self, text: bytes) -> None:
        """Send a text frame."""
        self._send(TEXT, text)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def _frame(self) -> bool:
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        length, start = buffer[1] & 0x7F, 2
        if length == MEDIUM:
            start = 4
            length = int.from_bytes(buffer[2:4], "big")
        elif length == LONG:
            start = 10
            length = int.from_bytes(buffer[2:10], "big")
        if len(buffer) < start + length:
            return False
        kind, payload = buffer[0] & 0x0F, bytes(buffer[start : start + length])
        del buffer[: start + length]
        if kind == TEXT:
            if payload == b'{"type":"ping"}':
                self.say(b'{"type":"pong"}')
            self._heard(payload)
        elif kind == PING:
            self._send(PONG, payload)
        elif kind == CLOSE:
            self.close()
        return True

    def _send(self, kind: int, payload: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        mask = os.urandom(4)
        size = len(payload)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        head = struct.pack("!BB", 0x80 | kind, 0x80 | min(size, MEDIUM) if size > SHORT else 0x80 | size)
        if size > SHORT:
            head += struct.pack("!H", size)
        self._transport.write(head + mask + masked)


async def open_screen(port: int, token: str, heard: Heard) -> Screen:
    """Open a socket and wait for the upgrade."""
    loop = asyncio.get_running_loop()
    _, screen = await loop.create_connection(lambda: Screen(token, heard), "127.0.0.1", port)
    async with asyncio.timeout(OPENING_SECONDS):
        await screen.opened
    return screen
