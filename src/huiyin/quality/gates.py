"""Look at a draft before it leaves: let it pass, warn the writer, or hold it."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial

import msgspec
import re2

from huiyin.channels.port import Sender
from huiyin.knowledge.folding import fold
from huiyin.quality.inspecting import Finding, Inspector, Outcome, outcome_of
from huiyin.quality.rules import shipped_packs

_NUMBER = re2.compile(r"[0-9][0-9\- ]{4,}[0-9x]|[0-9a-z._-]+@[0-9a-z.-]+")
_GAP = re2.compile("[- ]+")
_SHORTEST, _LONGEST = 6, 24
_PERSONAL = "privacy."
_MOST_LOOKS = 20
"""Whoever says the customer's number more often than this in one reply is asked to say it once."""


class GateVerdict(msgspec.Struct, frozen=True):
    """What happens to a draft, and the findings that say why."""

    outcome: Outcome
    findings: tuple[Finding, ...]


@lru_cache(maxsize=1)
def shipped_inspector() -> Inspector:
    """Return the inspector for the shipped packs."""
    return Inspector(shipped_packs())


def numbers_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the numbers and addresses a customer wrote in their own messages, as `check_draft` compares them.

    Numbers written side by side, or one written in groups, are not told apart by blanks and dashes: every way of
    joining neighbouring groups is in the result.
    """
    return frozenset(
        number
        for text in texts
        for found in _NUMBER.findall(fold(text))
        for number in ([_bare(found)] if "@" in found else _joined(found))
    )


def _joined(run: str) -> Iterator[str]:
    groups = _GAP.split(run)
    for start in range(len(groups)):
        number = ""
        for group in groups[start:]:
            number += group
            if len(number) > _LONGEST:
                break
            if len(number) >= _SHORTEST:
                yield _bare(number)


def _bare(words: str) -> str:
    """Return a number without blanks, dashes and the country's +86, an address without the sentence's full stop."""
    bare = "".join(mark for mark in words if mark not in "+- ").strip(".")
    return bare[2:] if len(bare) == 13 and bare.startswith("861") and bare.isdecimal() else bare


def _nobody() -> frozenset[str]:
    return frozenset()


def check_draft(
    text: str,
    *,
    side: Sender = Sender.AGENT,
    own: Callable[[], frozenset[str]] = _nobody,
    inspector: Inspector | None = None,
) -> GateVerdict:
    """Judge a reply before it is sent.

    `own` gives the numbers that may be said in this conversation: the customer's own (see `numbers_in`). It is asked
    only if the draft holds a personal number; a number outside of it is somebody else's.
    """
    inspect = partial((inspector or shipped_inspector()).inspect, side=side)
    findings = inspect(text).findings
    if any(_is_number(each, text) for each in findings):
        strangers = _strangers(text, lambda words: inspect(words).findings, own())
        findings = tuple(each for each in findings if not _is_number(each, text)) + strangers
    return GateVerdict(outcome_of(findings), findings)


def _strangers(text: str, inspect: Callable[[str], tuple[Finding, ...]], own: frozenset[str]) -> tuple[Finding, ...]:
    """Return the personal numbers of a draft that are not the customer's own.

    A rule may need the mark before a number, and two numbers may share one mark: so the customer's own are blanked
    out, and the rest is read again, until nothing of theirs is left that could hide a neighbour.
    """
    for _look in range(_MOST_LOOKS):
        numbers = [each for each in inspect(text) if _is_number(each, text)]
        theirs = [each for each in numbers if _bare(fold(text)[each.start : each.end]) in own]
        if not theirs:
            return tuple(numbers)
        for each in theirs:
            text = f"{text[: each.start]}{' ' * (each.end - each.start)}{text[each.end :]}"
    return tuple(each for each in inspect(text) if _is_number(each, text))


def _is_number(finding: Finding, text: str) -> bool:
    words = fold(text)[finding.start : finding.end]
    return finding.rule.startswith(_PERSONAL) and bool(_NUMBER.search(words))
