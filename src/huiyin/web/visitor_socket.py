"""Tell visitors what reached them, while their page is open: woken by commits, read from their own cursor.

A page that was away is brought up to date by the same read as one that never left; what cannot be sent stays unread
and is sent the next time. The protocol is in docs/widget.md.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
import structlog
from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromPath

from huiyin.conversations.visitors import News, Reader, Visitor, index_of, whose
from huiyin.eventlog.writer import Notice
from huiyin.kernel.clock import from_ms, monotonic
from huiyin.kernel.errors import NotFoundError, NotSignedInError, TooManyError
from huiyin.kernel.wire import UNREADABLE, encode
from huiyin.web.guarding import ANYBODY
from huiyin.web.identity import house_of
from huiyin.web.live import ABOUT_OTHERS
from huiyin.web.pace import Buckets, Pace
from huiyin.web.visiting import Paces, counter_of, visitor_of
from huiyin.web.whence import neighbourhood_of
from huiyin.wiring import House

log = structlog.get_logger(__name__)

TICK_SECONDS = 0.1
PING_SECONDS = 15.0
SILENCE_SECONDS = 45.0
GREETING_SECONDS = 10.0
"""For the first frame: a socket that says nothing is nobody's."""
MOST_FRAME = 4 * 1024
MOST_SOCKETS = 1000
"""Of visitors at once: half of what the server takes, so that no crowd keeps agents from their desks."""
MOST_FROM_ONE = 30
FRAMES = Pace(30, 1)
GONE, FOREIGN, FULL, SILENT, UNREAD = 4404, 4403, 4429, 4408, 4400


class Resume(msgspec.Struct):
    """What a page says: first its token and what it has seen, by conversation; later only that it is still there."""

    type: str
    token: Annotated[str, msgspec.Meta(max_length=100)] = ""
    seen: Annotated[
        dict[Annotated[str, msgspec.Meta(max_length=64)], Annotated[int, msgspec.Meta(ge=0, le=2**53)]],
        msgspec.Meta(max_length=50),
    ] = {}


_decoder = msgspec.json.Decoder(Resume)


