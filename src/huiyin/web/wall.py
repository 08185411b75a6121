"""The live wall and the sessions behind its figures."""

from collections.abc import Sequence

import msgspec
from litestar import Controller, get
from litestar.params import FromQuery

from huiyin.conversations import views as talk
from huiyin.insight import views as insight
from huiyin.insight.figures import Figure
from huiyin.insight.measures import Value
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.policy.deciding import may
from huiyin.policy.table import AGENTS
from huiyin.policy.terms import Action, Resource, Right
from huiyin.web import shapes
from huiyin.web.desk import Cursor
from huiyin.web.figure_rows import FigureRow, FigureRows
from huiyin.web.guarding import needs
from huiyin.web.rendering import state_shown
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.wiring import House


def figures(found: Sequence[tuple[Figure, Value]]) -> list[shapes.FigureShape]:
    """Render figures."""
    return [
        shapes.FigureShape(
            key=figure.key,
            unit=figure.unit,
            value=value.value,
            part=value.part,
            whole=value.whole,
            target=figure.target,
            why=value.why,
        )
        for figure, value in found
    ]


def group(found: insight.Group) -> shapes.WallGroup:
    """Render the figures of one shop or agent."""
    return shapes.WallGroup(id=found.id, name=found.name, figures=figures(found.figures))


def snapshot(house: House, actor: Actor) -> shapes.WallShape:
    """Compute the wall for an actor's shops at this moment."""
    now = house.clock.now()
    with house.reading.connect() as connection:
        wall = insight.wall(connection, house.shops.all(), now, house.people.names, actor=actor)
    return shapes.WallShape(
        as_of=now,
        day=wall.day,
        figures=figures(wall.all.figures),
        shops=[group(each) for each in wall.shops],
        agents=[group(each) for each in wall.agents],
        course=[
            shapes.WallQuarter(
                at=from_ms(each.at), opened=each.opened, within_30=each.within_30, within_120=each.within_120
            )
            for each in wall.course
        ],
    )


def sees_agents(actor: Actor) -> bool:
    """Tell whether the actor may see figures and names of single agents other than their own."""
    return may(actor, Right(Resource.WALL, Action.READ), field=AGENTS)


def shown_to(actor: Actor, wall: shapes.WallShape) -> shapes.WallShape:
    """Return the wall as the actor may see it: without the right to single agents' figures, one's own row stays."""
    if sees_agents(actor):
        return wall
    return msgspec.structs.replace(wall, agents=[each for each in wall.agents if each.id == actor.id])


def rows_behind(house: House, actor: Actor, figure: str, cut: insight.Cut) -> FigureRows:
    """Return a page of the sessions behind a figure."""
    every = sees_agents(actor)
    if cut.agent not in {None, actor.id} and not every:
        actor = actor.narrowed("")
    with house.reading.connect() as connection:
        found, rows, following = insight.behind(
            connection, house.shops.all(), house.clock.now(), figure, cut, actor=actor
        )
        shown = {row.person for row in rows if row.person and (every or row.person == actor.id)}
        names = house.people.names(connection, shown)
        labels = talk.customer_labels(connection, house.bodies, [row.conversation for row in rows])
    shops = house.shops.all()
    return FigureRows(
        figure=found.key,
        definition=found.definition,
        rows=[
            FigureRow(
                conversation=row.conversation,
                shop=shops[row.shop].name,
                customer=labels.get(row.conversation, ""),
                agent=names.get(row.person, ""),
                origin=row.origin,
                state=state_shown(row.state),
                opened_at=from_ms(row.opened_at),
                first_response_seconds=None if row.first_response_ms is None else row.first_response_ms / 1000,
                answered_by=row.first_by,
                findings=row.findings,
                counted=row.counted,
                why=row.why,
                outside_hours=row.outside_hours,
                first_response_open_seconds=(
                    None if row.first_response_open_ms is None else row.first_response_open_ms / 1000
                ),
            )
            for row in rows
        ],
        next_cursor=following,
    )


class Wall(Controller):
    """The wall."""

    path = "/api/wall"
    tags = ("wall",)
    opt = needs(Resource.WALL, Action.READ)

    @get("/", sync_to_thread=True)
    def now(self, house: HouseHere, actor: ActorHere, shop: Cursor = None) -> shapes.WallShape:
        """Return the wall, for all your shops or one of them."""
        return shown_to(actor, snapshot(house, actor if shop is None else actor.narrowed(shop)))

    @get("/rows", sync_to_thread=True)
    def rows(  # query parameters
        self, house: HouseHere, actor: ActorHere, figure: FromQuery[str],
        shop: Cursor = None, agent: Cursor = None, cursor: Cursor = None,
    ) -> FigureRows:  # fmt: skip
        """Return the sessions behind a figure; whose they are is told to those who may see single agents' figures."""
        return rows_behind(house, actor, figure, insight.Cut(shop, agent, cursor))
