"""Bring what an earlier version of Huiyin wrote up to date."""

import msgspec
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.events import MessageReceived
from huiyin.conversations.source_keys import keyed
from huiyin.eventlog.events import kind_of
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.org.account_names import AccountNames
from huiyin.security.keys import KeyRing

WAITER = "waiter:"
DERIVED = "log-"


def name_authors_by_index(uow: UnitOfWork, accounts: AccountNames) -> None:
    """Put the index of a platform account in place of its name, in messages and in their events."""
    message = store.message
    query = sa.select(message.c.id, message.c.tenant, message.c.shop, message.c.author).where(store.UNATTRIBUTED)
    authors: dict[str, str] = {}
    for row in uow.connection.execute(query).all():
        name = row.author.removeprefix(WAITER)
        account = accounts.account(uow, row.tenant, name)
        accounts.write_down(uow, row.tenant, [(row.shop, account, name)])
        authors[row.id] = WAITER + account
        uow.connection.execute(message.update().where(message.c.id == row.id).values(author=authors[row.id]))
    _in_events(uow, authors)


def key_derived_ids(uow: UnitOfWork, ring: KeyRing) -> None:
    """Put ids that were derived from what was said, and kept as they were, under the key."""
    columns = store.message.c
    query = sa.select(columns.id, columns.source_key).where(columns.source_key.contains(f":{DERIVED}"))
    for message, key in uow.connection.execute(query).all():
        shop, _, derived = key.partition(":")
        change = store.message.update().where(columns.id == message)
        uow.connection.execute(change.values(source_key=f"{shop}:{keyed(ring, derived)}"))


def _in_events(uow: UnitOfWork, authors: dict[str, str]) -> None:
    # Events are never changed afterwards but here: a name that must not stand there is no fact.
    query = sa.text("SELECT position, body FROM event WHERE kind = :kind")
    for row in uow.connection.execute(query, {"kind": kind_of(MessageReceived)}).all():
        said = msgspec.json.decode(row.body)
        if said.get("author", "").startswith(WAITER) and said["message"] in authors:
            body = msgspec.json.encode({**said, "author": authors[said["message"]]})
            change = sa.text("UPDATE event SET body = :body WHERE position = :position")
            uow.connection.execute(change, {"body": body, "position": row.position})
