"""How service stands, for those who watch over the installation: counts and moments, no customer and no word."""

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store

OPEN = ("new", "bot", "waiting", "human")
UNDER_WAY = ("queued", "sending", "unknown")


class ServicePulse(NamedTuple):
    """Open conversations by state, since when the longest waits in the queue, replies by state, last polls by shop.

    Moments are milliseconds since 1970.
    """

    conversations: Mapping[str, int]
    waiting_since: int | None
    replies: Mapping[str, int]
    polled: Mapping[str, int]


def service_pulse(connection: sa.Connection) -> ServicePulse:
    """Return how service stands."""
    talk, out, mark = store.conversation.c, store.outbox.c, store.poll_mark.c
    open_ = sa.select(talk.state, sa.func.count()).where(talk.state.in_(OPEN)).group_by(talk.state)
    waiting = sa.select(sa.func.min(talk.queued_at)).where(talk.state == "waiting")
    replies = sa.select(out.state, sa.func.count()).where(out.state.in_(UNDER_WAY)).group_by(out.state)
    return ServicePulse(
        dict.fromkeys(OPEN, 0) | {state: number for state, number in connection.execute(open_)},
        connection.execute(waiting).scalar(),
        dict.fromkeys(UNDER_WAY, 0) | {state: number for state, number in connection.execute(replies)},
        {shop: until for shop, until in connection.execute(sa.select(mark.shop, mark.until))},
    )
