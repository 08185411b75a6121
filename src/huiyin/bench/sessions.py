"""Make up a log of sessions from a seed: what happens in each, who is at a desk, and one of many orders to write it in.

What happens depends on the seed alone. The order in the log depends on a second one, within what figures rely on:
events of one session keep theirs, and nothing moves past somebody who comes to a desk or leaves it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from huiyin.conversations import events as talk
from huiyin.eventlog.events import Event
from huiyin.kernel.clock import to_ms
from huiyin.org.events import PresenceChanged
from huiyin.quality.events import FindingRaised

ORIGIN = "simulated"
AGENTS = 12
BOT, PERSON, HANDED_ON, FOUND = 0.8, 0.55, 0.08, 0.1
"""How many sessions meet the bot first, come to a person then, are handed on, have a finding."""
OPENS, CLOSES = 8, 23
"""Hours of the day between which somebody is at a desk: a part of the day is left to messages."""


class Told(NamedTuple):
    """An event before it has its place in the log, at a moment in ms; `shop` is a number, -1 for none."""

    at: int
    subject: str
    shop: int
    event: Event


class Truth(NamedTuple):
    """What the made-up sessions must come to: known before anything is counted."""

    sessions: int
    first_response_ms: int


class Sessions:
    """Sessions spread over shops and days."""

    def __init__(self, number: int, shops: int, days: int, start: datetime, seed: int) -> None:
        """Keep what to make; `start` is a midnight."""
        self._number, self._shops, self._days, self._seed = number, shops, days, seed
        self._start = to_ms(start)

    def log(self, order: int | None) -> Iterator[Told]:
        """Yield all events in the order in which they happened, or in another of the allowed ones."""
        random = None if order is None else Random(order)
        for (_, moved), stretch in zip(self._moves(), self._stretches(), strict=True):
            yield from moved
            if random is None:
                # Sorting keeps what happened at one moment in the order of its session.
                yield from sorted((each for session in stretch.values() for each in session), key=lambda each: each.at)
            else:
                yield from _shuffled(stretch, random)

    def truth(self) -> Truth:
        """Return what must be counted."""
        first = [_first_response(each) for each in self._sessions()]
        return Truth(self._number, sum(each for each in first if each is not None))

    def _sessions(self) -> Iterator[list[Told]]:
        random = Random(self._seed)
        length = self._days * 86_400_000 // self._number
        for number in range(self._number):
            at = self._start + number * length + random.randrange(length)
            yield _session(f"c{number:07}", number % self._shops, at, random)

    def _moves(self) -> list[tuple[int, list[Told]]]:
        """Return when desks fill and empty, the first moment of all included."""
        found: list[tuple[int, list[Told]]] = [(0, [])]
        for day in range(self._days + 1):
            for hour, state in ((OPENS, "online"), (CLOSES, "offline")):
                at = self._start + int(timedelta(days=day, hours=hour).total_seconds()) * 1000
                people = [f"a{place}" for place in range(AGENTS)]
                found.append((at, [Told(at, person, -1, PresenceChanged(person, state, "")) for person in people]))
        return found

    def _stretches(self) -> list[dict[str, list[Told]]]:
        """Return what happens between two such moments, by session."""
        edges = [at for at, _ in self._moves()]
        found: list[dict[str, list[Told]]] = [{} for _ in edges]
        for session in self._sessions():
            place = 0
            for each in session:
                while place + 1 < len(edges) and edges[place + 1] <= each.at:
                    place += 1
                found[place].setdefault(each.subject, []).append(each)
        return found


def _shuffled(stretch: dict[str, list[Told]], random: Random) -> Iterator[Told]:
    turns = [subject for subject, events in stretch.items() for _ in events]
    random.shuffle(turns)
    left = {subject: iter(events) for subject, events in stretch.items()}
    for subject in turns:
        yield next(left[subject])


def _session(subject: str, shop: int, start: int, random: Random) -> list[Told]:
    """Make up a session: the bot first in most, a person in many, several turns, some transfers and findings."""
    script = _Script(subject, shop, start, random)
    script.then(talk.ConversationOpened(subject, "u", ORIGIN, start))
    script.asks()
    person = random.random() < PERSON
    if random.random() < BOT:
        script.meets_the_bot()
        if person:
            script.then(talk.HandedOver("", ""))
            script.meets_a_person()
    else:
        script.meets_a_person()
    if random.random() < FOUND:
        script.then(FindingRaised("m", "rule", "warn", 0, 1))
    script.later(1_000, 600_000)
    script.then(talk.ConversationClosed("solved", "", script.at))
    return script.told


class _Script:
    """A session while it is made up, and its clock."""

    def __init__(self, subject: str, shop: int, at: int, random: Random) -> None:
        self.told: list[Told] = []
        self.at = at
        self._subject, self._shop, self._random = subject, shop, random

    def then(self, event: Event) -> None:
        self.told.append(Told(self.at, self._subject, self._shop, event))

    def later(self, least: int, most: int) -> None:
        self.at += self._random.randrange(least, most)

    def asks(self) -> None:
        self.then(talk.MessageReceived("m", "customer", "text", ORIGIN, self.at))

    def meets_the_bot(self) -> None:
        self.then(talk.Routed("bot", "", "", ORIGIN, ""))
        self.later(300, 3_000)
        self._answers("bot")

    def meets_a_person(self) -> None:
        self.then(talk.Queued("", ""))
        self.later(500, 60_000)
        self.then(talk.Routed("person", self._agent(), "", ORIGIN, ""))
        for turn in range(self._random.randrange(1, 4)):
            if turn:
                self.asks()
            self.later(1_000, 150_000)
            self._answers("agent")
        if self._random.random() < HANDED_ON:
            self.then(talk.Transferred("a0", self._agent(), "", ""))

    def _answers(self, sender: str) -> None:
        self.then(talk.ReplyDelivered("r", sender, "", ORIGIN, self.at))

    def _agent(self) -> str:
        return f"a{self._random.randrange(AGENTS)}"


def _first_response(session: Sequence[Told]) -> int | None:
    replies = (each.at for each in session if isinstance(each.event, talk.ReplyDelivered))
    first = next(replies, None)
    return None if first is None else first - session[0].at
