"""The wall and the sessions behind each figure, for the shops of one actor."""

from collections import namedtuple
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from huiyin.insight.counting import EVERYTHING, Alike, Key, Quarter, Tally, alike, day_with, looked_at
from huiyin.insight.exemptions import why_exempt
from huiyin.insight.figures import BY_KEY, OPEN_NOW, Figure, Value
from huiyin.insight.store import session_figures
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import InvalidError
from huiyin.org import views as org

COLUMNS = tuple(column.name for column in session_figures.columns)
PAGE = 100
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


def wall(connection: sa.Connection, shops: dict[str, org.Shop], now: datetime, names: Names, *, actor: Actor) -> Wall:
    """Compute every figure of the day: a fixed number of queries, however many sessions, shops and agents."""
    mine = {key: shop for key, shop in shops.items() if key in actor.shops}
    tally = Tally()
    windows = org.exempt_windows(connection, mine, now) if mine else {}
    for same in alike(mine, windows, now, actor.since):
        tally.count(connection, same, now)
    called = names(connection, tally.people)
    zone = next(iter(mine.values())).zone if mine else None

    def group(key: Key, name: str) -> Group:
        return Group(key[1], name, tally.figures(key))

    return Wall(
        now.astimezone(zone).date().isoformat() if zone else "",
        group(EVERYTHING, ""),
        [group(("shop", key), shop.name) for key, shop in mine.items()],
        [group(("person", key), called.get(key, "")) for key in sorted(tally.people)],
        tally.course(),
    )


class Cut(NamedTuple):
    """Which sessions behind a figure are wanted: of one shop, of one agent, from where on."""

    shop: str | None = None
    agent: str | None = None
    cursor: str | None = None


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
    for same in alike(mine, windows, now, actor.since):
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
    why = why_exempt(shop.platform, row.opened_at, shop.zone, windows)
    return SessionFigures(*row, not why, why, to_ms(now) - (row.asked_at or to_ms(now)))
