"""Show where in a session the words stand: how many messages have them, and the two that say most of it. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from huiyin.finding.store import Said
from huiyin.finding.tokens import Stretch, cut, places
from huiyin.finding.wanted import Wanted

MOST_SNIPPETS = 2
LENGTH = 90
"""Characters of a message that are shown."""
BEFORE = 24
"""Characters shown before the first find, where a message is longer."""


class Snippet(NamedTuple):
    """A part of a message, with where in it the words stand: characters [start, end), in order, not overlapping.

    `begins` and `ends` tell whether the message begins and ends with it.
    """

    side: str
    at: int
    text: str
    marks: list[Stretch]
    begins: bool
    ends: bool


class Shown(NamedTuple):
    """How many messages of a session have any of the words, and the best of them."""

    number: int
    snippets: list[Snippet]


class _Find(NamedTuple):
    kinds: int
    order: int
    said: Said
    marks: list[Stretch]


def show(said: Sequence[Said], wanted: Wanted, side: str = "") -> Shown:
    """Return what is shown of a session: of one side's messages alone, if `side` names one."""
    found = []
    for order, each in enumerate(said):
        if side in {"", each.side}:
            marks, kinds = _marks(each, wanted)
            if kinds:
                found.append(_Find(kinds, order, each, marks))
    best = sorted(found, key=lambda each: (-each.kinds, each.order))[:MOST_SNIPPETS]
    best.sort(key=lambda each: each.order)
    return Shown(len(found), [_snippet(each.said, each.marks) for each in best])


def _marks(said: Said, wanted: Wanted) -> tuple[list[Stretch], int]:
    """Return where any of the words stand in a message, stretches that touch put together, and how many of them do."""
    tokens = cut(said.text, said.hidden)
    by_phrase = [places(each, tokens) for each in wanted.phrases]
    joined: list[Stretch] = []
    for start, end in sorted(each for found in by_phrase for each in found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined, sum(map(bool, by_phrase))


def _snippet(said: Said, marks: list[Stretch]) -> Snippet:
    text = said.text
    start = 0 if len(text) <= LENGTH else max(0, min(marks[0][0] - BEFORE, len(text) - LENGTH))
    end = min(len(text), start + LENGTH)
    inside = [(max(one, start) - start, min(other, end) - start) for one, other in marks if one < end and other > start]
    return Snippet(said.side, said.at, text[start:end], inside, start == 0, end == len(text))
