"""Say where conversations come from, for rooms above that tell live ones from history."""

from collections.abc import Collection

import sqlalchemy as sa

from huiyin.conversations.store import conversation
from huiyin.eventlog.prepared import Prepared

_ORIGINS = Prepared(
    sa.select(conversation.c.id, conversation.c.origin).where(
        conversation.c.id.in_(sa.bindparam("ids", expanding=True))
    )
)


def origins(connection: sa.Connection, ids: Collection[str]) -> dict[str, str]:
    """Return the origin of each of some conversations."""
    return dict(_ORIGINS.rows(connection, ids=sorted(ids)))
