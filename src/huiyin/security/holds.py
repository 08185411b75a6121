"""Keep what the law wants kept: while a hold stands, nobody's key is destroyed, whatever was asked for."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms, to_ms
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError
from huiyin.kernel.ids import new_id
from huiyin.policy.terms import Action
from huiyin.security.rights import check_keys, check_there
from huiyin.security.store import legal_hold

MOST_CHARACTERS = 200


class NewHold(NamedTuple):
    """A hold on one subject of a tenant, or on all of them (subject ""); `until` is None until further notice."""

    tenant: str
    subject: str
    reason: str
    until: datetime | None = None


def check_reason(reason: str) -> str:
    """Return a reason of record, trimmed.

    Raises:
        InvalidError: none, or too long.

    """
    reason = reason.strip()
    if not 0 < len(reason) <= MOST_CHARACTERS:
        message = f"a reason has 1 to {MOST_CHARACTERS} characters"
        raise InvalidError(message, remedy="Name the law or the file number; leave people's names and words out of it.")
    return reason


def hold(uow: UnitOfWork, new: NewHold, *, actor: Actor) -> str:
    """Write a hold down and return its id.

    Raises:
        NotFoundError: there is no such tenant or subject, or their keys are not the actor's to keep.
        InvalidError: no reason, or an end that is past.

    """
    check_keys(actor, Action.ERASE, new.tenant)
    check_there(uow.connection, new.tenant, new.subject)
    reason = check_reason(new.reason)
    if new.until is not None and new.until <= uow.now():
        message = "the hold ends before it begins"
        raise InvalidError(message, remedy="Name a later end, or none.")
    hold_id = new_id()
    uow.connection.execute(
        legal_hold.insert().values(
            id=hold_id, tenant=new.tenant, subject=new.subject, reason=reason, actor=actor.label,
            recorded_at=uow.now_ms(), until=to_ms(new.until) if new.until else None, lifted_at=None, lifted_by="",
        )
    )  # fmt: skip
    write_down(uow, Entry(action="legal_hold.placed", actor=actor, tenant=new.tenant, subject=hold_id))
    return hold_id


def lift(uow: UnitOfWork, hold_id: str, *, actor: Actor) -> None:
    """Lift a hold; lifting one twice is no error.

    Raises:
        NotFoundError: no such hold, or not the actor's.

    """
    row = uow.connection.execute(sa.select(legal_hold).where(legal_hold.c.id == hold_id)).one_or_none()
    if row is None:
        message = "there is no such hold"
        raise NotFoundError(message, remedy="`huiyin keys state` lists the holds that stand.")
    check_keys(actor, Action.ERASE, row.tenant)
    if row.lifted_at is None:
        lifted = {"lifted_at": uow.now_ms(), "lifted_by": actor.label}
        uow.connection.execute(legal_hold.update().where(legal_hold.c.id == hold_id).values(**lifted))
        write_down(uow, Entry(action="legal_hold.lifted", actor=actor, tenant=row.tenant, subject=hold_id))


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
        raise ConflictError(message, remedy=f"Retention outranks deletion. Once it is over: huiyin keys lift {row.id}")
