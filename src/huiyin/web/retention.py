"""How long what customers wrote is kept: the owner decides, and sees what each decision lets go of."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Controller, get, put
from litestar.params import FromPath, JSONBody

from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms, to_ms
from huiyin.policy.terms import Action, Resource
from huiyin.retention import periods
from huiyin.retention.pausing import is_paused
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Shape
from huiyin.wiring import House


class KeepFor(Shape, frozen=True, forbid_unknown_fields=True):
    """How many days a kind is kept; null is always."""

    days: Annotated[int, msgspec.Meta(ge=1, le=periods.MOST_DAYS)] | None


class PeriodShape(Shape, frozen=True):
    """How long one kind is kept: `days`, null for always; `next_days` from `next_from` on, if that is not null.

    `due` conversations are past it and being let go of, `next_due` would be past what comes next; both count up to
    `most`. `least` days there must be, `advised` are what most purposes need. While
    `paused`, nothing is let go of: a restored house waits until somebody confirms its holds.
    """

    kind: periods.Kind
    days: int | None
    next_days: int | None
    next_from: datetime | None
    due: int
    next_due: int
    most: int
    least: int
    advised: int
    paused: bool


class Retention(Controller):
    """The periods of the actor's own organisation."""

    path = "/api/retention"
    tags = ("retention",)
    opt = needs(Resource.RETENTION, Action.READ)

    @get("/", sync_to_thread=True)
    def list_periods(self, house: HouseHere, actor: ActorHere) -> list[PeriodShape]:
        """Return how long each kind is kept."""
        return _listed(house, actor)

    @put("/{kind:str}", opt=needs(Resource.RETENTION, Action.WRITE), sync_to_thread=True)
    def keep_for(
        self, house: HouseHere, actor: ActorHere, kind: FromPath[periods.Kind], data: JSONBody[KeepFor]
    ) -> list[PeriodShape]:
        """Decide how long a kind is kept; a shorter period comes into force a week later, a longer one at once."""
        house.writer.run(periods.keep_for, kind, data.days, actor=actor)
        return _listed(house, actor)


def _listed(house: House, actor: Actor) -> list[PeriodShape]:
    now, paused = house.clock.now(), is_paused(house.settings.database)
    with house.reading.connect() as connection:
        found = periods.standing(connection, to_ms(now), actor=actor)
    return [
        PeriodShape(
            kind=one.kind, days=one.days, next_days=one.next_days,
            next_from=None if one.next_from is None else from_ms(one.next_from), due=each.due, next_due=each.next_due,
            most=periods.MOST_COUNTED, least=periods.BOUNDS[one.kind].least, advised=periods.BOUNDS[one.kind].advised,
            paused=paused,
        )
        for each in found
        for one in (each.period,)
    ]  # fmt: skip
