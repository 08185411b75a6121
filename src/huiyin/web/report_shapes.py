"""The shapes of reports; see `shapes` for what holds for all of them."""

from datetime import date, datetime

from huiyin.web.shapes import FigureShape, Shape, Short, WallGroup


class Export(Shape, frozen=True, forbid_unknown_fields=True):
    """What a workbook is to hold: days, both included, one shop ("" for all), and whether history counts."""

    since: date
    until: date
    shop: Short = ""
    history: bool = False


class ComparedShape(Shape, frozen=True):
    """A figure as a platform counts it, beside ours.

    `figure` is theirs, `key` our own beside it ("" where we have none); `source` is whose report or which gateway, told
    for `days` days, the latest at `as_of`. `kinds` say of what kind a difference may be.
    """

    figure: str
    unit: str
    source: str
    theirs: float | None
    days: int
    as_of: datetime
    key: str
    ours: float | None
    kinds: list[str]


class ApartShape(Shape, frozen=True):
    """Sessions that may be counted by one side alone: why, how many, and the newest of those that are ours."""

    reason: str
    number: int
    conversations: list[str]


class ReadingShape(Shape, frozen=True):
    """How far a kind of record of the platform's was read of a shop, and what stands in the way ("" for nothing).

    `kind` is evaluations, after_sales, comments or presence.
    """

    shop: str
    kind: str
    since: datetime | None
    until: datetime | None
    trouble: str


class ReportShape(Shape, frozen=True):
    """All figures of a stretch of days, computed anew from its sessions, with what others counted of the same days.

    `recounting` sessions of any day still have figures of an earlier definition; they are being made anew.
    `apart` are, of one shop with figures of others beside ours, sessions that may make the difference.
    """

    since: date
    until: date
    as_of: datetime
    history: bool
    recounting: int
    figures: list[FigureShape]
    shops: list[WallGroup]
    agents: list[WallGroup]
    compared: list[ComparedShape]
    apart: list[ApartShape]
    readings: list[ReadingShape]
