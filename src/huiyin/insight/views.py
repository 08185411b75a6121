"""The wall and the sessions behind each figure, for the shops of one actor."""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from huiyin.insight.exemptions import why_exempt
from huiyin.insight.figures import (
    BY_KEY,
    OPEN_NOW,
    REGISTRY,
    WITHIN_30_MS,
    WITHIN_120_MS,
    Figure,
    Value,
    is_assessed,
    is_within,
)  # fmt: skip
from huiyin.insight.store import session_figures
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import InvalidError
from huiyin.org import views as org

COLUMNS = tuple(column.name for column in session_figures.columns)
QUARTER_MS = 15 * 60 * 1000
PAGE = 100

SessionFigures = cast("Any", namedtuple("SessionFigures", (*COLUMNS, "counted", "why", "age_ms")))  # noqa: PYI024  # the fields are the table's columns
"""One session's row of figures, with whether it counts, and why not."""


class Quarter(NamedTuple):
    """A quarter of an hour of the day's course."""

    at: int
    opened: int
    within_30: int
    within_120: int


class Group(NamedTuple):
    """All figures of one shop, one agent, or everything."""

    id: str
    name: str
    figures: list[tuple[Figure, Value]]


class Wall(NamedTuple):
    """The wall of a day."""

    day: str
    all: Group
    shops: list[Group]
    agents: list[Group]
    course: list[Quarter]


def wall(connection: sa.Connection, shops: dict[str, org.Shop], now: datetime, *, actor: Actor) -> Wall:
    """Compute every figure from the day's session rows; one query each for exemptions, rows and names."""
    mine = {key: shop for key, shop in shops.items() if key in actor.shops}
    today, still_open = _rows(connection, mine, now)
    people = {row.person for row in (*today, *still_open) if row.person}
    names = org.names(connection, people)
    zone = next(iter(mine.values())).zone if mine else None
    return Wall(
        now.astimezone(zone).date().isoformat() if zone else "",
        Group("", "", _figures(today, still_open)),
        [_group(Group(key, shop.name, []), "shop", today, still_open) for key, shop in mine.items()],
        [_group(Group(key, names.get(key, ""), []), "person", today, still_open) for key in sorted(people)],
        _course(today),
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
        raise InvalidError(message, remedy=f"Use one of {', '.join(BY_KEY)}.")
    mine = {str(each): shops[each] for each in actor.shops if each in shops and cut.shop in {None, each}}
    today, still_open = _rows(connection, mine, now)
    rows = [
        row
        for row in (still_open if key in OPEN_NOW else today)
        if figure.concerns(row) and (cut.agent is None or row.person == cut.agent)
    ]
    rows.sort(key=lambda row: (row.opened_at, row.conversation), reverse=True)
    start = int(cut.cursor) if cut.cursor and cut.cursor.isdecimal() else 0
    following = str(start + PAGE) if len(rows) > start + PAGE else None
    return figure, rows[start : start + PAGE], following


def _group(group: Group, column: str, today: Sequence[Any], still_open: Sequence[Any]) -> Group:
    """Fill a group with the figures of the rows whose `column` names it."""
    own = [[row for row in rows if getattr(row, column) == group.id] for rows in (today, still_open)]
    return group._replace(figures=_figures(*own))


def _figures(today: Sequence[Any], still_open: Sequence[Any]) -> list[tuple[Figure, Value]]:
    return [(figure, figure.compute(list(still_open if figure.key in OPEN_NOW else today))) for figure in REGISTRY]


def _rows(connection: sa.Connection, shops: Mapping[str, org.Shop], now: datetime) -> tuple[list[Any], list[Any]]:
    """Return the sessions that began on the shops' present day, and those still open whenever they began."""
    if not shops:
        return [], []
    starts = {
        key: now.astimezone(shop.zone).replace(hour=0, minute=0, second=0, microsecond=0) for key, shop in shops.items()
    }
    windows = org.exempt_windows(connection, shops, now)
    columns = session_figures.c
    earliest = to_ms(min(starts.values()))
    live = sa.and_(columns.closed_at.is_(None), columns.state.in_(("new", "bot", "waiting", "human")))
    query = sa.select(session_figures).where(columns.shop.in_(list(shops)), sa.or_(columns.opened_at >= earliest, live))
    today, still_open = [], []
    for raw in connection.execute(query):
        shop = shops[raw.shop]
        if raw.origin != shop.origin:
            continue  # a backfill or a drill in a live shop is on record, but not on the wall
        why = why_exempt(shop.platform, raw.opened_at, shop.zone, windows[raw.shop])
        row = SessionFigures(*raw, not why, why, to_ms(now) - (raw.asked_at or to_ms(now)))
        start = starts[raw.shop]
        if to_ms(start) <= raw.opened_at < to_ms(start + timedelta(days=1)):
            today.append(row)
        if row.closed_at is None and row.state != "recorded":
            still_open.append(row)
    return today, still_open


def _course(rows: Sequence[Any]) -> list[Quarter]:
    slots: dict[int, list[Any]] = {}
    for row in rows:
        slots.setdefault(row.opened_at // QUARTER_MS * QUARTER_MS, []).append(row)
    return [
        Quarter(
            at, len(inside),
            sum(1 for row in inside if is_assessed(row) and is_within(row, WITHIN_30_MS)),
            sum(1 for row in inside if is_assessed(row) and is_within(row, WITHIN_120_MS)),
        )
        for at, inside in sorted(slots.items())
    ]  # fmt: skip
