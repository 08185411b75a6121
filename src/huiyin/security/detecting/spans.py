"""What a find is: where it stands and what kind of data it is."""

from typing import NamedTuple

KINDS = ("phone", "id_number", "bank_card", "email", "plate", "wechat", "qq", "address", "name", "code")
"""Every kind that is told apart; `code` is a one-time code or a pick-up code, good for whoever knows it."""


class Span(NamedTuple):
    """A stretch of personal data: characters [start, end) of the text given."""

    start: int
    end: int
    kind: str


class Taken:
    """The finds so far; what overlaps an earlier one is refused."""

    def __init__(self) -> None:
        """Begin empty."""
        self.spans: list[Span] = []

    def free(self, start: int, end: int) -> bool:
        """Tell whether nothing found so far overlaps [start, end)."""
        return all(end <= each.start or each.end <= start for each in self.spans)

    def take(self, span: Span) -> None:
        """Keep a find, unless an earlier one overlaps it."""
        if span.start < span.end and self.free(span.start, span.end):
            self.spans.append(span)
