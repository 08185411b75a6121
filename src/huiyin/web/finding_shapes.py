"""The shapes of session search."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from huiyin.web.shapes import Named, Shape, Short


class SearchSessions(Shape, frozen=True):
    """What is looked for. All words must stand in a session, those behind a minus nowhere in it.

    "" asks for nothing in particular. `side` is whose words count. Days are each shop's own, both within.
    """

    words: Annotated[str, msgspec.Meta(max_length=200)]
    shop: Short = ""
    agent: Short = ""
    side: Literal["", "customer", "agent", "bot"] = ""
    platform: Annotated[str, msgspec.Meta(max_length=20, pattern="^[a-z]*$")] = ""
    origin: Literal["", "live", "backfill", "replay", "drill", "simulated"] = ""
    state: Literal["", "bot", "waiting", "human", "closed"] = ""
    risk: Literal["", "none", "watch", "high"] = ""
    first: date | None = None
    last: date | None = None
    cursor: Short | None = None


class MarkShape(Shape, frozen=True):
    """Characters [start, end) of a snippet's text that were looked for."""

    start: int
    end: int


class SnippetShape(Shape, frozen=True):
    """A part of a message, masked. `begins` and `ends`: whether the message begins and ends with it."""

    sender: str
    at: datetime
    text: str
    marks: list[MarkShape]
    begins: bool
    ends: bool


class FoundSession(Shape, frozen=True):
    """A session in which the words stand; `hits` counts the messages that have any of them. risk: none, watch, high."""

    id: str
    shop: Named
    customer: str
    agents: list[Named]
    opened_at: datetime
    state: str
    origin: str
    risk: str
    hits: int
    snippets: list[SnippetShape]


class Facet(Shape, frozen=True):
    """How many of the newest 1,000 sessions found are of a shop, a person, a state …; `name` is "" for codes."""

    value: str
    name: str
    number: int


class FoundSessions(Shape, frozen=True):
    """A page of sessions, newest first.

    `total` and the counts come with the first page, of the newest 1,000; `more` tells that there are more than those.
    `to_index` is above 0 while an index is being built: then `indexed` of so many sessions can be found. `behind` is
    how many events the indexes do not know yet. Whoever sees some of a merchant's shops alone is told of those.
    """

    sessions: list[FoundSession]
    next_cursor: str | None
    total: int | None
    more: bool
    shops: list[Facet]
    agents: list[Facet]
    states: list[Facet]
    origins: list[Facet]
    risks: list[Facet]
    indexed: int
    to_index: int
    behind: int
