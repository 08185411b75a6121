"""Does time grow with a text's length, or faster? Asked by a ratio on the machine at hand, not by a stopwatch."""

import time
from collections.abc import Callable

SMALL, LARGE = 20_000, 160_000
MOST_RATIO = 24.0
"""Eight times the text may take three times eight as long: less than half of what a square would (64)."""
UNMEASURED_SECONDS = 0.02
"""What a large text takes in less than this is fast enough, and too short to compare."""
MOST_SECONDS = 2.0
TRIES = 3


def grows_linearly(work: Callable[[str], object], text: Callable[[int], str]) -> bool:
    """Tell whether work on a text eight times as long takes about eight times as long."""
    for _ in range(TRIES):  # somebody else may have the machine for a moment
        small = _seconds(work, text(SMALL))
        if small > MOST_SECONDS:
            continue
        large = _seconds(work, text(LARGE))
        if large < UNMEASURED_SECONDS or large < MOST_RATIO * small:
            return True
    return False


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    work(text)
    return time.process_time() - began
