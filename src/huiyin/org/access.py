"""The door to shops and people: who may act for which shop at this moment.

A merchant's people see the merchant's own shops; a vendor's people see the shops an engagement in force
gives them. Absent and forbidden answer alike.
"""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from huiyin.kernel.actors import Actor, Role, person
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import NotFoundError
from huiyin.kernel.ids import PersonId, ShopId, TenantId
from huiyin.org import store


def in_force(table: sa.Table, at: datetime, known_at: datetime | None = None) -> sa.ColumnElement[bool]:
    """Return the condition that a two-time row holds at `at`, as far as was known at `known_at` (default: now).

    A later record that replaces a row takes it out of force from the moment it was recorded.
    """
    known = to_ms(known_at or at)
    later = table.alias("later")
    condition = sa.and_(
        table.c.effective_from <= to_ms(at),
        sa.or_(table.c.effective_to.is_(None), table.c.effective_to > to_ms(at)),
        table.c.recorded_at <= known,
    )
    if "replaces" in table.c:
        replaced = sa.select(later.c.id).where(later.c.replaces == table.c.id, later.c.recorded_at <= known)
        condition = sa.and_(condition, ~replaced.exists())
    return condition


def shops_of(connection: sa.Connection, tenant: TenantId, at: datetime) -> frozenset[ShopId]:
    """Return the shops an organisation owns, or serves under an engagement in force at `at`."""
    owned = sa.select(store.shop.c.id).where(store.shop.c.tenant == tenant)
    served = sa.select(store.engagement.c.shop).where(
        store.engagement.c.vendor == tenant, in_force(store.engagement, at)
    )
    return frozenset(ShopId(each) for each in connection.execute(owned.union(served)).scalars())


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
        raise NotFoundError(message)
    roles = frozenset(map(Role, msgspec.json.decode(row.roles)))
    tenant = TenantId(row.tenant)
    return person(PersonId(row.id), "", tenant, roles, shops_of(connection, tenant, at))
