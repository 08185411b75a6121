"""Write down who works when: a person's shift from one moment to another. A record is replaced, never edited."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms, to_ms
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError
from huiyin.kernel.ids import PersonId, ShiftId, ShopId, new_id
from huiyin.org import store
from huiyin.org.events import ShiftRecorded
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right

LONGEST = timedelta(hours=24)
"""No shift is longer, so whoever looks for the shift of a moment need not look further back."""
ROSTERING = Right(Resource.SHIFT, Action.WRITE)


class NewShift(msgspec.Struct, frozen=True, kw_only=True):
    """A person's shift: 早班, 晚班 …, from a moment up to, not including, another.

    `shop` limits it to one shop; "" is every shop the person's organisation serves.
    """

    person: PersonId
    name: str
    starts_at: datetime
    ends_at: datetime
    shop: ShopId = ShopId("")


def record_shift(uow: UnitOfWork, new: NewShift, *, actor: Actor, replaces: ShiftId | None = None) -> ShiftId:
    """Write a shift down, perhaps in place of an earlier record of the same person's.

    What was attributed before stays as it was: a shift recorded late counts for what is answered from now on.

    Raises:
        InvalidError: no name, no length, or longer than a day.
        NotFoundError: the person, or the record to replace, is not the actor's to roster.
        ConflictError: the person has another shift then, or the record was replaced before.

    """
    tenant = _tenant_of(uow, new.person, actor)
    if not new.name.strip():
        message = "a shift has a name"
        raise InvalidError(message, remedy="Name it as the team does: 早班, 晚班 …", code="shift_name")
    if not timedelta() < new.ends_at - new.starts_at <= LONGEST:
        message = "a shift begins before it ends and is no longer than a day"
        raise InvalidError(message, remedy="Check both moments; split a longer one.", code="shift_span")
    if replaces is not None:
        _check_replaceable(uow, replaces, new.person)
    _check_free(uow, new, replaces)
    return _write(uow, new, tenant, replaces, actor)


def cancel_shift(uow: UnitOfWork, shift: ShiftId, *, actor: Actor) -> ShiftId:
    """Replace a shift by one that covers nothing; return that record.

    Raises:
        NotFoundError: there is no such shift, or it is not the actor's to roster.
        ConflictError: it was replaced before.

    """
    row = uow.connection.execute(sa.select(store.shift).where(store.shift.c.id == shift)).one_or_none()
    if row is None:
        raise _absent()
    tenant = _tenant_of(uow, row.person, actor)
    _check_replaceable(uow, shift, row.person)
    start = from_ms(row.effective_from)
    nothing = NewShift(person=row.person, name=row.name, starts_at=start, ends_at=start, shop=row.shop)
    return _write(uow, nothing, tenant, shift, actor)


def _write(uow: UnitOfWork, new: NewShift, tenant: str, replaces: ShiftId | None, actor: Actor) -> ShiftId:
    shift = ShiftId(new_id())
    uow.connection.execute(
        store.shift.insert().values(
            id=shift, tenant=tenant, person=new.person, shop=new.shop, name=new.name.strip(),
            effective_from=to_ms(new.starts_at), effective_to=to_ms(new.ends_at), recorded_at=uow.now_ms(),
            replaces=replaces,
        )
    )  # fmt: skip
    event = ShiftRecorded(shift, new.person, replaces or "")
    uow.record(event, subject=new.person, tenant=tenant, shop=new.shop, actor=actor)
    detail = {
        "person": new.person, "shop": new.shop, "from": to_ms(new.starts_at), "until": to_ms(new.ends_at),
        "replaces": replaces,
    }  # fmt: skip
    write_down(uow, Entry(action="shift.recorded", actor=actor, tenant=tenant, subject=shift, detail=detail))
    return shift


def _tenant_of(uow: UnitOfWork, person: str, actor: Actor) -> str:
    tenant = uow.connection.execute(sa.select(store.person.c.tenant).where(store.person.c.id == person)).scalar()
    theirs = may(actor, ROSTERING) and actor.tenant in {tenant, ""}
    if tenant is None or not theirs:
        message = "there is no such person to roster"
        raise NotFoundError(
            message,
            remedy="Choose one of your own team; a team lead or a manager writes shifts down.",
            code="person_gone",
        )
    return str(tenant)


def _absent() -> NotFoundError:
    return NotFoundError("there is no such shift", remedy="Look at the person's shifts again.", code="shift_gone")


def _check_replaceable(uow: UnitOfWork, shift: ShiftId, person: str) -> None:
    later = store.shift.alias("later")
    row = uow.connection.execute(
        sa.select(store.shift.c.person, later.c.id)
        .outerjoin(later, later.c.replaces == store.shift.c.id)
        .where(store.shift.c.id == shift)
    ).first()
    if row is None or row.person != person:
        raise _absent()
    if row.id is not None:
        message = "this record of the shift was replaced before"
        raise ConflictError(message, remedy="Replace the newest record.", code="shift_changed")


def _check_free(uow: UnitOfWork, new: NewShift, replaces: ShiftId | None) -> None:
    columns, later = store.shift.c, store.shift.alias("later")
    query = sa.select(columns.name).where(
        columns.person == new.person,
        columns.effective_from < to_ms(new.ends_at),
        columns.effective_from >= to_ms(new.starts_at - LONGEST),
        columns.effective_to > to_ms(new.starts_at),
        columns.effective_to > columns.effective_from,
        columns.id != (replaces or ""),
        ~sa.select(later.c.id).where(later.c.replaces == columns.id).exists(),
    )
    if new.shop:
        query = query.where(columns.shop.in_(["", new.shop]))
    other = uow.connection.execute(query.limit(1)).scalar()
    if other is not None:
        message = f"this person works the shift {other} at that time"
        raise ConflictError(message, remedy="Replace that shift, or choose another time.", code="shift_taken")
