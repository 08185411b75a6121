"""What changed, read once for all open screens that show it.

What nobody shows is not opened: of a changed conversation only its row is read, to know where it stands.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.conversations import views as talk
from huiyin.conversations.access import Conversation, may_see
from huiyin.conversations.messages import messages_by_id
from huiyin.eventlog.views import stream
from huiyin.kernel.actors import Actor
from huiyin.kernel.wire import encode
from huiyin.org.remaining import remaining
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right
from huiyin.web import rendering, shapes
from huiyin.wiring import House

MOST_QUEUED = 256


class Topic(StrEnum):
    """What frames are about."""

    GREETING = auto()
    LIST = auto()
    LINE = auto()
    COUNTS = auto()
    EVENTS = auto()
    WALL = auto()


TOPICS: dict[Topic, Right] = {
    Topic.GREETING: Right(Resource.SESSION, Action.READ),
    Topic.LIST: Right(Resource.CONVERSATION, Action.READ),
    Topic.LINE: Right(Resource.CONVERSATION, Action.READ),
    Topic.COUNTS: Right(Resource.CONVERSATION, Action.READ),
    Topic.EVENTS: Right(Resource.CONVERSATION, Action.READ),
    Topic.WALL: Right(Resource.WALL, Action.READ),
}
"""Which right opens a topic; the type of a frame is in docs/api.md."""


ASK_AGAIN = b""
"""Queued for a socket that is to close."""


def hears(actor: Actor, topic: Topic) -> bool:
    """Tell whether the table opens a topic to an actor."""
    return may(actor, TOPICS[topic])


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
    gone: bool = False
    """Whoever looked may look no more."""

    def send(self, topic: Topic, frame: bytes) -> bool:
        """Queue a frame; False, and a stale list, if the screen is too far behind.

        A topic the table does not open to the actor is dropped: to them it does not exist.
        """
        if self.gone or not hears(self.actor, topic):
            return True
        try:
            self.outgoing.put_nowait(frame)
        except asyncio.QueueFull:
            self.stale = True
            return False
        return True

    def ask_again(self) -> None:
        """Close the socket: whoever sits there comes back as who they are now, or not at all."""
        while not self.outgoing.empty():
            self.outgoing.get_nowait()
        self.outgoing.put_nowait(ASK_AGAIN)


def refresh(house: House, screens: Iterable[Screen]) -> None:
    """Ask anew who looks at these screens: a session that ended sees nothing more, nor does a lapsed engagement.

    To be called off the loop, before anything is read for them.
    """
    with house.reading.connect() as connection:
        found = remaining(connection, [each.actor for each in screens], house.clock.now())
    for screen in screens:
        screen.gone = screen.actor.proof.id not in found
        screen.actor = found.get(screen.actor.proof.id, screen.actor)


class Line(NamedTuple):
    """A changed line; its frame is encoded once for all screens, b"" while nobody is known to show it."""

    conversation: Conversation
    tabs: frozenset[str]
    """The tabs the line stands under now, or stood under before this change."""
    frame: bytes = b""

    @property
    def id(self) -> str:
        """Return whose line it is."""
        return self.conversation.id

    @property
    def person(self) -> str | None:
        """Return on whose desk it is."""
        return self.conversation.person

    def concerns(self, screen: Screen) -> bool:
        """Tell whether a screen shows this line, or did until now."""
        return may_see(self.conversation, screen.actor) and (
            self.person == screen.actor.id
            or self.id in screen.near
            or self.id in screen.open
            or screen.tab in self.tabs
        )


class Opened(NamedTuple):
    """What happened in a conversation some screen shows: messages, and at which version each last changed."""

    conversation: Conversation
    newest: int
    versions: dict[str, int]
    messages: list[shapes.MessageShape]
    suggestions: list[shapes.Suggestion]


class Changes:
    """Reads changes; remembers under which tab each line stood."""

    def __init__(self, house: House) -> None:
        """Read through the house's reading connections."""
        self._house = house
        self._tabs: dict[str, str] = {}

    def read(self, changed: set[str], screens: tuple[Screen, ...]) -> tuple[list[Line], dict[str, Opened]]:
        """Read, off the loop, every changed line that is shown, and every open conversation from its oldest cursor."""
        oldest: dict[str, int] = {}
        for screen in screens:
            for conversation in changed & screen.open.keys():
                known = screen.open[conversation]
                oldest[conversation] = min(known, oldest.get(conversation, known))
        with self._house.reading.connect() as connection:
            talks = {each.id: each for each in talk.conversations(connection, sorted(changed))}
            lines = self._lines(connection, talks, screens)
            # A client may name whatever it likes: what is no conversation has nothing to show.
            opened = {key: self._opened(connection, talks[key], after) for key, after in oldest.items() if key in talks}
        return lines, {key: news for key, news in opened.items() if news is not None}

    def _lines(
        self, connection: sa.Connection, talks: dict[str, Conversation], screens: Iterable[Screen]
    ) -> list[Line]:
        lines = [Line(each, self._moved(each)) for each in talks.values()]
        shown = {each.id: each for each in lines if any(each.concerns(screen) for screen in screens)}
        found = talk.lines(connection, self._house.bodies, [talks[key] for key in shown])
        rendered = rendering.lines(self._house, connection, found)
        return [shown[shape.id]._replace(frame=encode({"type": "conversation", "body": shape})) for shape in rendered]

    def _opened(self, connection: sa.Connection, conversation: Conversation, after: int) -> Opened | None:
        house = self._house
        recorded = stream(connection, house.catalogue, conversation.id, after)
        if not recorded:
            return None
        versions = {message: each.version for each in recorded if (message := getattr(each.event, "message", ""))}
        shown = rendering.messages(house, connection, messages_by_id(connection, house.bodies, list(versions)))
        offered = rendering.suggestions(house, connection, conversation)
        return Opened(conversation, recorded[-1].version, versions, shown, offered)

    def _moved(self, conversation: Conversation) -> frozenset[str]:
        """Return the tabs a line stands under and stood under before, and remember where it is."""
        state = rendering.state_shown(conversation.state)
        now = state if state != "human" else ""
        before = self._tabs.pop(conversation.id, "")
        if now != "closed":
            self._tabs[conversation.id] = now
        return frozenset({now, before} - {""})
