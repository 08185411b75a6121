"""The shapes of exports; see `shapes` for what holds for all of them."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from huiyin.web.shapes import Named, Shape, Short


class AskExport(Shape, frozen=True, forbid_unknown_fields=True):
    """What is to be taken out: a row a session or a message, of one merchant's shops, their days, both within."""

    shops: Annotated[list[Short], msgspec.Meta(min_length=1, max_length=200, examples=[["s1"]])]
    first: Annotated[date, msgspec.Meta(examples=["2026-06-01"])]
    last: Annotated[date, msgspec.Meta(examples=["2026-06-30"])]
    content: Literal["sessions", "messages"] = "sessions"
    form: Literal["csv", "xlsx"] = "xlsx"
    language: Literal["zh", "en"] = "zh"


class ExportShape(Shape, frozen=True):
    """An export and how far it is.

    `id` is its number, which stands in the file and in the audit. `state` is waiting, working, done, cancelled, failed
    (`trouble` says why), withdrawn (something in it must not be read any more) or expired. Of `expected` sessions
    `sessions` are written, as `rows` rows. `mine` tells whether you asked for it: nobody else takes it. It may be taken
    until `expires_at`, and was `taken` so many times.
    """

    id: str
    shops: list[Named]
    content: str
    form: str
    language: str
    first: date
    last: date
    person: str
    mine: bool
    state: str
    trouble: str
    created_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None
    expected: int
    sessions: int
    rows: int
    bytes: int
    taken: int


class ExportList(Shape, frozen=True):
    """A page of exports, the newest first."""

    exports: list[ExportShape]
    next_cursor: str | None
