"""Open the database; one of an earlier version is brought up to date with what its migrations need from the rooms."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from huiyin.conversations.legacy import key_source_ids, name_authors_by_index
from huiyin.eventlog.database import empty_wal, migrate, open_for_reading, open_for_writing
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.org.account_names import AccountNames, seal_plain_accounts
from huiyin.org.people import seal_plain_people
from huiyin.security.legacy import keep_old_indexes
from huiyin.security.sealing import Sealer


def open_database(
    path: Path, synchronous: str, sealer: Sealer, begin: Callable[[sa.Connection], UnitOfWork]
) -> list[sa.Engine]:
    """Open the database for writing and for reading, brought up to date.

    Raises:
        PermanentError: it was written by a newer Huiyin.

    """
    writing = open_for_writing(path, synchronous=synchronous)
    rewritten: list[str] = []

    def lent(verb: Callable[[UnitOfWork, Sealer], None]) -> Callable[[sa.Connection], None]:
        def upgrade(connection: sa.Connection) -> None:
            uow = begin(connection)
            verb(uow, sealer)
            uow.committed()
            rewritten.append(verb.__name__)

        return upgrade

    ids = lent(_key_ids)
    migrate(writing, seal_what_was_plain=lent(_seal_what_was_plain), key_derived_ids=ids, key_source_ids=ids)
    if rewritten:
        empty_wal(path, rewrite=True)
    return [writing, open_for_reading(path)]


def _seal_what_was_plain(uow: UnitOfWork, sealer: Sealer) -> None:
    """Bring a database of an earlier version under the keys as they are now; a part of migration 0007."""
    sealer.ring.settle_in(uow)
    keep_old_indexes(uow, sealer.ring, ("customer", "reply"))
    seal_plain_people(uow, sealer)
    seal_plain_accounts(uow, AccountNames(sealer))
    name_authors_by_index(uow, AccountNames(sealer))


def _key_ids(uow: UnitOfWork, sealer: Sealer) -> None:
    """Put ids that an earlier version kept under the house's key; a part of migrations 0009 and 0012."""
    sealer.ring.settle_in(uow)
    key_source_ids(uow, sealer.ring)
