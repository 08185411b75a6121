"""The shapes screens and API users see. The console's types are generated from these.

Times are RFC 3339 with zone. Ids are opaque text. Every state travels as a code; the console owns its words.
Bodies are masked: what a shape carries has no personal data in it.
"""

from datetime import datetime
from typing import Annotated

import msgspec

Words = Annotated[str, msgspec.Meta(max_length=8000)]
"""What a person writes to a customer: as long as the longest message taken from a platform."""
Short = Annotated[str, msgspec.Meta(max_length=200)]


class Shape(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The root of all shapes: camelCase on the wire."""


class Named(Shape, frozen=True):
    """Something with a name to show."""

    id: str
    name: str


class ShopShape(Shape, frozen=True):
    """A shop as the desk needs it. `tier` is read or live."""

    id: str
    name: str
    platform: str
    tier: str
    capabilities: list[str]


class Citation(Shape, frozen=True):
    """Where an answer's words come from: a clause with its version, or a live fact with its time."""

    kind: str
    """clause or fact"""
    ref: str
    title: str
    quote: str
    as_of: datetime


class FindingShape(Shape, frozen=True):
    """One thing inspection noticed, with its words. severity: info, warn, block."""

    rule: str
    title: str
    severity: str
    start: int
    end: int
    reason: str


class HiddenShape(Shape, frozen=True):
    """A masked stretch of a text, characters [start, end), and which kind of personal data it hides."""

    start: int
    end: int
    kind: str


class MessageShape(Shape, frozen=True):
    """One message of a conversation.

    sender: customer, agent, bot, system. kind: text, image, order_card, sku_card, voice, recall, system.
    delivery (replies only): approved, sending, delivered, unknown, failed, held, copied; None for inbound.
    flags: late, recalled, corrected, echo, manual.
    """

    id: str
    version: int
    sender: str
    author: str
    kind: str
    text: str
    data: dict[str, str]
    at: datetime
    received_at: datetime
    delivery: str | None
    flags: list[str]
    citations: list[Citation]
    findings: list[FindingShape]
    hidden: list[HiddenShape]
    note: str
    """Why a reply was held or failed, in words."""


class ConversationShape(Shape, frozen=True):
    """One line of the conversation list. state: bot, waiting, human, closed.

    origin: live, backfill, replay, drill, simulated. `waiting_since` is set while a customer waits for an answer.
    `version` is the last event's version: the client's cursor for this conversation.
    """

    id: str
    version: int
    shop: ShopShape
    customer: str
    state: str
    origin: str
    skill: str
    agent: Named | None
    opened_at: datetime
    waiting_since: datetime | None
    closed_at: datetime | None
    last_text: str
    last_sender: str
    last_at: datetime
    unread: int
    findings: int
    risk: str
    """none, watch, high"""
    outside_hours: bool
    """True if it began while the shop was closed."""


class Suggestion(Shape, frozen=True):
    """A draft for the agent, with its citations; `based_on` is the customer message it answers."""

    id: str
    text: str
    based_on: str
    citations: list[Citation]
    reason: str


class ConversationDetail(Shape, frozen=True):
    """An opened conversation: its line, its latest messages (oldest first), and what assist offers."""

    conversation: ConversationShape
    messages: list[MessageShape]
    earlier: bool
    """True if older messages exist; fetch them with `before`."""
    suggestions: list[Suggestion]


class ConversationList(Shape, frozen=True):
    """A page of conversations and the counts per tab."""

    conversations: list[ConversationShape]
    counts: dict[str, int]
    """mine, waiting, bot, closed"""
    next_cursor: str | None


class SendReply(Shape, frozen=True):
    """Send a reply. `key` makes a repeat of the same request harmless. `acknowledged` accepts warnings."""

    text: Words
    key: Short
    suggestion: Short | None = None
    acknowledged: bool = False


class CheckDraft(Shape, frozen=True):
    """Ask the gates about a draft without sending it."""

    text: Words


class GateResult(Shape, frozen=True):
    """What the gates say: outcome is pass, warn or hold."""

    outcome: str
    findings: list[FindingShape]


class SendResult(Shape, frozen=True):
    """What became of a reply: outcome is approved, copy (read tier: copy it to the platform), warn or hold."""

    outcome: str
    message: MessageShape | None
    findings: list[FindingShape]


class Transfer(Shape, frozen=True):
    """Hand a conversation on: to a person, or to a skill's queue."""

    person: Short | None = None
    skill: Short | None = None
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""


class CloseConversation(Shape, frozen=True):
    """Close with a reason: solved, unanswered, duplicate, other."""

    reason: Short


class Colleague(Shape, frozen=True):
    """Someone a conversation can be handed to."""

    id: str
    name: str
    presence: str
    load: int
    capacity: int
    skills: list[str]


class OrderLineShape(Shape, frozen=True):
    """One SKU of an order; money is integer fen."""

    sku_id: str
    name: str
    count: int
    price_fen: int


class OrderShape(Shape, frozen=True):
    """An order, as of a moment. plus: true, false, or null for unknown."""

    order_id: str
    state: str
    state_label: str
    total_fen: int
    paid_fen: int
    created_at: datetime
    paid_at: datetime | None
    lines: list[OrderLineShape]
    waybill: str
    plus: bool | None
    as_of: datetime


class TraceStepShape(Shape, frozen=True):
    """One step of a parcel."""

    at: datetime
    text: str


class LogisticsShape(Shape, frozen=True):
    """A parcel's steps, newest last; `waybill` is "" while nothing was shipped."""

    waybill: str
    carrier: str
    steps: list[TraceStepShape]
    as_of: datetime


class PriceProtectionShape(Shape, frozen=True):
    """One price-protection application."""

    application_id: str
    order_id: str
    sku_name: str
    bought_at_fen: int
    applied_fen: int
    refunded_fen: int
    state_label: str
    applied_at: datetime
    as_of: datetime


class FigureShape(Shape, frozen=True):
    """One figure. unit: count, share, seconds, hours. `value` is None where nothing was measured, or `why` says why."""

    key: str
    unit: str
    value: float | None
    part: int | None
    whole: int | None
    target: float | None
    why: str = ""


class WallGroup(Shape, frozen=True):
    """The figures of one shop or one agent."""

    id: str
    name: str
    figures: list[FigureShape]


class WallShape(Shape, frozen=True):
    """The live wall: one set of figures in all, per shop, per agent, and the day's course by quarter hour."""

    as_of: datetime
    day: str
    figures: list[FigureShape]
    shops: list[WallGroup]
    agents: list[WallGroup]
    course: list["WallQuarter"]


class WallQuarter(Shape, frozen=True):
    """A quarter of an hour: how many sessions began, how many were answered within 30 s and 120 s."""

    at: datetime
    opened: int
    within_30: int
    within_120: int
