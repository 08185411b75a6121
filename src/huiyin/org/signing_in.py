"""Open sessions, recognise them, end them. A session is a random token; only its hash is stored.

Its public id stays for its whole life. Its token is new at sign-in and whenever a second factor is shown, so that
nobody who knew the token before gains what the second factor opened (session fixation).
"""

import hashlib
import secrets
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.audit.traces import Trace
from huiyin.audit.writing import Entry, Value, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind, Proof
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import NotFoundError, NotSignedInError
from huiyin.kernel.ids import PersonId, new_id
from huiyin.org import store
from huiyin.org.access import access_person
from huiyin.org.session_limits import SessionLimits, over

KEPT_MS = 30 * 24 * 3600 * 1000
"""How long an ended session stays in a person's list."""

SESSIONS = Trace("session.opened", "session")
"""Every session has the entry of its opening; ended ones go in time."""

REASONS = {
    "idle": "the session ended because nobody used it for a while",
    "absolute": "the session ended because it was open for the longest time allowed",
    "clock": "the clock of the server went back, so the age of this session is not known",
    "ended": "this session was ended from another device or tab",
    "everywhere": "this session was ended from another device or tab",
    "replaced": "somebody signed in anew in this browser",
    "deactivated": "this account was deactivated",
    "officer": "a security officer ended all sessions of this account",
    "identity": "an identity was bound to this account, which ends all its sessions",
    "guardian": "this account became one that watches over the others, or ceased to be, which ends all its sessions",
    "password": "the password was changed, which ends all other sessions",
}


class Access(NamedTuple):
    """Who asks, and whether the use of their session or token should be noted."""

    actor: Actor
    stale: bool


def open_session(
    uow: UnitOfWork, person: PersonId, device: str = "", *, second_factor: bool = False, how: str = "password"
) -> str:
    """Open a session and return its token, which is shown to the browser once and never stored.

    `how` says in a word what proved the person: password, link, oidc.
    """
    token, session = secrets.token_urlsafe(32), new_id()
    now = uow.now_ms()
    columns = store.session.c
    uow.connection.execute(
        store.session.delete().where(
            columns.person == person, sa.or_(columns.ended_at < now - KEPT_MS, columns.seen_at < now - KEPT_MS)
        )
    )
    uow.connection.execute(
        store.session.insert().values(
            id=session, token_hash=hashed(token), person=person, device=device, created_at=now, seen_at=now,
            second_factor_at=now if second_factor else None,
        )
    )  # fmt: skip
    proof = Proof("session", session, now if second_factor else None, device)
    actor = msgspec.structs.replace(access_person(uow.connection, person, uow.now()), proof=proof)
    detail: dict[str, Value] = {"how": how, "second_factor": second_factor}
    write_down(uow, Entry(action=SESSIONS.action, actor=actor, tenant=actor.tenant, subject=session, detail=detail))
    return token


def access_session(connection: sa.Connection, token: str, clock: Clock, limits: SessionLimits) -> Access:
    """Return whose session this is, as an actor with the shops that are theirs now.

    Raises:
        NotSignedInError: unknown, ended, over its limits, or of somebody who is gone.

    """
    row = connection.execute(sa.select(store.session).where(store.session.c.token_hash == hashed(token))).one_or_none()
    if row is None or row.ended_why == "signed_out":
        raise nobody()
    if row.ended_at is not None:
        raise nobody(row.ended_why)
    actor = signed_in(connection, row.person, clock)
    now, limit = to_ms(clock.now()), limits.of(actor.roles)
    reason = over(now, row.created_at, row.seen_at, limit)
    if reason:
        raise nobody(reason)
    proof = Proof("session", row.id, row.second_factor_at, row.device)
    return Access(msgspec.structs.replace(actor, proof=proof), now - row.seen_at > limit.noted_every_ms)


def signed_in(connection: sa.Connection, person: str, clock: Clock) -> Actor:
    """Return the person behind a session or token that is in order.

    Raises:
        NotSignedInError: they are gone.

    """
    try:
        return access_person(connection, PersonId(person), clock.now())
    except NotFoundError as error:
        raise nobody() from error


