"""How a verdict is read, and how moves of waiters make stretches. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

BEST = 5
WORDS: Mapping[str, int] = {"非常满意": 5, "满意": 4, "一般": 3, "不满意": 2, "非常不满意": 1}
"""JD's five degrees in its own words; what its numbers mean is not published."""


def degree_of(label: str, score: str) -> int:
    """Return a verdict's degree, 5 the best, 0 where it cannot be told: by its word, else by a number from 1 to 5."""
    if label.strip() in WORDS:
        return WORDS[label.strip()]
    return int(score) if score in {"1", "2", "3", "4", "5"} else 0


class Move(NamedTuple):
    """What an account did to its state, in the platform's word, at a moment in ms."""

    account: str
    state: str
    at: int


class Stretch(NamedTuple):
    """An account was in a state in [since, until), in ms; `until` is None where nothing later was told."""

    account: str
    state: str
    since: int
    until: int | None


def stretches(moves: Iterable[Move]) -> list[Stretch]:
    """Return how long each state lasted: until the account's next move into another one."""
    found: list[Stretch] = []
    for move in sorted(moves, key=lambda each: (each.account, each.at, each.state)):
        last = found[-1] if found and found[-1].account == move.account else None
        if last is not None and last.state == move.state:
            continue
        if last is not None:
            found[-1] = last._replace(until=move.at)
        found.append(Stretch(move.account, move.state, move.at, None))
    return found
