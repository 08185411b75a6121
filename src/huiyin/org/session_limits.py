"""How long a session lasts: until nobody used it for a while, and never longer than a working day."""

from collections.abc import Collection
from datetime import timedelta

import msgspec

from huiyin.kernel.actors import Role

PRIVILEGED = frozenset({Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR})
"""Whoever may change who may what, or look at everything: their sessions are short."""
CLOCK_SLACK_MS = 5_000
"""How far a clock may be set back, as time servers do, before a session that seems to lie in the future is refused."""
NOTED_EVERY_MS = 10 * 60 * 1000
"""How often a session's use is written down: a write for every request would cost more than it tells."""


class Limits(msgspec.Struct, frozen=True):
    """After how much silence a session ends, and after how much time in any case."""

    idle: timedelta
    absolute: timedelta

    @property
    def idle_ms(self) -> int:
        """Return the longest silence in milliseconds."""
        return self.idle // timedelta(milliseconds=1)

    @property
    def absolute_ms(self) -> int:
        """Return the longest life in milliseconds."""
        return self.absolute // timedelta(milliseconds=1)

    @property
    def noted_every_ms(self) -> int:
        """Return how old the last noted use may be: a tenth of the silence allowed at most."""
        return min(NOTED_EVERY_MS, self.idle_ms // 10)


class SessionLimits(msgspec.Struct, frozen=True):
    """Limits by role. An agent sits eight hours and eats in between; an administrator looks in for minutes.

    Source of the privileged limits: NIST SP 800-63B (AAL2: 30 minutes idle), and one working day in any case.
    """

    desk: Limits = Limits(timedelta(hours=12), timedelta(hours=24))
    privileged: Limits = Limits(timedelta(minutes=30), timedelta(hours=8))

    def of(self, roles: Collection[Role]) -> Limits:
        """Return the limits of whoever holds `roles`: the strictest that apply."""
        return self.privileged if PRIVILEGED & set(roles) else self.desk


USUAL = SessionLimits()


def over(now: int, created_at: int, seen_at: int, limits: Limits) -> str:
    """Return why a session is over at `now` (milliseconds), "" if it is not.

    A clock that went back would lengthen every session, so a session from the future is over too.
    """
    if now < max(created_at, seen_at) - CLOCK_SLACK_MS:
        return "clock"
    if now - created_at > limits.absolute_ms:
        return "absolute"
    if now - seen_at > limits.idle_ms:
        return "idle"
    return ""
