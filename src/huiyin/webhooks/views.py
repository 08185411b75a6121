"""Show endpoints to their owners, and what became of each call."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import is_id
from huiyin.kernel.wire import decode
from huiyin.security.sealing import Sealer
from huiyin.webhooks.registering import owned_webhook
from huiyin.webhooks.sealed import place
from huiyin.webhooks.store import delivery, webhook

PAGE = 50
LOG_DAYS = 30


class Endpoint(NamedTuple):
    """An endpoint; times in ms. `state` is on, failing or off; `waiting` calls are still to be made."""

    id: str
    url: str
    description: str
    kinds: Sequence[str]
    shops: Sequence[str]
    state: str
    off_why: str
    person: str
    created_at: int
    failing_since: int | None
    former_until: int
    waiting: int
    last_at: int | None


class Delivery(NamedTuple):
    """A call and what came of it; times in ms, `status` None where no answer came, `error` a code, "" for none."""

    id: str
    kind: str
    state: str
    attempts: int
    created_at: int
    due_at: int
    last_at: int | None
    status: int | None
    error: str


class Page(NamedTuple):
    """Some deliveries, the newest first, and where to go on."""

    deliveries: list[Delivery]
    next_cursor: str | None


def webhooks(connection: sa.Connection, sealer: Sealer, *, actor: Actor) -> list[Endpoint]:
    """Return the endpoints of the actor's organisation, the oldest first."""
    columns = webhook.c
    rows = list(
        connection.execute(
            sa.select(webhook).where(columns.tenant == actor.tenant).order_by(columns.created_at, columns.id)
        )
    )
    sealer.learn(connection, [row.url_sealed for row in rows])
    counted = sa.select(
        delivery.c.webhook,
        sa.func.sum(sa.case((delivery.c.state == "waiting", 1), else_=0)).label("waiting"),
        sa.func.max(delivery.c.last_at).label("last_at"),
    )
    mine = counted.where(delivery.c.webhook.in_([row.id for row in rows])).group_by(delivery.c.webhook)
    counts = {row.webhook: row for row in connection.execute(mine)}
    found = []
    for row in rows:
        count = counts.get(row.id)
        url = sealer.open(connection, place(row.tenant, row.id, "url"), row.url_sealed) or b""
        state = "failing" if row.state == "on" and row.failing_since is not None else row.state
        found.append(
            Endpoint(
                row.id, url.decode(), row.description, decode(row.kinds), decode(row.shops), state, row.off_why,
                row.person, row.created_at, row.failing_since, row.former_until,
                int(count.waiting) if count else 0, count.last_at if count else None,
            )
        )  # fmt: skip
    return found


def deliveries(
    connection: sa.Connection, endpoint: str, cursor: str | None, limit: int = PAGE, *, actor: Actor
) -> Page:
    """Return a page of what was told an endpoint of the actor's organisation, the newest first.

    Raises:
        NotFoundError: there is no such endpoint of theirs.
        InvalidError: a cursor that was not handed out here.

    """
    owned_webhook(connection, endpoint, actor=actor)
    query = sa.select(*[delivery.c[name] for name in Delivery._fields]).where(delivery.c.webhook == endpoint)
    if cursor is not None:
        if not is_id(cursor):
            message = "this cursor was not handed out here"
            raise InvalidError(message, remedy="Begin again with the first page.", code="cursor")
        query = query.where(delivery.c.id < cursor)
    rows = [Delivery(*row) for row in connection.execute(query.order_by(delivery.c.id.desc()).limit(limit + 1))]
    return Page(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)
