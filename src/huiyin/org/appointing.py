"""Change what people of one's organisation may do: their roles and desk, whether they come in at all.

Nobody does that to themselves: whoever may appoint stays, and no account grants itself a right. What changes holds for
the next request of theirs, and their open screens are asked anew who they are.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, Value, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, Role
from huiyin.kernel.errors import ConflictError
from huiyin.kernel.wire import decode, encode_text
from huiyin.org import store
from huiyin.org.approvals import Wish, ask, end_wishes, is_guardian
from huiyin.org.events import AccessChanged
from huiyin.org.inviting import access_colleague, check_given
from huiyin.org.links import LASTS
from huiyin.org.sealed import SHREDDED
from huiyin.org.seats import change_presence, give_seat
from huiyin.org.signing_in import end_sessions
from huiyin.org.still import check_still
from huiyin.org.tokens import revoke_tokens
from huiyin.policy.table import APPOINTING, DESK

LEFT = "账号已停用"
NO_DESK = "不再担任客服"


class Post(NamedTuple):
    """What somebody is to be: their roles, their skills, and how many conversations their desk takes (0 for none)."""

    roles: frozenset[Role]
    skills: tuple[str, ...] = ()
    capacity: int = 0


def change_roles(uow: UnitOfWork, person: str, post: Post, *, actor: Actor) -> bool:
    """Give somebody of the actor's organisation another post; who has no desk any more leaves it at once.

    Returns whether it waits for a second person: it does where somebody becomes a guardian, or ceases to be one.

    Raises:
        NotFoundError: no such person in the actor's organisation, or deactivated.
        ConflictError: it is the actor, or more is on their desk than it is to take.
        InvalidError: roles that do not go together, or not with this organisation.

    """
    row = _colleague(uow, person, actor, inactive=False)
    check_given(uow, actor.tenant, post.roles)
    before = decode(row.roles)
    if is_guardian(set(before) ^ post.roles):
        terms = {"roles": sorted(post.roles), "skills": list(post.skills), "capacity": post.capacity}
        ask(uow, Wish("roles", person, terms, uow.now_ms() + LASTS // timedelta(milliseconds=1)), actor=actor)
        return True
    give_post(uow, person, post, before, actor=actor)
    return False


def give_post(uow: UnitOfWork, person: str, post: Post, before: Sequence[str], *, actor: Actor) -> None:
    """Give a post to a person whose account and whose new roles the caller looked at; `before` are the roles held.

    Raises:
        ConflictError: more is on their desk than it is to take, or nobody would be left who appoints.

    """
    new = {"roles": encode_text(sorted(post.roles)), "skills": encode_text(post.skills)}
    uow.connection.execute(store.person.update().where(store.person.c.id == person).values(**new))
    capacity = post.capacity if DESK & post.roles else 0
    if capacity:
        give_seat(uow, person, actor.tenant, capacity)
    else:
        _leave_desk(uow, person, NO_DESK, actor)
    _check_somebody_appoints(uow, actor)
    _write(
        uow, "roles.changed", person, actor, {"before": ",".join(sorted(before)), "roles": ",".join(sorted(post.roles))}
    )


def deactivate(uow: UnitOfWork, person: str, *, actor: Actor) -> None:
    """Shut somebody of the actor's organisation out: sessions, tokens and links end, their desk goes to the queue.

    What they did stays under their name. Deactivating twice is no error.

    Raises:
        NotFoundError: no such person in the actor's organisation.
        ConflictError: it is the actor.

    """
    row = _colleague(uow, person, actor)
    if not row.active:
        return
    uow.connection.execute(store.person.update().where(store.person.c.id == person).values(active=False))
    _leave_desk(uow, person, LEFT, actor)
    ended = end_sessions(uow, person, "deactivated", actor=actor)
    revoke_tokens(uow, person, "deactivated", actor=actor)
    uow.connection.execute(store.one_time_link.delete().where(store.one_time_link.c.person == person))
    end_wishes(uow, person)
    _check_somebody_appoints(uow, actor)
    _write(uow, "person.deactivated", person, actor, {"sessions": ended})


def reactivate(uow: UnitOfWork, person: str, *, actor: Actor) -> None:
    """Let somebody of the actor's organisation in again, with the password and the roles they had.

    Raises:
        NotFoundError: no such person in the actor's organisation.
        ConflictError: it is the actor, or they were erased.

    """
    row = _colleague(uow, person, actor)
    if row.login_index.startswith(SHREDDED):
        message = "this person was erased"
        raise ConflictError(message, remedy="Invite them anew.", code="person_erased")
    if row.active:
        return
    uow.connection.execute(store.person.update().where(store.person.c.id == person).values(active=True))
    _write(uow, "person.reactivated", person, actor, {})


def shut_sessions(uow: UnitOfWork, person: str, *, actor: Actor) -> int:
    """End all sessions of somebody of the actor's organisation, and return how many those were.

    Raises:
        NotFoundError: no such person in the actor's organisation.

    """
    if person == actor.id:
        check_still(uow, actor)
    else:
        _colleague(uow, person, actor)
    ended = end_sessions(uow, person, "officer", actor=actor)
    uow.record(AccessChanged(person), subject=person, tenant=actor.tenant, shop="", actor=actor)
    return ended


def _colleague(uow: UnitOfWork, person: str, actor: Actor, *, inactive: bool = True) -> Any:  # noqa: ANN401  # a row of the table
    """Return the row of somebody else of the actor's organisation, whether they come in or not."""
    check_still(uow, actor)
    if person == actor.id:
        message = "nobody changes what they may do themselves"
        raise ConflictError(message, remedy="Ask another administrator or owner.", code="person_self")
    return access_colleague(uow, person, inactive=inactive, actor=actor)


def _leave_desk(uow: UnitOfWork, person: str, because: str, actor: Actor) -> None:
    """Send a seat offline, if there is one: what is on it goes back to the queue."""
    if uow.connection.execute(sa.select(store.seat.c.person).where(store.seat.c.person == person)).scalar():
        change_presence(uow, person, "offline", because, actor=actor)


def _check_somebody_appoints(uow: UnitOfWork, actor: Actor) -> None:
    """Refuse a change after which nobody of the organisation could change anything any more.

    It cannot be the actor's own account; but the actor may have lost theirs a moment ago.

    Raises:
        ConflictError: nobody would be left.

    """
    columns = store.person.c
    held = uow.connection.execute(
        sa.select(columns.roles).where(columns.tenant == actor.tenant, columns.active)
    ).scalars()
    if not any(APPOINTING & set(decode(roles)) for roles in held):
        message = "nobody would be left who can appoint anybody"
        raise ConflictError(message, remedy="Make somebody else an administrator first.", code="person_last")


def _write(uow: UnitOfWork, action: str, person: str, actor: Actor, detail: dict[str, Value]) -> None:
    write_down(uow, Entry(action=action, actor=actor, tenant=actor.tenant, subject=person, detail=detail))
    uow.record(AccessChanged(person), subject=person, tenant=actor.tenant, shop="", actor=actor)
