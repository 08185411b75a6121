"""Write down organisations, shops, people, engagements, hours. Every call has an actor and stands in the audit."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, Role
from huiyin.kernel.clock import to_ms
from huiyin.kernel.ids import EngagementId, PersonId, ShopId, TenantId, new_id
from huiyin.kernel.wire import encode_text
from huiyin.org import store
from huiyin.org.events import EngagementRecorded, PersonRegistered, ShopChanged, ShopOpened
from huiyin.org.hours import OpeningHours
from huiyin.org.people import sealed_person
from huiyin.org.seats import give_seat
from huiyin.org.views import Shop
from huiyin.security.passwords import hash_password
from huiyin.security.sealing import Sealer


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
    roles: frozenset[Role]
    password: str = ""
    """"" for somebody who sets it by a one-time link: until then no password opens."""
    skills: tuple[str, ...] = ()
    capacity: int = 0


def register_organisation(uow: UnitOfWork, kind: str, name: str, *, actor: Actor, simulated: bool = False) -> TenantId:
    """Register a merchant or a vendor; it is a tenant of its own."""
    tenant = TenantId(new_id())
    uow.connection.execute(store.organisation.insert().values(id=tenant, kind=kind, name=name, simulated=simulated))
    detail = {"kind": kind, "simulated": simulated}
    write_down(uow, Entry(action="organisation.registered", actor=actor, tenant=tenant, subject=tenant, detail=detail))
    return tenant


def open_shop(uow: UnitOfWork, new: NewShop, hours: OpeningHours, *, actor: Actor) -> ShopId:
    """Open a shop with its first calendar."""
    shop = ShopId(new_id())
    uow.connection.execute(store.shop.insert().values(id=shop, **msgspec.structs.asdict(new)))
    set_hours(uow, shop, hours, effective_from=uow.now(), actor=actor)
    uow.record(ShopOpened(shop), subject=shop, tenant=new.tenant, shop=shop, actor=actor)
    detail = {"platform": new.platform, "tier": new.tier, "origin": new.origin}
    write_down(uow, Entry(action="shop.opened", actor=actor, tenant=new.tenant, subject=shop, detail=detail))
    return shop


def change_shop(uow: UnitOfWork, shop: Shop, name: str, category: str, *, actor: Actor) -> bool:
    """Call a shop otherwise, or say what it sells; tell whether anything changed."""
    if (name, category) == (shop.name, shop.category):
        return False
    changed = store.shop.update().where(store.shop.c.id == shop.id)
    uow.connection.execute(changed.values(name=name, category=category))
    uow.record(ShopChanged(shop.id), subject=shop.id, tenant=shop.tenant, shop=shop.id, actor=actor)
    write_down(uow, Entry(action="shop.changed", actor=actor, tenant=shop.tenant, subject=shop.id))
    return True


def set_hours(uow: UnitOfWork, shop: ShopId, hours: OpeningHours, *, effective_from: datetime, actor: Actor) -> None:
    """Record opening hours from a moment on; earlier records stay as they were."""
    tenant = uow.connection.execute(sa.select(store.shop.c.tenant).where(store.shop.c.id == shop)).scalar_one()
    uow.connection.execute(
        store.calendar.insert().values(
            id=new_id(), shop=shop, hours=encode_text(hours), effective_from=to_ms(effective_from),
            effective_to=None, recorded_at=uow.now_ms(),
        )
    )  # fmt: skip
    detail = {"effective_from": to_ms(effective_from)}
    write_down(uow, Entry(action="hours.set", actor=actor, tenant=tenant, subject=shop, detail=detail))


def register_person(uow: UnitOfWork, new: NewPerson, sealer: Sealer, *, actor: Actor) -> PersonId:
    """Register a person, whose name and login are sealed; agents get a seat, offline at first."""
    person_id = PersonId(new_id())
    uow.connection.execute(
        store.person.insert().values(
            id=person_id, tenant=new.tenant, roles=encode_text(sorted(new.roles)),
            password=hash_password(new.password) if new.password else "",
            skills=encode_text(new.skills), active=True,
            **sealed_person(uow, sealer, new.tenant, person_id, (new.name, new.login)),
        )
    )  # fmt: skip
    if new.capacity:
        give_seat(uow, person_id, new.tenant, new.capacity)
    uow.record(PersonRegistered(person_id), subject=person_id, tenant=new.tenant, shop="", actor=actor)
    detail = {"roles": ",".join(sorted(new.roles)), "capacity": new.capacity}
    write_down(uow, Entry(action="person.registered", actor=actor, tenant=new.tenant, subject=person_id, detail=detail))
    return person_id


class NewEngagement(msgspec.Struct, frozen=True, kw_only=True):
    """What a vendor does for a shop: serve it within `hours`, from a moment on, perhaps in place of another record."""

    vendor: TenantId
    shop: ShopId
    hours: OpeningHours
    effective_from: datetime
    replaces: EngagementId | None = None


def engage(
    uow: UnitOfWork, vendor: TenantId, shop: ShopId, hours: OpeningHours, *, effective_from: datetime, actor: Actor
) -> EngagementId:
    """Record that a vendor serves a shop within `hours` from a moment on."""
    new = NewEngagement(vendor=vendor, shop=shop, hours=hours, effective_from=effective_from)
    return record_engagement(uow, new, actor=actor)


def record_engagement(uow: UnitOfWork, new: NewEngagement, *, actor: Actor) -> EngagementId:
    """Write an engagement down; one that replaces another holds in its place from the moment it is recorded."""
    engagement = EngagementId(new_id())
    merchant = uow.connection.execute(sa.select(store.shop.c.tenant).where(store.shop.c.id == new.shop)).scalar_one()
    uow.connection.execute(
        store.engagement.insert().values(
            id=engagement, merchant=merchant, vendor=new.vendor, shop=new.shop, hours=encode_text(new.hours),
            effective_from=to_ms(new.effective_from), effective_to=None, recorded_at=uow.now_ms(),
            replaces=new.replaces,
        )
    )  # fmt: skip
    uow.record(
        EngagementRecorded(engagement, new.vendor, new.shop),
        subject=new.shop,
        tenant=merchant,
        shop=new.shop,
        actor=actor,
    )
    detail = {"shop": new.shop, "vendor": new.vendor, "from": to_ms(new.effective_from), "replaces": new.replaces}
    write_down(
        uow, Entry(action="engagement.recorded", actor=actor, tenant=merchant, subject=engagement, detail=detail)
    )
    return engagement
