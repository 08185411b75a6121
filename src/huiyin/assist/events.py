"""What assist does beside sending: drafts offered to a person."""

from huiyin.eventlog.events import Event


class Suggested(Event, frozen=True, tag="assist.Suggested"):
    """Drafts for the agent stand ready; they replace the earlier ones."""

    based_on: str
    count: int
