"""Mask personal data in text on the way in; `security/detecting` finds it.

Order numbers, amounts and dates are not personal data and stay. A mask keeps the length class readable
(138****1234) so that an agent can still speak about "the number ending in 1234".
"""

from typing import NamedTuple

from huiyin.security.detecting.finding import find_after
from huiyin.security.detecting.spans import Span

_LONG = 10
_NUMBERS = frozenset({"phone", "id_number", "bank_card"})


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
        return found[:3] + "*" * 4
    if kind == "code":
        return "*" * len(found)
    return found[0] + "*" * max(len(found) - 1, 1)


def mask(text: str, before: str = "") -> Masked:
    """Return `text` with its personal data masked, and where in the original it stood.

    `before` is the end of what the same person wrote just before. What began there is masked to its last character.
    """
    spans, begun = find_after(before, text)
    if not spans:
        return Masked(text, ())
    parts, at, length, shown = [], 0, 0, []
    for span in spans:
        found = text[span.start : span.end]
        kept = text[at : span.start]
        stars = "*" * len(found) if span.end <= begun else _mask(found, span.kind)
        parts += [kept, stars]
        shown.append(Span(length + len(kept), length + len(kept) + len(stars), span.kind))
        at, length = span.end, length + len(kept) + len(stars)
    return Masked("".join([*parts, text[at:]]), spans, tuple(shown))
