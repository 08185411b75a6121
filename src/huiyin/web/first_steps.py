"""How far a new organisation has come: a shop, somebody who answers, a first message."""

from litestar import Controller, get

from huiyin.conversations.begun import any_begun
from huiyin.kernel.clock import to_ms
from huiyin.org.first_steps import first_people
from huiyin.policy.terms import Action, Resource
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Shape


class FirstSteps(Shape, frozen=True):
    """What is there of one's organisation.

    `shops` and how many are `connected`; people with a seat, `agents` who can sign in and `invited` who have not yet;
    `vendors` engaged now; `begun` says whether any customer was ever here.
    """

    shops: int
    connected: int
    agents: int
    invited: int
    vendors: int
    begun: bool


class FirstStepsPage(Controller):
    """The first steps of the actor's own organisation."""

    path = "/api/first-steps"
    tags = ("connections",)
    opt = needs(Resource.CONNECTION, Action.READ)

    @get("/", sync_to_thread=True)
    def look(self, house: HouseHere, actor: ActorHere) -> FirstSteps:
        """Return how far your organisation has come."""
        known = house.shops.all()
        own = sorted(shop for shop in actor.shops if known[shop].tenant == actor.tenant)
        with house.reading.connect() as connection:
            people = first_people(connection, to_ms(house.clock.now()), actor=actor)
            begun = any_begun(connection, own)
        connected = sum(house.lines.get(shop) is not None for shop in own)
        return FirstSteps(shops=len(own), connected=connected, begun=begun, **people._asdict())
