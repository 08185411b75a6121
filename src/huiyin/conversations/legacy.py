"""Bring what an earlier version of Huiyin wrote up to date."""

import msgspec
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.events import MessageReceived
from huiyin.conversations.source_keys import SEEN, keyed
from huiyin.eventlog.events import kind_of
from huiyin.eventlog.prepared import update_by
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.org.account_names import AccountNames
from huiyin.security.keys import KeyRing

WAITER = "waiter:"
BATCH = 1000


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


def key_source_ids(uow: UnitOfWork, ring: KeyRing) -> None:
    """Put the platform's ids, and those derived from what was said, under the key where they were kept as they were."""
    for table in (store.message, store.early_recall):
        key, source = next(iter(table.primary_key)), table.c.source_key
        plain = sa.select(key.label("key"), source.label("source")).where(source.not_like(f"%:{SEEN}%"))
        change = update_by(key, "source_key")
        after = ""
        while rows := uow.connection.execute(plain.where(key > after).order_by(key).limit(BATCH)).all():
            parts = [(row.key, *row.source.partition(":")) for row in rows]
            named = [{"key": each, "source_key": f"{shop}:{keyed(ring, id_)}"} for each, shop, _, id_ in parts]
            change.run_many(uow.connection, named)
            after = rows[-1].key


def _in_events(uow: UnitOfWork, authors: dict[str, str]) -> None:
    # Events are never changed afterwards but here: a name that must not stand there is no fact.
    query = sa.text("SELECT position, body FROM event WHERE kind = :kind")
    for row in uow.connection.execute(query, {"kind": kind_of(MessageReceived)}).all():
        said = msgspec.json.decode(row.body)
        if said.get("author", "").startswith(WAITER) and said["message"] in authors:
            body = msgspec.json.encode({**said, "author": authors[said["message"]]})
            change = sa.text("UPDATE event SET body = :body WHERE position = :position")
            uow.connection.execute(change, {"body": body, "position": row.position})
