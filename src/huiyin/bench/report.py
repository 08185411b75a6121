"""Put figures against targets and say whether they held."""

import operator
import platform
import sqlite3
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from math import isfinite

import msgspec

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
}


class Report(msgspec.Struct):
    """What a harness hands back: its last line on stdout."""

    name: str
    figures: dict[str, float]
    targets: dict[str, tuple[str, float]]
    seed: int
    held: bool = False
    versions: dict[str, str] = {}

    def __post_init__(self) -> None:
        """Compare; a target whose figure is missing, or endless, has not held."""
        self.figures = {key: round(value, 4) for key, value in self.figures.items() if isfinite(value)}
        self.held = all(
            key in self.figures and COMPARE[how](self.figures[key], bound) for key, (how, bound) in self.targets.items()
        )
        self.versions = {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "huiyin": version("huiyin"),
            "platform": platform.platform(),
        }

    def missed(self) -> list[str]:
        """Say which targets did not hold."""
        return [
            f"{key} {self.figures.get(key)} is not {how} {bound}"
            for key, (how, bound) in self.targets.items()
            if key not in self.figures or not COMPARE[how](self.figures[key], bound)
        ]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` of all values do not exceed; infinity for none."""
    if not values:
        return float("inf")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def tell(words: str) -> None:
    """Report progress."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
