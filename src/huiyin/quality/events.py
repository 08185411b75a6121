"""What inspection notices. Events stand in the conversation's own stream, so that screens follow them in order."""

from huiyin.eventlog.events import Event


class FindingRaised(Event, frozen=True, tag="quality.FindingRaised"):
    """Inspection found something in a message: the rule with its version, and the words [start, end)."""

    message: str
    rule: str
    severity: str
    start: int
    end: int
