"""The door to shops and people: who may act for which shop at this moment.

A merchant's people see the merchant's own shops; a vendor's people see the shops an engagement in force
gives them. Absent and forbidden answer alike.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared
from huiyin.kernel.actors import Actor, Role, person
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import NotFoundError
from huiyin.kernel.ids import PersonId, ShopId, TenantId
from huiyin.org import store

Span = tuple[int, int | None]
"""From when, until when, in milliseconds; None while nobody knows an end."""
Moment = int | sa.BindParameter[int]


def in_force(table: sa.Table, at: datetime, known_at: datetime | None = None) -> sa.ColumnElement[bool]:
    """Return the condition that a two-time row holds at `at`, as far as was known at `known_at` (default: now).

    A later record that replaces a row takes it out of force from the moment it was recorded.
    """
    return holding(table, to_ms(at), to_ms(known_at or at))


def holding(table: sa.Table, at: Moment, known: Moment) -> sa.ColumnElement[bool]:
    """Return the same condition of moments in milliseconds, or of parameters that stand for them."""
    later = table.alias("later")
    condition = sa.and_(
        table.c.effective_from <= at,
        sa.or_(table.c.effective_to.is_(None), table.c.effective_to > at),
        table.c.recorded_at <= known,
    )
    if "replaces" in table.c:
        replaced = sa.select(later.c.id).where(later.c.replaces == table.c.id, later.c.recorded_at <= known)
        condition = sa.and_(condition, ~replaced.exists())
    return condition


def _shops_of() -> sa.CompoundSelect[Any]:
    columns, later = store.engagement.c, store.engagement.alias("later")
    at: sa.BindParameter[int] = sa.bindparam("at")
    tenant: sa.BindParameter[str] = sa.bindparam("tenant")
    replaced = sa.select(later.c.id).where(later.c.replaces == columns.id, later.c.recorded_at <= at)
    always = sa.literal(0).label("since"), sa.null().label("until")
    owned = sa.select(store.shop.c.id, *always).where(store.shop.c.tenant == tenant)
    served = sa.select(columns.shop, columns.effective_from, columns.effective_to).where(
        columns.vendor == tenant, columns.recorded_at <= at, columns.effective_from <= at, ~replaced.exists()
    )
    return owned.union_all(served)


_SHOPS_OF = Prepared(_shops_of())


def shops_of(connection: sa.Connection, tenant: TenantId, at: datetime) -> dict[ShopId, int]:
    """Return the shops an organisation owns, or serves under an engagement in force at `at`, and since when.

    "Since" is 0 for an owner, else the moment in milliseconds from which engagements cover the shop without a gap: who
    comes back after a pause does not find again what was closed before or meanwhile.
    """
    spans: dict[ShopId, list[Span]] = {}
    for shop, start, end in _SHOPS_OF.rows(connection, tenant=tenant, at=to_ms(at)):
        spans.setdefault(ShopId(shop), []).append((start, end))
    since = {shop: covered_since(held, to_ms(at)) for shop, held in spans.items()}
    return {shop: start for shop, start in since.items() if start is not None}


def covered_since(spans: Iterable[Span], at: int) -> int | None:
    """Return from when on [start, end) spans cover `at` without a gap; None if none covers it."""
    since, until = None, None
    for start, end in sorted(spans, key=lambda span: span[0]):
        if since is None or (until is not None and start > until):
            since, until = start, end
        elif until is not None:
            until = None if end is None else max(until, end)
    return since if since is not None and since <= at and (until is None or at < until) else None


def access_person(connection: sa.Connection, person_id: PersonId, at: datetime) -> Actor:
    """Return a signed-in person as an actor, with the shops that are theirs at `at`; names are in `people.PeopleBook`.

    Raises:
        NotFoundError: if the person is gone or no longer active.

    """
    row = connection.execute(
        sa.select(store.person).where(store.person.c.id == person_id, store.person.c.active)
    ).one_or_none()
    if row is None:
        message = "there is no such person"
        raise NotFoundError(message, code="person_gone")
    roles = frozenset(map(Role, msgspec.json.decode(row.roles)))
    tenant = TenantId(row.tenant)
    return person(PersonId(row.id), "", tenant, roles, shops_of(connection, tenant, at))