@dataclass(eq=False)
class Seat:
    """One open page of a visitor."""

    site: str
    visitor: Visitor
    seen: dict[str, int]
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Visitors:
    """All open pages of visitors of this process."""

    def __init__(self, house: House) -> None:
        """Watch the house's commits."""
        self._house = house
        self._reader = Reader(house.bodies, house.ring, house.catalogue)
        self._seats: set[Seat] = set()
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.open = 0
        self.by_address: Counter[str] = Counter()
        self.frames = Buckets(FRAMES)
        house.writer.watch(self._noticed)

    def join(self, seat: Seat) -> None:
        """Add a page; it is told at once what it has not seen."""
        self._seats.add(seat)
        seat.news.set()

    def leave(self, seat: Seat) -> None:
        """Forget a page."""
        self._seats.discard(seat)

    async def run(self) -> None:
        """Wake the pages whose conversations changed, until cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            changed, self._changed = self._changed, set()
            seats = tuple(self._seats)
            try:
                woken: Sequence[Seat] = (
                    await asyncio.to_thread(self._concerned, changed, seats) if changed and seats else ()
                )
            except Exception as error:  # noqa: BLE001  # the loop's outer door: everybody looks for themselves
                log.error("web.visitors_failed", error=type(error).__name__)
                woken = seats
            for seat in woken:
                seat.news.set()
            await asyncio.sleep(TICK_SECONDS)

    def read(self, seat: Seat) -> News:
        """Return what a page has not seen; off the loop."""
        with self._house.reading.connect() as connection:
            return self._reader.news(connection, seat.visitor, seat.seen)

    def _concerned(self, changed: set[str], seats: Sequence[Seat]) -> list[Seat]:
        with self._house.reading.connect() as connection:
            found = whose(connection, changed, {each.visitor.shop for each in seats})
            ring = self._house.ring
            return [
                each for each in seats if (each.visitor.shop, index_of(connection, ring, each.visitor)) in found
            ] if found else []  # fmt: skip

    def _noticed(self, notices: Sequence[Notice]) -> None:
        if self._loop is None or not self._seats or self._loop.is_closed():
            return
        subjects = {each.subject for each in notices if each.subject and not each.kind.startswith(ABOUT_OTHERS)}
        if subjects:
            self._loop.call_soon_threadsafe(self._note, subjects)

    def _note(self, subjects: set[str]) -> None:
        self._changed |= subjects
        self._wake.set()


@websocket("/ws/widget/{site:str}", opt=ANYBODY)
async def visitor_socket(socket: WebSocket, site: FromPath[str]) -> None:  # type: ignore[type-arg]  # any user
    """Serve one page of a visitor."""
    house, visitors, address = house_of(socket), socket.app.state.visitors, neighbourhood_of(socket)
    await socket.accept()
    counter = counter_of(house, site)
    if counter is None:
        await socket.close(code=GONE, reason="no such site")
        return
    if not counter.line.stands_on(socket.headers.get("origin", "")):
        await socket.close(code=FOREIGN, reason="foreign origin")
        return
    paces: Paces = socket.app.state.visits
    if visitors.open >= MOST_SOCKETS or visitors.by_address[address] >= MOST_FROM_ONE:
        await socket.close(code=FULL, reason="too many open")
        return
    try:
        paces.address.draw(address)
    except TooManyError:
        await socket.close(code=FULL, reason="too many opened")
        return
    visitors.open += 1
    visitors.by_address[address] += 1
    try:
        await _attend(socket, visitors, site)
    finally:
        visitors.open -= 1
        visitors.by_address[address] -= 1
        if not visitors.by_address[address]:
            del visitors.by_address[address]


async def _attend(socket: WebSocket, visitors: Visitors, site: str) -> None:  # type: ignore[type-arg]  # any user
    house = house_of(socket)
    with contextlib.suppress(WebSocketDisconnect):
        try:
            said = await _hear(socket, GREETING_SECONDS)
            visitor, counter = visitor_of(house, site, said.token)
            look = counter.line.settings
            hello = {"type": "hello", "title": look.title, "greeting": look.greeting, "now": house.clock.now()}
            await socket.send_data(encode(hello).decode(), mode="text")
            seat = Seat(site, visitor, dict(said.seen))
            await _stay(socket, visitors, seat)
        except NotFoundError:
            await socket.close(code=GONE, reason="no such site")
        except NotSignedInError:
            await socket.close(code=4401, reason="begin anew")
        except TooManyError:
            await socket.close(code=FULL, reason="too many frames")
        except TimeoutError:
            await socket.close(code=SILENT, reason="silent for too long")
        except UNREADABLE:
            await socket.close(code=UNREAD, reason="unreadable frame")


async def _stay(socket: WebSocket, visitors: Visitors, seat: Seat) -> None:  # type: ignore[type-arg]  # any user
    visitors.join(seat)
    writing = asyncio.create_task(_write(socket, visitors, seat))
    try:
        while True:
            await _hear(socket, SILENCE_SECONDS)
            visitors.frames.draw(seat.visitor.reference)
    finally:
        visitors.leave(seat)
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await writing


async def _hear(socket: WebSocket, seconds: float) -> Resume:  # type: ignore[type-arg]  # any user
    async with asyncio.timeout(seconds):
        raw = await socket.receive_data(mode="text")
    if len(raw) > MOST_FRAME:
        message = "the frame is too large"
        raise msgspec.DecodeError(message)
    return _decoder.decode(raw)


async def _write(socket: WebSocket, visitors: Visitors, seat: Seat) -> None:  # type: ignore[type-arg]  # any user
    """Tell what is new, and ping every quarter of a minute; hang up once the shop's line is gone or is another's."""
    next_ping = monotonic() + PING_SECONDS
    while True:
        woken = True
        try:
            async with asyncio.timeout(max(0.0, next_ping - monotonic())):
                await seat.news.wait()
        except TimeoutError:
            woken, next_ping = False, monotonic() + PING_SECONDS
        counter = counter_of(house_of(socket), seat.site)
        if counter is None or not counter.line.stands_on(socket.headers.get("origin", "")):
            await socket.close(code=GONE, reason="no such site")
            return
        if not woken:
            await socket.send_data(encode({"type": "ping"}).decode(), mode="text")
            continue
        seat.news.clear()
        await _tell(socket, visitors, seat)


async def _tell(socket: WebSocket, visitors: Visitors, seat: Seat) -> None:  # type: ignore[type-arg]  # any user
    try:
        news = await asyncio.to_thread(visitors.read, seat)
    except Exception as error:  # noqa: BLE001  # the door: what could not be read now is read with the next change
        log.error("web.visitor_unread", error=type(error).__name__)
        await asyncio.sleep(1.0)
        seat.news.set()
        return
    if news.seen == seat.seen and not news.said:
        return
    messages = [{"id": each.id, "from": each.sender, "text": each.text, "at": from_ms(each.at)} for each in news.said]
    frame = {"type": "messages", "seen": news.seen, "messages": messages}
    await socket.send_data(encode(frame).decode(), mode="text")
    seat.seen = news.seen
