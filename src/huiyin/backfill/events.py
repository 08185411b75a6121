"""What happens to backfills."""

from huiyin.eventlog.events import Event


class BackfillStarted(Event, frozen=True, tag="backfill.BackfillStarted"):
    """Somebody had a shop's past asked for, so many days of it."""

    backfill: str
    days: int


class BackfillEnded(Event, frozen=True, tag="backfill.BackfillEnded"):
    """A shop's past is in, or was stopped: `state` is done or stopped."""

    backfill: str
    state: str
    fresh: int
    repeats: int


ALL: tuple[type[Event], ...] = (BackfillStarted, BackfillEnded)
"""Every event of this room."""
