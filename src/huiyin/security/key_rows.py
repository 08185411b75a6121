"""Read the rows of keys; say what a wrapped key is bound to, and what a blind index is made of."""

import hmac
from collections.abc import Iterable

import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared
from huiyin.kernel.errors import ConflictError
from huiyin.security.store import data_key, key_epoch, tenant_key


class ErasedError(ConflictError):
    """Somebody's keys were destroyed: nothing is written about them any more."""

    remedy = "They were shredded (`huiyin keys tombstones`). If they write again they are somebody new: answer there."
    code = "erased"


WRAP = "wrap"
"""The purpose of a tenant's key over its data keys."""

_NOW = sa.select(key_epoch.c.number).scalar_subquery().label("epoch")
"""Stands in every query for keys: one statement sees one state of the database, so a row brings its own epoch along."""

OF_SUBJECTS = Prepared(
    sa.select(data_key, _NOW).where(
        data_key.c.subject.in_(sa.bindparam("subjects", expanding=True)), data_key.c.state == sa.bindparam("state")
    )
)
BY_IDS = Prepared(sa.select(data_key, _NOW).where(data_key.c.id.in_(sa.bindparam("keys", expanding=True))))
CURRENT = Prepared(
    sa.select(tenant_key, _NOW).where(
        tenant_key.c.tenant == sa.bindparam("tenant"),
        tenant_key.c.purpose == sa.bindparam("purpose"),
        tenant_key.c.state == sa.bindparam("state"),
    )
)
ABOVE = Prepared(sa.select(tenant_key, _NOW).where(tenant_key.c.id == sa.bindparam("id")))
_EPOCH = Prepared(sa.select(key_epoch.c.number))


def erased_among(connection: sa.Connection, subjects: Iterable[str]) -> set[str]:
    """Return those of the subjects whose keys were destroyed."""
    return {row.subject for row in OF_SUBJECTS.rows(connection, subjects=list(subjects), state="destroyed")}


def check_not_erased(connection: sa.Connection, subjects: Iterable[str]) -> None:
    """Refuse to write about somebody whose keys were destroyed: a new one would make them readable again.

    Raises:
        ErasedError: one of them was shredded.

    """
    for subject in sorted(erased_among(connection, subjects)):
        message = f"the keys of {subject} were destroyed; nothing more is written about them"
        raise ErasedError(message)


def epoch_of(connection: sa.Connection) -> int:
    """Return the number that rises whenever keys change."""
    return int(_EPOCH.column(connection)[0])


def raise_epoch(connection: sa.Connection) -> int:
    """Raise the number and return it."""
    raised = key_epoch.update().values(number=key_epoch.c.number + 1).returning(key_epoch.c.number)
    return int(connection.execute(raised).scalar_one())


def context_of(tenant: str, subject: str) -> str:
    """Return what a wrapped data key is bound to."""
    return f"data|{tenant}|{subject}"


def context_above(tenant: str, purpose: str) -> str:
    """Return what a tenant's wrapped key is bound to."""
    return f"tenant|{tenant}" if purpose == WRAP else f"tenant|{tenant}|{purpose}"


def mac_of(key: bytes, value: str) -> str:
    """Return a blind index: HMAC-SHA256, its first 16 bytes in hex."""
    return hmac.digest(key, value.encode(), "sha256")[:16].hex()
