"""The WebSocket door: greet, take cursors, pass frames on, notice silence. The protocol is in docs/api.md."""

import asyncio
import contextlib

import msgspec
import structlog
from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

from huiyin.conversations.views import on_desks
from huiyin.kernel.clock import monotonic
from huiyin.kernel.errors import NotSignedInError, TooManyError
from huiyin.kernel.wire import UNREADABLE, encode
from huiyin.org import seats
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right
from huiyin.web.changes import ASK_AGAIN, Screen, Topic
from huiyin.web.guarding import ANYBODY
from huiyin.web.identity import actor_of, bearer_of, house_of, same_origin
from huiyin.web.live import Hub, Resume
from huiyin.wiring import House

log = structlog.get_logger(__name__)

PING_SECONDS = 15.0
SILENCE_SECONDS = 45.0
MOST_FRAME = 64 * 1024
"""Characters of a frame; the server itself (web/serving.py) ends a socket at four times as many bytes."""

SITTING = Right(Resource.SEAT, Action.WRITE)
_decoder = msgspec.json.Decoder(Resume)


@websocket("/ws", opt=ANYBODY)
async def live_socket(socket: WebSocket) -> None:  # type: ignore[type-arg]  # any user
    """Serve one tab."""
    try:
        actor = await asyncio.to_thread(actor_of, socket)
    except NotSignedInError:
        await socket.accept()
        await socket.close(code=4401, reason="sign in")
        return
    except TooManyError:
        await socket.accept()
        await socket.close(code=4429, reason="too many requests")
        return
    if not _page_is_ours(socket):
        await socket.accept()
        await socket.close(code=4403, reason="foreign origin")
        return
    hub: Hub = socket.app.state.hub
    screen = Screen(actor)
    await socket.accept()
    hub.join(screen)
    screen.send(Topic.GREETING, encode({"type": "hello", "now": house_of(socket).clock.now()}))
    writing = asyncio.create_task(_write(socket, screen))
    try:
        await _listen(socket, hub, screen)
    except WebSocketDisconnect:
        log.debug("web.socket_left", person=actor.id)
    except TimeoutError:
        await socket.close(code=4408, reason="silent for too long")
    except TooManyError:
        await socket.close(code=4429, reason="too many requests")
    except NotSignedInError:
        await socket.close(code=4401, reason="sign in")
    finally:
        hub.leave(screen)
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await writing


def _page_is_ours(socket: WebSocket) -> bool:  # type: ignore[type-arg]  # any user
    """Tell whether the page that opened the socket is ours. Browsers always say where a page comes from.

    Only a program that sends a token of its own need not: no page can make it do so.
    """
    if socket.headers.get("origin") is None:
        return bool(bearer_of(socket))
    return same_origin(socket)


async def _listen(socket: WebSocket, hub: Hub, screen: Screen) -> None:  # type: ignore[type-arg]  # any user
    house = house_of(socket)
    while True:
        async with asyncio.timeout(SILENCE_SECONDS):
            raw = await socket.receive_data(mode="text")
        if len(raw) > MOST_FRAME:
            await socket.close(code=4413, reason="frame too large")
            return
        try:
            said = _decoder.decode(raw)
        except UNREADABLE:
            await socket.close(code=4400, reason="unreadable frame")
            return
        # Asked anew each time, a quarter of a minute at most: limits of idle sessions end here. What ended otherwise
        # ends before the next frame (`changes.refresh`).
        screen.actor = await asyncio.to_thread(actor_of, socket)
        if said.type == "resume":
            screen.near |= await asyncio.to_thread(_on_desk, house, screen.actor.id)
            hub.resume(screen, said)
        if may(screen.actor, SITTING):  # a wall on a program's token is nobody at a desk
            await house.writer.do(seats.seen, [screen.actor.id])


def _on_desk(house: House, person: str) -> set[str]:
    with house.reading.connect() as connection:
        return {each.id for each in on_desks(connection, [person])}


async def _write(socket: WebSocket, screen: Screen) -> None:  # type: ignore[type-arg]  # any user
    """Pass frames on, and ping every quarter of a minute however busy the screen is: silence ends a socket."""
    next_ping = monotonic() + PING_SECONDS
    while True:
        try:
            async with asyncio.timeout(max(0.0, next_ping - monotonic())):
                frame = await screen.outgoing.get()
        except TimeoutError:
            frame = encode({"type": "ping"})
            next_ping = monotonic() + PING_SECONDS
        if frame == ASK_AGAIN:
            await socket.close(code=4401, reason="sign in")
            return
        await socket.send_data(frame.decode(), mode="text")
