"""Tell who spoke with whom, about which goods: one agent's part in a session each."""

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.channels.port import Sender
from huiyin.conversations import store

PERSON = "person:"
"""Before the id of one of ours, where a message says who wrote it."""


class Said(NamedTuple):
    """An agent's part in a session, from their word at `first_at` to that at `last_at`; it began at `opened_at`, in ms.

    `person` is our id of the agent, or of the platform's account where nobody is named for it. `skus` are the goods the
    session was about, numbers with spaces. `origin` is the session's.
    """

    customer: str
    person: str
    skus: str
    opened_at: int
    origin: str
    first_at: int
    last_at: int


def agents_said(
    connection: sa.Connection, shop: str, customers: Collection[str], conversations: Collection[str]
) -> list[Said]:
    """Return the parts of all sessions, of the shop's own origin, of some customers and of who is in some sessions."""
    talk, word = store.conversation.c, store.message.c
    there = sa.select(talk.customer).where(talk.id.in_(sorted(conversations)))
    query = (
        sa.select(
            talk.customer, word.author, talk.sku_refs, talk.opened_at, talk.origin,
            sa.func.min(word.platform_at), sa.func.max(word.platform_at),
        )
        .join(store.message, word.conversation == talk.id)
        .where(
            talk.shop == shop, word.sender == Sender.AGENT,
            sa.or_(talk.customer.in_(sorted(customers)), talk.customer.in_(there)),
        )
        .group_by(talk.id, word.author)
    )  # fmt: skip
    rows = connection.execute(query)
    return [Said(customer, author.removeprefix(PERSON), *rest) for customer, author, *rest in rows]
