"""How old what the desk shows is, where the platform is asked and does not tell."""

from datetime import datetime

from litestar import Controller, get

from huiyin.conversations import polling
from huiyin.policy.terms import Action, Resource
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Shape


class PollShape(Shape, frozen=True):
    """How old the chat of a shop in the read tier is: everything before `at` was read. None before the first poll."""

    shop: str
    at: datetime | None


class Polls(Controller):
    """Polls of the actor's shops."""

    path = "/api/desk/polls"
    tags = ("desk",)
    opt = needs(Resource.CONVERSATION, Action.READ)

    @get("/", sync_to_thread=True)
    def list_polls(self, house: HouseHere, actor: ActorHere) -> list[PollShape]:
        """Return up to when each of your shops in the read tier was polled."""
        with house.reading.connect() as connection:
            marks = polling.polled(connection, actor=actor)
        read = [shop for shop in sorted(actor.shops) if not house.lines.live(shop)]
        return [PollShape(shop=shop, at=marks.get(shop)) for shop in read]
