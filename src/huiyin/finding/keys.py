"""Keep the key of each tenant's index: drawn by lot, sealed under a data key of the tenant, changed with it."""

import secrets

import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.finding.store import search_index
from huiyin.security.resealing import SealedColumn
from huiyin.security.sealing import Place, Sealer

SEALED = (SealedColumn(search_index, "key_sealed", "key"),)
"""A rotation seals the key anew, and the file stays as it is. The subject of its data key is the tenant itself: who
shreds the tenant leaves a file that nobody opens any more."""
KEY_BYTES = 32


def find_key(connection: sa.Connection, sealer: Sealer, tenant: str) -> bytes | None:
    """Return the key of a tenant's index; None where there is none yet, or it was destroyed."""
    columns = search_index.c
    sealed = connection.execute(sa.select(columns.key_sealed).where(columns.tenant == tenant)).scalar()
    return None if sealed is None else sealer.open(connection, _place(tenant), sealed)


def make_key(uow: UnitOfWork, sealer: Sealer, tenant: str) -> bytes:
    """Return the key of a tenant's index, drawing one if there is none.

    Raises:
        ErasedError: the tenant's was destroyed, and stays so.

    """
    key_id = sealer.ring.for_writing(uow, tenant, (tenant,))[tenant]
    known = find_key(uow.connection, sealer, tenant)
    if known is not None:
        return known
    key = secrets.token_bytes(KEY_BYTES)
    sealed = sealer.seal(uow.connection, key_id, _place(tenant), key)
    uow.connection.execute(search_index.insert().values(tenant=tenant, key_sealed=sealed, made_at=uow.now_ms()))
    return key


def _place(tenant: str) -> Place:
    return Place(tenant, "search_index", tenant, "key")
