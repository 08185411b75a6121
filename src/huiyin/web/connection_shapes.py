"""The shapes of shops' connections to their platforms; see `shapes` for what holds for all of them."""

from datetime import datetime
from typing import Annotated

import msgspec

from huiyin.web.shapes import Named, Shape, Short

Given = Annotated[dict[Annotated[str, msgspec.Meta(max_length=40)], Annotated[str, msgspec.Meta(max_length=2000)]],
                  msgspec.Meta(max_length=40)]  # fmt: skip
"""Settings as a person filled them in, by name; a secret left empty stays what it was."""


class AskedShape(Shape, frozen=True):
    """A setting that a platform's connection needs. `kind` is text, secret, switch or choice."""

    name: str
    kind: str
    required: bool
    choices: list[str]


class PlatformShape(Shape, frozen=True):
    """A platform that shops can be connected to; `numbered` says that the shop's number there is asked for beside."""

    platform: str
    numbered: bool
    asked: list[AskedShape]


class LackShape(Shape, frozen=True):
    """Why a line cannot do something, and what to do instead: in Chinese (`reason`, `instead`) and English."""

    reason: str
    instead: str
    why: str
    remedy: str


class AbilityShape(Shape, frozen=True):
    """What a line can do, over which gateway since when; or why not, with what it needs."""

    capability: str
    able: bool
    gateway: str
    since: datetime | None
    why_not: str
    needs: str
    lack: LackShape | None


class TroubleShape(Shape, frozen=True):
    """What is wrong with a line: a word for it, since when, and whether waiting alone does not help."""

    code: str
    since: datetime
    last_at: datetime
    lasting: bool


class AccessToldShape(Shape, frozen=True):
    """How far a platform that wants to know who reached its data was told.

    `waiting` records are to be told, `taken` were in all, the last at `taken_at`; `trouble` is the word for why the
    platform does not take them now, "" where it does.
    """

    waiting: int
    taken: int
    taken_at: datetime | None
    trouble: str


class ConnectionShape(Shape, frozen=True):
    """How a shop is connected. `state` is open, closed (not connected) or unopened (its settings could not be used).

    `tier` is live or read. `polled_at` is up to when its chat was read, where it is asked and does not tell.
    `calls_today` were made on the platform's day; `calls_per_day` is its quota, None where nobody filled it in.
    `access_told` is None where the platform does not want to know.
    `settings` and `secrets` (names of those that are set) are told to its own organisation; `own` says whether it is.
    `hours` are its daily opening hours, null where days differ or nobody recorded any.
    """

    shop: Named
    platform: str
    category: str
    hours: str | None
    state: str
    tier: str
    own: bool
    changed_at: datetime | None
    polled: bool
    polled_at: datetime | None
    trouble: TroubleShape | None
    calls_today: int
    calls_per_day: int | None
    access_told: AccessToldShape | None
    abilities: list[AbilityShape]
    settings: dict[str, str]
    secrets: list[str]


class OpenShop(Shape, frozen=True):
    """A shop to open and connect. `hours` are its daily opening hours, like "09:00-12:00 13:00-24:00".

    With `unconnected` it is opened by its `number` alone, without settings: its past comes in by files.
    """

    name: Short
    platform: Short
    settings: Given = msgspec.field(default_factory=dict)
    unconnected: bool = False
    category: Short = ""
    number: Short = ""
    hours: Annotated[str, msgspec.Meta(max_length=100)] = "00:00-24:00"


class AboutShop(Shape, frozen=True):
    """What is said of a shop. `hours` are daily, like "09:00-18:00", and hold from now on; null leaves them."""

    name: Short
    category: Short = ""
    hours: Annotated[str, msgspec.Meta(max_length=100)] | None = None


class Connect(Shape, frozen=True):
    """Other settings for a shop."""

    settings: Given


class TryLine(Shape, frozen=True):
    """How to ask: a line that only looks up orders needs the number of one."""

    order: Short = ""


class Tried(Shape, frozen=True):
    """What came of asking the platform once: `code` names what went wrong, "" if nothing did."""

    ok: bool
    code: str
    seconds: float
    found: int
    """Messages of the last minute, or orders of that number."""
