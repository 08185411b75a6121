"""Know platform accounts by index: what one is called may be somebody's name, so it is sealed, once."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared, insert
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.org import store
from huiyin.security.sealing import Place, Sealer

ERASED = "（已删除的账号）"
"""Shown for an account whose key was destroyed."""
Seen = tuple[str, str, str]
"""A shop, an account of it, and what the platform calls it."""

_KNOWN = Prepared(
    sa.select(store.account_name.c.shop, store.account_name.c.account).where(
        store.account_name.c.account.in_(sa.bindparam("accounts", expanding=True))
    )
)
_NAMES = Prepared(
    sa.select(store.account_name).where(store.account_name.c.account.in_(sa.bindparam("accounts", expanding=True)))
)


class AccountNames:
    """Seals and opens what platform accounts are called."""

    def __init__(self, sealer: Sealer) -> None:
        """Begin with no account known."""
        self._sealer = sealer
        self._known: set[tuple[str, str]] = set()

    def account(self, uow: UnitOfWork, tenant: str, reference: str) -> str:
        """Return what stands for an account of a merchant's shops everywhere: a blind index of its name."""
        return self._sealer.ring.index(uow, tenant, "account", reference)

    def write_down(self, uow: UnitOfWork, tenant: str, seen: Collection[Seen]) -> None:
        """Keep the names of accounts that were not seen before: one query and one insert, however many."""
        wanted = {(shop, account): name for shop, account, name in seen if (shop, account) not in self._known}
        if not wanted:
            return
        stored = {tuple(row) for row in _KNOWN.rows(uow.connection, accounts=[account for _, account in wanted])}
        fresh = {key: name for key, name in wanted.items() if key not in stored}
        keys = self._sealer.ring.for_writing(uow, tenant, {account for _, account in fresh}) if fresh else {}
        insert(
            uow.connection,
            store.account_name,
            [
                {
                    "shop": shop,
                    "account": account,
                    "tenant": tenant,
                    "ref_sealed": self._sealer.seal(
                        uow.connection, keys[account], _place(tenant, shop, account), name.encode()
                    ),
                }
                for (shop, account), name in fresh.items()
            ],
        )
        uow.on_commit(lambda: self._known.update(wanted))

    def names(self, connection: sa.Connection, accounts: Iterable[str]) -> dict[str, str]:
        """Return what the platform calls some accounts."""
        wanted = sorted(set(accounts))
        rows = _NAMES.rows(connection, accounts=wanted) if wanted else []
        self._sealer.learn(connection, (row.ref_sealed for row in rows))
        found: dict[str, str] = {}
        for row in rows:
            plain = self._sealer.open(connection, _place(row.tenant, row.shop, row.account), row.ref_sealed)
            found[row.account] = ERASED if plain is None else plain.decode()
        return found

    def unmapped(self, connection: sa.Connection, tenant: str, shop: str, names: Collection[str]) -> list[str]:
        """Return those of some accounts of a shop that nobody was ever named for."""
        indexes = {name: self._sealer.ring.look_up(connection, tenant, "account", name) for name in names}
        mapped = sa.select(store.platform_account.c.account).where(
            store.platform_account.c.shop == shop, store.platform_account.c.account.in_(indexes.values())
        )
        known = set(connection.execute(mapped).scalars()) if indexes else set()
        return [name for name, index in indexes.items() if index not in known]


def _place(tenant: str, shop: str, account: str) -> Place:
    return Place(tenant, "account_name", f"{shop}:{account}", "ref")


def seal_plain_accounts(uow: UnitOfWork, accounts: AccountNames) -> None:
    """Seal the account names that an earlier version of Huiyin left plain; a part of migration 0007."""
    connection = uow.connection
    query = "SELECT a.id, a.shop, s.tenant, a.waiter_ref FROM platform_account a JOIN shop s ON s.id = a.shop"
    for row in connection.execute(sa.text(query)).all():
        account = accounts.account(uow, row.tenant, row.waiter_ref)
        accounts.write_down(uow, row.tenant, [(row.shop, account, row.waiter_ref)])
        connection.execute(
            store.platform_account.update().where(store.platform_account.c.id == row.id).values(account=account)
        )
