"""Bring what an earlier version of Huiyin wrote up to date."""

import msgspec
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.events import MessageReceived
from huiyin.eventlog.events import kind_of
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.org.account_names import AccountNames

WAITER = "waiter:"


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


def _in_events(uow: UnitOfWork, authors: dict[str, str]) -> None:
    # Events are never changed afterwards but here: a name that must not stand there is no fact.
    query = sa.text("SELECT position, body FROM event WHERE kind = :kind")
    for row in uow.connection.execute(query, {"kind": kind_of(MessageReceived)}).all():
        said = msgspec.json.decode(row.body)
        if said.get("author", "").startswith(WAITER) and said["message"] in authors:
            body = msgspec.json.encode({**said, "author": authors[said["message"]]})
            change = sa.text("UPDATE event SET body = :body WHERE position = :position")
            uow.connection.execute(change, {"body": body, "position": row.position})
