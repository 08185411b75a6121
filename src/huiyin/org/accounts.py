"""Write down who sits behind a platform account: shared accounts change hands, and the record keeps both times.

One person at a time. What is entered anew takes its interval out of what stood there before; the earlier row stays,
replaced by what is left of it. What was attributed or judged under the earlier record is never rewritten.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError
from huiyin.kernel.ids import PersonId, ShopId, new_id
from huiyin.org import store
from huiyin.org.account_names import AccountNames
from huiyin.org.events import AccountMapped
from huiyin.org.views import Sitting as Recorded
from huiyin.org.views import owner_of, people_of_shop, sittings, tenants_of
from huiyin.org.views import shops as all_shops
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right

MAPPING = Right(Resource.PLATFORM_ACCOUNT, Action.WRITE)
MOST_CHARACTERS = 64
NOT_OVER = 2**62
FARTHEST = timedelta(days=10 * 366)
"""How far from now a record may reach: what is farther is a slip of the pen, and may not even be a date everywhere."""


class Sitting(NamedTuple):
    """Who sits behind an account of a shop from a moment on, until another or until further notice.

    `replaces` names an earlier record that was wrong.
    """

    shop: ShopId
    waiter_ref: str
    person: PersonId
    effective_from: datetime
    effective_to: datetime | None = None
    replaces: str | None = None


def may_map(shop: str, actor: Actor) -> bool:
    """Tell whether the actor says who sits behind a shop's accounts."""
    return may(actor, MAPPING, shop=shop)


def people_for(connection: sa.Connection, shop: str, at: datetime, *, actor: Actor) -> list[str]:
    """Return whom the actor may name behind a shop's accounts: a merchant everybody who serves it, a vendor its own."""
    people = people_of_shop(connection, shop, at)
    if _answers_for_all(owner_of(connection, shop), actor):
        return people
    tenants = tenants_of(connection, people)
    return [each for each in people if tenants[each] == actor.tenant]


def sittings_for(connection: sa.Connection, shops: Collection[str], *, actor: Actor) -> list[Recorded]:
    """Return the records the actor may see: of their own shops all; a vendor those of its people in its own time."""
    found = sittings(connection, shops)
    tenants = tenants_of(connection, {each.person for each in found})
    owned = {each.id for each in all_shops(connection) if each.tenant == actor.tenant}
    return [
        each
        for each in found
        if each.shop in owned
        or (tenants[each.person] == actor.tenant and actor.reaches(each.shop, each.effective_to or NOT_OVER))
    ]


def map_account(uow: UnitOfWork, sitting: Sitting, accounts: AccountNames, *, actor: Actor) -> str:
    """Record who sits behind an account and return the record's id.

    Raises:
        NotFoundError: no such shop, person or earlier record, or they are not the actor's.
        InvalidError: an account without a name, or an interval that ends before it begins or is far away.
        ConflictError: an earlier record lies wholly inside the interval; it must be named in `replaces`. Or one is of
            another vendor's people, which only the merchant changes.

    """
    _check(uow, sitting, actor)
    merchant = owner_of(uow.connection, sitting.shop)
    account = accounts.account(uow, merchant, sitting.waiter_ref)
    accounts.write_down(uow, merchant, [(sitting.shop, account, sitting.waiter_ref)])
    standing = _standing(uow, sitting.shop, account)
    _check_whose(uow, sitting, standing, merchant, actor)
    if sitting.replaces is not None and sitting.replaces not in {each.id for each in standing}:
        message = "there is no such record to replace"
        raise NotFoundError(
            message, remedy="Look at the account again: somebody may have replaced it meanwhile.", code="record_gone"
        )
    start = to_ms(sitting.effective_from)
    end = to_ms(sitting.effective_to) if sitting.effective_to else None
    rows = [_row(sitting, sitting.person, (start, end), sitting.replaces)]
    for each in standing:
        if each.id != sitting.replaces and _overlap(each, start, end):
            rows += _rest(sitting, each, start, end)
    written = {"account": account, "recorded_at": uow.now_ms()}
    uow.connection.execute(store.platform_account.insert(), [{**row, **written} for row in rows])
    event = AccountMapped(rows[0]["id"], sitting.person, start, end, sitting.replaces or "")
    uow.record(event, subject=sitting.shop, tenant=merchant, shop=sitting.shop, actor=actor)
    detail = {"shop": sitting.shop, "person": sitting.person, "from": start, "until": end, "replaces": sitting.replaces}
    write_down(
        uow, Entry(action="account.mapped", actor=actor, tenant=merchant, subject=str(rows[0]["id"]), detail=detail)
    )
    return str(rows[0]["id"])


