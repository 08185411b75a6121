"""Keep open screens in step: what changed goes out in ticks, each screen from its own cursor.

A screen's cursor is the version of each conversation it shows. Frames for an open conversation always cover
(known, newest], read from the log, so a screen that was away is brought up to date by the same code that serves
one that never left. A screen that cannot keep up loses frames, never its cursor: the next tick sends the rest.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from typing import Annotated

import msgspec
import structlog

from huiyin.conversations import views as talk
from huiyin.conversations.access import may_see
from huiyin.eventlog.events import kind_of
from huiyin.eventlog.writer import Notice
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import monotonic
from huiyin.kernel.ids import ShopId
from huiyin.kernel.wire import encode
from huiyin.org.events import AccessChanged
from huiyin.web.changes import Changes, Line, Opened, Screen, Topic, hears, refresh
from huiyin.web.shapes import WallShape
from huiyin.web.wall import shown_to, snapshot
from huiyin.wiring import House

log = structlog.get_logger(__name__)

TICK_SECONDS = 0.1
WALL_SECONDS = 0.1
WALL_AT_LEAST_SECONDS = 5.0
COUNTS_SECONDS = 1.0
ACCESS_CHANGED = kind_of(AccessChanged)
ABOUT_OTHERS = ("org.", "security.")
"""How kinds of notices begin whose subject is no conversation."""
MOST_OPEN = 50
MOST_LINES = 40
"""Lines a tick may send one screen; beyond that the screen is told to fetch its list."""


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
        self._changes = Changes(house)
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
        screen.send(Topic.LIST, encode({"type": "list"}))
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

    def _noticed(self, notices: Sequence[Notice]) -> None:
        if self._loop is not None and self._screens and not self._loop.is_closed():
            subjects = {each.subject for each in notices if each.subject and not each.kind.startswith(ABOUT_OTHERS)}
            self._loop.call_soon_threadsafe(self._note, subjects)
            people = {each.subject for each in notices if each.kind == ACCESS_CHANGED}
            if people:
                self._loop.call_soon_threadsafe(self._ask_again, people)

    def _ask_again(self, people: set[str]) -> None:
        for screen in self._screens:
            if screen.actor.id in people:
                screen.ask_again()

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
        screens = await self._looking(screens)
        lines, opened = await asyncio.to_thread(self._changes.read, changed, screens)
        for screen in screens:
            self._send_lines(screen, lines)
            self._send_events(screen, opened)

    async def _looking(self, screens: Iterable[Screen]) -> tuple[Screen, ...]:
        """Return the screens of those who may still look, as who they are now; the others are closed."""
        asked = tuple(screens)
        await asyncio.to_thread(refresh, self._house, asked)
        for screen in asked:
            if screen.gone:
                screen.ask_again()
        return tuple(each for each in asked if not each.gone)

    async def _tick_counts(self) -> None:
        """Tell every screen how many conversations wait and how many the bot has: one query per set of shops."""
        while True:
            await asyncio.sleep(COUNTS_SECONDS)
            if self._counts_stale and self._screens:
                self._counts_stale = False
                failed = not await _outlived(self._send_counts(tuple(self._screens)))
                self._counts_stale |= failed

    async def _send_counts(self, screens: Iterable[Screen]) -> None:
        """Send what depends on the shops alone: read once for each set of shops."""
        frames: dict[frozenset[ShopId], bytes] = {}
        for screen in await self._looking(screens):
            shops = screen.actor.shops
            if hears(screen.actor, Topic.COUNTS):
                if shops not in frames:
                    frames[shops] = await asyncio.to_thread(self._counts, screen.actor)
                screen.send(Topic.COUNTS, frames[shops])

    async def _send_walls(self, screens: Iterable[Screen]) -> None:
        """Count once for each reach, and send each screen the part its actor may see."""
        walls: dict[tuple[frozenset[ShopId], frozenset[tuple[ShopId, int]]], WallShape] = {}
        for screen in await self._looking(screens):
            actor = screen.actor
            reach = actor.shops, frozenset(actor.since.items())
            if hears(actor, Topic.WALL):
                if reach not in walls:
                    walls[reach] = await asyncio.to_thread(snapshot, self._house, actor)
                screen.send(Topic.WALL, encode({"type": "wall", "body": shown_to(actor, walls[reach])}))

    def _counts(self, actor: Actor) -> bytes:
        with self._house.reading.connect() as connection:
            return encode({"type": "counts", "body": talk.queue_counts(connection, actor.shops)})

    async def _tick_wall(self) -> None:
        drawn = 0.0
        while True:
            await asyncio.sleep(WALL_SECONDS)
            watching = [screen for screen in self._screens if screen.wall]
            began = monotonic()
            # Time alone moves a figure too: who waits longer than the limit is late without anything happening.
            if not watching or not (self._wall_stale or began - drawn > WALL_AT_LEAST_SECONDS):
                continue
            self._wall_stale, drawn = False, began
            failed = not await _outlived(self._send_walls(watching))
            self._wall_stale |= failed
            # A long day makes the wall dear: it may take a third of the time, not more.
            await asyncio.sleep(2 * (monotonic() - began))

    def _send_lines(self, screen: Screen, lines: list[Line]) -> None:
        """Send a screen the lines it shows. Whoever looks at one list is not told of every other."""
        mine = [each for each in lines if each.concerns(screen)]
        mine.sort(key=lambda each: each.person != screen.actor.id)
        if len(mine) > MOST_LINES or screen.stale:
            screen.stale = not screen.send(Topic.LIST, encode({"type": "list"}))
        for each in mine[:MOST_LINES]:
            if each.person == screen.actor.id:
                screen.near.add(each.id)
            else:
                screen.near.discard(each.id)
            screen.send(Topic.LINE, each.frame)

    def _send_events(self, screen: Screen, opened: dict[str, Opened]) -> None:
        for conversation, news in opened.items():
            known = screen.open.get(conversation)
            if known is None or news.newest <= known or not may_see(news.conversation, screen.actor):
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
            if screen.send(Topic.EVENTS, frame):
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
