"""Put single calls into the queue by hand: a test, and one that is to be made again."""

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import ConflictError, NotFoundError
from huiyin.kernel.ids import new_id
from huiyin.webhooks.kinds import TEST, written
from huiyin.webhooks.registering import owned_webhook
from huiyin.webhooks.store import delivery
from huiyin.webhooks.views import Delivery


def send_test(uow: UnitOfWork, endpoint: str, *, actor: Actor) -> Delivery:
    """Have an endpoint told that this is a test; ConflictError while it is switched off."""
    _check_on(owned_webhook(uow.connection, endpoint, actor=actor).state)
    now = uow.now_ms()
    row = Delivery(new_id(), TEST, "waiting", 0, now, now, None, None, "")
    body = written(TEST, now, {"webhook": endpoint})
    uow.connection.execute(delivery.insert().values(**row._asdict(), webhook=endpoint, position=None, body=body))
    write_down(uow, Entry(action="webhook.tested", actor=actor, tenant=actor.tenant, subject=endpoint))
    return row


def resend(uow: UnitOfWork, endpoint: str, wanted: str, *, actor: Actor) -> Delivery:
    """Have a call made again, with the same id and body, whatever came of it before.

    Raises:
        NotFoundError: there is no such call of an endpoint of theirs.
        ConflictError: the endpoint is switched off.

    """
    state = owned_webhook(uow.connection, endpoint, actor=actor).state
    columns = delivery.c
    query = sa.select(*[columns[name] for name in Delivery._fields]).where(
        columns.id == wanted, columns.webhook == endpoint
    )
    found = uow.connection.execute(query).one_or_none()
    if found is None:
        message = "there is no such delivery"
        raise NotFoundError(message, remedy="Look at the log again.", code="delivery_gone")
    _check_on(state)
    row = Delivery(*found)._replace(state="waiting", attempts=0, due_at=uow.now_ms())
    again = delivery.update().where(columns.id == wanted)
    uow.connection.execute(again.values(state=row.state, attempts=row.attempts, due_at=row.due_at))
    write_down(
        uow,
        Entry(
            action="webhook.resent", actor=actor, tenant=actor.tenant, subject=endpoint, detail={"delivery": wanted}
        ),
    )  # fmt: skip
    return row


def _check_on(state: str) -> None:
    if state != "on":
        message = "this endpoint is switched off"
        raise ConflictError(message, remedy="Switch it on first.", code="webhook_off")
