"""List exports: one's own, and those of one's own organisation's shops, whoever asked for them."""

from typing import NamedTuple

import sqlalchemy as sa

from huiyin.exporting.store import export as table
from huiyin.exporting.store import export_shop
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import InvalidError, NotFoundError
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right

READING = Right(Resource.EXPORT, Action.READ)
PAGE = 30
MOST_DIGITS = 15


class Export(NamedTuple):
    """An export and how far it is. Times are in milliseconds; `expected` and `sessions` count sessions."""

    id: str
    tenant: str
    person: str
    content: str
    form: str
    language: str
    first: str
    last: str
    state: str
    trouble: str
    created_at: int
    ended_at: int | None
    expires_at: int | None
    expected: int
    sessions: int
    rows: int
    bytes: int
    taken: int
    shops: tuple[str, ...] = ()


_COLUMNS = [table.c[name] for name in Export._fields if name != "shops"]


def exports(connection: sa.Connection, cursor: str | None, *, actor: Actor) -> tuple[list[Export], str | None]:
    """Return a page of the exports the actor may see, the newest first, and where to go on.

    Raises:
        InvalidError: unreadable cursor.

    """
    query = sa.select(*_COLUMNS).where(visible(actor))
    if cursor:
        query = query.where(sa.tuple_(table.c.created_at, table.c.id) < _read_cursor(cursor))
    query = query.order_by(table.c.created_at.desc(), table.c.id.desc()).limit(PAGE + 1)
    found = [Export(*row) for row in connection.execute(query)]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return _with_shops(connection, found[:PAGE]), None if last is None else f"{last.created_at}.{last.id}"


def access_export(connection: sa.Connection, export: str, *, actor: Actor) -> Export:
    """Return an export the actor may see.

    Raises:
        NotFoundError: there is none, or it is not theirs.

    """
    row = connection.execute(sa.select(*_COLUMNS).where(table.c.id == export, visible(actor))).one_or_none()
    if row is None:
        message = "there is no such export"
        raise NotFoundError(message, remedy="Look at the list of exports.", code="export_gone")
    return _with_shops(connection, [Export(*row)])[0]


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition under which the actor sees an export.

    All its shops are theirs at this moment, and have been since before what was to be seen of each when it was asked
    for: who comes back after a pause does not find it again.
    """
    columns = export_shop.c
    mine = sorted(shop for shop in actor.shops if may(actor, READING, shop=shop))
    since = {shop: at for shop, at in actor.since.items() if shop in actor.shops}
    earlier = columns.reach < sa.case(since, value=columns.shop, else_=0) if since else sa.false()
    others = sa.exists().where(columns.export == table.c.id, sa.or_(columns.shop.not_in(mine), earlier))
    return sa.and_(sa.or_(table.c.person == actor.id, table.c.tenant == actor.tenant), ~others)


def _with_shops(connection: sa.Connection, found: list[Export]) -> list[Export]:
    query = sa.select(export_shop.c.export, export_shop.c.shop).where(
        export_shop.c.export.in_([each.id for each in found])
    )
    shops: dict[str, list[str]] = {}
    for row in connection.execute(query.order_by(export_shop.c.shop)):
        shops.setdefault(row.export, []).append(row.shop)
    return [each._replace(shops=tuple(shops.get(each.id, ()))) for each in found]


def _read_cursor(cursor: str) -> tuple[int, str]:
    at, _, last = cursor.partition(".")
    if not at.isascii() or not at.isdecimal() or len(at) > MOST_DIGITS or not last:
        message = "this cursor cannot be read"
        raise InvalidError(message, remedy="Start again from the first page.", code="cursor")
    return int(at), last
