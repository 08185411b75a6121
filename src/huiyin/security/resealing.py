"""Seal anew what stands under data keys that were rotated away, in small steps, beside everything else.

A step reads some rows of a table outside any transaction, and changes in one those that stand as they were read. The
old keys are kept: a row that nobody knew of, or one in a backup, still opens.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.policy.terms import Action
from huiyin.security.key_rows import erased_among
from huiyin.security.rights import check_keys
from huiyin.security.sealing import KEY_ID, Place, Sealer
from huiyin.security.store import data_key

BATCH = 200


class SealedColumn(NamedTuple):
    """A column that holds sealed fields. Its table has a `tenant`; its key's columns name the row in `Place`."""

    table: sa.Table
    column: str
    field: str

    @property
    def key(self) -> tuple[sa.Column[Any], ...]:
        """Return the table's primary key."""
        return tuple(self.table.primary_key)

    @property
    def name(self) -> str:
        """Return `table.column`."""
        return f"{self.table.name}.{self.column}"

    def place(self, tenant: str, row: Sequence[str]) -> Place:
        """Return where a field of this column lives."""
        return Place(tenant, self.table.name, ":".join(row), self.field)


class Step(NamedTuple):
    """Some rows as they were read: those under old keys, how many were looked at, and where the next step begins."""

    column: SealedColumn
    found: list[tuple[str, str, tuple[str, ...], bytes]]
    """Tenant, subject, the row's key, the sealed field."""
    looked: int
    after: tuple[str, ...] | None


def look(connection: sa.Connection, column: SealedColumn, tenant: str, after: tuple[str, ...] | None) -> Step:
    """Read the next rows of a tenant in a table, and tell which of them stand under keys that only open."""
    keys, sealed = column.key, column.table.c[column.column]
    query = sa.select(*keys, sealed).where(column.table.c.tenant == tenant, sealed.is_not(None)).order_by(*keys)
    if after is not None:
        query = query.where(sa.tuple_(*keys) > sa.tuple_(*after))
    rows = [(tuple(row[:-1]), bytes(row[-1])) for row in connection.execute(query.limit(BATCH))]
    ids = {field[KEY_ID].hex() for _, field in rows}
    old = sa.select(data_key.c.id, data_key.c.subject).where(data_key.c.id.in_(ids), data_key.c.state == "old")
    subjects = {key_id: subject for key_id, subject in connection.execute(old)}
    found = [
        (tenant, subjects[field[KEY_ID].hex()], key, field) for key, field in rows if field[KEY_ID].hex() in subjects
    ]
    return Step(column, found, len(rows), rows[-1][0] if len(rows) == BATCH else None)


def reseal(uow: UnitOfWork, sealer: Sealer, step: Step, *, actor: Actor) -> int:
    """Seal the rows of a step anew under their subjects' current keys; return how many.

    A row that changed since it was read, or whose subject was shredded, is left alone.
    """
    column, done = step.column, 0
    sealed = column.table.c[column.column]
    for tenant in {each[0] for each in step.found}:
        check_keys(actor, Action.ROTATE, tenant)
        mine = [each for each in step.found if each[0] == tenant]
        subjects = {subject for _, subject, _, _ in mine}
        keys = sealer.ring.for_writing(uow, tenant, subjects - erased_among(uow.connection, subjects))
        sealer.learn(uow.connection, (field for *_, field in mine))
        for _, subject, row, field in mine:
            place = column.place(tenant, row)
            plain = sealer.open(uow.connection, place, field)
            if plain is None:
                continue
            fresh = sealer.seal(uow.connection, keys[subject], place, plain)
            here = [part == value for part, value in zip(column.key, row, strict=True)]
            done += uow.connection.execute(
                column.table.update().where(*here, sealed == field).values({column.column: fresh})
            ).rowcount
    return done
