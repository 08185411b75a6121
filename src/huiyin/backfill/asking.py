"""Ask for a shop's past, go on at once, stop, and see how far it is: an owner's verbs."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.backfill.days import MOST_DAYS, spans
from huiyin.backfill.events import BackfillEnded, BackfillStarted
from huiyin.backfill.store import backfill as table
from huiyin.conversations.views import live_since
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms, to_ms
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError
from huiyin.kernel.ids import new_id
from huiyin.org.shops import owned_shop

MOST_LISTED = 20
SETTLED = timedelta(hours=1)
"""What is older came in live by now, or never will."""
TOO_OLD = "backfill_too_old"
"""Told of an ended backfill: the platform's limit went by for some days while it waited."""


class Backfill(NamedTuple):
    """A backfill. Times are in milliseconds; `done` of `parts` days are in, `fresh` of `messages` were new.

    `trouble` is a code for what it waits for, "" for nothing; it is tried again at `not_before`.
    """

    id: str
    shop: str
    person: str
    since: int
    until: int
    parts: int
    done: int
    state: str
    trouble: str
    not_before: int
    created_at: int
    ended_at: int | None
    messages: int
    fresh: int


def ask(uow: UnitOfWork, shop_id: str, days: int, *, actor: Actor) -> str:
    """Have the last days of a shop brought in, those its line stood included: lines break; return the backfill's id.

    Raises:
        NotFoundError: the shop is not one of the actor's organisation.
        InvalidError: more days than platforms keep, or none that are not here already.
        ConflictError: one is under way.

    """
    shop = owned_shop(uow.connection, shop_id, actor=actor)
    if not 1 <= days <= MOST_DAYS:
        message = f"a backfill is of 1 to {MOST_DAYS} days"
        raise InvalidError(message, remedy="Ask for fewer days; files bring in what is older.", code="backfill_days")
    if backfill_runs(uow.connection, shop.id):
        message = "a backfill of this shop is under way"
        raise ConflictError(message, remedy="Wait for it, or stop it.", code="backfill_running")
    now = uow.now()
    since, until = now - timedelta(days=days), _until(uow, shop.id, now)
    parts = len(spans(since, until, shop.zone))
    if not parts:
        message = "these days came in live"
        raise InvalidError(message, remedy="Ask for more days.", code="backfill_nothing")
    backfill = new_id()
    row = {
        "id": backfill, "tenant": shop.tenant, "shop": shop.id, "person": actor.id, "since": to_ms(since),
        "until": to_ms(until), "parts": parts, "done": 0, "state": "running", "trouble": "", "not_before": 0,
        "created_at": to_ms(now), "ended_at": None, "messages": 0, "fresh": 0, "missed": 0,
        "turned_at": to_ms(now), "lease": "", "leased_until": 0,
    }  # fmt: skip
    uow.connection.execute(table.insert().values(row))
    uow.record(BackfillStarted(backfill, days), subject=backfill, tenant=shop.tenant, shop=shop.id, actor=actor)
    detail = {"shop": shop.id, "days": days}
    write_down(uow, Entry(action="backfill.asked", actor=actor, tenant=shop.tenant, subject=backfill, detail=detail))
    return backfill


def backfill_runs(connection: sa.Connection, shop: str) -> bool:
    """Tell whether a shop's past is being brought in."""
    running = sa.select(table.c.id).where(table.c.shop == shop, table.c.state == "running")
    return connection.execute(running).first() is not None


def go_on(uow: UnitOfWork, shop: str, backfill: str, *, actor: Actor) -> None:
    """Try again at once what waits for something.

    Raises:
        NotFoundError, ConflictError: as `stop`.

    """
    _owned(uow, shop, backfill, actor)
    running = sa.and_(table.c.id == backfill, table.c.state == "running")
    if not uow.connection.execute(table.update().where(running).values(not_before=0)).rowcount:
        raise _ended()


def stop(uow: UnitOfWork, shop: str, backfill: str, *, actor: Actor) -> None:
    """Stop a backfill; what is in stays in.

    Raises:
        NotFoundError: there is none such of the actor's organisation.
        ConflictError: it has ended.

    """
    _owned(uow, shop, backfill, actor)
    if not end(uow, backfill, "stopped", actor=actor):
        raise _ended()


def end(uow: UnitOfWork, backfill: str, state: str, *, actor: Actor) -> bool:
    """End a backfill that runs; false if it has ended."""
    mine = sa.and_(table.c.id == backfill, table.c.state == "running")
    row = uow.connection.execute(sa.select(table).where(mine)).one_or_none()
    if row is None:
        return False
    trouble = TOO_OLD if row.missed else ""
    ended = {"state": state, "trouble": trouble, "ended_at": uow.now_ms(), "lease": "", "leased_until": 0}
    uow.connection.execute(table.update().where(mine).values(**ended))
    counts = {"fresh": row.fresh, "repeats": row.messages - row.fresh}
    uow.record(
        BackfillEnded(backfill, state, **counts), subject=backfill, tenant=row.tenant, shop=row.shop, actor=actor
    )
    detail = {"shop": row.shop, "state": state, **counts}
    write_down(uow, Entry(action="backfill.ended", actor=actor, tenant=row.tenant, subject=backfill, detail=detail))
    return True


def backfills(connection: sa.Connection, shop: str, *, actor: Actor) -> list[Backfill]:
    """Return the newest backfills of a shop of the actor's organisation; NotFoundError for any other shop."""
    known = owned_shop(connection, shop, actor=actor)
    columns = [table.c[name] for name in Backfill._fields]
    rows = connection.execute(
        sa.select(*columns).where(table.c.shop == known.id).order_by(table.c.created_at.desc()).limit(MOST_LISTED)
    )
    return [Backfill(*row) for row in rows]


def _ended() -> ConflictError:
    message = "this backfill has ended"
    return ConflictError(message, remedy="Look at the shop again.", code="backfill_ended")


def _until(uow: UnitOfWork, shop: str, now: datetime) -> datetime:
    """Return up to when to ask: what was said just now may yet come in live, with another id than history gives it."""
    live = live_since(uow.connection, shop)
    return now if live is None else min(now, max(from_ms(live), now - SETTLED))


def _owned(uow: UnitOfWork, shop: str, backfill: str, actor: Actor) -> None:
    owned_shop(uow.connection, shop, actor=actor)
    mine = sa.select(table.c.id).where(table.c.id == backfill, table.c.shop == shop)
    if uow.connection.execute(mine).scalar() is None:
        message = "there is no such backfill"
        raise NotFoundError(message, remedy="Look at the shop again.", code="backfill_gone")
