"""What waits for a second person (四眼): whatever lets somebody into the account of a guardian, or makes one.

The security officer and the auditor watch over those who appoint people. If one administrator alone could open their
accounts, the three hands of GB/T 22239-2019 would be one. So a link for a guardian opens nothing, an identity is not
bound and roles do not change before somebody else agreed (`approving`).
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, Value, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.ids import new_id
from huiyin.kernel.wire import decode, encode_text
from huiyin.org import store
from huiyin.org.session_limits import CLOCK_SLACK_MS
from huiyin.policy.table import GUARDIANS

OPEN, APPROVED, REFUSED, REPLACED, ENDED = "", "approved", "refused", "replaced", "ended"
"""Verdicts. replaced: the same was asked anew · ended: who asked, or whom it was about, was deactivated."""


class Wish(NamedTuple):
    """What is to happen to a guardian once a second person agrees.

    `kind` is link (`link` is its id, terms: purpose), identity (terms: issuer, subject) or roles (terms: roles, skills,
    capacity). `until` is when it is too late, in milliseconds.
    """

    kind: str
    person: str
    terms: Mapping[str, object]
    until: int
    link: str = ""


class Waiting(NamedTuple):
    """A wish that waits; `asked_by` is the label of whoever asked, `held` are the roles of whom it is about."""

    id: str
    tenant: str
    kind: str
    person: str
    held: list[str]
    link: str
    terms: dict[str, Any]
    asked_by: str
    asked_at: int
    expires_at: int


def is_guardian(roles: Iterable[str]) -> bool:
    """Tell whether roles make somebody a guardian."""
    return bool(GUARDIANS & set(roles))


def ask(uow: UnitOfWork, wish: Wish, *, actor: Actor) -> None:
    """Let a wish wait for a second person; it takes the place of an earlier one of its kind for the same person."""
    columns = store.approval.c
    _end(uow, sa.and_(columns.person == wish.person, columns.kind == wish.kind), REPLACED)
    request = new_id()
    uow.connection.execute(
        store.approval.insert().values(
            id=request, tenant=actor.tenant, kind=wish.kind, person=wish.person, link=wish.link,
            terms=encode_text(wish.terms), asked_by=actor.label, asked_at=uow.now_ms(), expires_at=wish.until,
            verdict=OPEN,
        )
    )  # fmt: skip
    write_asked(
        uow, "approval.asked", Waiting(request, actor.tenant, wish.kind, wish.person, [], "", {}, "", 0, 0), actor
    )


def link_approved(connection: sa.Connection, link: str) -> bool:
    """Tell whether a second person agreed to a link."""
    columns = store.approval.c
    query = sa.select(columns.id).where(columns.link == link, columns.verdict == APPROVED)
    return connection.execute(query).first() is not None


def end_wishes(uow: UnitOfWork, person: str) -> None:
    """End whatever waits about somebody, or because they asked: they are gone."""
    columns = store.approval.c
    _end(uow, sa.or_(columns.person == person, columns.asked_by == f"{ActorKind.PERSON}:{person}"), ENDED)


def settle(uow: UnitOfWork, request: str, verdict: str, *, actor: Actor) -> None:
    """Write a verdict; what was asked for is not kept."""
    values = {"verdict": verdict, "terms": "{}", "decided_by": actor.label, "decided_at": uow.now_ms()}
    uow.connection.execute(store.approval.update().where(store.approval.c.id == request).values(values))


def waiting(connection: sa.Connection, now_ms: int, *, actor: Actor) -> list[Waiting]:
    """Return what waits in the actor's organisation, oldest first; for the machine's own terminal in all of them."""
    columns = store.approval.c
    query = (
        sa.select(store.approval, store.person.c.roles.label("held"))
        .join(store.person, store.person.c.id == columns.person)
        .where(
            columns.verdict == OPEN,
            columns.expires_at > now_ms,
            columns.asked_at <= now_ms + CLOCK_SLACK_MS,
            store.person.c.active,
        )
        .order_by(columns.asked_at, columns.id)
    )
    if actor.kind is not ActorKind.SYSTEM:
        query = query.where(columns.tenant == actor.tenant)
    return [
        Waiting(
            row.id, row.tenant, row.kind, row.person, decode(row.held), row.link, decode(row.terms), row.asked_by,
            row.asked_at, row.expires_at,
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def write_asked(uow: UnitOfWork, action: str, wish: Waiting, actor: Actor) -> None:
    """Write down what became of a wish, about the person it concerns."""
    detail: dict[str, Value] = {"request": wish.id, "wish": wish.kind}
    if wish.asked_by:
        detail["asked_by"] = wish.asked_by
    write_down(uow, Entry(action=action, actor=actor, tenant=wish.tenant, subject=wish.person, detail=detail))


def _end(uow: UnitOfWork, which: sa.ColumnElement[bool], verdict: str) -> None:
    columns = store.approval.c
    uow.connection.execute(
        store.approval.update()
        .where(which, columns.verdict == OPEN)
        .values(verdict=verdict, terms="{}", decided_at=uow.now_ms())
    )
