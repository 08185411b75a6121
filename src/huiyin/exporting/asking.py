"""Ask for an export, and take the wish back."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.conversations.extracts import Opening, number_opened
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.exporting.jobs import UNDER_WAY, Span, end, key_place
from huiyin.exporting.store import export as table
from huiyin.exporting.store import export_shop
from huiyin.exporting.views import access_export
from huiyin.exporting.words import Language
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.kernel.days import check_days
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError
from huiyin.kernel.ids import ShopId, new_id
from huiyin.org.views import Shop
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right
from huiyin.security.sealing import Sealer
from huiyin.security.wrapping import new_key

EXPORTING = Right(Resource.EXPORT, Action.WRITE)
MOST_DAYS = 366
MOST_AT_ONCE = 5
"""Exports of a merchant that may be under way."""


class Wish(NamedTuple):
    """What is asked for: a row a session or a message, in which form and language, of which days, both within."""

    content: str
    form: str
    language: Language
    first: date
    last: date


class Wanted(NamedTuple):
    """The days of some shops, and how many sessions that is."""

    spans: tuple[Span, ...]
    sessions: int


def spans(shops: Collection[Shop], wish: Wish, now: datetime, *, actor: Actor) -> list[Span]:
    """Return the days of the shops in their own time, as far as they are the actor's to see.

    Raises:
        NotFoundError: a shop whose sessions are not the actor's to take out.
        InvalidError: no shop, shops of several merchants, or days that are none, too many or to come.

    """
    if not shops or any(not may(actor, EXPORTING, shop=each.id) for each in shops):
        message = "there is no such shop"
        raise NotFoundError(message, remedy="Choose among your own shops.", code="shop_gone")
    if len({each.tenant for each in shops}) > 1:
        message = "these shops are of several merchants"
        raise InvalidError(message, remedy="Ask for one merchant's shops at a time.", code="export_merchants")
    check_days(wish.first, None)
    days = (wish.last - wish.first).days + 1
    if not 1 <= days <= MOST_DAYS or any(wish.last > now.astimezone(each.zone).date() for each in shops):
        message = f"an export is of 1 to {MOST_DAYS} days up to today"
        raise InvalidError(message, remedy="Choose other days.", code="export_days")
    return [Span(_opening(each, wish), actor.since.get(ShopId(each.id), 0)) for each in shops]


def measured(connection: sa.Connection, wanted: Sequence[Span]) -> Wanted:
    """Return these days with how many sessions opened in them that are whoever asks' to see.

    From the reading side: of a shop that is served, each session is looked at.
    """
    return Wanted(tuple(wanted), sum(number_opened(connection, *each) for each in wanted))


def ask(  # what is asked for, of whom, how much that is, and who asks
    uow: UnitOfWork, sealer: Sealer, wish: Wish, shops: Collection[Shop], wanted: Wanted, *, actor: Actor
) -> str:
    """Keep that an export is wanted; return its number.

    Raises:
        ConflictError: as many of this merchant are under way as may be.

    """
    [tenant] = {each.tenant for each in shops}
    query = sa.select(sa.func.count()).where(table.c.tenant == tenant, table.c.state.in_(UNDER_WAY))
    if uow.connection.execute(query).scalar_one() >= MOST_AT_ONCE:
        message = f"{MOST_AT_ONCE} exports are under way"
        raise ConflictError(message, remedy="Wait for one of them, or cancel one.", code="export_many")
    number, now = new_id(), uow.now_ms()
    key = sealer.ring.for_writing(uow, tenant, (number,))[number]
    sealed = sealer.seal(uow.connection, key, key_place(tenant, number), new_key())
    row = {
        "id": number, "tenant": tenant, "person": actor.id, "content": wish.content, "form": wish.form,
        "language": wish.language, "first": wish.first.isoformat(), "last": wish.last.isoformat(), "state": "waiting",
        "trouble": "", "created_at": now, "ended_at": None, "expires_at": None,
        "expected": wanted.sessions, "sessions": 0, "rows": 0, "bytes": 0, "parts": 0, "at_shop": "",
        "at_opened": -1, "at_session": "", "key_sealed": sealed, "taken": 0, "lease": "", "leased_until": 0,
        "turned_at": now,
    }  # fmt: skip
    uow.connection.execute(table.insert().values(row))
    uow.connection.execute(
        export_shop.insert(),
        [{"export": number, **each.opening._asdict(), "reach": each.reach} for each in wanted.spans],
    )
    detail = {
        "kind": wish.content, "form": wish.form, "shops": len(shops), "first": int(wish.first.strftime("%Y%m%d")),
        "until": int(wish.last.strftime("%Y%m%d")),
    }  # fmt: skip
    write_down(uow, Entry(action="export.asked", actor=actor, tenant=tenant, subject=number, detail=detail))
    return number


def cancel(uow: UnitOfWork, export: str, *, actor: Actor) -> None:
    """Cancel an export that is under way, or have a finished one gone before its time.

    Raises:
        NotFoundError: there is none that the actor may see.
        ConflictError: nothing can be taken of it any more as it is.

    """
    access_export(uow.connection, export, actor=actor)
    if not end(uow, export, "cancelled", actor=actor):
        message = "this export has ended"
        raise ConflictError(message, remedy="Look at the list of exports.", code="export_ended")


def _opening(shop: Shop, wish: Wish) -> Opening:
    since, until = (
        to_ms(datetime.combine(day, time(), shop.zone)) for day in (wish.first, wish.last + timedelta(days=1))
    )
    return Opening(shop.id, since, until)
