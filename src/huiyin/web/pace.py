"""How fast somebody may ask: a bucket of requests for each, refilled as time passes.

It is kept in memory, by this process alone: it guards against a program run wild, not against a patient attacker, whom
the counted attempts of `org.attempts` slow down across restarts. Hooks of platforms have no bucket; their signature
is their pass.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from huiyin.kernel.clock import monotonic
from huiyin.kernel.errors import TooManyError
from huiyin.kernel.units import Seconds

MOST_KEPT = 50_000
"""Buckets kept; those nobody drew from for longest go first, and would be full by then."""


class Pace(NamedTuple):
    """How many requests at once, and how many a second on and on."""

    burst: float
    per_second: float


SIGNED_IN = Pace(600, 60)
"""A session or token. A busy desk asks for five a second at most, a wall for one."""
STRANGERS = Pace(120, 10)
"""An address, for requests by nobody: sign-in, links, sessions that are none. A company may share one address."""
SEEKING = Pace(20, 1 / 60)
"""A security officer who looks customers up, letter by letter: nobody tries out telephones or accounts so."""
SEARCHING = Pace(60, 1)
"""Whoever searches sessions, page by page: a person reads what is found; a program does not list customers so."""
WRITE_COSTS = 2.0


class Buckets:
    """The buckets of one kind."""

    def __init__(self, pace: Pace, time: Callable[[], Seconds] = monotonic) -> None:
        """Let everybody ask at `pace`."""
        self._pace = pace
        self._time = time
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def draw(self, key: str, cost: float = 1.0) -> None:
        """Take from a bucket.

        Raises:
            TooManyError: there is not enough in it; says for how long.

        """
        now = self._time()
        left, since = self._buckets.pop(key, (self._pace.burst, now))
        left = min(self._pace.burst, left + (now - since) * self._pace.per_second)
        enough = left >= cost
        self._buckets[key] = (left - cost if enough else left, now)
        while len(self._buckets) > MOST_KEPT:
            self._buckets.popitem(last=False)
        if not enough:
            wait = Seconds((cost - left) / self._pace.per_second)
            message = "too many requests"
            raise TooManyError(message, retry_after=wait, remedy="Ask less often; wait before you go on.", code="pace")
