"""How events move a session's figures. Pure: a row and an event in, the row changed.

Definitions, with worked tables: docs/formulas/.
"""

from collections.abc import Callable
from typing import Any

from huiyin.conversations import events as talk
from huiyin.eventlog.events import Event, Recorded
from huiyin.org.opening import Calendars
from huiyin.outcomes.events import SessionRated
from huiyin.quality.events import FindingRaised

DEFINITION = 4
"""Version of these rules, kept with each row; `insight/rebuilding.py` brings all rows to it."""

LATE_MS = 5 * 60 * 1000
"""What reaches the queue later than this after the customer began to wait says nothing of who was there then."""

Row = dict[str, Any]
Staffed = Callable[[str, str, int], bool]
"""Tells whether anybody of a shop's teams was at a desk: tenant, shop, moment in ms."""


def new_row(conversation: str, tenant: str, shop: str) -> Row:
    """Return the row of a session nothing is known of yet."""
    return {
        "conversation": conversation, "definition": DEFINITION, "tenant": tenant, "shop": shop, "origin": "",
        "opened_at": 0, "state": "new", "person": "", "engagement": "", "shift": "", "closed_at": None,
        "waiting_since": None, "asked_at": None, "first_response_ms": None, "first_by": "none",
        "outside_hours": "", "first_response_open_ms": None, "handed_over_at": None,
        "human_response_ms": None, "turns": 0, "turns_ms": 0, "messages_in": 0, "replies_bot": 0,
        "replies_human": 0, "findings": 0, "left_message": 0, "wanted_person_at": None,
        "degree": None, "consulted": 0,
    }  # fmt: skip


def apply(row: Row, recorded: Recorded, opening: Calendars, staffed: Staffed) -> None:
    """Move a session's row on by one event; events it does not count leave it as it is.

    `staffed` is asked once a session at most, when it first waits for a person: what nobody answered before, while
    nobody was there, was left as a message. Opening hours are asked as they were known when the event was recorded:
    a calendar entered later changes no row, also not when rows are rebuilt.
    """
    move = _MOVES.get(type(recorded.event))
    if move is None:
        return
    unanswered = row["first_response_ms"] is None
    move(row, recorded.event, recorded.at)
    if isinstance(recorded.event, talk.ConversationOpened):
        row["outside_hours"] = opening.why_closed(row["shop"], row["opened_at"], recorded.at)
    if isinstance(recorded.event, talk.Queued):
        _wants_person(row, recorded, staffed)
    if unanswered and row["first_response_ms"] is not None:
        until = row["asked_at"] + row["first_response_ms"]
        row["first_response_open_ms"] = opening.open_ms(row["shop"], row["asked_at"], until, recorded.at)


def _wants_person(row: Row, recorded: Recorded, staffed: Staffed) -> None:
    """Note since when a session wants a person, and whether it was left as a message; later queues change neither."""
    if row["wanted_person_at"] is not None:
        return
    since = row["handed_over_at"] or row["asked_at"] or row["opened_at"]
    row["wanted_person_at"] = since
    if row["first_response_ms"] is None:
        known = recorded.at - since <= LATE_MS
        row["left_message"] = int(not staffed(row["tenant"], row["shop"], recorded.at)) if known else None


def _opened(row: Row, event: talk.ConversationOpened, _at: int) -> None:
    row.update(origin=event.origin, opened_at=event.at)


def _reopened(row: Row, _event: talk.ConversationReopened, _at: int) -> None:
    row.update(state="new", closed_at=None)


def _routed(row: Row, event: talk.Routed, _at: int) -> None:
    row["state"] = "bot" if event.desk == "bot" else "human"
    row.update(person=event.person, engagement=event.engagement, shift=event.shift)


def _queued(row: Row, _event: talk.Queued, _at: int) -> None:
    row.update(state="waiting", person="", engagement="", shift="")


def _handed_over(row: Row, _event: talk.HandedOver, at: int) -> None:
    row["handed_over_at"] = row["handed_over_at"] or at


def _taken_over(row: Row, event: talk.TakenOver, at: int) -> None:
    row.update(state="human", person=event.person, engagement=event.engagement, shift=event.shift)
    row["handed_over_at"] = row["handed_over_at"] or at
    row["wanted_person_at"] = row["wanted_person_at"] or at


def _transferred(row: Row, event: talk.Transferred, _at: int) -> None:
    row["state"] = "human" if event.to_person else "waiting"
    row.update(person=event.to_person, engagement=event.engagement, shift=event.shift)


def _closed(row: Row, event: talk.ConversationClosed, _at: int) -> None:
    row.update(state="closed", closed_at=event.at, waiting_since=None)


def _delivered(row: Row, event: talk.ReplyDelivered, _at: int) -> None:
    if not event.parting:
        _answered(row, event.at, event.sender)


def _echoed(row: Row, event: talk.EchoRecognised, _at: int) -> None:
    if not event.confirmed:
        _answered(row, event.at, event.sender)


def _settled(row: Row, event: talk.DeliverySettled, _at: int) -> None:
    if event.outcome == "delivered" and not event.parting:
        _answered(row, event.at, event.sender)


def _found(row: Row, _event: FindingRaised, _at: int) -> None:
    row["findings"] += 1


def _rated(row: Row, event: SessionRated, _at: int) -> None:
    row["degree"] = event.degree


def _reordered(row: Row, _event: talk.ConversationReordered, _at: int) -> None:
    """Have the row made anew from its words as they were said (`insight/rebuilding.py`)."""
    row["definition"] = 0


def _received(row: Row, event: talk.MessageReceived, _at: int) -> None:
    if event.sender == "customer":
        row["messages_in"] += 1
        if row["asked_at"] is None:
            row["asked_at"] = event.platform_at
        if row["waiting_since"] is None:
            row["waiting_since"] = event.platform_at
    elif event.sender in {"agent", "bot"}:
        if row["state"] == "new":
            row["state"] = "recorded"
        if event.author.startswith("person:"):
            row["person"] = event.author.removeprefix("person:")
        _answered(row, event.platform_at, event.sender)


def _answered(row: Row, at: int, sender: str) -> None:
    """Count a reply: the first one of all, the first one by a person after the hand-over, and the turn it ends."""
    row["replies_bot" if sender == "bot" else "replies_human"] += 1
    if row["asked_at"] is not None and row["first_response_ms"] is None:
        row["first_response_ms"] = max(0, at - row["asked_at"])
        row["first_by"] = "bot" if sender == "bot" else "human"
    if sender != "bot" and row["human_response_ms"] is None and row["asked_at"] is not None:
        row["human_response_ms"] = max(0, at - (row["handed_over_at"] or row["asked_at"]))
    if row["waiting_since"] is not None:
        row["turns"] += 1
        row["turns_ms"] += max(0, at - row["waiting_since"])
        row["waiting_since"] = None


_MOVES: dict[type[Event], Callable[[Row, Any, int], None]] = {
    talk.ConversationOpened: _opened,
    talk.ConversationReopened: _reopened,
    talk.MessageReceived: _received,
    talk.ReplyDelivered: _delivered,
    talk.EchoRecognised: _echoed,
    talk.DeliverySettled: _settled,
    talk.Routed: _routed,
    talk.Queued: _queued,
    talk.HandedOver: _handed_over,
    talk.TakenOver: _taken_over,
    talk.Transferred: _transferred,
    talk.ConversationClosed: _closed,
    talk.ConversationReordered: _reordered,
    FindingRaised: _found,
    SessionRated: _rated,
}

COUNTED = tuple(_MOVES)
"""The events figures are made of."""
