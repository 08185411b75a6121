"""Read the drafts offered for a conversation."""

from typing import NamedTuple

import sqlalchemy as sa

from huiyin.assist.store import suggestion
from huiyin.conversations.access import Conversation
from huiyin.conversations.bodies import Bodies, Body


class Offered(NamedTuple):
    """A draft for the agent in charge."""

    id: str
    message: str
    body: Body
    reason: str


def offered(connection: sa.Connection, bodies: Bodies, conversation: Conversation) -> list[Offered]:
    """Return the drafts of a conversation the caller already accessed, best first."""
    query = sa.select(suggestion).where(suggestion.c.conversation == conversation.id).order_by(suggestion.c.place)
    return [
        Offered(row.id, row.message, bodies.open(connection, conversation.tenant, row.id, row.body), row.reason)
        for row in connection.execute(query)
    ]
