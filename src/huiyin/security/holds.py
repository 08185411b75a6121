"""Keep what the law wants kept: while a hold stands, nobody's key is destroyed, whatever was asked for."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.clock import from_ms, to_ms
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError
from huiyin.kernel.ids import new_id
from huiyin.policy.terms import Action
from huiyin.security.rights import check_keys, check_there, may_keys
from huiyin.security.store import legal_hold

PLACED, LIFTED = "legal_hold.placed", "legal_hold.lifted"
MOST_CHARACTERS = 200
LONGEST = timedelta(days=100 * 365)
DAY_MS = 24 * 3600 * 1000


class NewHold(NamedTuple):
    """A hold on one subject of a tenant, or on all of them (subject ""); `until` is None until further notice."""

    tenant: str
    subject: str
    reason: str
    until: datetime | None = None


def check_reason(reason: str) -> str:
    """Return a reason of record, trimmed.

    Raises:
        InvalidError: none, too long, or with signs that are no letters: it is printed at terminals.

    """
    reason = reason.strip()
    if not 0 < len(reason) <= MOST_CHARACTERS or not reason.isprintable():
        message = f"a reason has 1 to {MOST_CHARACTERS} characters in one line"
        remedy = "Name the law or the file number; leave people's names and words out of it."
        raise InvalidError(message, remedy=remedy, code="reason")
    return reason


def hold(uow: UnitOfWork, new: NewHold, *, actor: Actor) -> str:
    """Write a hold down and return its id.

    Raises:
        NotFoundError: there is no such tenant or subject, or their keys are not the actor's to keep.
        InvalidError: no reason, or an end that is past or more than a century away.

    """
    check_keys(actor, Action.ERASE, new.tenant)
    check_there(uow.connection, new.tenant, new.subject)
    reason = check_reason(new.reason)
    if new.until is not None and not timedelta(0) < new.until - uow.now() <= LONGEST:
        message = "the hold ends before it begins, or more than a century later"
        raise InvalidError(message, remedy="Name another end, or none: until further notice.", code="hold_end")
    hold_id = new_id()
    uow.connection.execute(
        legal_hold.insert().values(
            id=hold_id, tenant=new.tenant, subject=new.subject, reason=reason, actor=actor.label,
            recorded_at=uow.now_ms(), until=to_ms(new.until) if new.until else None, lifted_at=None, lifted_by="",
        )
    )  # fmt: skip
    write_down(uow, Entry(action=PLACED, actor=actor, tenant=new.tenant, subject=hold_id))
    return hold_id


def lift(uow: UnitOfWork, hold_id: str, *, actor: Actor) -> None:
    """Lift a hold; lifting one twice is no error.

    Raises:
        NotFoundError: no such hold, or not the actor's.

    """
    row = uow.connection.execute(sa.select(legal_hold).where(legal_hold.c.id == hold_id)).one_or_none()
    if row is None or not may_keys(actor, Action.ERASE, row.tenant):
        message = "there is no such hold"
        remedy = "`huiyin keys state` lists the holds that stand, the page of keys yours."
        raise NotFoundError(message, remedy=remedy, code="hold_gone")
    if row.lifted_at is None:
        lifted = {"lifted_at": uow.now_ms(), "lifted_by": actor.label}
        uow.connection.execute(legal_hold.update().where(legal_hold.c.id == hold_id).values(**lifted))
        write_down(uow, Entry(action=LIFTED, actor=actor, tenant=row.tenant, subject=hold_id))


def check_not_held(uow: UnitOfWork, tenant: str, subject: str) -> None:
    """Refuse to destroy what a hold keeps: legal retention outranks deletion.

    Raises:
        ConflictError: with the reason of record, who gave it, and until when.

    """
    columns = legal_hold.c
    row = uow.connection.execute(
        sa.select(legal_hold).where(
            columns.tenant == tenant, columns.subject.in_(("", subject)), columns.lifted_at.is_(None),
            sa.or_(columns.until.is_(None), columns.until > uow.now_ms()),
        ).order_by(columns.recorded_at)
    ).first()  # fmt: skip
    if row is not None:
        until = "further notice" if row.until is None else f"{from_ms(row.until):%Y-%m-%d %H:%M}Z"
        message = f"legal hold {row.id} by {row.actor} until {until}: {row.reason}"
        remedy = f"Retention outranks deletion. Once it is over: huiyin keys lift {row.id}"
        raise ConflictError(message, remedy=remedy, code="held")


class Held(NamedTuple):
    """What holds keep of a tenant: everything, or these subjects."""

    everything: bool
    subjects: frozenset[str]


def held(connection: sa.Connection, tenant: str, now: int) -> Held:
    """Return what no period may let go of at a moment (milliseconds)."""
    columns = legal_hold.c
    stands = sa.and_(
        columns.tenant == tenant, columns.lifted_at.is_(None), sa.or_(columns.until.is_(None), columns.until > now)
    )
    subjects = frozenset(connection.execute(sa.select(columns.subject).where(stands)).scalars())
    return Held("" in subjects, subjects - {""})


def check_second_hand(uow: UnitOfWork, tenant: str, subject: str, *, actor: Actor) -> None:
    """Refuse whoever lifted a hold to destroy within a day what it kept: somebody else may, or the auditor has looked.

    Raises:
        ConflictError: the actor, a person, lifted one within the day.

    """
    columns = legal_hold.c
    lifted = sa.select(columns.id).where(
        columns.tenant == tenant, columns.subject.in_(("", subject)), columns.lifted_by == actor.label,
        columns.lifted_at > uow.now_ms() - DAY_MS,
    )  # fmt: skip
    if actor.kind is ActorKind.PERSON and uow.connection.execute(lifted.limit(1)).first() is not None:
        message = "whoever lifts a hold does not destroy within a day what it kept"
        remedy = "Let another security officer do it, or whoever runs the server, or come back tomorrow."
        raise ConflictError(message, remedy=remedy, code="hold_own")


def holds_of(connection: sa.Connection) -> list[dict[str, object]]:
    """Return every hold a database knows, lifted ones too, for the database that takes its place."""
    return [row._asdict() for row in connection.execute(sa.select(legal_hold))]


def carry_holds(uow: UnitOfWork, known: list[dict[str, object]]) -> int:
    """Keep holds that a newer database knew, and what it knew of older ones; return how many stand now and did not."""
    columns, carried = legal_hold.c, 0
    for row in known:
        here = legal_hold.update().where(columns.id == row["id"]).values(**row)
        if not uow.connection.execute(here).rowcount:
            uow.connection.execute(legal_hold.insert().values(**row))
            carried += row["lifted_at"] is None
    return carried
