"""Keep out what somebody said before they were erased: a platform still has it, and so may a file.

Whoever was erased may write again and is somebody new; but no backfill, file or late delivery brings their past back.
What is kept for it is the keyed index of their account, which says nothing without the house's key.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.eventlog.prepared import Prepared
from huiyin.eventlog.unit_of_work import UnitOfWork

RECENT_MS = 60_000
"""What was said so lately is not asked about: nobody is erased while they are being talked with."""

_ERASED = Prepared(
    sa.select(store.erased_account).where(
        store.erased_account.c.shop.in_(sa.bindparam("shops", expanding=True)),
        store.erased_account.c.ref_index.in_(sa.bindparam("indexes", expanding=True)),
    )
)


class Said(NamedTuple):
    """A record by its key: in which shop, when (ms), and how the index of its account is found."""

    key: str
    shop: str
    at: int
    account: Callable[[], str]


def note_erased(uow: UnitOfWork, shop: str, ref_index: str) -> None:
    """Keep that the account of this index is erased now."""
    mine = sa.and_(store.erased_account.c.shop == shop, store.erased_account.c.ref_index == ref_index)
    uow.connection.execute(store.erased_account.delete().where(mine))
    row = {"shop": shop, "ref_index": ref_index, "at": uow.now_ms()}
    uow.connection.execute(store.erased_account.insert().values(row))


def said_before(uow: UnitOfWork, said: Sequence[Said]) -> set[str]:
    """Return the keys of what was said before its customer was erased; one query, and none for what is recent."""
    old = [(each, each.account()) for each in said if each.at < uow.now_ms() - RECENT_MS]
    if not old:
        return set()
    rows = _ERASED.rows(
        uow.connection, shops=sorted({each.shop for each, _ in old}), indexes=sorted({index for _, index in old})
    )
    erased = {(row.shop, row.ref_index): row.at for row in rows}
    return {each.key for each, index in old if each.at < erased.get((each.shop, index), 0)}
