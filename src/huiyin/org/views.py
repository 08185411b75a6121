"""Read organisations for screens and for the rooms above."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared
from huiyin.kernel.actors import Role
from huiyin.kernel.clock import to_ms
from huiyin.org import store
from huiyin.org.access import holding, in_force
from huiyin.org.hours import OpeningHours, is_open

SPEAKING = {Role.AGENT, Role.TEAM_LEAD, Role.MERCHANT_OWNER}
"""Whoever writes to customers, and so may sit behind a platform account."""


class Shop(NamedTuple):
    """A shop as other rooms know it."""

    id: str
    tenant: str
    name: str
    platform: str
    platform_ref: str
    category: str
    time_zone: str
    tier: str
    origin: str
    bot: bool
    knowledge: str

    @property
    def zone(self) -> ZoneInfo:
        """Return the shop's time zone."""
        return ZoneInfo(self.time_zone)


class Seat(NamedTuple):
    """An agent's seat."""

    person: str
    tenant: str
    state: str
    capacity: int
    load: int
    given_at: int
    skills: tuple[str, ...]


class ExemptWindow(NamedTuple):
    """A window in which a platform does not count sessions."""

    start: int
    end: int
    why: str


def shops(connection: sa.Connection) -> list[Shop]:
    """Return all shops; for wiring and listeners, never for a screen."""
    return [Shop(*row) for row in connection.execute(sa.select(*[store.shop.c[name] for name in Shop._fields]))]


def engaged(connection: sa.Connection, shop: str, at: datetime) -> list[tuple[str, str]]:
    """Return (engagement, vendor) pairs in force for a shop at `at` whose hours cover that moment."""
    rows = connection.execute(
        sa.select(store.engagement, store.shop.c.time_zone)
        .join(store.shop, store.shop.c.id == store.engagement.c.shop)
        .where(store.engagement.c.shop == shop, in_force(store.engagement, at))
        .order_by(store.engagement.c.recorded_at)
    )
    return [
        (row.id, row.vendor)
        for row in rows
        if is_open(msgspec.json.decode(row.hours, type=OpeningHours), at, ZoneInfo(row.time_zone))
    ]


_SEATS = sa.select(store.seat, store.person.c.skills).join(store.person, store.person.c.id == store.seat.c.person)


def seats(connection: sa.Connection, tenants: list[str], *, free_only: bool = False) -> list[Seat]:
    """Return the seats of organisations; with `free_only` just those that can take a conversation now."""
    query = _SEATS.where(store.seat.c.tenant.in_(tenants), store.person.c.active)
    if free_only:
        query = query.where(store.seat.c.state == "online", store.seat.c.load < store.seat.c.capacity)
    return [_seat(row) for row in connection.execute(query)]


def seat(connection: sa.Connection, person: str) -> Seat | None:
    """Return one person's seat, None for people without one."""
    row = connection.execute(_SEATS.where(store.seat.c.person == person)).one_or_none()
    return None if row is None else _seat(row)


def _seat(row: Any) -> Seat:  # noqa: ANN401  # a row of the columns asked for above
    skills = tuple(msgspec.json.decode(row.skills))
    return Seat(row.person, row.tenant, row.state, row.capacity, row.load, row.given_at, skills)


class Member(NamedTuple):
    """The organisation a person belongs to."""

    organisation: str
    kind: str
    """Of the organisation: merchant or vendor."""


def members(connection: sa.Connection, people: set[str]) -> dict[str, Member]:
    """Return the organisations of people by id, in one query."""
    query = (
        sa.select(store.person.c.id, store.organisation.c.name, store.organisation.c.kind)
        .join(store.organisation, store.organisation.c.id == store.person.c.tenant)
        .where(store.person.c.id.in_(people))
    )
    return {person: Member(*described) for person, *described in connection.execute(query)}


def organisation_name(connection: sa.Connection, tenant: str) -> str:
    """Return an organisation's name, "" if there is none."""
    query = sa.select(store.organisation.c.name).where(store.organisation.c.id == tenant)
    return connection.execute(query).scalar() or ""


