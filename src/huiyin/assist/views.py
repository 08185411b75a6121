"""Read the drafts offered for a conversation."""

from typing import NamedTuple

import sqlalchemy as sa

from huiyin.assist.store import suggestion
from huiyin.conversations.access import Conversation
from huiyin.conversations.bodies import Bodies, Body
from huiyin.eventlog.prepared import Prepared

_OFFERED = Prepared(
    sa.select(suggestion).where(suggestion.c.conversation == sa.bindparam("conversation")).order_by(suggestion.c.place)
)


class Offered(NamedTuple):
    """A draft for the agent in charge."""

    id: str
    message: str
    body: Body
    reason: str


def offered(connection: sa.Connection, bodies: Bodies, conversation: Conversation) -> list[Offered]:
    """Return the drafts of a conversation the caller already accessed, best first."""
    return [
        Offered(row.id, row.message, bodies.open(connection, conversation.tenant, row.id, row.body), row.reason)
        for row in _OFFERED.rows(connection, conversation=conversation.id)
    ]