def _check(uow: UnitOfWork, sitting: Sitting, actor: Actor) -> None:
    if not may_map(sitting.shop, actor):
        message = "there is no such shop"
        raise NotFoundError(message, remedy="Choose one of your own shops.", code="shop_gone")
    account = sitting.waiter_ref
    if account.strip() != account or not account.isprintable() or not 0 < len(account) <= MOST_CHARACTERS:
        message = f"a platform account has 1 to {MOST_CHARACTERS} visible characters and no blanks around them"
        raise InvalidError(message, remedy="Write the account as the platform shows it.", code="account_form")
    if sitting.effective_to is not None and sitting.effective_to <= sitting.effective_from:
        message = "the interval ends before it begins"
        raise InvalidError(message, remedy="Name an end after the beginning, or none.", code="interval_order")
    if any(abs(each - uow.now()) > FARTHEST for each in (sitting.effective_from, sitting.effective_to) if each):
        message = "the interval reaches more than ten years away"
        raise InvalidError(message, remedy="Check the years; name no end if there is none yet.", code="interval_far")
    if sitting.person not in people_for(uow.connection, sitting.shop, uow.now(), actor=actor):
        message = "there is no such person for this shop"
        raise NotFoundError(message, remedy="Choose one of the people shown.", code="person_gone")


def _answers_for_all(merchant: str, actor: Actor) -> bool:
    """Tell whether the actor is the merchant's, or Huiyin itself; a vendor answers for its own people only."""
    return actor.kind is not ActorKind.PERSON or merchant == actor.tenant


def _check_whose(uow: UnitOfWork, sitting: Sitting, standing: list[Any], merchant: str, actor: Actor) -> None:
    """Refuse a vendor that writes over what stands for people who are not its own."""
    if _answers_for_all(merchant, actor):
        return
    start, end = to_ms(sitting.effective_from), to_ms(sitting.effective_to) if sitting.effective_to else None
    touched = [each.person for each in standing if each.id == sitting.replaces or _overlap(each, start, end)]
    if any(tenant != actor.tenant for tenant in tenants_of(uow.connection, touched).values()):
        message = "somebody else works under this account in that time"
        raise ConflictError(
            message, remedy="Choose another time, or ask the shop's owner to change the record.", code="account_busy"
        )


def _standing(uow: UnitOfWork, shop: str, account: str) -> list[Any]:
    """Return the account's records that nothing replaced."""
    columns, later = store.platform_account.c, store.platform_account.alias("later")
    query = sa.select(store.platform_account).where(
        columns.shop == shop,
        columns.account == account,
        ~sa.exists().where(
            later.c.shop == columns.shop, later.c.account == columns.account, later.c.replaces == columns.id
        ),
    )
    return list(uow.connection.execute(query.order_by(columns.effective_from)))


def _overlap(row: Any, start: int, end: int | None) -> bool:  # noqa: ANN401  # a row of the table
    begins_before = end is None or row.effective_from < end
    return begins_before and (row.effective_to is None or row.effective_to > start)


def _rest(sitting: Sitting, row: Any, start: int, end: int | None) -> list[dict[str, Any]]:  # noqa: ANN401  # as above
    """Return what is left of an earlier record once [start, end) is taken out of it."""
    rest: list[tuple[int, int | None]] = []
    if row.effective_from < start:
        rest.append((row.effective_from, start))
    if end is not None and (row.effective_to is None or row.effective_to > end):
        rest.append((end, row.effective_to))
    if not rest:
        message = "an earlier record lies inside this interval"
        raise ConflictError(
            message, remedy="Correct that record instead of entering a second one.", code="interval_holds"
        )
    return [_row(sitting, row.person, each, row.id) for each in rest]


def _row(sitting: Sitting, person: str, span: tuple[int, int | None], replaces: str | None) -> dict[str, Any]:
    return {
        "id": new_id(), "shop": sitting.shop, "person": person,
        "effective_from": span[0], "effective_to": span[1], "replaces": replaces,
    }  # fmt: skip
