"""Connect a shop to its platform, connect it otherwise, disconnect it. Settings are sealed and never shown again."""

from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.connections.events import ConnectionChanged
from huiyin.connections.platforms import stored
from huiyin.connections.store import connection as table
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.security.sealing import Place, Sealer


class Connected(NamedTuple):
    """A shop, whose it is, and the platform and settings it is to be connected with."""

    shop: str
    tenant: str
    platform: str
    settings: msgspec.Struct


def connect(uow: UnitOfWork, sealer: Sealer, wanted: Connected, *, actor: Actor) -> bool:
    """Connect a shop, in place of how it was connected; tell whether that changed anything.

    Tokens that were renewed under the former settings are forgotten: the new settings bring their own.
    """
    place, plain = settings_place(wanted.tenant, wanted.shop), stored(wanted.settings)
    row = uow.connection.execute(sa.select(table).where(table.c.shop == wanted.shop)).one_or_none()
    fresh = row is not None and row.platform == wanted.platform and row.tokens_sealed is None
    if row is not None and fresh and sealer.open(uow.connection, place, row.settings_sealed) == plain:
        return False
    key = sealer.ring.for_writing(uow, wanted.tenant, (wanted.shop,))[wanted.shop]
    values = {
        "tenant": wanted.tenant, "platform": wanted.platform,
        "settings_sealed": sealer.seal(uow.connection, key, place, plain),
        "tokens_sealed": None, "changed_at": to_ms(uow.now()), "renewing_until": 0,
    }  # fmt: skip
    if row is None:
        uow.connection.execute(table.insert().values(shop=wanted.shop, **values))
    else:
        uow.connection.execute(table.update().where(table.c.shop == wanted.shop).values(**values))
    _tell(uow, wanted, "shop.connected", actor=actor)
    return True


def disconnect(uow: UnitOfWork, tenant: str, shop: str, *, actor: Actor) -> bool:
    """Forget a shop's settings and tokens; tell whether there were any."""
    mine = table.delete().where(table.c.shop == shop, table.c.tenant == tenant)
    if not uow.connection.execute(mine).rowcount:
        return False
    _tell(uow, Connected(shop, tenant, "", msgspec.Struct()), "shop.disconnected", actor=actor)
    return True


def settings_place(tenant: str, shop: str) -> Place:
    """Return where a shop's sealed settings live."""
    return Place(tenant, table.name, shop, "settings")


def tokens_place(tenant: str, shop: str) -> Place:
    """Return where a shop's sealed tokens live."""
    return Place(tenant, table.name, shop, "tokens")


def _tell(uow: UnitOfWork, wanted: Connected, action: str, *, actor: Actor) -> None:
    shop, tenant, platform, _ = wanted
    uow.record(ConnectionChanged(shop, platform), subject=shop, tenant=tenant, shop=shop, actor=actor)
    detail = {"platform": platform} if platform else {}
    write_down(uow, Entry(action=action, actor=actor, tenant=tenant, subject=shop, detail=detail))
