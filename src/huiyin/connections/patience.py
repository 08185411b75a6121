"""How long to leave a platform alone that did not answer, or refused: longer each time, up to ten minutes.

A refused shop is asked again, too: a person may have put things right at the platform without telling us.
"""

from datetime import datetime, timedelta

PAUSES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=10))


class Patience:
    """The pauses of all shops, since the start of the process."""

    def __init__(self) -> None:
        """Begin with none."""
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, datetime] = {}

    def is_due(self, shop: str, now: datetime) -> bool:
        """Tell whether a shop may be asked again."""
        return now >= self._not_before.get(shop, now)

    def failed(self, shop: str, now: datetime) -> None:
        """Note that asking failed."""
        times = min(self._failures.get(shop, 0), len(PAUSES) - 1)
        self._failures[shop] = times + 1
        self._not_before[shop] = now + PAUSES[times]

    def worked(self, shop: str) -> None:
        """Note that asking worked."""
        self._failures.pop(shop, None)
        self._not_before.pop(shop, None)
