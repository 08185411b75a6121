"""Bring keys of an earlier version of Huiyin up to date."""

from collections.abc import Sequence

import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.security.keeping.versions import FIRST
from huiyin.security.key_rows import WRAP
from huiyin.security.keys import KeyRing
from huiyin.security.store import tenant_key


def keep_old_indexes(uow: UnitOfWork, ring: KeyRing, kinds: Sequence[str]) -> None:
    """Write down the keys of blind indexes that used to be derived from the master key, so that it can be renewed.

    Each is derived one way (HKDF), so the master key cannot be told from what is written here.
    """
    tenants = uow.connection.execute(sa.select(tenant_key.c.tenant).where(tenant_key.c.purpose == WRAP)).scalars()
    for tenant in list(tenants):
        for kind in kinds:
            key = ring.keeper.derive(FIRST, f"index|{tenant}|{kind}")
            ring.make_for_tenant(uow, tenant, f"index|{kind}", key)
