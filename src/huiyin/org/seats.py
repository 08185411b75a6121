"""Seats: who is at the desk, how much they carry. Capacity lives here, in the database, and nowhere else."""

import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError
from huiyin.org import store
from huiyin.org.events import PresenceChanged

STATES = ("online", "busy", "rest", "training", "offline")


def give_seat(uow: UnitOfWork, person: str, tenant: str, capacity: int) -> None:
    """Give somebody a seat, offline at first, or let the one they have take more or less.

    Raises:
        ConflictError: more is on the desk than it is to take.

    """
    columns, now = store.seat.c, uow.now_ms()
    load = uow.connection.execute(sa.select(columns.load).where(columns.person == person)).scalar()
    if load is None:
        uow.connection.execute(
            store.seat.insert().values(
                person=person, tenant=tenant, state="offline", capacity=capacity, load=0, changed_at=now, seen_at=now,
                given_at=0,
            )
        )  # fmt: skip
        return
    if load > capacity:
        message = f"{load} conversations are on this desk"
        raise ConflictError(message, remedy="Let some be closed or handed on first.", code="seat_full")
    uow.connection.execute(store.seat.update().where(columns.person == person).values(capacity=capacity))


def change_presence(uow: UnitOfWork, person: str, state: str, because: str, *, actor: Actor) -> None:
    """Move a seat to another state.

    Raises:
        InvalidError: for a state that does not exist.
        NotFoundError: for a person without a seat.

    """
    if state not in STATES:
        message = f"{state!r} is not a presence"
        raise InvalidError(message, remedy=f"Use one of {', '.join(STATES)}.", code="choice")
    now = uow.now_ms()
    tenant = uow.connection.execute(sa.select(store.seat.c.tenant).where(store.seat.c.person == person)).scalar()
    if tenant is None:
        message = "this person has no seat"
        raise NotFoundError(message, remedy="Give the person the agent role with a capacity first.", code="seat_none")
    changed = uow.connection.execute(
        store.seat.update()
        .where(store.seat.c.person == person, store.seat.c.state != state)
        .values(state=state, changed_at=now, seen_at=now)
    )
    if changed.rowcount:
        uow.record(PresenceChanged(person, state, because), subject=person, tenant=tenant, shop="", actor=actor)


def seen(uow: UnitOfWork, people: list[str]) -> None:
    """Note that these people's screens are still there."""
    uow.connection.execute(store.seat.update().where(store.seat.c.person.in_(people)).values(seen_at=uow.now_ms()))


def vanished(connection: sa.Connection, before_ms: int) -> list[str]:
    """Return the people whose seat is not offline though their screen has been silent since before `before_ms`."""
    query = sa.select(store.seat.c.person).where(store.seat.c.state != "offline", store.seat.c.seen_at < before_ms)
    return list(connection.execute(query).scalars())


_ANYONE = Prepared(
    sa.select(store.seat.c.person)
    .where(store.seat.c.state == "online", store.seat.c.load < store.seat.c.capacity)
    .limit(1)
)


def anyone_free(connection: sa.Connection) -> bool:
    """Tell whether any seat at all could take a conversation now: the cheap question before the dear one."""
    return _ANYONE.one(connection) is not None


TAKING = ("online", "busy")


def take_slot(uow: UnitOfWork, person: str, *, over_limit: bool = False) -> bool:
    """Occupy one slot of an agent, if one is free, in the caller's transaction.

    `over_limit` is for a person who takes a conversation over with open eyes while online or busy.
    """
    states = TAKING if over_limit else ("online",)
    taken = uow.connection.execute(
        store.seat.update()
        .where(store.seat.c.person == person, store.seat.c.state.in_(states), store.seat.c.load < store.seat.c.capacity)
        .values(load=store.seat.c.load + 1, given_at=uow.now_ms())
    )
    return bool(taken.rowcount)


def is_open(connection: sa.Connection, person: str) -> bool:
    """Tell whether an agent is online or busy: whoever is not takes nothing."""
    query = sa.select(store.seat.c.state).where(store.seat.c.person == person)
    return connection.execute(query).scalar() in TAKING


def free_slot(uow: UnitOfWork, person: str) -> None:
    """Give one slot back."""
    uow.connection.execute(store.seat.update().where(store.seat.c.person == person).values(load=store.seat.c.load - 1))


def seats_by_state(connection: sa.Connection) -> dict[str, int]:
    """Return how many seats are in each state."""
    query = sa.select(store.seat.c.state, sa.func.count()).group_by(store.seat.c.state)
    return dict.fromkeys(STATES, 0) | {state: number for state, number in connection.execute(query)}
