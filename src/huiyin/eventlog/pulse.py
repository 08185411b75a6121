"""How the log stands, for those who watch over the installation: counts only."""

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.eventlog.schema import event, listener_position, parked_event


class LogPulse(NamedTuple):
    """The newest position, how many events each listener is behind it, and how many it could not take."""

    position: int
    behind: Mapping[str, int]
    stuck: Mapping[str, int]


def log_pulse(connection: sa.Connection) -> LogPulse:
    """Return how the log stands."""
    position = connection.execute(sa.select(sa.func.max(event.c.position))).scalar() or 0
    behind = {name: position - at for name, at in connection.execute(sa.select(listener_position))}
    stuck = sa.select(parked_event.c.listener, sa.func.count()).group_by(parked_event.c.listener)
    return LogPulse(position, behind, {listener: number for listener, number in connection.execute(stuck)})
