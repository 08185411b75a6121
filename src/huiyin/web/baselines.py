"""Frozen baselines: a shop's figures of days before somebody else served it, shown beside any other days."""

from datetime import date, datetime

from litestar import Controller, get, post
from litestar.params import FromQuery, JSONBody

from huiyin.backfill.asking import backfill_runs
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.imports.jobs import import_runs
from huiyin.insight.freezing import Baseline, Wanted, baselines, freeze
from huiyin.insight.rebuilding import left_to_count
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import ConflictError
from huiyin.org.shops import owned_shop
from huiyin.policy.terms import Action, Resource
from huiyin.web.guarding import needs, repeatable
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Shape, Short
from huiyin.wiring import House


class FreezeBaseline(Shape, frozen=True, forbid_unknown_fields=True):
    """What to freeze: days that are over, both included, under a name; `history` counts what came in afterwards."""

    shop: Short
    name: Short
    since: date
    until: date
    history: bool = True


class FrozenFigureShape(Shape, frozen=True):
    """One figure as it stood at `as_of`; `source` is "" for ours, else who counted it, told for so many days."""

    source: str
    figure: str
    unit: str
    value: float | None
    part: int | None
    whole: int | None
    why: str
    days: int
    as_of: datetime


class BaselineShape(Shape, frozen=True):
    """A baseline. `definition` is the version of our rules then; `sound` is false if a figure was changed since."""

    id: str
    shop: str
    name: str
    since: date
    until: date
    history: bool
    definition: int
    frozen_by: str
    frozen_at: datetime
    digest: str
    sound: bool
    figures: list[FrozenFigureShape]


class Baselines(Controller):
    """Baselines of the actor's own shops."""

    path = "/api/reports/baselines"
    tags = ("reports",)
    opt = needs(Resource.BASELINE, Action.READ)

    @get("/", sync_to_thread=True)
    def list_baselines(self, house: HouseHere, actor: ActorHere, shop: FromQuery[str]) -> list[BaselineShape]:
        """Return the baselines of a shop of your organisation, the newest first, with every figure in them."""
        return _listed(house, shop, actor)

    @post("/", opt=repeatable(needs(Resource.BASELINE, Action.WRITE)), sync_to_thread=True, status_code=201)
    def freeze_baseline(
        self, house: HouseHere, actor: ActorHere, data: JSONBody[FreezeBaseline]
    ) -> list[BaselineShape]:
        """Freeze the figures of some days for good; another freeze is another baseline."""
        wanted = Wanted(data.shop, data.name, data.since, data.until, data.history)
        house.writer.run(_freeze, wanted, actor=actor)
        return _listed(house, data.shop, actor)


def _freeze(uow: UnitOfWork, wanted: Wanted, *, actor: Actor) -> str:
    """Freeze figures that stand: not of a shop whose history still comes in, or is counted anew."""
    shop = owned_shop(uow.connection, wanted.shop, actor=actor).id
    if (
        backfill_runs(uow.connection, shop)
        or import_runs(uow.connection, shop)
        or left_to_count(uow.connection, [shop])
    ):
        message = "history of this shop is coming in still"
        raise ConflictError(message, remedy="Wait until it is done, or stop it; then freeze.", code="baseline_coming")
    return freeze(uow, wanted, actor=actor)


def _listed(house: House, shop: str, actor: Actor) -> list[BaselineShape]:
    with house.reading.connect() as connection:
        found = baselines(connection, shop, actor=actor)
        names = house.people.names(connection, {each.person for each in found})
    return [_shape(each, names.get(each.person, "")) for each in found]


def _shape(each: Baseline, name: str) -> BaselineShape:
    return BaselineShape(
        id=each.id, shop=each.shop, name=each.name, since=date.fromisoformat(each.since),
        until=date.fromisoformat(each.until), history=each.history, definition=each.definition, frozen_by=name,
        frozen_at=from_ms(each.frozen_at), digest=each.digest, sound=each.sound,
        figures=[
            FrozenFigureShape(
                source=one.source, figure=one.figure, unit=one.unit, value=one.value, part=one.part, whole=one.whole,
                why=one.why, days=one.days, as_of=from_ms(one.as_of),
            )
            for one in each.figures
        ],
    )  # fmt: skip
