"""What follows from an answer: done, again later, given up, or the endpoint is switched off. Pure."""

from hashlib import sha256
from typing import NamedTuple

PAUSES_SECONDS = (5, 30, 120, 600, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600, 24 * 3_600)
"""Before the second to the tenth attempt: a little over two days in all."""
MOST_ATTEMPTS = len(PAUSES_SECONDS) + 1
JITTER = 0.2
"""Pauses are up to a fifth longer, so that what failed together does not come back together."""
FAILING_MS = 3 * 24 * 3_600_000
OK, GONE = range(200, 300), 410


class Next(NamedTuple):
    """What becomes of a delivery: its state, when it is due again (ms), and why the endpoint is switched off, or ""."""

    state: str
    due_at: int
    off_why: str = ""


def pause_ms(delivery: str, attempts: int) -> int:
    """Return how long to wait after so many attempts; the jitter follows from the delivery, so it is the same again."""
    drawn = sha256(f"{delivery}.{attempts}".encode()).digest()[0] / 255
    return int(PAUSES_SECONDS[attempts - 1] * 1000 * (1 + JITTER * drawn))


def follows(delivery: str, attempts: int, status: int | None, held_until: int, now: int) -> Next:
    """Return what follows from the answer to the last attempt; `held_until` is what the endpoint asked for, in ms."""
    if status is not None and status in OK:
        return Next("delivered", now)
    if status == GONE:
        return Next("given_up", now, "gone")
    if attempts >= MOST_ATTEMPTS:
        return Next("given_up", now)
    return Next("waiting", max(now + pause_ms(delivery, attempts), held_until))


def fails_too_long(failing_since: int | None, now: int) -> bool:
    """Tell whether an endpoint that failed just now has done nothing else for three days."""
    return failing_since is not None and now - failing_since >= FAILING_MS
