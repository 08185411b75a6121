"""Find many wordings in one pass: phrases by automaton, regexes by set, spans only where something hit."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple, cast

import ahocorasick_rs
import msgspec
import re2

from huiyin.kernel.errors import InvalidError
from huiyin.knowledge.folding import fold

_MOST_SPANS = 20
_DFA_MEMORY = 64 << 20  # bytes; with the default 8 MB the set forgets its states and is ten times slower


class Wording(msgspec.Struct, frozen=True):
    """Ways to say one thing. `unless` regexes cancel a hit that they overlap."""

    phrases: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse wordings that say nothing."""
        if not self.phrases and not self.regexes:
            message = "a wording needs at least one phrase or regex"
            raise InvalidError(message, remedy="fill `phrases` or `regexes`")
        if not all(phrase.strip() for phrase in self.phrases):
            message = "an empty phrase would be found everywhere"
            raise InvalidError(message, remedy="remove the empty line from `phrases`")


class Spot(NamedTuple):
    """Where wording number `number` stands in a text."""

    number: int
    start: int
    end: int


def _compiled(pattern: str) -> Any:  # noqa: ANN401  # the stubs call RE2's pattern type private
    try:
        compiled = re2.compile(fold_regex(pattern))
    except re2.error as wrong:
        message = f"{pattern!r} is not a regex that RE2 reads: {wrong}"
        raise InvalidError(message, remedy="RE2 knows no lookaround and no back references") from wrong
    if compiled.search("") is not None:
        message = f"{pattern!r} matches the empty text"
        raise InvalidError(message, remedy="a regex must ask for at least one character")
    return compiled


def fold_regex(pattern: str) -> str:
    """Return the regex as it is run: without case, since texts are folded to lower case."""
    return "(?i)" + pattern


class Wordings:
    """Many wordings, compiled once; safe to share between threads."""

    def __init__(self, wordings: Sequence[Wording]) -> None:
        """Compile all wordings into one automaton and one regex set.

        Raises:
            InvalidError: if a regex cannot be read by RE2, or matches the empty text.

        """
        phrases = [(fold(phrase), at) for at, one in enumerate(wordings) for phrase in one.phrases]
        self._phrase_of = [at for _, at in phrases]
        self._automaton = ahocorasick_rs.AhoCorasick([phrase for phrase, _ in phrases]) if phrases else None
        self._regexes: list[tuple[int, Any]] = []
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _DFA_MEMORY
        self._set: Any = re2.Set.SearchSet(options)  # the stubs know not what Match returns
        for at, one in enumerate(wordings):
            for pattern in one.regexes:
                self._regexes.append((at, _compiled(pattern)))
                self._set.Add(fold_regex(pattern))
        if self._regexes:
            self._set.Compile()
        self._unless = [tuple(_compiled(pattern) for pattern in one.unless) for one in wordings]

    def find(self, text: str) -> list[Spot]:
        """Return where wordings stand in `text`, by position; overlapping spots of one wording are merged."""
        folded = fold(text)
        spots: list[Spot] = []
        if self._automaton is not None:
            for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
                spots.append(Spot(self._phrase_of[number], start, end))
        if self._regexes:
            for number in self._matches(folded):
                spots.extend(self._located(number, folded))
        return self._kept(spots, folded) if spots else spots

    def _matches(self, folded: str) -> list[int]:
        """Return which regexes match; the library says None for none."""
        return cast("list[int] | None", self._set.Match(folded)) or []

    def _located(self, number: int, folded: str) -> Iterable[Spot]:
        wording, compiled = self._regexes[number]
        for match in islice(compiled.finditer(folded), _MOST_SPANS):
            start, end = match.span(1) if match.lastindex else match.span()
            if start < end:
                yield Spot(wording, start, end)

    def _kept(self, spots: list[Spot], folded: str) -> list[Spot]:
        kept: list[Spot] = []
        for number in sorted({spot.number for spot in spots}):
            own = sorted((spot for spot in spots if spot.number == number), key=lambda spot: spot.start)
            excused = [match.span() for one in self._unless[number] for match in one.finditer(folded)]
            for spot in own:
                if any(start < spot.end and spot.start < end for start, end in excused):
                    continue
                if kept and kept[-1].number == number and spot.start < kept[-1].end:
                    kept[-1] = Spot(number, kept[-1].start, max(kept[-1].end, spot.end))
                else:
                    kept.append(spot)
        return sorted(kept, key=lambda spot: (spot.start, spot.number))
