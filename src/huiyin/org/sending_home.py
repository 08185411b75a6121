"""End everything that lets anybody in: all sessions, links and tokens, as after an earlier database was put back.

Some of what stands in it was taken away since, because it leaked or because somebody left: nothing here knows which.
"""

from typing import NamedTuple

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.org.store import api_token, one_time_link, session

WHY = "restored"


class SentHome(NamedTuple):
    """How many sessions, links and tokens ended."""

    sessions: int
    links: int
    tokens: int


def send_home(uow: UnitOfWork) -> SentHome:
    """End all sessions, one-time links and tokens that open something."""
    now = uow.now_ms()
    ended = session.update().where(session.c.ended_at.is_(None)).values(ended_at=now, ended_why=WHY)
    used = one_time_link.update().where(one_time_link.c.used_at.is_(None)).values(used_at=now)
    revoked = api_token.update().where(api_token.c.revoked_at.is_(None)).values(revoked_at=now)
    sessions, links, tokens = (uow.connection.execute(each).rowcount for each in (ended, used, revoked))
    return SentHome(sessions, links, tokens)
