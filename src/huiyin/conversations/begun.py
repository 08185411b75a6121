"""Tell whether anything has begun in some shops."""

from collections.abc import Collection

import sqlalchemy as sa

from huiyin.conversations import store


def any_begun(connection: sa.Connection, shops: Collection[str]) -> bool:
    """Tell whether any of these shops ever had a conversation; the caller may know of these shops."""
    first = sa.select(sa.literal(1)).where(store.conversation.c.shop.in_(shops)).limit(1)
    return connection.execute(first).scalar() is not None