def nobody(reason: str = "") -> NotSignedInError:
    """Return the error of a session that is none, or none any more."""
    message = REASONS.get(reason, "nobody is signed in")
    return NotSignedInError(message, remedy="Sign in.", code=reason if reason in REASONS else "")


def touch_session(uow: UnitOfWork, session: str) -> None:
    """Note that a session, named by its public id, is in use."""
    uow.connection.execute(store.session.update().where(store.session.c.id == session).values(seen_at=uow.now_ms()))


def renew_session(uow: UnitOfWork, session: str, *, second_factor: bool) -> str:
    """Give a session a new token and return it; the old one opens nothing from here on."""
    token = secrets.token_urlsafe(32)
    values: dict[str, Any] = {"token_hash": hashed(token), "seen_at": uow.now_ms()}
    if second_factor:
        values["second_factor_at"] = uow.now_ms()
    uow.connection.execute(store.session.update().where(store.session.c.id == session).values(values))
    return token


def close_session(uow: UnitOfWork, token: str, why: str = "signed_out") -> None:
    """End the session of a token; ending an unknown one, or one that ended, is no error."""
    columns = store.session.c
    row = uow.connection.execute(
        sa.select(columns.id, columns.person, columns.device, store.person.c.tenant)
        .join(store.person, store.person.c.id == columns.person)
        .where(columns.token_hash == hashed(token), columns.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        return
    uow.connection.execute(
        store.session.update().where(columns.id == row.id).values(ended_at=uow.now_ms(), ended_why=why)
    )
    actor = Actor(ActorKind.PERSON, row.person, "", row.tenant, proof=Proof("session", row.id, device=row.device))
    _write_ended(uow, row.id, why, actor)


def end_session(uow: UnitOfWork, session: str, *, actor: Actor) -> None:
    """End one of the actor's own sessions by its public id.

    Raises:
        NotFoundError: no such session of theirs is open.

    """
    columns = store.session.c
    ended = uow.connection.execute(
        store.session.update()
        .where(columns.id == session, columns.person == actor.id, columns.ended_at.is_(None))
        .values(ended_at=uow.now_ms(), ended_why="ended")
    )
    if not ended.rowcount:
        message = "there is no such open session"
        raise NotFoundError(message, remedy="Look at the list again: it may have ended meanwhile.", code="session_gone")
    _write_ended(uow, session, "ended", actor)


def end_sessions(uow: UnitOfWork, person: str, why: str, *, actor: Actor, but: str = "") -> int:
    """End all of a person's open sessions but one, and return how many those were.

    Who may do that is asked by the caller: the person themselves, or whoever was authorised for them.
    """
    columns = store.session.c
    open_ = sa.select(columns.id).where(columns.person == person, columns.ended_at.is_(None), columns.id != but)
    ended = list(uow.connection.execute(open_).scalars())
    uow.connection.execute(
        store.session.update().where(columns.id.in_(ended)).values(ended_at=uow.now_ms(), ended_why=why)
    )
    for each in ended:
        _write_ended(uow, each, why, actor)
    return len(ended)


def _write_ended(uow: UnitOfWork, session: str, why: str, actor: Actor) -> None:
    entry = Entry(action="session.ended", actor=actor, tenant=actor.tenant, subject=session, detail={"why": why})
    write_down(uow, entry)


class Known(NamedTuple):
    """One of a person's open sessions, for their own list; moments in milliseconds."""

    id: str
    device: str
    created_at: int
    seen_at: int
    second_factor_at: int | None


def sessions_of(connection: sa.Connection, clock: Clock, limits: SessionLimits, *, actor: Actor) -> list[Known]:
    """Return the actor's sessions that are open at this moment, last used first."""
    columns = store.session.c
    rows = connection.execute(
        sa.select(*[columns[name] for name in Known._fields])
        .where(columns.person == actor.id, columns.ended_at.is_(None))
        .order_by(columns.seen_at.desc(), columns.id)
    )
    now, limit = to_ms(clock.now()), limits.of(actor.roles)
    return [Known._make(row) for row in rows if not over(now, row.created_at, row.seen_at, limit)]


def hashed(token: str) -> str:
    """Return the stored form of a random token: it has 256 bits, so a plain hash is enough (no salt, no stretching)."""
    return hashlib.sha256(token.encode()).hexdigest()
