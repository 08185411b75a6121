"""Take calls that are due out of the queue, and write down what came of them: the courier's commands.

A call that was taken is due again by itself after `LEASE_MS`: a process that ends in between loses nothing, and the
endpoint may hear of it twice, under one id.
"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import system
from huiyin.webhooks.model import fails_too_long, follows
from huiyin.webhooks.posting import Answer
from huiyin.webhooks.store import delivery, webhook
from huiyin.webhooks.views import LOG_DAYS

WEBHOOKS = system("webhooks")
LEASE_MS = 60_000
MOST_SWEPT = 500


class Parcel(NamedTuple):
    """A call to make: its id, which attempt this is, what it says."""

    id: str
    attempts: int
    body: str


def claim(uow: UnitOfWork, endpoint: str, most: int) -> list[Parcel]:
    """Take the next due calls to an endpoint, the oldest first, and count their attempts."""
    columns, now = delivery.c, uow.now_ms()
    due = (
        sa.select(columns.id, columns.attempts, columns.body)
        .join(webhook, webhook.c.id == columns.webhook)
        .where(
            columns.webhook == endpoint, columns.state == "waiting", columns.due_at <= now,
            webhook.c.state == "on", webhook.c.held_until <= now,
        )
        .order_by(columns.id)
        .limit(most)
    )  # fmt: skip
    rows = list(uow.connection.execute(due))
    taken = delivery.update().where(columns.id.in_([row.id for row in rows]))
    if rows:
        uow.connection.execute(taken.values(attempts=columns.attempts + 1, due_at=now + LEASE_MS, last_at=now))
    return [Parcel(row.id, row.attempts + 1, row.body) for row in rows]


def settle(uow: UnitOfWork, endpoint: str, answered: Sequence[tuple[Parcel, Answer]]) -> None:
    """Write down what came of calls, and switch an endpoint off that is gone or fails too long.

    A call that somebody had made again meanwhile is left alone: its attempts are counted anew.
    """
    now, columns = uow.now_ms(), webhook.c
    row = uow.connection.execute(sa.select(webhook).where(columns.id == endpoint)).one_or_none()
    if row is None:
        return
    failing, held, why = row.failing_since, row.held_until, ""
    for parcel, answer in answered:
        asked = now + int(answer.retry_after * 1000) if answer.retry_after else 0
        then = follows(parcel.id, parcel.attempts, answer.status, asked, now)
        failing = None if then.state == "delivered" else failing if failing is not None else now
        held, why = max(held, 0 if then.state == "delivered" else asked), then.off_why or why
        mine = sa.and_(delivery.c.id == parcel.id, delivery.c.attempts == parcel.attempts)
        uow.connection.execute(
            delivery.update()
            .where(mine)
            .values(state=then.state, due_at=then.due_at, status=answer.status, error=answer.error)
        )
    why = why or ("failing" if fails_too_long(failing, now) else "")
    off = {"state": "off", "off_why": why} if why and row.state == "on" else {}
    uow.connection.execute(
        webhook.update().where(columns.id == endpoint).values(failing_since=failing, held_until=held, **off)
    )
    if off:
        detail = {"why": why}
        write_down(
            uow,
            Entry(action="webhook.switched_off", actor=WEBHOOKS, tenant=row.tenant, subject=endpoint, detail=detail),
        )


def orphans(connection: sa.Connection) -> list[str]:
    """Return the endpoints that were taken away and have a log still."""
    gone = sa.select(delivery.c.webhook).distinct().where(delivery.c.webhook.not_in(sa.select(webhook.c.id)))
    return list(connection.execute(gone).scalars())


def sweep(uow: UnitOfWork, removed: Sequence[str]) -> bool:
    """Let go of some of the log that is older than 30 days, or of endpoints that were taken away; tell if more is."""
    columns, swept = delivery.c, 0
    old = columns.created_at < uow.now_ms() - LOG_DAYS * 24 * 3_600_000
    for which in (old, columns.webhook.in_(removed)):
        some = sa.select(columns.id).where(which).limit(MOST_SWEPT)
        swept = max(swept, uow.connection.execute(delivery.delete().where(columns.id.in_(some))).rowcount)
    return swept == MOST_SWEPT
