"""What owners and administrators do with their shops' connections: open a shop, connect it otherwise, disconnect it."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.channels.port import Origin, Tier
from huiyin.connections.connecting import Connected, connect, disconnect, settings_place
from huiyin.connections.platforms import PLATFORMS, filled_in, shown
from huiyin.connections.store import connection as table
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import ConflictError, InvalidError
from huiyin.kernel.ids import ShopId
from huiyin.org.administering import NewShop, change_shop, open_shop, set_hours
from huiyin.org.hours import OpeningHours
from huiyin.org.opening import calendars
from huiyin.org.shops import kind_of_organisation, owned_shop, shop_at
from huiyin.security.sealing import Sealer

MOST_NAME = 60


class NewConnection(NamedTuple):
    """A shop to open: its name, platform, opening hours, and the platform's settings as they were filled in."""

    name: str
    platform: str
    category: str
    hours: OpeningHours
    given: Mapping[str, str]
    number: str = ""
    """The shop's number at the platform, where no setting names it."""
    unconnected: bool = False
    """To be connected later: what it has comes in by files."""


class About(NamedTuple):
    """What is said of a shop: its name, its trade, and its opening hours, None where they stay."""

    name: str
    category: str
    hours: OpeningHours | None


class Standing(NamedTuple):
    """How a shop is connected: settings that are no secret, names of secrets that are set, since when (ms)."""

    platform: str
    settings: Mapping[str, str]
    secrets: Collection[str]
    changed_at: int


def open_connected(uow: UnitOfWork, sealer: Sealer, new: NewConnection, *, actor: Actor) -> ShopId:
    """Open a shop of the actor's organisation and connect it, unless that is for later.

    Raises:
        InvalidError: no name, or a setting that is missing or cannot be.
        ConflictError: the organisation is no merchant, or the shop is here already.

    """
    name = _named(new.name)
    if kind_of_organisation(uow.connection, actor.tenant) != "merchant":
        message = "shops belong to merchants"
        raise ConflictError(message, remedy="Let the merchant open the shop, and engage you.", code="not_a_merchant")
    settings = None if new.unconnected else filled_in(new.platform, "", new.given, None)
    ref = ("" if settings is None else _reference(new.platform, settings)) or new.number.strip()
    if not ref:
        message = "the shop's number at its platform is missing"
        raise InvalidError(message, remedy="Fill it in; the platform shows it.", code="settings_missing")
    if shop_at(uow.connection, new.platform, ref) is not None:
        message = "this shop is here already"
        raise ConflictError(message, remedy="Look at the number; ask the operator if it is yours.", code="shop_taken")
    live = bool(getattr(settings, "live", False))
    opened = NewShop(
        tenant=actor.tenant, name=name, platform=new.platform, platform_ref=ref, category=new.category,
        tier=Tier.LIVE if live else Tier.READ, origin=Origin.LIVE, bot=live,
    )  # fmt: skip
    shop = open_shop(uow, opened, new.hours, actor=actor)
    if settings is None:
        return shop
    named = msgspec.structs.replace(settings, shop=shop)
    connect(uow, sealer, Connected(shop, actor.tenant, new.platform, named), actor=actor)
    return shop


def change_owned(uow: UnitOfWork, shop: str, about: About, *, actor: Actor) -> None:
    """Change what is said of a shop of the actor's organisation; other hours hold from now on.

    Raises:
        NotFoundError: no such shop of theirs.
        InvalidError: no name.

    """
    known = owned_shop(uow.connection, shop, actor=actor)
    change_shop(uow, known, _named(about.name), about.category, actor=actor)
    now = uow.now_ms()
    standing = calendars(uow.connection, [known.id]).at(known.id, now, now)
    if about.hours is not None and (standing is None or standing.hours != about.hours):
        set_hours(uow, ShopId(known.id), about.hours, effective_from=uow.now(), actor=actor)


def _named(written: str) -> str:
    name = written.strip()
    if not name or len(name) > MOST_NAME or not name.isprintable():
        message = "a shop needs a name"
        raise InvalidError(
            message, remedy=f"Name it as customers know it, in up to {MOST_NAME} characters.", code="shop_name"
        )
    return name


def connect_again(uow: UnitOfWork, sealer: Sealer, shop: str, given: Mapping[str, str], *, actor: Actor) -> bool:
    """Connect a shop of the actor's organisation with other settings; tell whether any changed.

    A secret left empty stays what it was.

    Raises:
        NotFoundError: no such shop of theirs.
        InvalidError: a setting that is missing or cannot be, or that names another shop.

    """
    known = owned_shop(uow.connection, shop, actor=actor)
    row = uow.connection.execute(sa.select(table).where(table.c.shop == shop)).one_or_none()
    place = settings_place(actor.tenant, shop)
    before = None if row is None else sealer.open(uow.connection, place, row.settings_sealed)
    settings = filled_in(known.platform, shop, given, before, known.platform_ref)
    if (_reference(known.platform, settings) or known.platform_ref) != known.platform_ref:
        message = "these settings are another shop's"
        raise InvalidError(message, remedy="Open that one as a shop of its own.", code="shop_other")
    return connect(uow, sealer, Connected(shop, actor.tenant, known.platform, settings), actor=actor)


def disconnect_owned(uow: UnitOfWork, shop: str, *, actor: Actor) -> bool:
    """Disconnect a shop of the actor's organisation: its secrets are forgotten, its conversations stay.

    Raises:
        NotFoundError: no such shop of theirs.

    """
    owned_shop(uow.connection, shop, actor=actor)
    return disconnect(uow, actor.tenant, shop, actor=actor)


def standings(connection: sa.Connection, sealer: Sealer, *, actor: Actor) -> dict[str, Standing]:
    """Return how the actor's shops are connected; settings of their own organisation's shops only."""
    query = sa.select(table).where(table.c.shop.in_(sorted(actor.shops)))
    found = {}
    for row in connection.execute(query):
        settings, secrets = dict[str, str](), list[str]()
        if row.tenant == actor.tenant:
            plain = sealer.open(connection, settings_place(row.tenant, row.shop), row.settings_sealed)
            settings, secrets = shown(row.platform, plain) if plain is not None else (settings, secrets)
        found[row.shop] = Standing(row.platform, settings, secrets, row.changed_at)
    return found


def _reference(platform: str, settings: msgspec.Struct) -> str:
    named = PLATFORMS[platform].ref
    return str(getattr(settings, named)) if named else ""
