"""Sign people in and out. A session is a random token; only its hash is stored."""

import hashlib
import secrets
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import NotSignedInError
from huiyin.kernel.ids import PersonId
from huiyin.org import store
from huiyin.security.passwords import password_matches

IDLE_MS = 12 * 3600 * 1000
ABSOLUTE_MS = 24 * 3600 * 1000
"""A session ends after half a day of silence, and after a day in any case."""
NOTED_EVERY_MS = 10 * 60 * 1000
"""How often a session's use is written down: a write for every request would cost more than it tells."""


class Session(NamedTuple):
    """An open session; `stale` if its use was not noted lately."""

    person: PersonId
    stale: bool


def check_password(connection: sa.Connection, login_index: str, password: str) -> PersonId:
    """Return who a login belongs to, by its index (`people.login_index`).

    Slow on purpose; call it off the event loop and off the writer.

    Raises:
        NotSignedInError: unknown login and wrong password answer alike.

    """
    row = connection.execute(
        sa.select(store.person.c.id, store.person.c.password).where(
            store.person.c.login_index == login_index, store.person.c.active
        )
    ).one_or_none()
    if not password_matches(row.password if row else None, password) or row is None:
        message = "login or password is wrong"
        raise NotSignedInError(message, remedy="Check both and try again.")
    return PersonId(row.id)


def open_session(uow: UnitOfWork, person: PersonId) -> str:
    """Open a session and return its token, which is shown to the browser once and never stored."""
    token = secrets.token_urlsafe(32)
    now = uow.now_ms()
    uow.connection.execute(
        store.session.insert().values(token_hash=_hash(token), person=person, created_at=now, seen_at=now)
    )
    return token


def close_session(uow: UnitOfWork, token: str) -> None:
    """End a session; ending an unknown one is no error."""
    uow.connection.execute(store.session.delete().where(store.session.c.token_hash == _hash(token)))


def touch_session(uow: UnitOfWork, token: str) -> None:
    """Note that a session is in use."""
    uow.connection.execute(
        store.session.update().where(store.session.c.token_hash == _hash(token)).values(seen_at=uow.now_ms())
    )


def session_of(connection: sa.Connection, token: str, clock: Clock) -> Session:
    """Return whose session this is, and whether its use should be noted.

    Raises:
        NotSignedInError: unknown or ended.

    """
    row = connection.execute(sa.select(store.session).where(store.session.c.token_hash == _hash(token))).one_or_none()
    now = to_ms(clock.now())
    if row is None or now - row.seen_at > IDLE_MS or now - row.created_at > ABSOLUTE_MS:
        message = "nobody is signed in"
        raise NotSignedInError(message, remedy="Sign in.")
    return Session(PersonId(row.person), now - row.seen_at > NOTED_EVERY_MS)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