_AT: sa.BindParameter[int] = sa.bindparam("at")
_BEHIND = Prepared(
    sa.select(store.platform_account.c.person)
    .where(
        store.platform_account.c.shop == sa.bindparam("shop"),
        store.platform_account.c.account == sa.bindparam("account"),
        holding(store.platform_account, _AT, sa.bindparam("known")),
    )
    .order_by(store.platform_account.c.recorded_at.desc(), store.platform_account.c.effective_from.desc())
    .limit(1)
)


def person_behind(connection: sa.Connection, shop: str, account: str, at: datetime, known: int) -> str | None:
    """Return who sat behind a platform account at `at`, as recorded by `known` (ms); None where nobody did: no guess.

    History comes in long after it was said: what counts is what is known when a record comes in.
    """
    return next(iter(_BEHIND.column(connection, shop=shop, account=account, at=to_ms(at), known=known)), None)


class Sitting(NamedTuple):
    """A record of who sits behind a platform account; `replaced_at` is when a later one took its place."""

    id: str
    shop: str
    account: str
    person: str
    effective_from: int
    effective_to: int | None
    recorded_at: int
    replaced_at: int | None


def sittings(connection: sa.Connection, shops: Collection[str]) -> list[Sitting]:
    """Return all records about some shops' accounts, replaced ones too, in the order in which they hold."""
    columns, later = store.platform_account.c, store.platform_account.alias("later")
    replaced = (
        sa.select(sa.func.min(later.c.recorded_at))
        .where(later.c.shop == columns.shop, later.c.account == columns.account, later.c.replaces == columns.id)
        .scalar_subquery()
    )
    query = sa.select(*[columns[name] for name in Sitting._fields[:-1]], replaced).where(
        columns.shop.in_(sorted(shops))
    )
    ordered = query.order_by(columns.effective_from, columns.recorded_at, columns.id)
    return [Sitting._make(row) for row in connection.execute(ordered)]


def owner_of(connection: sa.Connection, shop: str) -> str:
    """Return the merchant whose shop it is."""
    return str(connection.execute(sa.select(store.shop.c.tenant).where(store.shop.c.id == shop)).scalar_one())


def tenants_of(connection: sa.Connection, people: Collection[str]) -> dict[str, str]:
    """Return the organisation of each of these people."""
    columns = store.person.c
    rows = connection.execute(sa.select(columns.id, columns.tenant).where(columns.id.in_(sorted(people))))
    return {row.id: row.tenant for row in rows}


def people_of_shop(connection: sa.Connection, shop: str, at: datetime) -> list[str]:
    """Return who may speak for a shop at `at`: the merchant's people and those of vendors engaged."""
    vendors = sa.select(store.engagement.c.vendor).where(
        store.engagement.c.shop == shop, in_force(store.engagement, at)
    )
    merchant = sa.select(store.shop.c.tenant).where(store.shop.c.id == shop)
    query = (
        sa.select(store.person.c.id, store.person.c.roles)
        .where(store.person.c.active, store.person.c.tenant.in_(merchant.union(vendors)))
        .order_by(store.person.c.id)
    )
    return [row.id for row in connection.execute(query) if SPEAKING & set(msgspec.json.decode(row.roles))]


def exempt_windows(
    connection: sa.Connection, shops: Mapping[str, Shop], known_at: datetime
) -> dict[str, list[ExemptWindow]]:
    """Return the exempt windows of each shop and of its platform, as far as they were known at `known_at`."""
    query = sa.select(store.exempt_window).where(
        store.exempt_window.c.shop.in_(["", *shops]), store.exempt_window.c.recorded_at <= to_ms(known_at)
    )
    rows = connection.execute(query).all()
    return {
        key: [
            ExemptWindow(row.effective_from, row.effective_to, row.why)
            for row in rows
            if row.platform == shop.platform and row.shop in {"", key}
        ]
        for key, shop in shops.items()
    }


def organisation_names(connection: sa.Connection) -> dict[str, str]:
    """Return the name of every organisation by its tenant: for the machine's own terminal alone."""
    query = sa.select(store.organisation.c.id, store.organisation.c.name)
    return {row.id: row.name for row in connection.execute(query)}
