"""Read what is kept of single sessions, as it stands, for whoever lists them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared
from huiyin.insight.store import session_figures

_KEPT = Prepared(
    sa.select(session_figures).where(session_figures.c.conversation.in_(sa.bindparam("ids", expanding=True)))
)


def kept_of(connection: sa.Connection, sessions: Sequence[str]) -> dict[str, Any]:
    """Return the rows of sessions by id; one that was not counted yet has none."""
    return {row.conversation: row for row in _KEPT.rows(connection, ids=sessions)}
