"""The wall and the sessions behind each figure, for the shops of one actor."""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from huiyin.channels.port import Origin
from huiyin.insight.counting import EVERYTHING, Alike, Days, Key, Quarter, Tally, alike, day_with, looked_at
from huiyin.insight.differing import Apart, sessions_apart
from huiyin.insight.exemptions import why_exempt
from huiyin.insight.figures import BY_KEY, OPEN_NOW, Figure
from huiyin.insight.measures import Value
from huiyin.insight.store import session_figures
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import InvalidError
from huiyin.org import views as org

COLUMNS = tuple(column.name for column in session_figures.columns)
PAGE = 100
MOST_DAYS = 92
"""A quarter of a year at a time."""
LEFT_MESSAGE = "留言：第一次等待人工时没有客服在线，不计入响应"
FARTHEST = 10_000_000
"""Rows a cursor may skip: more than a day has, and within a database's integers."""

SessionFigures = cast("Any", namedtuple("SessionFigures", (*COLUMNS, "counted", "why", "age_ms")))  # noqa: PYI024  # the fields are the table's columns
"""One session's row of figures, with whether it counts, and why not."""


class Group(NamedTuple):
    """All figures of one shop, one agent, or everything."""

    id: str
    name: str
    figures: list[tuple[Figure, Value]]


Names = Callable[[sa.Connection, set[str]], dict[str, str]]
"""Tells people's names by id."""


class Wall(NamedTuple):
    """The wall of a day."""

    day: str
    all: Group
    shops: list[Group]
    agents: list[Group]
    course: list[Quarter]


class Stretch(NamedTuple):
    """Which days, and whether their history counts: sessions that were imported or backfilled afterwards."""

    days: Days
    history: bool = False


class Period(NamedTuple):
    """The figures of several days together; those of the moment are left out."""

    days: Days
    all: Group
    shops: list[Group]
    agents: list[Group]


def wall(connection: sa.Connection, shops: dict[str, org.Shop], now: datetime, names: Names, *, actor: Actor) -> Wall:
    """Compute every figure of the day: a fixed number of queries, however many sessions, shops and agents."""
    mine = {key: shop for key, shop in shops.items() if key in actor.shops}
    tally = tallied(connection, mine, now, actor=actor)
    zone = next(iter(mine.values())).zone if mine else None
    day = now.astimezone(zone).date().isoformat() if zone else ""
    return Wall(day, *_groups(connection, tally, mine, names), tally.course())


def period(
    connection: sa.Connection,
    shops: dict[str, org.Shop],
    stretch: Stretch,
    now: datetime,
    names: Names,
    *,
    actor: Actor,
) -> Period:
    """Compute every figure of several days from the sums of their sessions: as many queries as for one day.

    Raises:
        InvalidError: the days are none, or too many.

    """
    days = stretch.days
    if not 0 <= (days.last - days.first).days < MOST_DAYS:
        message = f"{days.first} to {days.last} is not a period of 1 to {MOST_DAYS} days"
        raise InvalidError(message, remedy=f"Ask for at most {MOST_DAYS} days, the first one first.", code="choice")
    mine = {key: shop for key, shop in shops.items() if key in actor.shops}
    tally = tallied(connection, mine, now, stretch, actor=actor)
    everything, by_shop, by_agent = _groups(connection, tally, mine, names)
    return Period(days, _lasting(everything), list(map(_lasting, by_shop)), list(map(_lasting, by_agent)))


def tallied(
    connection: sa.Connection, mine: dict[str, org.Shop], now: datetime, stretch: Stretch | None = None, *, actor: Actor
) -> Tally:
    """Count the sessions of some shops of the actor, of the present day or of several, into sums that add up."""
    tally = Tally()
    windows = org.exempt_windows(connection, mine, now) if mine else {}
    for same in _looked_into(mine, windows, now, stretch, actor):
        tally.count(connection, same, now)
    return tally


