"""Judge finds of personal data against the answers: precision, recall and F1 for each type.

A find hits an answer of its type if they share at least half of the characters of the longer one; so a find that covers
a whole message hits nothing. Each answer is hit once. A value that stands over a line break is one span for each line.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from typing import NamedTuple

import msgspec

PATTERNED = ("phone", "id_number", "bank_card", "email", "plate", "wechat", "qq", "code")
"""Types that are written by rule; addresses and names are not."""
BARS: dict[str, dict[str, float]] = {
    **{kind: {"precision": 0.98, "recall": 0.995} for kind in PATTERNED},
    "address": {"precision": 0.9, "recall": 0.85},
}
"""What decides; names have no bar and are reported."""
KINDS = (*PATTERNED, "address", "name")
_ONE_SIDED_95 = 1.959963984540054
"""The 97.5 % point of the normal distribution, for a two-sided 95 % interval."""
_SHARE = 0.5

Stretch = tuple[int, int, str]
"""Start, end and type of a stretch of text, `text[start:end]`."""


class Text(NamedTuple):
    """A text with its answers; the types are those of `KINDS`."""

    text: str
    spans: tuple[Stretch, ...]


class Miss(NamedTuple):
    """One thing that went wrong: `missed` (an answer nobody hit) or `wrong` (a find that hits nothing)."""

    kind: str
    what: str
    text: str
    start: int
    end: int


class Interval(NamedTuple):
    """A share with its Wilson 95 % interval; None where there was nothing to divide by."""

    share: float | None
    low: float
    high: float


class Figures(msgspec.Struct, frozen=True):
    """What was counted for one type."""

    kind: str
    answers: int
    finds: int
    hits: int
    exact: int

    @property
    def precision(self) -> Interval:
        """Return which share of the finds hit."""
        return wilson(self.hits, self.finds)

    @property
    def recall(self) -> Interval:
        """Return which share of the answers was hit."""
        return wilson(self.hits, self.answers)

    @property
    def f1(self) -> float | None:
        """Return the harmonic mean of precision and recall."""
        return _f1(self.hits, self.finds, self.answers)

    @property
    def exact_f1(self) -> float | None:
        """Return F1 where only a find with the answer's own borders counts."""
        return _f1(self.exact, self.finds, self.answers)

    def misses_bar(self) -> list[str]:
        """Say which bars this type does not reach; a type without answers misses none."""
        shares = {"precision": self.precision.share, "recall": self.recall.share}
        return [
            f"{self.kind}_{name} {share:.4f} < {bar}"
            for name, bar in BARS.get(self.kind, {}).items()
            if self.answers and (share := shares[name] or 0.0) < bar
        ]


class Judgement(NamedTuple):
    """Figures by type, and what went wrong."""

    figures: dict[str, Figures]
    misses: tuple[Miss, ...]


def wilson(hits: int, of: int) -> Interval:
    """Return hits ÷ of with its Wilson score interval (Wilson 1927) at 95 %."""
    if not of:
        return Interval(None, 0.0, 1.0)
    z = _ONE_SIDED_95
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Interval(share, max(0.0, middle - reach), min(1.0, middle + reach))


def _f1(hits: int, finds: int, answers: int) -> float | None:
    return 2 * hits / (finds + answers) if finds + answers else None


def overlaps(one: Stretch, other: Stretch) -> bool:
    """Tell whether two stretches share at least half of the characters of the longer one."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared >= _SHARE * max(one[1] - one[0], other[1] - other[0])


def judge(texts: Iterable[Text], find: Callable[[str], Sequence[Stretch]], kinds: Sequence[str] = KINDS) -> Judgement:
    """Let `find` read every text and compare; only `kinds` are judged."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    misses: list[Miss] = []
    for text in texts:
        found = find(text.text)
        for kind in kinds:
            answers = [each for each in text.spans if each[2] == kind]
            finds = [each for each in found if each[2] == kind]
            if answers or finds:
                misses += _compare(text.text, answers, finds, counts[kind])
    figures = {
        kind: Figures(kind, count["answers"], count["finds"], count["hits"], count["exact"])
        for kind, count in counts.items()
    }
    return Judgement(figures, tuple(misses))


def _compare(text: str, answers: list[Stretch], finds: list[Stretch], count: Counter[str]) -> list[Miss]:
    count["answers"] += len(answers)
    count["finds"] += len(finds)
    count["exact"] += len(set(answers) & set(finds))
    left = list(finds)
    misses = []
    for answer in answers:
        hit = next((each for each in left if overlaps(answer, each)), None)
        if hit is None:
            misses.append(Miss(answer[2], "missed", text, answer[0], answer[1]))
        else:
            left.remove(hit)
            count["hits"] += 1
    return [*misses, *(Miss(each[2], "wrong", text, each[0], each[1]) for each in left)]
