"""Find single shops, and what kind an organisation is; `views.shops` lists all, `book.ShopBook` keeps them at hand."""

import sqlalchemy as sa

from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import NotFoundError
from huiyin.org import store
from huiyin.org.views import Shop

_COLUMNS = [store.shop.c[name] for name in Shop._fields]


def find_shop(connection: sa.Connection, shop: str) -> Shop | None:
    """Return a shop, None where there is none."""
    row = connection.execute(sa.select(*_COLUMNS).where(store.shop.c.id == shop)).one_or_none()
    return None if row is None else Shop(*row)


def owned_shop(connection: sa.Connection, shop: str, *, actor: Actor) -> Shop:
    """Return a shop of the actor's organisation.

    Raises:
        NotFoundError: there is no such shop, or it is somebody else's.

    """
    found = find_shop(connection, shop)
    if found is None or found.tenant != actor.tenant:
        message = "there is no such shop"
        raise NotFoundError(message, remedy="Choose one of your own shops.", code="shop_gone")
    return found


def shop_at(connection: sa.Connection, platform: str, platform_ref: str) -> Shop | None:
    """Return the shop that a platform calls so, None where it is not here."""
    there = sa.and_(store.shop.c.platform == platform, store.shop.c.platform_ref == platform_ref)
    row = connection.execute(sa.select(*_COLUMNS).where(there)).one_or_none()
    return None if row is None else Shop(*row)


def kind_of_organisation(connection: sa.Connection, tenant: str) -> str:
    """Return merchant or vendor, "" where there is no such organisation."""
    kind = sa.select(store.organisation.c.kind).where(store.organisation.c.id == tenant)
    return connection.execute(kind).scalar() or ""
