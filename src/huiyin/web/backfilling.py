"""A shop's past from its platform: asked for, watched, gone on with, stopped."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.params import JSONBody

from huiyin.backfill import asking
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.policy.terms import Action, Resource
from huiyin.web.desk import Id
from huiyin.web.guarding import needs, repeatable
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Shape
from huiyin.wiring import House

WRITING = needs(Resource.CONNECTION, Action.WRITE)


class AskBackfill(Shape, frozen=True, forbid_unknown_fields=True):
    """How many days of the past are wanted."""

    days: Annotated[int, msgspec.Meta(ge=1, le=366)]


class BackfillShape(Shape, frozen=True):
    """A backfill and how far it is: `done` of `parts` days are in, the oldest first; `fresh` of `messages` were new.

    `state` is running, done or stopped. `trouble` names what it waits for until `not_before`, "" for nothing.
    """

    id: str
    since: datetime
    until: datetime
    parts: int
    done: int
    state: str
    trouble: str
    not_before: datetime | None
    created_at: datetime
    ended_at: datetime | None
    messages: int
    fresh: int


class Backfills(Controller):
    """Backfills of the actor's own shops."""

    path = "/api/connections/{shop:str}/backfills"
    tags = ("connections",)
    opt = needs(Resource.IMPORT, Action.READ)

    @get("/", sync_to_thread=True)
    def list_backfills(self, house: HouseHere, actor: ActorHere, shop: Id) -> list[BackfillShape]:
        """Return the newest backfills of a shop of your organisation."""
        return _listed(house, shop, actor)

    @post("/", opt=repeatable(WRITING), sync_to_thread=True, status_code=201)
    def ask(self, house: HouseHere, actor: ActorHere, shop: Id, data: JSONBody[AskBackfill]) -> list[BackfillShape]:
        """Have the last days of a shop brought in, up to where its live record begins."""
        house.writer.run(asking.ask, shop, data.days, actor=actor)
        return _listed(house, shop, actor)

    @post("/{backfill:str}/go-on", opt=WRITING, sync_to_thread=True, status_code=200)
    def go_on(self, house: HouseHere, actor: ActorHere, shop: Id, backfill: Id) -> list[BackfillShape]:
        """Try at once what waits for something."""
        house.writer.run(asking.go_on, shop, backfill, actor=actor)
        return _listed(house, shop, actor)

    @post("/{backfill:str}/stop", opt=WRITING, sync_to_thread=True, status_code=200)
    def stop(self, house: HouseHere, actor: ActorHere, shop: Id, backfill: Id) -> list[BackfillShape]:
        """Stop a backfill; what is in stays in."""
        house.writer.run(asking.stop, shop, backfill, actor=actor)
        return _listed(house, shop, actor)


def _listed(house: House, shop: str, actor: Actor) -> list[BackfillShape]:
    with house.reading.connect() as connection:
        found = asking.backfills(connection, shop, actor=actor)
    return [
        BackfillShape(
            id=each.id, since=from_ms(each.since), until=from_ms(each.until), parts=each.parts, done=each.done,
            state=each.state, trouble=each.trouble, not_before=from_ms(each.not_before) if each.not_before else None,
            created_at=from_ms(each.created_at), ended_at=None if each.ended_at is None else from_ms(each.ended_at),
            messages=each.messages, fresh=each.fresh,
        )
        for each in found
    ]  # fmt: skip
