"""Mask personal data in text on the way in; `security/detecting` finds it.

Order numbers, amounts and dates are not personal data and stay. A mask keeps the length class readable
(138****1234) so that an agent can still speak about "the number ending in 1234".
"""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from huiyin.security.detecting.asking import NOTHING, Asked
from huiyin.security.detecting.finding import find_after, find_personal
from huiyin.security.detecting.spans import Span

_LONG = 10
_MOST_LOOKS = 4
_BEGINS = 3
_NUMBERS = frozenset({"phone", "id_number", "bank_card"})
_SHOW_A_LETTER = frozenset({"name", "wechat", "email"})


class Masked(NamedTuple):
    """Masked text, what was found in the original, and where in the masked text each find stands, in the same order."""

    text: str
    spans: tuple[Span, ...]
    shown: tuple[Span, ...] = ()


def _mask(found: str, kind: str) -> str:
    if kind in _NUMBERS and len(found) >= _LONG:
        return found[:3] + "*" * max(len(found) - 7, 4) + found[-4:]
    if kind == "email" and "@" in found[1:]:
        return found[0] + "***" + found[found.index("@", 1) :]
    if kind == "address":
        return found[:_BEGINS] + "*" * 4
    if kind == "code":
        return "*" * len(found)
    return found[0] + "*" * max(len(found) - 1, 1)


def mask(text: str, before: str = "", asked: Asked = NOTHING) -> Masked:
    """Return `text` with its personal data masked, and where in the original it stood.

    `before` is the end of what the same person wrote just before. What began there is masked to its last character.
    `asked` is what the other side asked for: so are the digits that answer it.
    What a first find hid, a number grown to another, is found when the masked text is read again; so masking what is
    masked changes nothing.
    """
    spans, begun, pieces = find_after(before, text, asked)
    bare = frozenset(
        each for each in spans if each.end <= begun or (each in pieces and each.kind not in _SHOW_A_LETTER)
    )
    masked = _masked(text, spans, bare)
    for _ in range(_MOST_LOOKS):
        hidden = find_personal(masked.text) if masked.spans else ()
        if not hidden:
            break
        spans, joined = _with_hidden(masked, hidden)
        bare |= joined
        masked = _masked(text, spans, bare)
    return masked


def _masked(text: str, spans: tuple[Span, ...], bare: frozenset[Span]) -> Masked:
    """Mask these spans; those in `bare` to their last character."""
    if not spans:
        return Masked(text, ())
    parts, at, length, shown = [], 0, 0, []
    names = {text[each.start : each.end] for each in spans if each.kind == "name"}
    for span in spans:
        found = text[span.start : span.end]
        kept = text[at : span.start]
        # The beginning of an address stays readable, unless it is a name that is hidden elsewhere.
        tells = span.kind == "address" and any(len(each) > 1 and each in found[:_BEGINS] for each in names)
        stars = "*" * len(found) if tells or span in bare else _mask(found, span.kind)
        parts += [kept, stars]
        shown.append(Span(length + len(kept), length + len(kept) + len(stars), span.kind))
        at, length = span.end, length + len(kept) + len(stars)
    return Masked("".join([*parts, text[at:]]), spans, tuple(shown))


def _with_hidden(masked: Masked, hidden: tuple[Span, ...]) -> tuple[tuple[Span, ...], frozenset[Span]]:
    """Return the spans of the original with what was found in the masked text, and those that grew together with it."""
    starts = [each.start for each in masked.shown]
    fresh = [
        Span(_origin(masked, starts, start), _origin(masked, starts, end, end=True), kind)
        for start, end, kind in hidden
    ]
    spans: list[Span] = []
    bare = set()
    for span in sorted([*masked.spans, *fresh], key=lambda each: (each.start, -each.end)):
        if spans and span.start < spans[-1].end:
            last = spans.pop()
            bare.discard(last)
            spans.append(last._replace(end=max(last.end, span.end)))
            bare.add(spans[-1])
        else:
            spans.append(span)
    return tuple(spans), frozenset(bare)


def _origin(masked: Masked, starts: list[int], at: int, *, end: bool = False) -> int:
    """Return where a place of the masked text lies in the original; inside a mask, that mask's own border."""
    place = (bisect_left(starts, at) if end else bisect_right(starts, at)) - 1
    if place < 0:
        return at
    shown, span = masked.shown[place], masked.spans[place]
    if at < shown.end or (end and at == shown.end):
        return span.end if end else span.start
    return span.end + at - shown.end
