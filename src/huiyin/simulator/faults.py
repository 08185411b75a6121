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

    calls_before_expiry: int = 0
    """After so many more calls the token expires once, as in the middle of a list; 0 never."""

    outside_cloud: bool = False
    """SP-API answers every call with 99904030005, as it does outside JD's cloud."""

    failures_inside: int = 0
    """So many calls to SP-API, or lists of chat at JOS, are answered with HTTP 200 and a failure inside."""

    repeated_pages: int = 0
    """So many later pages of SP-API, or of chat at JOS, bring the first page again."""

    short_chats: bool = False
    """SP-API's sessions come with their last message only."""

    text_booleans: bool = False
    """SP-API writes its booleans as the texts "true" and "false"."""

    empty_dates: bool = False
    """SP-API writes "never" as 0001-01-01 or 1970-01-01 instead of leaving it out."""

    wrapped: bool = False
    """SP-API puts every answer inside `Response`."""

    refused_batches: int = 0
    """So many batches of access logs are refused with error 24."""

    def strike(self, name: str) -> bool:
        """Tell whether the counted fault `name` strikes now, and count it."""
        left: int = getattr(self, name)
        if left <= 0:
            return False
        setattr(self, name, left - 1)
        return True

    def expire(self) -> bool:
        """Tell whether the token expires at this call, and count it."""
        left = self.calls_before_expiry
        self.calls_before_expiry = max(0, left - 1)
        return left == 1 or self.strike("expired_tokens")
