"""Write down organisations, shops, people, engagements, hours. Every call has an actor and leaves an event."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, Role
from huiyin.kernel.clock import to_ms
from huiyin.kernel.ids import EngagementId, PersonId, ShopId, TenantId, new_id
from huiyin.kernel.wire import encode_text
from huiyin.org import store
from huiyin.org.events import EngagementRecorded, ShopOpened
from huiyin.org.hours import OpeningHours
from huiyin.security.passwords import hash_password


class NewShop(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to open a shop. `origin` marks everything that comes from it (live, simulated …)."""

    tenant: TenantId
    name: str
    platform: str
    platform_ref: str
    category: str = ""
    time_zone: str = "Asia/Shanghai"
    tier: str = "read"
    origin: str = "live"
    bot: bool = True
    knowledge: str = ""
    """Name of the shipped knowledge pack written for this shop, "" for the common knowledge alone."""


class NewPerson(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to register a person; `capacity` gives an agent a seat."""

    tenant: TenantId
    name: str
    login: str
    password: str
    roles: frozenset[Role]
    skills: tuple[str, ...] = ()
    capacity: int = 0


def register_organisation(uow: UnitOfWork, kind: str, name: str, *, simulated: bool = False) -> TenantId:
    """Register a merchant or a vendor; it is a tenant of its own."""
    tenant = TenantId(new_id())
    uow.connection.execute(store.organisation.insert().values(id=tenant, kind=kind, name=name, simulated=simulated))
    return tenant


def open_shop(uow: UnitOfWork, new: NewShop, hours: OpeningHours, *, actor: Actor) -> ShopId:
    """Open a shop with its first calendar."""
    shop = ShopId(new_id())
    uow.connection.execute(store.shop.insert().values(id=shop, **msgspec.structs.asdict(new)))
    set_hours(uow, shop, hours, effective_from=uow.now(), actor=actor)
    uow.record(ShopOpened(shop), subject=shop, tenant=new.tenant, shop=shop, actor=actor)
    return shop


def set_hours(uow: UnitOfWork, shop: ShopId, hours: OpeningHours, *, effective_from: datetime, actor: Actor) -> None:
    """Record opening hours from a moment on; earlier records stay as they were."""
    del actor  # the audit trail names who; this room needs only that somebody stands behind it
    uow.connection.execute(
        store.calendar.insert().values(
            id=new_id(), shop=shop, hours=encode_text(hours), effective_from=to_ms(effective_from),
            effective_to=None, recorded_at=uow.now_ms(),
        )
    )  # fmt: skip


def register_person(uow: UnitOfWork, new: NewPerson, *, actor: Actor) -> PersonId:
    """Register a person; agents get a seat, offline at first."""
    del actor  # see set_hours
    person_id = PersonId(new_id())
    uow.connection.execute(
        store.person.insert().values(
            id=person_id, tenant=new.tenant, name=new.name, login=new.login,
            password=hash_password(new.password), roles=encode_text(sorted(new.roles)),
            skills=encode_text(new.skills), active=True,
        )
    )  # fmt: skip
    if new.capacity:
        now = uow.now_ms()
        uow.connection.execute(
            store.seat.insert().values(
                person=person_id, tenant=new.tenant, state="offline", capacity=new.capacity, load=0,
                changed_at=now, seen_at=now, given_at=0,
            )
        )  # fmt: skip
    return person_id


def engage(
    uow: UnitOfWork, vendor: TenantId, shop: ShopId, hours: OpeningHours, *, effective_from: datetime, actor: Actor
) -> EngagementId:
    """Record that a vendor serves a shop within `hours` from a moment on."""
    engagement = EngagementId(new_id())
    merchant = uow.connection.execute(sa.select(store.shop.c.tenant).where(store.shop.c.id == shop)).scalar_one()
    uow.connection.execute(
        store.engagement.insert().values(
            id=engagement, merchant=merchant, vendor=vendor, shop=shop, hours=encode_text(hours),
            effective_from=to_ms(effective_from), effective_to=None, recorded_at=uow.now_ms(), replaces=None,
        )
    )  # fmt: skip
    uow.record(EngagementRecorded(engagement, vendor, shop), subject=shop, tenant=merchant, shop=shop, actor=actor)
    return engagement
