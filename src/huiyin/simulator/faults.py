"""Hold the switches for planted mischief; all off unless someone turns them on."""

import msgspec


class Faults(msgspec.Struct, kw_only=True):
    """What goes wrong on purpose. Shares are 0 to 1; counts go down by one each time they strike."""

    duplicates: float = 0.0
    """Share of deliveries pushed twice."""

    reordering: float = 0.0
    """Share of messages held back until the customer's next one has gone first."""

    late: float = 0.0
    """Share of messages pushed `late_seconds` after they were written."""

    late_seconds: float = 30.0

    recalls: float = 0.0
    """Share of customer messages taken back a moment later."""

    lost_answers: int = 0
    """So many sends are accepted, then answered with HTTP 504 after `hang_seconds`."""

    hang_seconds: float = 15.0

    busy: int = 0
    """So many calls are answered with error 65."""

    expired_tokens: int = 0
    """So many calls find their token expired, until it is refreshed."""

    quota_spent: bool = False
    """Every call is answered with error 2."""

    def strike(self, name: str) -> bool:
        """Tell whether the counted fault `name` strikes now, and count it."""
        left: int = getattr(self, name)
        if left <= 0:
            return False
        setattr(self, name, left - 1)
        return True
