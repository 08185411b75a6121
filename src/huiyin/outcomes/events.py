"""What came of a session. Events stand in the conversation's own stream, as findings do."""

from huiyin.eventlog.events import Event


class SessionRated(Event, frozen=True, tag="outcomes.SessionRated"):
    """A customer judged a session in five degrees, 5 the best; 0 where nobody can tell which. A later one counts."""

    degree: int
    at: int


ALL: tuple[type[Event], ...] = (SessionRated,)
"""Every event of this room."""
