"""Show one masked stretch of a message to a person who says what for, and have it written down."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Controller, Request, post
from litestar.params import JSONBody

from huiyin.audit.writing import write_down
from huiyin.conversations.access import access_conversation
from huiyin.conversations.revealing import Stretch, refused, refused_elsewhere
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import NotFoundError, RefusedError
from huiyin.policy.terms import Action, Resource
from huiyin.web.desk import Id
from huiyin.web.guarding import needs
from huiyin.web.seldom import Seldom
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Shape

SHOWN_SECONDS = 60


class RevealStretch(Shape, frozen=True):
    """Which masked stretch, counted from 0, and what for.

    purpose: delivery, address_change, refund, invoice, after_sale, complaint.
    """

    place: Annotated[int, msgspec.Meta(ge=0, le=10_000)]
    purpose: Annotated[str, msgspec.Meta(max_length=32)]


class RevealedShape(Shape, frozen=True):
    """The plain text, to be shown for `seconds` under a mark that names who sees it and when."""

    kind: str
    text: str
    at: datetime
    seconds: int
    left: int
    """How many more this person may see within the hour."""
    mark: str
    """What the view carries across it: the person, the moment, the record of this view."""


class Revealing(Controller):
    """Reveals."""

    path = "/api/desk/conversations/{conversation:str}/messages/{message:str}/reveal"
    tags = ("desk",)
    opt = needs(Resource.PERSONAL_DATA, Action.REVEAL)

    @post("/", sync_to_thread=True, status_code=200)
    def reveal(
        self,
        house: HouseHere,
        actor: ActorHere,
        conversation: Id,
        message: Id,
        data: JSONBody[RevealStretch],
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> RevealedShape:
        """Return one masked stretch in plain; it is written down before it is answered."""
        wanted = Stretch(message, data.place, data.purpose)
        with house.reading.connect() as connection:
            try:
                accessed = access_conversation(connection, conversation, actor=actor)
            except NotFoundError:
                _note_elsewhere(house, request, conversation, wanted, actor)
                raise
        try:
            found = house.writer.run(house.revealing.reveal, conversation, wanted, actor=actor)
        except RefusedError as error:
            why = type(error).__name__.removesuffix("Error").lower()
            house.writer.run(write_down, refused(accessed, wanted, why, actor=actor))
            raise
        moment = from_ms(found.at)
        with house.reading.connect() as connection:
            name = house.people.name(connection, actor.id)
        local = moment.astimezone(house.shops.all()[accessed.shop].zone)
        return RevealedShape(
            kind=found.kind,
            text=found.text,
            at=moment,
            seconds=SHOWN_SECONDS,
            left=found.left,
            mark=f"{name} {local:%m-%d %H:%M:%S} {found.id[-6:]}",
        )


def _note_elsewhere(
    house: HouseHere,
    request: Request,  # type: ignore[type-arg]  # any user
    conversation: str,
    wanted: Stretch,
    actor: ActorHere,
) -> None:
    """Write down, once a minute, that somebody wanted to see what is not theirs; whether it exists is not told."""
    refusals: Seldom = request.app.state.refusals
    if refusals.is_due(actor.id, "elsewhere"):
        house.writer.run(write_down, refused_elsewhere(conversation, wanted, actor=actor))
        refusals.told(actor.id, "elsewhere")
