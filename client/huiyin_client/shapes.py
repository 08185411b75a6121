"""The shapes of answers, as far as `calls` speaks of them; fields of a newer server are left out.

What each field means stands in the server's OpenAPI document, under the same name.
"""

from datetime import date, datetime

import msgspec


class Shape(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The root of all shapes: camelCase on the wire."""


class Named(Shape, frozen=True):
    """Something with a name."""

    id: str
    name: str


class OwnToken(Shape, frozen=True):
    """What the token opens at this moment."""

    name: str
    may: list[str]
    shops: list[Named]
    expires_at: datetime


class Connection(Shape, frozen=True):
    """How a shop is connected; `state` is open, closed or unopened."""

    shop: Named
    platform: str
    state: str
    tier: str
    polled_at: datetime | None


class Mark(Shape, frozen=True):
    """Characters [start, end) that were looked for."""

    start: int
    end: int


class Snippet(Shape, frozen=True):
    """A part of a message, masked."""

    sender: str
    at: datetime
    text: str
    marks: list[Mark]


class FoundSession(Shape, frozen=True):
    """A session in which the words stand; `risk` is none, watch or high."""

    id: str
    shop: Named
    customer: str
    agents: list[Named]
    opened_at: datetime
    state: str
    origin: str
    risk: str
    hits: int
    snippets: list[Snippet]


class FoundSessions(Shape, frozen=True):
    """A page of sessions, newest first."""

    sessions: list[FoundSession]
    next_cursor: str | None
    total: int | None
    to_index: int


class Figure(Shape, frozen=True):
    """One figure; `value` is None where nothing was measured, or `why` says why it is not known."""

    key: str
    unit: str
    value: float | None
    part: int | None
    whole: int | None
    target: float | None
    why: str = ""


class Group(Shape, frozen=True):
    """The figures of one shop or one agent."""

    id: str
    name: str
    figures: list[Figure]


class Wall(Shape, frozen=True):
    """The figures of today."""

    as_of: datetime
    day: str
    figures: list[Figure]
    shops: list[Group]
    agents: list[Group]


class Report(Shape, frozen=True):
    """The figures of some days, both included."""

    since: date
    until: date
    as_of: datetime
    history: bool
    recounting: int
    figures: list[Figure]
    shops: list[Group]
    agents: list[Group]


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
    findings: int
    counted: bool
    why: str


class FigureRows(Shape, frozen=True):
    """A page of the sessions behind a figure."""

    figure: str
    definition: str
    rows: list[FigureRow]
    next_cursor: str | None


class Import(Shape, frozen=True):
    """A file that was brought in, and how far it is."""

    id: str
    shop: Named
    kind: str
    name: str
    state: str
    created_at: datetime
    ended_at: datetime | None
    rows_read: int
    refused: int
    fresh: int


class ImportPage(Shape, frozen=True):
    """A page of imports, newest first."""

    imports: list[Import]
    next_cursor: str | None


class RefusedRow(Shape, frozen=True):
    """A refused row; `row` is its number in the file."""

    place: int
    row: int
    field: str
    code: str


class RefusedPage(Shape, frozen=True):
    """A page of refused rows."""

    rows: list[RefusedRow]
    next_cursor: str | None


class Account(Shape, frozen=True):
    """A platform account of a shop, and who sits behind it now."""

    shop: Named
    account: str
    person: Named | None
    messages: int


class Webhook(Shape, frozen=True):
    """An endpoint; `state` is on, failing or off, `off_why` by_hand, gone or failing."""

    id: str
    url: str
    description: str
    kinds: list[str]
    shops: list[Named]
    state: str
    off_why: str
    failing_since: datetime | None
    waiting: int


class Delivery(Shape, frozen=True):
    """A call to an endpoint; `state` is waiting, delivered or given_up."""

    id: str
    kind: str
    state: str
    attempts: int
    created_at: datetime
    due_at: datetime | None
    status: int | None
    error: str


class DeliveryPage(Shape, frozen=True):
    """A page of calls, newest first."""

    deliveries: list[Delivery]
    next_cursor: str | None
