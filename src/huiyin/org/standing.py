"""Say under what somebody answered at a moment: whose person, under which engagement, on which shift.

Asked with two times, so that what is recorded later changes no answer. What nobody recorded is "", never guessed.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from huiyin.kernel.clock import from_ms
from huiyin.org import store
from huiyin.org.hours import OpeningHours, is_open
from huiyin.org.shifts import LONGEST

LONGEST_MS = int(LONGEST.total_seconds() * 1000)


class Asked(NamedTuple):
    """Who answered which shop, at what moment, as far as was known when; both in milliseconds."""

    person: str
    shop: str
    at: int
    known_at: int


class Standing(NamedTuple):
    """Whose person it is, under which engagement ("" for a merchant's own team) and on which shift ("" for none)."""

    tenant: str
    engagement: str
    shift: str


def standings(connection: sa.Connection, asked: Sequence[Asked]) -> list[Standing]:
    """Answer many such questions in three queries, in their order."""
    if not asked:
        return []
    people = sorted({each.person for each in asked})
    tenants = {
        person: tenant
        for person, tenant in connection.execute(
            sa.select(store.person.c.id, store.person.c.tenant).where(store.person.c.id.in_(people))
        )
    }
    engagements = _engagements(connection, {each.shop for each in asked})
    shifts = _shifts(connection, people, min(each.at for each in asked), max(each.at for each in asked))
    return [
        Standing(
            tenants.get(each.person, ""),
            _engagement(engagements, each, tenants.get(each.person, "")),
            _shift(shifts, each),
        )
        for each in asked
    ]


def on_shift(connection: sa.Connection, people: Collection[str], shop: str, at: int) -> dict[str, str]:
    """Return the shift of each of these people at a shop at `at`, as known then; who is on none is left out."""
    rows = _shifts(connection, people, at, at)
    found = {person: _shift(rows, Asked(person, shop, at, at)) for person in people}
    return {person: shift for person, shift in found.items() if shift}


def shift_names(connection: sa.Connection, shifts: Collection[str]) -> dict[str, str]:
    """Return shifts' names by id."""
    query = sa.select(store.shift.c.id, store.shift.c.name).where(store.shift.c.id.in_(sorted(shifts)))
    return {shift: name for shift, name in connection.execute(query)}


def _engagements(connection: sa.Connection, shops: Collection[str]) -> list[Any]:
    query = (
        sa.select(store.engagement, store.shop.c.time_zone, store.shop.c.tenant)
        .join(store.shop, store.shop.c.id == store.engagement.c.shop)
        .where(store.engagement.c.shop.in_(sorted(shops)))
        .order_by(store.engagement.c.recorded_at, store.engagement.c.id)
    )
    return list(connection.execute(query))


def _shifts(connection: sa.Connection, people: Collection[str], first: int, last: int) -> list[Any]:
    columns = store.shift.c
    near = sa.and_(
        columns.person.in_(sorted(people)),
        columns.effective_from <= last,
        columns.effective_from > first - LONGEST_MS,
    )
    # A record may move a shift far away: the one it replaces must be known to be replaced all the same.
    moving = sa.select(store.shift).where(columns.replaces.in_(sa.select(columns.id).where(near)))
    return list(connection.execute(sa.select(store.shift).where(near).union(moving)))


def _engagement(rows: Sequence[Any], asked: Asked, tenant: str) -> str:
    return next(
        (
            row.id
            for row in rows
            if row.shop == asked.shop and row.vendor == tenant and _holds(row, rows, asked) and _works(row, asked.at)
        ),
        "",
    )


def _works(row: Any, at: int) -> bool:  # noqa: ANN401  # a row of the columns asked for above
    return is_open(msgspec.json.decode(row.hours, type=OpeningHours), from_ms(at), ZoneInfo(row.time_zone))


def _shift(rows: Sequence[Any], asked: Asked) -> str:
    return next(
        (
            row.id
            for row in rows
            if row.person == asked.person and row.shop in {"", asked.shop} and _holds(row, rows, asked)
        ),
        "",
    )


def _holds(row: Any, rows: Sequence[Any], asked: Asked) -> bool:  # noqa: ANN401  # as above
    """Tell whether a two-time row holds for a question; the rule of `access.in_force`, over rows at hand."""
    known = row.recorded_at <= asked.known_at
    inside = row.effective_from <= asked.at and (row.effective_to is None or asked.at < row.effective_to)
    return (
        known and inside and not any(other.replaces == row.id and other.recorded_at <= asked.known_at for other in rows)
    )
