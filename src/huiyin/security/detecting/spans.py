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

    def __init__(self, length: int) -> None:
        """Begin empty, for a text of so many characters."""
        self.spans: list[Span] = []
        self._occupied = bytearray(length)

    def take(self, span: Span) -> None:
        """Keep a find, unless an earlier one overlaps it."""
        start, end, _ = span
        if start < end and self._occupied.find(1, start, end) < 0:
            self._occupied[start:end] = b"\1" * (end - start)
            self.spans.append(span)
