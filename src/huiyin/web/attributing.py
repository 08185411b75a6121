"""Who answered a conversation, stretch by stretch."""

from datetime import datetime

import sqlalchemy as sa
from litestar import Controller, get

from huiyin.conversations.attribution import Stretch, stretches
from huiyin.kernel.clock import from_ms
from huiyin.org import views as org
from huiyin.org.standing import shift_names
from huiyin.policy.terms import Action, Resource
from huiyin.web.desk import Id
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Named, Shape
from huiyin.wiring import House


class StretchShape(Shape, frozen=True):
    """Who answered from when until when; `endsAt` is null while it lasts.

    side: bot, own (the merchant's team), vendor (under an engagement), unengaged (a vendor's person whom no engagement
    covered then), unmapped (a platform account nobody is mapped to). `shift` is "" for who was on none.
    """

    side: str
    platform: bool
    """True if it was answered in the platform's own window."""
    starts_at: datetime
    ends_at: datetime | None
    organisation: str
    agent: Named | None
    account: str
    shift: str


class Attribution(Controller):
    """Attribution over time."""

    path = "/api/desk/conversations/{conversation:str}/attribution"
    tags = ("desk",)
    opt = needs(Resource.CONVERSATION, Action.READ)

    @get("/", sync_to_thread=True)
    def attribution(self, house: HouseHere, actor: ActorHere, conversation: Id) -> list[StretchShape]:
        """Return who answered a conversation, under which engagement and on which shift, oldest first."""
        with house.reading.connect() as connection:
            return _shapes(house, connection, stretches(connection, conversation, actor=actor))


def _shapes(house: House, connection: sa.Connection, found: list[Stretch]) -> list[StretchShape]:
    ids = {each.person for each in found if each.person}
    people, names = org.members(connection, ids), house.people.names(connection, ids)
    called = house.accounts.names(connection, {each.account for each in found if each.account})
    shifts = shift_names(connection, {each.shift for each in found if each.shift})
    return [
        _shape(
            each._replace(account=called.get(each.account, "")), people.get(each.person), names.get(each.person, ""),
            shifts.get(each.shift, ""),
        )
        for each in found
    ]  # fmt: skip


def _shape(stretch: Stretch, member: org.Member | None, name: str, shift: str) -> StretchShape:
    return StretchShape(
        side=_side(stretch, member),
        platform=stretch.desk == "platform",
        starts_at=from_ms(stretch.starts_at),
        ends_at=None if stretch.ends_at is None else from_ms(stretch.ends_at),
        organisation=member.organisation if member else "",
        agent=Named(id=stretch.person, name=name) if member else None,
        account=stretch.account,
        shift=shift,
    )


def _side(stretch: Stretch, member: org.Member | None) -> str:
    if stretch.desk == "bot":
        return "bot"
    if member is None:
        return "unmapped"
    if stretch.engagement:
        return "vendor"
    return "own" if member.kind == "merchant" else "unengaged"
