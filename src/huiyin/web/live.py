"""Keep open screens in step: what changed goes out in ticks, each screen from its own cursor.

A screen's cursor is the version of each conversation it shows. Frames for an open conversation always cover
(known, newest], read from the log, so a screen that was away is brought up to date by the same code that serves
one that never left. A screen that cannot keep up loses frames, never its cursor: the next tick sends the rest.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple

import msgspec
import structlog

from huiyin.conversations import views as talk
from huiyin.conversations.messages import messages_by_id
from huiyin.eventlog.events import Recorded
from huiyin.eventlog.views import stream
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import monotonic
from huiyin.kernel.wire import encode
from huiyin.web import rendering, shapes
from huiyin.web.wall import snapshot
from huiyin.wiring import House

log = structlog.get_logger(__name__)

TICK_SECONDS = 0.1
WALL_SECONDS = 0.25
MOST_QUEUED = 256
COUNTS_SECONDS = 1.0
MOST_OPEN = 50
MOST_LINES = 40
"""Lines a tick may send one screen; beyond that the screen is told to fetch its list."""


@dataclass(eq=False)
class Screen:
    """One open socket."""

    actor: Actor
    outgoing: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(MOST_QUEUED))
    open: dict[str, int] = field(default_factory=dict)
    wall: bool = False
    tab: str = "mine"
    near: set[str] = field(default_factory=set)
    """Lines this person had on the desk: of these the screen must hear also when they leave it."""
    stale: bool = False

    def send(self, frame: bytes) -> bool:
        """Queue a frame; False, and a stale list, if the screen is too far behind."""
        try:
            self.outgoing.put_nowait(frame)
        except asyncio.QueueFull:
            self.stale = True
            return False
        return True


class _Line(NamedTuple):
    """A changed line, encoded once for all screens."""

    id: str
    shop: str
    person: str | None
    tabs: frozenset[str]
    """The tabs the line stands under now, or stood under before this change."""
    frame: bytes

    def concerns(self, screen: Screen) -> bool:
        """Tell whether a screen shows this line, or did until now."""
        if self.shop not in screen.actor.shops:
            return False
        return (
            self.person == screen.actor.id
            or self.id in screen.near
            or self.id in screen.open
            or screen.tab in self.tabs
        )


class _Opened(NamedTuple):
    """What happened in a conversation some screen shows: messages, and at which version each last changed."""

    shop: str
    newest: int
    versions: dict[str, int]
    messages: list[shapes.MessageShape]
    suggestions: list[shapes.Suggestion]


class Resume(msgspec.Struct):
    """What a client says after the greeting and whenever it looks elsewhere.

    `open` names the conversations it shows with the last version seen, `tab` the list it looks at.
    """

    type: str
    open: dict[str, Annotated[int, msgspec.Meta(ge=0, le=2**53)]] = {}
    wall: bool = False
    tab: str = "mine"


class Hub:
    """All open screens of this process."""

    def __init__(self, house: House) -> None:
        """Watch the house's commits."""
        self._house = house
        self._screens: set[Screen] = set()
        self._changed: set[str] = set()
        self._tabs: dict[str, str] = {}
        self._wall_stale = True
        self._counts_stale = True
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        house.writer.watch(self._noticed)

    def join(self, screen: Screen) -> None:
        """Add a screen."""
        self._screens.add(screen)

    def leave(self, screen: Screen) -> None:
        """Forget a screen."""
        self._screens.discard(screen)

    def resume(self, screen: Screen, said: Resume) -> None:
        """Take a screen's cursors and what it looks at; the next tick brings it up to date."""
        open_ = dict(list(said.open.items())[:MOST_OPEN])
        screen.open, screen.wall, screen.tab = open_, said.wall, said.tab
        screen.send(encode({"type": "list"}))
        self._changed |= set(open_)
        self._wall_stale = self._wall_stale or said.wall
        self._counts_stale = True
        self._wake.set()

    async def run(self) -> None:
        """Serve ticks until cancelled."""
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tick_conversations())
            group.create_task(self._tick_wall())
            group.create_task(self._tick_counts())

    def _noticed(self, recorded: list[Recorded]) -> None:
        if self._loop is not None and self._screens and not self._loop.is_closed():
            subjects = {each.subject for each in recorded if each.kind != "org.PresenceChanged"}
            self._loop.call_soon_threadsafe(self._note, subjects)

    def _note(self, subjects: Iterable[str]) -> None:
        self._changed.update(subjects)
        self._wall_stale = self._counts_stale = True
        self._wake.set()

    async def _tick_conversations(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            changed, self._changed = self._changed, set()
            screens = tuple(self._screens)
            if changed and screens and not await _outlived(self._send_changes(changed, screens)):
                self._changed |= changed  # tried again with the next change
            await asyncio.sleep(TICK_SECONDS)

    async def _send_changes(self, changed: set[str], screens: tuple[Screen, ...]) -> None:
        lines, opened = await asyncio.to_thread(self._read, changed, screens)
        for screen in screens:
            self._send_lines(screen, lines)
            self._send_events(screen, opened)

    async def _tick_counts(self) -> None:
        """Tell every screen how many conversations wait and how many the bot has: one query per set of shops."""
        while True:
            await asyncio.sleep(COUNTS_SECONDS)
            if self._counts_stale and self._screens:
                self._counts_stale = False
                failed = not await _outlived(self._send_each(tuple(self._screens), self._counts))
                self._counts_stale |= failed

    async def _send_each(self, screens: Iterable[Screen], read: Callable[[Actor], bytes]) -> None:
        """Send what depends on the shops alone: read once for each set of shops."""
        frames: dict[frozenset[str], bytes] = {}
        for screen in screens:
            shops: frozenset[str] = frozenset(screen.actor.shops)
            if shops not in frames:
                frames[shops] = await asyncio.to_thread(read, screen.actor)
            screen.send(frames[shops])

    def _counts(self, actor: Actor) -> bytes:
        with self._house.reading.connect() as connection:
            return encode({"type": "counts", "body": talk.queue_counts(connection, actor.shops)})

    def _wall(self, actor: Actor) -> bytes:
        return encode({"type": "wall", "body": snapshot(self._house, actor)})

    async def _tick_wall(self) -> None:
        while True:
            await asyncio.sleep(WALL_SECONDS)
            watching = [screen for screen in self._screens if screen.wall]
            if not self._wall_stale or not watching:
                continue
            self._wall_stale = False
            began = monotonic()
            failed = not await _outlived(self._send_each(watching, self._wall))
            self._wall_stale |= failed
            # A long day makes the wall dear: it may take a quarter of the time, not more.
            await asyncio.sleep(3 * (monotonic() - began))

    def _read(self, changed: set[str], screens: tuple[Screen, ...]) -> tuple[list[_Line], dict[str, _Opened]]:
        """Read, off the loop, every changed line once and every open conversation from its oldest cursor."""
        house = self._house
        oldest: dict[str, int] = {}
        for screen in screens:
            for conversation in changed & screen.open.keys():
                known = screen.open[conversation]
                oldest[conversation] = min(known, oldest.get(conversation, known))
        with house.reading.connect() as connection:
            found = talk.lines(connection, house.bodies, sorted(changed))
            rendered = rendering.lines(house, connection, found)
            lines = [
                _Line(
                    shape.id,
                    each.conversation.shop,
                    each.conversation.person,
                    self._moved(shape),
                    encode({"type": "conversation", "body": shape}),
                )
                for each, shape in zip(found, rendered, strict=True)
            ]
            talks = {each.conversation.id: each.conversation for each in found}
            opened = {}
            # A client may name whatever it likes: what is no conversation has nothing to show.
            for conversation, after in ((key, after) for key, after in oldest.items() if key in talks):
                recorded = stream(connection, house.catalogue, conversation, after)
                if not recorded:
                    continue
                versions = {
                    message: each.version for each in recorded if (message := getattr(each.event, "message", ""))
                }
                shown = rendering.messages(connection, messages_by_id(connection, house.bodies, list(versions)))
                accessed = talks[conversation]
                offered = rendering.suggestions(house, connection, accessed)
                opened[conversation] = _Opened(accessed.shop, recorded[-1].version, versions, shown, offered)
        return lines, opened

    def _moved(self, line: shapes.ConversationShape) -> frozenset[str]:
        """Return the tabs a line stands under and stood under before, and remember where it is."""
        now = line.state if line.state != "human" else ""
        before = self._tabs.pop(line.id, "")
        if now != "closed":
            self._tabs[line.id] = now
        return frozenset({now, before} - {""})

    def _send_lines(self, screen: Screen, lines: list[_Line]) -> None:
        """Send a screen the lines it shows. Whoever looks at one list is not told of every other."""
        mine = [each for each in lines if each.concerns(screen)]
        mine.sort(key=lambda each: each.person != screen.actor.id)
        if len(mine) > MOST_LINES or screen.stale:
            screen.stale = not screen.send(encode({"type": "list"}))
        for each in mine[:MOST_LINES]:
            if each.person == screen.actor.id:
                screen.near.add(each.id)
            else:
                screen.near.discard(each.id)
            screen.send(each.frame)

    def _send_events(self, screen: Screen, opened: dict[str, _Opened]) -> None:
        for conversation, news in opened.items():
            known = screen.open.get(conversation)
            if known is None or news.newest <= known or news.shop not in screen.actor.shops:
                continue
            frame = encode(
                {
                    "type": "events",
                    "conversation": conversation,
                    "from": known,
                    "to": news.newest,
                    "messages": [each for each in news.messages if news.versions.get(each.id, 0) > known],
                    "suggestions": news.suggestions,
                }
            )
            if screen.send(frame):
                screen.open[conversation] = news.newest
            else:
                self._changed.add(conversation)
                self._wake.set()


async def _outlived(work: Awaitable[None]) -> bool:
    """Do one screenful of work; False if it failed. Nothing may end the loops that all screens hang on."""
    try:
        await work
    except Exception as error:  # noqa: BLE001  # told in the log and tried again
        log.error("web.live_failed", error=type(error).__name__)
        return False
    return True
