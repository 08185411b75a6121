"""Figures over days: ours from the sessions, a platform's beside them, down to the sessions, and out as a workbook."""

from datetime import date
from typing import Annotated

import sqlalchemy as sa
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, JSONBody, QueryParameter

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.insight import views as insight
from huiyin.insight.comparing import Compared, compare, over_days
from huiyin.insight.counting import Days
from huiyin.insight.differing import Apart
from huiyin.insight.rebuilding import left_to_count
from huiyin.insight.reported import ReportedFigure, reported
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.kernel.ids import ShopId, new_id
from huiyin.outcomes.views import Reading, readings
from huiyin.policy.terms import Action, Resource
from huiyin.web import report_shapes as shapes
from huiyin.web.desk import Cursor
from huiyin.web.figure_rows import FigureRows
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.wall import figures, group, rows_behind, sees_agents
from huiyin.web.workbooks import XLSX, Mark, report_workbook
from huiyin.wiring import House

History = Annotated[bool, QueryParameter()]
MERCHANTS_OWN = frozenset({"ordered_fen"})
"""What a shop sells is its merchant's own matter; how it is served is also its vendor's."""


def provide_stretch(since: FromQuery[date], until: FromQuery[date], history: History = False) -> insight.Stretch:
    """Return the days that a query asks about, both included, and whether their history counts."""
    return insight.Stretch(Days(since, until), history)


StretchHere = NamedDependency[insight.Stretch]


class Reports(Controller):
    """Figures over several days."""

    path = "/api/reports"
    tags = ("reports",)
    opt = needs(Resource.WALL, Action.READ)
    dependencies = {"stretch": Provide(provide_stretch, sync_to_thread=False)}  # noqa: RUF012  # the framework reads it so

    @get("/", sync_to_thread=True)
    def over(self, house: HouseHere, actor: ActorHere, stretch: StretchHere, shop: Cursor = None) -> shapes.ReportShape:
        """Return every figure of some days, for all your shops or one, with what the platform counted beside it.

        With `history`, sessions that were imported or backfilled count as well.
        """
        return _report(house, _narrowed(actor, shop), stretch)

    @get("/rows", sync_to_thread=True)
    def rows(  # query parameters
        self, house: HouseHere, actor: ActorHere, stretch: StretchHere, figure: FromQuery[str],
        shop: Cursor = None, cursor: Cursor = None,
    ) -> FigureRows:  # fmt: skip
        """Return the sessions behind a figure of some days."""
        return rows_behind(house, actor, figure, insight.Cut(shop, None, cursor, stretch))

    @post("/export", opt=needs(Resource.WALL, Action.EXPORT), sync_to_thread=True, status_code=200, media_type=XLSX)
    def export(self, house: HouseHere, actor: ActorHere, data: JSONBody[shapes.Export]) -> Response[bytes]:
        """Return the same figures as a workbook that says what each means; the audit has its number."""
        found = _report(house, _narrowed(actor, data.shop), insight.Stretch(Days(data.since, data.until), data.history))
        with house.reading.connect() as connection:
            mark = Mark(new_id(), house.people.name(connection, actor.id), house.clock.now())
        house.writer.run(_write_down, mark, data, actor)
        name = f"huiyin-{data.since.isoformat()}-{data.until.isoformat()}.xlsx"
        return Response(
            report_workbook(found, mark), media_type=XLSX,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )  # fmt: skip


def _write_down(uow: UnitOfWork, mark: Mark, asked: shapes.Export, actor: Actor) -> None:
    days = (asked.until - asked.since).days + 1
    detail = {"shop": asked.shop, "days": days, "history": asked.history}
    write_down(
        uow, Entry(action="report.exported", actor=actor, tenant=actor.tenant, subject=mark.number, detail=detail)
    )


def _narrowed(actor: Actor, shop: str | None) -> Actor:
    return actor if not shop else actor.narrowed(shop)


def _report(house: House, actor: Actor, stretch: insight.Stretch) -> shapes.ReportShape:
    now, days = house.clock.now(), stretch.days
    with house.reading.connect() as connection:
        found = insight.period(connection, house.shops.all(), stretch, now, house.people.names, actor=actor)
        told = reported(connection, actor.shops, days.first, days.last, actor=actor)
        left = left_to_count(connection, actor.shops)
        read = readings(connection, actor=actor)
        beside = _beside(house, actor, found, told)
        apart = _apart(house, connection, stretch, actor) if beside else []
    every = sees_agents(actor)
    return shapes.ReportShape(
        since=days.first,
        until=days.last,
        as_of=now,
        history=stretch.history,
        recounting=left,
        figures=figures(found.all.figures),
        shops=[group(each) for each in found.shops],
        agents=[group(each) for each in found.agents if every or each.id == actor.id],
        compared=[_compared(each) for each in beside],
        readings=[_reading(each) for each in read],
        apart=[
            shapes.ApartShape(reason=each.reason, number=each.number, conversations=list(each.conversations))
            for each in apart
        ],
    )


def _beside(house: House, actor: Actor, found: insight.Period, told: list[ReportedFigure]) -> list[Compared]:
    """Put beside ours what was told of one shop; of several, theirs cannot be put together by what is told of each."""
    if len(actor.shops) != 1:
        return []
    [shop] = actor.shops
    ours = {figure.key: value for figure, value in found.all.figures}
    since = actor.since.get(ShopId(shop), 0)
    own = house.shops.all()[shop].tenant == actor.tenant
    zone = house.shops.all()[shop].zone
    served_from = from_ms(since).astimezone(zone).date()
    shown = [
        each
        for each in told
        if date.fromisoformat(each.day) >= served_from and (own or each.figure not in MERCHANTS_OWN)
    ]
    length = (found.days.last - found.days.first).days + 1
    return compare(ours, over_days(shown), length, since_later=served_from > found.days.first)


def _reading(each: Reading) -> shapes.ReadingShape:
    since, until = (None if moment is None else from_ms(moment) for moment in (each.since, each.until))
    return shapes.ReadingShape(shop=each.shop, kind=each.kind, since=since, until=until, trouble=each.trouble)


def _apart(house: House, connection: sa.Connection, stretch: insight.Stretch, actor: Actor) -> list[Apart]:
    [shop] = actor.shops
    return insight.apart(connection, house.shops.all()[shop], stretch, house.clock.now(), actor=actor)


def _compared(each: Compared) -> shapes.ComparedShape:
    return shapes.ComparedShape(
        figure=each.theirs.figure, unit=each.theirs.unit, source=each.theirs.source, theirs=each.theirs.value,
        days=each.theirs.days, as_of=from_ms(each.theirs.as_of), key=each.key,
        ours=None if each.ours is None else each.ours.value, kinds=[str(kind) for kind in each.kinds],
    )  # fmt: skip
