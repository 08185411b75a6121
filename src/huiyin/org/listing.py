"""List the people of an organisation for those who look after them: roles, how they get in, when they last did."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import NotFoundError
from huiyin.kernel.wire import decode
from huiyin.org import attempts, store
from huiyin.org.inviting import roles_given
from huiyin.org.people import opened_person
from huiyin.org.sealed import SHREDDED
from huiyin.org.session_limits import SessionLimits, over
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right
from huiyin.security.sealing import Sealer

READING = Right(Resource.PERSON, Action.READ)


class Listed(NamedTuple):
    """One person; moments in milliseconds.

    `standing` is active, invited (no password yet), deactivated or erased. `sessions` are those open now; `capacity`
    and `presence` are None without a seat. `last_in_at` is None after a month of absence: sessions are kept so long.
    """

    id: str
    name: str
    login: str
    roles: list[str]
    skills: list[str]
    capacity: int | None
    presence: str | None
    standing: str
    second_factor: bool
    link_until: int | None
    last_in_at: int | None
    sessions: int
    locked_until: int | None


class Roll(NamedTuple):
    """The people of an organisation, and the roles it can give."""

    people: list[Listed]
    roles: list[str]


def roll(connection: sa.Connection, sealer: Sealer, limits: SessionLimits, now_ms: int, *, actor: Actor) -> Roll:
    """Return the people of the actor's organisation by name, those who left last; five queries, however many.

    Raises:
        NotFoundError: the actor may not see them.

    """
    if not may(actor, READING):
        message = "there is no such page"
        raise NotFoundError(message, remedy="Ask an administrator for the role you need.", code="page_gone")
    rows = connection.execute(_PEOPLE, {"tenant": actor.tenant}).all()
    sealer.learn(connection, (sealed for row in rows for sealed in (row.name_sealed, row.login_sealed)))
    named = {row.id: opened_person(connection, sealer, row) for row in rows}
    seen = {row.person: row for row in connection.execute(_SEEN, {"tenant": actor.tenant})}
    links = {row.person: row.expires_at for row in connection.execute(_LINKS, {"tenant": actor.tenant, "now": now_ms})}
    opened = _open_sessions(connection, rows, limits, now_ms, actor.tenant)
    locked = _locked(connection, sealer, named, now_ms)
    people = [
        Listed(
            row.id, *named[row.id], decode(row.roles), decode(row.skills), row.capacity, row.presence, _standing(row),
            row.confirmed_at is not None, links.get(row.id), seen[row.id].last if row.id in seen else None,
            opened.get(row.id, 0), locked.get(row.id),
        )
        for row in rows
    ]  # fmt: skip
    people.sort(key=lambda each: (each.standing in {"deactivated", "erased"}, each.name, each.id))
    return Roll(people, sorted(roles_given(connection, actor.tenant)))


def members_of(connection: sa.Connection, tenant: str) -> list[str]:
    """Return the ids of everybody who is or was with an organisation."""
    return list(connection.execute(sa.select(store.person.c.id).where(store.person.c.tenant == tenant)).scalars())


_PERSON = store.person.c
_TENANT: sa.BindParameter[str] = sa.bindparam("tenant")
_PEOPLE = (
    sa.select(store.person, store.seat.c.capacity, store.seat.c.state.label("presence"), store.totp.c.confirmed_at)
    .outerjoin(store.seat, store.seat.c.person == _PERSON.id)
    .outerjoin(store.totp, store.totp.c.person == _PERSON.id)
    .where(_PERSON.tenant == _TENANT)
)
_THEIRS = sa.select(_PERSON.id).where(_PERSON.tenant == _TENANT)
_SEEN = (
    sa.select(store.session.c.person, sa.func.max(store.session.c.created_at).label("last"))
    .where(store.session.c.person.in_(_THEIRS))
    .group_by(store.session.c.person)
)
_OPEN = sa.select(store.session.c.person, store.session.c.created_at, store.session.c.seen_at).where(
    store.session.c.person.in_(_THEIRS), store.session.c.ended_at.is_(None)
)
_LINKS = sa.select(store.one_time_link.c.person, store.one_time_link.c.expires_at).where(
    store.one_time_link.c.person.in_(_THEIRS),
    store.one_time_link.c.used_at.is_(None),
    store.one_time_link.c.expires_at > sa.bindparam("now"),
)


def _standing(row: Any) -> str:  # noqa: ANN401  # a row of the columns asked for above
    if row.login_index.startswith(SHREDDED):
        return "erased"
    if not row.active:
        return "deactivated"
    return "active" if row.password else "invited"


def _open_sessions(
    connection: sa.Connection, rows: Sequence[Any], limits: SessionLimits, now_ms: int, tenant: str
) -> dict[str, int]:
    """Count the sessions that open something at this moment: those nobody used for too long are over."""
    limit = {row.id: limits.of(decode(row.roles)) for row in rows if row.active}
    found: dict[str, int] = {}
    for person, created_at, seen_at in connection.execute(_OPEN, {"tenant": tenant}):
        if person in limit and not over(now_ms, created_at, seen_at, limit[person]):
            found[person] = found.get(person, 0) + 1
    return found


def _locked(
    connection: sa.Connection, sealer: Sealer, named: Mapping[str, tuple[str, str]], now_ms: int
) -> dict[str, int]:
    """Return until when people are locked out after too many attempts."""
    keys = {attempts.login_key(sealer.ring, login): person for person, (_, login) in named.items()}
    keys |= {attempts.code_key(person): person for person in named}
    query = sa.select(store.attempt.c.key, store.attempt.c.blocked_until).where(
        store.attempt.c.key.in_(sorted(keys)), store.attempt.c.blocked_until > now_ms
    )
    found: dict[str, int] = {}
    for key, until in connection.execute(query):
        found[keys[key]] = max(until, found.get(keys[key], 0))
    return found
