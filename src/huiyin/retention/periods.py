"""Say how long what is kept, and see what was said: an owner's verbs.

A period that is shorter than the one before comes into force a week later, so that a slip of the hand, or a stolen
session, can be undone; a longer one at once. Until somebody decides, everything is kept: a program that deletes what
nobody told it to delete has lost it.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.conversations.expiring import MASKED, NOTHING, Due, number_due
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import InvalidError
from huiyin.retention.store import retention_period as table
from huiyin.security.holds import Held, held

GRACE = timedelta(days=7)
DAY_MS = 24 * 3600 * 1000
MOST_DAYS = 3650
MOST_COUNTED = 100_000
PERIOD_SET = "retention.set"


class Kind(StrEnum):
    """What a period is about: the personal data behind masks, or all that was said."""

    ORIGINALS = "originals"
    WORDS = "words"


class Bounds(NamedTuple):
    """The fewest days there must be, and those that are advised."""

    least: int
    advised: int


BOUNDS: Mapping[Kind, Bounds] = {
    # A parcel, its return and a complaint to the platform are over within half a year; PIPL art. 19: no longer than
    # the purpose needs.
    Kind.ORIGINALS: Bounds(30, 180),
    # Half a year is what the Cybersecurity Law (art. 21) asks of logs, and settlement opens down to messages; three
    # years what the E-Commerce Law (art. 31) asks of trades, of which an agreement made in a chat is part.
    Kind.WORDS: Bounds(180, 1095),
}
KEPT = {Kind.ORIGINALS: MASKED, Kind.WORDS: NOTHING}


class Period(NamedTuple):
    """How long a kind is kept: `days` now, None for always; `next_days` from `next_from` on (milliseconds), if that."""

    kind: Kind
    days: int | None
    next_days: int | None = None
    next_from: int | None = None


class Standing(NamedTuple):
    """A period, how many conversations are past it, and how many are past what comes next; `MOST_COUNTED` at most."""

    period: Period
    due: int
    next_due: int


def keep_for(uow: UnitOfWork, kind: Kind, days: int | None, *, actor: Actor) -> None:
    """Decide how long the actor's organisation keeps a kind; None is always.

    Raises:
        InvalidError: fewer days than settlement and the law need, or more than ten years.

    """
    least = BOUNDS[kind].least
    if days is not None and not least <= days <= MOST_DAYS:
        message = f"{kind} are kept for {least} to {MOST_DAYS} days, or always"
        raise InvalidError(message, remedy=f"Ask for at least {least} days.", code="retention_days")
    before = periods(uow.connection, actor.tenant, uow.now_ms())[kind]
    shorter = days is not None and (before.days is None or days < before.days)
    from_at = uow.now_ms() + (GRACE // timedelta(milliseconds=1) if shorter else 0)
    values = {"days": days, "from_at": from_at, "before": before.days, "set_at": uow.now_ms(), "set_by": actor.id}
    mine = sa.and_(table.c.tenant == actor.tenant, table.c.kind == kind)
    if not uow.connection.execute(table.update().where(mine).values(values)).rowcount:
        uow.connection.execute(table.insert().values(tenant=actor.tenant, kind=str(kind), **values))
    detail = {"kind": str(kind), "days": days or 0, "before": before.days or 0}
    write_down(uow, Entry(action=PERIOD_SET, actor=actor, tenant=actor.tenant, subject=actor.tenant, detail=detail))


def periods(connection: sa.Connection, tenant: str, now: int) -> dict[Kind, Period]:
    """Return a tenant's periods as they stand at a moment (milliseconds)."""
    found = {kind: Period(kind, None) for kind in Kind}
    for row in connection.execute(sa.select(table).where(table.c.tenant == tenant)):
        kind, waits = Kind(row.kind), row.from_at > now
        found[kind] = Period(kind, row.before, row.days, row.from_at) if waits else Period(kind, row.days)
    return found


def standing(connection: sa.Connection, now: int, *, actor: Actor) -> list[Standing]:
    """Return the periods of the actor's organisation, and what each lets go of."""
    kept = held(connection, actor.tenant, now)
    return [_standing(connection, each, kept, actor.tenant, now) for each in
            periods(connection, actor.tenant, now).values()]  # fmt: skip


def _standing(connection: sa.Connection, period: Period, kept: Held, tenant: str, now: int) -> Standing:
    def count(days: int | None) -> int:
        due = due_of(period.kind, days, kept, tenant, now)
        return 0 if due is None else number_due(connection, due, MOST_COUNTED)

    return Standing(period, count(period.days), 0 if period.next_from is None else count(period.next_days))


def due_of(kind: Kind, days: int | None, kept: Held, tenant: str, now: int) -> Due | None:
    """Return what is past a period; None if nothing ever is, or a hold keeps it all."""
    if days is None or kept.everything:
        return None
    return Due(tenant, KEPT[kind], now - days * DAY_MS, kept.subjects)
