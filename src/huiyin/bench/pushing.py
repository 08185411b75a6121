"""Push deliveries over keep-alive connections: HTTP/1.1 by hand, since a client library would outweigh the server."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, cast

from huiyin.bench.chat import Customers, Message
from huiyin.kernel.clock import monotonic

OK = 200
PACE_SECONDS = 0.001


class Pushed(NamedTuple):
    """What became of a message. Moments are monotonic seconds; `due` is when it should have been sent."""

    message: Message
    due: float
    sent: float
    answered: float
    status: int


class Connection(asyncio.Protocol):
    """One keep-alive connection with one request in flight."""

    def __init__(self, answered: Callable[["Connection", int], None], lost: Callable[["Connection"], None]) -> None:
        """Tell `answered` each status and `lost` the end."""
        self._answered = answered
        self._lost = lost
        self._transport: asyncio.WriteTransport | None = None
        self._buffer = b""
        self.carrying: tuple[Message, float, float] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._transport = cast("asyncio.WriteTransport", transport)  # other loops' are none by descent

    def connection_lost(self, exc: Exception | None) -> None:
        """Say so."""
        del exc
        self._transport = None
        self._lost(self)

    def data_received(self, data: bytes) -> None:
        """Read one answer."""
        self._buffer += data
        head, gap, rest = self._buffer.partition(b"\r\n\r\n")
        if not gap:
            return
        lower = head.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(rest) >= length:
            self._buffer = rest[length:]
            self._answered(self, int(head[9:12]))

    def push(self, message: Message, due: float) -> None:
        """Send one delivery."""
        self.carrying = (message, due, monotonic())
        if self._transport is not None:
            self._transport.write(
                b"POST %b HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (message.path.encode(), len(message.body), message.body)
            )

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


class Pushers:
    """Many connections to one server. Customers go on as their messages are taken."""

    def __init__(self, port: int, customers: Customers, connections: int = 64) -> None:
        """Push what `customers` say to the server on `port`."""
        self._port = port
        self._wanted = connections
        self._customers = customers
        self._free: deque[Connection] = deque()
        self._all: list[Connection] = []
        self._waiting: deque[tuple[Message, float]] = deque()
        self._endless = False
        self.done: list[Pushed] = []
        self.broken: list[Message] = []
        """Messages whose connection ended before an answer came: nobody knows what became of them."""

    async def open(self) -> None:
        """Connect."""
        loop = asyncio.get_running_loop()
        for _ in range(self._wanted):
            _, connection = await loop.create_connection(
                lambda: Connection(self._answered, self._lost), "127.0.0.1", self._port
            )
            self._all.append(connection)
            self._free.append(connection)

    @property
    def unanswered(self) -> list[Message]:
        """Return what was said and never acknowledged, each customer's messages in order."""
        return [*self.broken, *(message for message, _ in self._waiting)]

    def close(self) -> None:
        """Disconnect."""
        for connection in self._all:
            connection.close()

    @property
    def in_flight(self) -> int:
        """Return how many messages wait for an answer or a connection."""
        return len(self._waiting) + sum(1 for each in self._all if each.carrying is not None)

    def offer(self, message: Message, due: float) -> None:
        """Send a message as soon as a connection is free."""
        if self._free:
            self._free.popleft().push(message, due)
        else:
            self._waiting.append((message, due))

    async def hold(self, rate: float, seconds: float) -> None:
        """Open loop: `rate` messages a second whatever the answers take; then wait for the answers."""
        start, sent, total = monotonic(), 0, int(rate * seconds)
        while sent < total and self._all:
            due = min(total, int((monotonic() - start) * rate) + 1)
            while sent < due and (message := self._customers.next()) is not None:
                self.offer(message, start + sent / rate)
                sent += 1
            await asyncio.sleep(PACE_SECONDS)
        await self.answered()

    async def flood(self, seconds: float) -> None:
        """Closed loop: every connection sends its next message as soon as the last one was answered."""
        self._endless = True
        now = monotonic()
        while self._free and (message := self._customers.next()) is not None:
            self._free.popleft().push(message, now)
        await asyncio.sleep(seconds)
        self._endless = False
        await self.answered()

    async def answered(self, patience: float = 60.0) -> None:
        """Wait until nothing is in flight."""
        start = monotonic()
        while self.in_flight and self._all and monotonic() - start < patience:  # noqa: ASYNC110  # looked at 200 times a second, not told
            await asyncio.sleep(0.005)

    def _answered(self, connection: Connection, status: int) -> None:
        now = monotonic()
        if connection.carrying is not None:
            message, due, sent = connection.carrying
            connection.carrying = None
            self.done.append(Pushed(message, due, sent, now, status))
            self._customers.taken(message.talk)
        if self._waiting:
            connection.push(*self._waiting.popleft())
        elif self._endless and (following := self._customers.next()) is not None:
            connection.push(following, now)
        else:
            self._free.append(connection)

    def _lost(self, connection: Connection) -> None:
        if connection.carrying is not None:
            self.broken.append(connection.carrying[0])
            connection.carrying = None
        self._all = [each for each in self._all if each is not connection]
        self._free = deque(each for each in self._free if each is not connection)
