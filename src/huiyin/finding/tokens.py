"""Cut words into what is indexed, and say where in a text something stands. Pure.

Chinese has no spaces, so a run of Han characters becomes its overlapping pairs, and its last character alone: each
character opens exactly one token. Two characters are then one token, more are a phrase of pairs, and one character is
whatever begins with it. Letters and digits of other scripts stay whole words. Widths and capitals are one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

VERSION = 1
"""Rises whenever the same words would be cut otherwise: an index of another version is built anew."""

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Han characters: the unified ideographs with their extensions, the sign that repeats one, and 〇."""
BETWEEN = "\ue000"
"""Stands between two messages of one session, so that no phrase reaches from one into the other. Of no script: what
people type is never cut into it."""

_RUN = re.compile(rf"(?P<han>[{HAN}]+)|[^\W_{HAN}]+")
_COVER = "\x00"

Stretch = tuple[int, int]
"""Characters [start, end) of a text."""


class Token(NamedTuple):
    """A token and the stretch it was cut from."""

    text: str
    start: int
    end: int


class Phrase(NamedTuple):
    """Tokens that stand one behind the other; `begins`: of the last one its beginning is enough."""

    tokens: tuple[str, ...]
    begins: bool = False


@cache
def _folded(character: str) -> str:
    return unicodedata.normalize("NFKC", character).lower()


def fold(text: str) -> str:
    """Return a text with widths, forms and capitals made one, character by character."""
    return "".join(map(_folded, text))


def cut(text: str, hidden: Iterable[Stretch] = ()) -> list[Token]:
    """Cut a text into tokens, in order; what is hidden (a mask with the digits it leaves readable) gives none."""
    covered = _covered(text, hidden)
    folded = fold(covered)
    if len(folded) == len(covered):
        return list(_cut(folded))
    origin = [place for place, character in enumerate(covered) for _ in _folded(character)]
    return [Token(each.text, origin[each.start], origin[each.end - 1] + 1) for each in _cut(folded)]


def words(text: str, hidden: Iterable[Stretch] = ()) -> str:
    """Return a text's tokens with spaces between, as the index takes them."""
    found: list[str] = []
    for run in _RUN.finditer(fold(_covered(text, hidden))):
        said = run[0]
        if run["han"] is None:
            found.append(said)
        else:
            found += [said[at : at + 2] for at in range(len(said))]
    return " ".join(found)


def phrase(text: str) -> Phrase | None:
    """Return what to look for to find a text; None where nothing in it can be looked for."""
    runs = list(_RUN.finditer(fold(text)))
    if not runs:
        return None
    tokens = [each.text for run in runs for each in _cut(run[0])]
    last = runs[-1]
    if last["han"] is None:
        return Phrase(tuple(tokens))
    # In a text more may follow the last character, so it is looked for by the pair before it, or by its beginning.
    return Phrase(tuple(tokens[:-1])) if len(last[0]) > 1 else Phrase(tuple(tokens), begins=True)


def places(wanted: Phrase, tokens: Sequence[Token]) -> list[Stretch]:
    """Return where in a text, cut into `tokens`, a phrase stands; stretches do not overlap."""
    length, found = len(wanted.tokens), list[Stretch]()
    for at in range(len(tokens) - length + 1):
        here = tokens[at : at + length]
        if all(one.text == other for one, other in zip(here[:-1], wanted.tokens, strict=False)) and _ends(
            wanted, here[-1].text
        ):
            start, end = here[0].start, here[-1].end
            if wanted.begins and len(here[-1].text) > len(wanted.tokens[-1]):
                end = max(end - 1, start + 1)
            if not found or start >= found[-1][1]:
                found.append((start, end))
    return found


def _ends(wanted: Phrase, token: str) -> bool:
    last = wanted.tokens[-1]
    return token.startswith(last) if wanted.begins else token == last


def _cut(folded: str) -> Iterator[Token]:
    for run in _RUN.finditer(folded):
        if run["han"] is None:
            yield Token(run[0], run.start(), run.end())
            continue
        for at in range(run.start(), run.end()):
            end = min(at + 2, run.end())
            yield Token(folded[at:end], at, end)


def _covered(text: str, hidden: Iterable[Stretch]) -> str:
    for start, end in hidden:
        text = text[:start] + _COVER * (end - start) + text[end:]
    return text
