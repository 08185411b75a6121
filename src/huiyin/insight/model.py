"""How events move a session's figures. Pure: a row and an event in, the row changed.

Definitions, with worked tables: docs/formulas/.
"""

from typing import Any

from huiyin.conversations import events as talk
from huiyin.eventlog.events import Recorded
from huiyin.quality.events import FindingRaised

DEFINITION = 1
"""Version of these rules; a change rebuilds all rows from events."""

Row = dict[str, Any]


def new_row(conversation: str, tenant: str, shop: str) -> Row:
    """Return the row of a session nothing is known of yet."""
    return {
        "conversation": conversation, "definition": DEFINITION, "tenant": tenant, "shop": shop, "origin": "",
        "opened_at": 0, "state": "new", "person": "", "engagement": "", "closed_at": None, "waiting_since": None,
        "asked_at": None, "first_response_ms": None, "first_by": "none", "handed_over_at": None,
        "human_response_ms": None, "turns": 0, "turns_ms": 0, "messages_in": 0, "replies_bot": 0,
        "replies_human": 0, "findings": 0,
    }  # fmt: skip


def apply(row: Row, recorded: Recorded) -> None:
    """Move a session's row on by one event; events it does not count leave it as it is."""
    event = recorded.event
    if isinstance(event, talk.ConversationOpened):
        row.update(origin=event.origin, opened_at=event.at)
    elif isinstance(event, talk.MessageReceived):
        _received(row, event)
    elif isinstance(event, talk.ReplyDelivered):
        _answered(row, event.at, event.sender)
    elif isinstance(event, talk.EchoRecognised):
        _answered(row, event.at, "agent")
    elif isinstance(event, talk.Routed):
        row.update(state="bot" if event.desk == "bot" else "human", person=event.person, engagement=event.engagement)
    elif isinstance(event, talk.TakenOver):
        row.update(state="human", person=event.person, engagement=event.engagement)
        row["handed_over_at"] = row["handed_over_at"] or recorded.at
    elif isinstance(event, talk.HandedOver):
        row["handed_over_at"] = row["handed_over_at"] or recorded.at
    elif isinstance(event, talk.Transferred):
        row.update(person=event.to_person, state="human" if event.to_person else "waiting")
    elif isinstance(event, talk.Queued):
        row.update(state="waiting", person="")
    elif isinstance(event, talk.ConversationClosed):
        row.update(state="closed", closed_at=event.at, waiting_since=None)
    elif isinstance(event, talk.ConversationReopened):
        row.update(state="new", closed_at=None)
    elif isinstance(event, FindingRaised):
        row["findings"] += 1


def _received(row: Row, event: talk.MessageReceived) -> None:
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
