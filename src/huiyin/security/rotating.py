"""Turn keys over while everything runs: the master key, a tenant's key, the data keys of a tenant's people.

Each is a beginning and many small steps. What is left to do stands in the tables themselves: keys wrapped under
something that is no longer current. So a rotation that was cut off at any point is simply gone on with, and at every
moment whatever was sealed opens.
"""

from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.prepared import Row
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.policy.terms import Action
from huiyin.security.key_rows import WRAP, context_above, context_of
from huiyin.security.keys import HOUSE, KeyRing
from huiyin.security.rights import check_keys, check_there
from huiyin.security.store import data_key, tenant_key
from huiyin.security.wrapping import unwrap, wrap

BATCH = 500
"""Keys a transaction: some milliseconds, so that a customer's message hardly waits."""


class Rewrapped(NamedTuple):
    """A tenant's key as it stood, and as the newest master key wraps it."""

    id: str
    before: str
    master: str
    wrapped: bytes


def under_older_master(connection: sa.Connection, ring: KeyRing) -> list[Row]:
    """Return the tenants' keys that an older version of the master key wraps."""
    newest = ring.keeper.versions()[-1]
    query = sa.select(tenant_key).where(tenant_key.c.master != newest, tenant_key.c.state != "destroyed")
    return list(connection.execute(query))


def begin_master(connection: sa.Connection, ring: KeyRing, *, actor: Actor) -> str:
    """Make a new version of the master key, unless the last rotation is still under way; return the newest.

    Outside any transaction, since the keeper may be a service on the network.
    """
    check_keys(actor, Action.ROTATE, HOUSE)
    under_way = bool(under_older_master(connection, ring))
    return ring.keeper.versions()[-1] if under_way else ring.keeper.renew()


def rewrap(connection: sa.Connection, ring: KeyRing) -> list[Rewrapped]:
    """Wrap anew what an older master key wraps; outside any transaction, as above."""
    found = []
    for row in under_older_master(connection, ring)[:BATCH]:
        context = context_above(row.tenant, row.purpose)
        master, wrapped = ring.keeper.wrap(ring.keeper.unwrap(row.master, row.wrapped, context), context)
        found.append(Rewrapped(row.id, row.master, master, wrapped))
    return found


def keep_rewrapped(uow: UnitOfWork, found: list[Rewrapped], *, actor: Actor) -> int:
    """Store keys that were wrapped anew, if they still stand as they did; return how many."""
    check_keys(actor, Action.ROTATE, HOUSE)
    stored = 0
    for each in found:
        stored += uow.connection.execute(
            tenant_key.update()
            .where(tenant_key.c.id == each.id, tenant_key.c.master == each.before, tenant_key.c.state != "destroyed")
            .values(master=each.master, wrapped=each.wrapped)
        ).rowcount
    if found:
        detail = {"master": found[-1].master, "keys": stored}
        write_down(uow, Entry(action="master_key.rotated", actor=actor, tenant=HOUSE, subject=HOUSE, detail=detail))
    return stored


def begin_tenant(uow: UnitOfWork, ring: KeyRing, tenant: str, *, actor: Actor) -> str:
    """Give a tenant a new key over its data keys, unless a rotation is still under way; return the current one's id.

    Raises:
        NotFoundError: there is no such tenant, or its keys are not the actor's.

    """
    check_keys(actor, Action.ROTATE, tenant)
    check_there(uow.connection, tenant)
    current, _ = ring.for_tenant(uow, tenant, WRAP)
    if left_under_older(uow.connection, tenant):
        return current
    here = sa.and_(tenant_key.c.tenant == tenant, tenant_key.c.purpose == WRAP, tenant_key.c.state == "current")
    uow.connection.execute(tenant_key.update().where(here).values(state="old"))
    ring.changed(uow)
    key_id, _ = ring.make_for_tenant(uow, tenant, WRAP)
    write_down(uow, Entry(action="tenant_key.rotated", actor=actor, tenant=tenant, subject=key_id))
    return key_id


def left_under_older(connection: sa.Connection, tenant: str) -> int:
    """Return how many data keys of a tenant are not wrapped by its current key."""
    query = sa.select(sa.func.count()).select_from(data_key).where(_under_older(tenant))
    return int(connection.execute(query).scalar_one())


def rewrap_data_keys(uow: UnitOfWork, ring: KeyRing, tenant: str, *, actor: Actor) -> int:
    """Wrap some data keys under the tenant's current key; return how many, 0 once its older keys are gone."""
    check_keys(actor, Action.ROTATE, tenant)
    current, key = ring.for_tenant(uow, tenant, WRAP)
    rows = uow.connection.execute(sa.select(data_key).where(_under_older(tenant)).limit(BATCH)).all()
    above: dict[str, bytes] = {}
    moved = []
    for row in rows:
        if row.wrapping not in above:
            above[row.wrapping] = _tenant_key(uow.connection, ring, row.wrapping)
        context = context_of(tenant, row.subject)
        moved.append({"key": row.id, "new": wrap(key, unwrap(above[row.wrapping], row.wrapped, context), context)})
    if moved:
        uow.connection.execute(
            data_key.update()
            .where(data_key.c.id == sa.bindparam("key"))
            .values(wrapping=current, wrapped=sa.bindparam("new")),
            moved,
        )
    else:
        _destroy_older(uow, ring, tenant)
    return len(moved)


def retire_data_keys(
    uow: UnitOfWork, ring: KeyRing, tenant: str, before: int, subject: str = "", *, actor: Actor
) -> int:
    """Let some data keys made before a moment only open from now on: whatever comes next is sealed under new ones.

    Of one subject, or of all of a tenant's. Returns how many; 0 once there are no more.

    Raises:
        NotFoundError: there is no such tenant or subject, or their keys are not the actor's.

    """
    check_keys(actor, Action.ROTATE, tenant)
    check_there(uow.connection, tenant, subject)
    columns = data_key.c
    mine = [columns.tenant == tenant, columns.state == "current", columns.created_at < before]
    if subject:
        mine.append(columns.subject == subject)
    ids = list(uow.connection.execute(sa.select(columns.id).where(*mine).limit(BATCH)).scalars())
    if ids:
        uow.connection.execute(data_key.update().where(columns.id.in_(ids)).values(state="old"))
        ring.changed(uow)
        detail = {"keys": len(ids)}
        write_down(uow, Entry(action="data_keys.rotated", actor=actor, tenant=tenant, subject=subject, detail=detail))
    return len(ids)


def _under_older(tenant: str) -> sa.ColumnElement[bool]:
    older = sa.select(tenant_key.c.id).where(
        tenant_key.c.tenant == tenant, tenant_key.c.purpose == WRAP, tenant_key.c.state == "old"
    )
    return sa.and_(data_key.c.state != "destroyed", data_key.c.wrapping.in_(older))


def _tenant_key(connection: sa.Connection, ring: KeyRing, key_id: str) -> bytes:
    return ring.open_above(connection.execute(sa.select(tenant_key).where(tenant_key.c.id == key_id)).one())


def _destroy_older(uow: UnitOfWork, ring: KeyRing, tenant: str) -> None:
    older = sa.and_(tenant_key.c.tenant == tenant, tenant_key.c.purpose == WRAP, tenant_key.c.state == "old")
    if uow.connection.execute(tenant_key.update().where(older).values(state="destroyed", wrapped=b"")).rowcount:
        ring.changed(uow)