def _looked_into(
    mine: dict[str, org.Shop],
    windows: Mapping[str, Sequence[org.ExemptWindow]],
    now: datetime,
    stretch: Stretch | None,
    actor: Actor,
) -> list[Alike]:
    """Return shops with the same days and rules, and where history counts the same again for what came in later."""
    found = alike(mine, windows, now, actor.since, stretch and stretch.days)
    if stretch is not None and stretch.history:
        found += [same._replace(origin=Origin.BACKFILL) for same in found]
    return found


def apart(connection: sa.Connection, shop: org.Shop, stretch: Stretch, now: datetime, *, actor: Actor) -> list[Apart]:
    """Return the sessions of one of the actor's shops that may make a platform's counts other than ours."""
    mine = {shop.id: shop} if shop.id in actor.shops else {}
    return sessions_apart(connection, _looked_into(mine, {shop.id: ()}, now, stretch, actor), now)


def _groups(
    connection: sa.Connection, tally: Tally, mine: dict[str, org.Shop], names: Names
) -> tuple[Group, list[Group], list[Group]]:
    called = names(connection, tally.people)

    def group(key: Key, name: str) -> Group:
        return Group(key[1], name, tally.figures(key))

    return (
        group(EVERYTHING, ""),
        [group(("shop", key), shop.name) for key, shop in mine.items()],
        [group(("person", key), called.get(key, "")) for key in sorted(tally.people)],
    )


def _lasting(group: Group) -> Group:
    return group._replace(figures=[each for each in group.figures if each[0].key not in OPEN_NOW])


class Cut(NamedTuple):
    """Which sessions behind a figure are wanted: of one shop, of one agent, from where on; of today unless told."""

    shop: str | None = None
    agent: str | None = None
    cursor: str | None = None
    stretch: Stretch | None = None


def behind(
    connection: sa.Connection, shops: dict[str, org.Shop], now: datetime, key: str, cut: Cut, *, actor: Actor
) -> tuple[Figure, list[Any], str | None]:
    """Return a figure's definition and a page of the sessions it looks at, newest first.

    Raises:
        InvalidError: for a figure that does not exist.

    """
    figure = BY_KEY.get(key)
    if figure is None:
        message = f"there is no figure {key!r}"
        raise InvalidError(message, remedy=f"Use one of {', '.join(BY_KEY)}.", code="choice")
    mine = {str(each): shops[each] for each in actor.shops if each in shops and cut.shop in {None, each}}
    start = min(int(cut.cursor), FARTHEST) if cut.cursor and cut.cursor.isdecimal() else 0
    rows: list[Any] = []
    windows = org.exempt_windows(connection, mine, now) if mine else {}
    for same in _looked_into(mine, windows, now, cut.stretch, actor):
        found = connection.execute(_behind(figure, same, cut).limit(start + PAGE + 1), same.values(now))
        rows += [_told(row, mine[row.shop], windows[row.shop], now) for row in found]
    rows.sort(key=lambda row: (row.opened_at, row.conversation), reverse=True)
    following = str(start + PAGE) if len(rows) > start + PAGE else None
    return figure, rows[start : start + PAGE], following


def _behind(figure: Figure, same: Alike, cut: Cut) -> sa.Select[Any]:
    columns = session_figures.c
    query = sa.select(session_figures).where(
        looked_at(is_open=figure.key in OPEN_NOW), figure.concerns(day_with(len(same.exempt)))
    )
    if cut.agent is not None:
        query = query.where(columns.person == cut.agent)
    return query.order_by(columns.opened_at.desc(), columns.conversation.desc())


def _told(row: Any, shop: org.Shop, windows: Sequence[org.ExemptWindow], now: datetime) -> Any:  # noqa: ANN401  # a row of the columns above
    """Return a session with whether it counts, and why not."""
    why = why_exempt(shop.platform, row.opened_at, shop.zone, windows) or (LEFT_MESSAGE if row.left_message else "")
    return SessionFigures(*row, not why, why, to_ms(now) - (row.asked_at or to_ms(now)))
