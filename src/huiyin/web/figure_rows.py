"""The shapes of the sessions behind a figure."""

from datetime import datetime

from huiyin.web.shapes import Shape


class FigureRow(Shape, frozen=True):
    """One session behind a figure."""

    conversation: str
    shop: str
    customer: str
    agent: str
    origin: str
    state: str
    opened_at: datetime
    first_response_seconds: float | None
    answered_by: str
    """bot, human or none"""
    findings: int
    counted: bool
    """False if an exemption keeps the session out of the figure; `why` says which."""
    why: str
    outside_hours: str
    """Why the session began outside opening hours, "" if it did not."""
    first_response_open_seconds: float | None
    """The first response in the shop's opening time alone; None where its hours were not known."""


class FigureRows(Shape, frozen=True):
    """The rows behind one figure, with its definition."""

    figure: str
    definition: str
    rows: list[FigureRow]
    next_cursor: str | None
