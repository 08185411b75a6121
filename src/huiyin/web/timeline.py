"""Everything that happened in a session, in order, so that a screen can show it as it stood at any moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Controller, get

from huiyin.conversations import messages
from huiyin.conversations.access import access_conversation
from huiyin.eventlog import views as eventlog
from huiyin.eventlog.events import Recorded
from huiyin.kernel.clock import from_ms
from huiyin.policy.terms import Action, Resource
from huiyin.web import rendering
from huiyin.web.desk import Id, Version
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import MessageShape, Shape

PAGE = 500
PEOPLE = ("person", "to_person")
CODES = ("reason", "outcome", "severity", "kept", "desk")
"""In which field of an event the code stands that says more of it; the first there is."""

WORDED = frozenset({"conversations.HandedOver", "conversations.DeliveryFailed"})
"""Events whose reason is words of ours, not a code."""


class HappeningShape(Shape, frozen=True):
    """One event of a session.

    `at` is when it happened: the platform's time where it told one. `kind` names the event, `message` the message it is
    about ("" for none), `sender` whose that is. `by` is who did it (person, bot, customer, system), `agent` the name of
    the person it is about, or who did it. `code` says more: how it was closed, what became of a reply. `because` is the
    house's own reason in words. `degree` is a customer's verdict, 5 the best, 0 unknown.
    """

    version: int
    kind: str
    at: datetime
    by: str
    agent: str
    message: str
    sender: str
    code: str
    because: str
    degree: int | None


class TimelineShape(Shape, frozen=True):
    """Events of a session, oldest first, and the messages they are about, masked, as they stand now.

    `next_after` is the version to go on from, null where that was all.
    """

    happenings: list[HappeningShape]
    messages: list[MessageShape]
    next_after: int | None


class Timeline(Controller):
    """What happened in a session."""

    path = "/api/desk/conversations/{conversation:str}/timeline"
    tags = ("desk",)
    opt = needs(Resource.CONVERSATION, Action.READ)

    @get("/", sync_to_thread=True)
    def timeline(self, house: HouseHere, actor: ActorHere, conversation: Id, after: Version = 0) -> TimelineShape:
        """Return what happened in a session, oldest first, up to 500 events behind a version."""
        with house.reading.connect() as connection:
            accessed = access_conversation(connection, conversation, actor=actor)
            found = eventlog.stream(connection, house.catalogue, accessed.id, after)
            page = found[:PAGE]
            about = sorted({getattr(each.event, "message", "") for each in page} - {""})
            said = messages.messages_by_id(connection, house.bodies, about) if about else []
            names = house.people.names(connection, _people(page))
            return TimelineShape(
                happenings=[_happening(each, names) for each in page],
                messages=rendering.messages(house, connection, said),
                next_after=page[-1].version if len(found) > PAGE else None,
            )


def _people(found: Sequence[Recorded]) -> set[str]:
    told = {str(getattr(each.event, name, "")) for each in found for name in PEOPLE}
    return (told | {_reference(each.actor, "person") for each in found} | {_author(each.event) for each in found}) - {
        ""
    }


def _happening(recorded: Recorded, names: dict[str, str]) -> HappeningShape:
    event: Any = recorded.event
    people = [*(getattr(event, name, "") for name in PEOPLE), _author(event), _reference(recorded.actor, "person")]
    moment = getattr(event, "platform_at", 0) or getattr(event, "at", 0) or recorded.at
    told = (str(getattr(event, name, "")) for name in CODES)
    code = next(filter(None, told), "")
    worded = recorded.kind in WORDED
    return HappeningShape(
        version=recorded.version,
        kind=recorded.kind,
        at=from_ms(moment),
        by=recorded.actor.partition(":")[0],
        agent=next((names[each] for each in people if each in names), ""),
        message=getattr(event, "message", ""),
        sender=getattr(event, "sender", ""),
        code="" if worded else code,
        because=event.reason if worded else getattr(event, "because", ""),
        degree=getattr(event, "degree", None),
    )


def _author(event: Any) -> str:  # noqa: ANN401  # any event
    return _reference(getattr(event, "author", ""), "person")


def _reference(label: str, kind: str) -> str:
    named, _, reference = label.partition(":")
    return reference if named == kind else ""
