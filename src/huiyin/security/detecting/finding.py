"""Find: the one way in. A clean message costs one look; the rules run only where something could be found."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

import re2

from huiyin.security.detecting import accounts, names
from huiyin.security.detecting.addresses import find_addresses
from huiyin.security.detecting.answers import find_answers
from huiyin.security.detecting.asking import ADDRESS, NOTHING, OTHER, Asked
from huiyin.security.detecting.halves import find_halves, find_middles
from huiyin.security.detecting.hints import hints_in
from huiyin.security.detecting.leads import CODE, PHONE, QQ, WECHAT, Leads
from huiyin.security.detecting.numbers import find_numbers
from huiyin.security.detecting.shadow import SPOKEN_DIGITS, half, quieted, spoken
from huiyin.security.detecting.spans import Span, Taken


class Finds(NamedTuple):
    """What was found. The first `begun` characters of the text belong to something that began before it.

    `pieces` are those finds that are a part of a value, or known from the question only.
    """

    spans: tuple[Span, ...]
    begun: int = 0
    pieces: frozenset[Span] = frozenset()


_NOTHING: Final = Finds(())
_ASKED_WHERE = "地址："
_REPEATED = frozenset({"name", "wechat", "qq", "code"})
_MOST_REPEATED = 20


def find_personal(text: str) -> tuple[Span, ...]:
    """Return the personal data in `text`, in order, without overlaps, line by line."""
    return find_after("", text).spans


def find_after(before: str, text: str, asked: Asked = NOTHING) -> Finds:
    """Find as `find_personal` does, knowing the end of what the same person wrote just before, and what was asked.

    A number or a lead word may begin there. Only what stands in `text` is returned.
    """
    if ADDRESS in asked and OTHER not in asked:
        before = f"{_ASKED_WHERE}{before}"
    whole = f"{before}\n{text}" if before else text
    hints = hints_in(whole)
    if not hints and not asked:
        return _NOTHING
    spans = _found(whole, hints) if hints else []
    offset = len(before) + 1 if before else 0
    own = [Span(max(start - offset, 0), end - offset, kind) for start, end, kind in spans if end > offset]
    begun = max((end - offset for start, end, _ in spans if start < offset < end), default=0)
    pieces = _answers(text, asked, before, own) if asked else ()
    return Finds(tuple(_lines(text, sorted([*own, *pieces]))), begun, frozenset(pieces))


def _answers(text: str, asked: Asked, before: str, own: list[Span]) -> tuple[Span, ...]:
    shadow = half(text)
    taken = Taken(len(shadow))
    _take(taken, own)
    found = len(taken.spans)
    _take(taken, find_answers(_without(shadow, own), asked, half(before)))
    return tuple(taken.spans[found:])


def _found(text: str, hints: frozenset[str]) -> list[Span]:
    shadow = half(text)
    taken = Taken(len(shadow))
    if "***" in shadow:
        _take(taken, find_middles(shadow))
        shadow = _without(shadow, [Span(*found.span(1), "") for found in _MASKED.finditer(shadow)])
    for hint, rule in _RULES:
        if hint in hints:
            _take(taken, rule(shadow))
    if "addresses" in hints:
        _take(taken, find_addresses(_without(shadow, taken.spans)))
    if "names" in hints:
        _take(taken, names.find_led(shadow))
    if taken.spans:
        anchors = [each for each in taken.spans if each.kind in _ANCHORS]
        _take(taken, names.find_beside(shadow, anchors))
        _take(taken, _said_again(shadow, taken.spans))
    return sorted(taken.spans)


def _take(taken: Taken, spans: Iterable[Span]) -> None:
    for span in list(spans):
        taken.take(span)


def _plain_numbers(shadow: str) -> Iterator[Span]:
    return find_numbers(shadow, Leads(shadow))


def _halves(shadow: str) -> Iterator[Span]:
    return find_halves(spoken(shadow), Leads(shadow))


def _spoken_numbers(shadow: str) -> Iterator[Span]:
    """Return numbers told in Chinese numerals, or with letters that look like digits."""
    words = spoken(shadow)
    if words == shadow:
        return
    for span in find_numbers(words, Leads(words)):
        if shadow[span.start : span.end] != words[span.start : span.end]:
            yield span


def _noisy_numbers(shadow: str) -> Iterator[Span]:
    """Return numbers with signs between their groups; without a check digit, only where a word calls them one."""
    words, leads = quieted(shadow), Leads(shadow)
    if words == shadow:
        return
    for span in find_numbers(words, leads):
        sense = _NEEDED.get(span.kind, "")
        dimensions = set(shadow[span.start : span.end]) <= _LIKE_DIMENSIONS
        called = not sense or (leads.anywhere(sense) if sense == PHONE else leads.near(span.start, sense))
        called = called or (span.kind == "phone" and not dimensions)
        if called and "\u200b" in words[span.start : span.end]:
            yield span


_LIKE_DIMENSIONS = frozenset("0123456789x*×")
_NEEDED = {"phone": PHONE, "qq": QQ, "code": CODE, "wechat": WECHAT}


def _without(shadow: str, spans: list[Span]) -> str:
    """Return a text with a stop for every character that is somebody's already."""
    parts, at = [], 0
    for start, end, _ in sorted(spans):
        parts += [shadow[at:start], ";" * (end - start)]
        at = end
    return "".join([*parts, shadow[at:]])


def _lines(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Return the spans line by line: a line break belongs to nobody."""
    for span in spans:
        start = span.start
        while (cut := text.find("\n", start, span.end)) >= 0:
            if cut > start:
                yield Span(start, cut, span.kind)
            start = cut + 1
        if start < span.end:
            yield Span(start, span.end, span.kind)


def _said_again(shadow: str, spans: list[Span]) -> Iterator[Span]:
    """Return where a name, an account or a code that was found stands a second time; of very many, the first ones."""
    values = {shadow[start:end]: kind for start, end, kind in spans if kind in _REPEATED}
    for value, kind in list(values.items())[:_MOST_REPEATED]:
        at = shadow.find(value)
        while at >= 0:
            yield Span(at, at + len(value), kind)
            at = shadow.find(value, at + len(value))


_MASKED = re2.compile(
    rf"(?:^|[^0-9])([0-9{SPOKEN_DIGITS}]{{0,3}}\*{{3,}}[0-9{SPOKEN_DIGITS}]{{0,3}}[0-9{SPOKEN_DIGITS}x]?)(?:\b|$|[^0-9a-z])"
)
"""What a mask left, 138****5678: nothing in it is anybody's any more."""
_ANCHORS = frozenset({"phone", "address", "id_number", "bank_card"})
_RULES: tuple[tuple[str, Callable[[str], Iterable[Span]]], ...] = (
    ("emails", accounts.find_emails),
    ("plates", accounts.find_plates),
    ("permits", accounts.find_permits),
    ("codes", accounts.find_codes),
    ("halves", _halves),
    ("numbers", _plain_numbers),
    ("spoken", _spoken_numbers),
    ("noisy", _noisy_numbers),
    ("wechat", accounts.find_wechat),
)
"""Rules in the order in which they take what they find; what overlaps an earlier find is left."""
