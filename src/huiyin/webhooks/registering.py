"""Register endpoints, change them, give them another secret, switch them on and off, take them away: owners' verbs."""

from collections.abc import Collection
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, Value, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.views import newest
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError
from huiyin.kernel.ids import new_id
from huiyin.kernel.wire import encode_text
from huiyin.org.shops import kind_of_organisation, owned_shop
from huiyin.security.sealing import Sealer
from huiyin.webhooks.addresses import check_url
from huiyin.webhooks.kinds import NAMES
from huiyin.webhooks.sealed import place
from huiyin.webhooks.signing import new_secret, shown
from huiyin.webhooks.store import delivery
from huiyin.webhooks.store import webhook as table

MOST_WEBHOOKS = 10
"""Endpoints an organisation may have: each event of theirs is kept once for each."""
MOST_DESCRIPTION = 60
OVERLAP_MS = 24 * 3_600_000
"""How long the former secret signs beside a new one."""


class Wanted(NamedTuple):
    """What an endpoint is to be told: where, what it is for, which kinds, of which shops (none: all own ones)."""

    url: str
    description: str
    kinds: Collection[str]
    shops: Collection[str] = ()


class Made(NamedTuple):
    """An endpoint and its secret, which is shown this once."""

    id: str
    secret: str


class Registrar:
    """Keeps the endpoints; `loopback` allows http to this machine, for tests and development."""

    def __init__(self, sealer: Sealer, *, loopback: bool) -> None:
        """Use the house's keys."""
        self._sealer = sealer
        self._loopback = loopback

    def register(self, uow: UnitOfWork, wanted: Wanted, *, actor: Actor) -> Made:
        """Register an endpoint; it is told what happens from now on.

        Raises:
            InvalidError: an address that cannot be called, no name, no kind or one nobody knows, too many endpoints.
            NotFoundError: a shop that is not one of the actor's organisation.
            ConflictError: the organisation is no merchant.

        """
        if kind_of_organisation(uow.connection, actor.tenant) != "merchant":
            message = "events are told to the merchant whose shops they are of"
            raise ConflictError(message, remedy="Let the merchant register the endpoint.", code="not_a_merchant")
        mine = sa.select(sa.func.count()).where(table.c.tenant == actor.tenant)
        if uow.connection.execute(mine).scalar_one() >= MOST_WEBHOOKS:
            message = f"there are {MOST_WEBHOOKS} endpoints already"
            raise InvalidError(message, remedy="Take away those nobody uses.", code="webhook_many")
        endpoint, secret, last = new_id(), new_secret(), newest(uow.connection)
        uow.connection.execute(
            table.insert().values(
                id=endpoint, tenant=actor.tenant, former_until=0, state="on", off_why="", person=actor.id,
                since=last.position if last else 0, created_at=uow.now_ms(), held_until=0,
                secret_sealed=self._sealed(uow, actor.tenant, endpoint, "secret", secret),
                **self._values(uow, endpoint, wanted, actor),
            )
        )  # fmt: skip
        _write(uow, "webhook.registered", endpoint, actor, {"kinds": len(wanted.kinds), "shops": len(wanted.shops)})
        return Made(endpoint, shown(secret))

    def change(self, uow: UnitOfWork, endpoint: str, wanted: Wanted, *, actor: Actor) -> None:
        """Tell an endpoint something else, or somewhere else; errors as of `register`.

        What waits of kinds and shops that are no longer asked for is told nobody.
        """
        owned_webhook(uow.connection, endpoint, actor=actor)
        values = self._values(uow, endpoint, wanted, actor)
        _drop_unwanted(uow, endpoint, wanted)
        uow.connection.execute(table.update().where(table.c.id == endpoint).values(held_until=0, **values))
        _write(uow, "webhook.changed", endpoint, actor, {"kinds": len(wanted.kinds), "shops": len(wanted.shops)})

    def renew_secret(self, uow: UnitOfWork, endpoint: str, *, actor: Actor) -> Made:
        """Give an endpoint a new secret; the former one signs beside it for a day.

        Raises:
            ConflictError: one was given within the day: a third would drop the one the program still has.

        """
        row = owned_webhook(uow.connection, endpoint, actor=actor)
        if row.former_until > uow.now_ms():
            message = "a former secret signs beside the new one still"
            remedy = "Wait until its day is over; if both leaked, take the endpoint away and register it anew."
            raise ConflictError(message, remedy=remedy, code="webhook_secret_soon")
        former = self._sealer.open(uow.connection, place(row.tenant, endpoint, "secret"), row.secret_sealed) or b""
        secret = new_secret()
        uow.connection.execute(
            table.update()
            .where(table.c.id == endpoint)
            .values(
                secret_sealed=self._sealed(uow, row.tenant, endpoint, "secret", secret),
                former_sealed=self._sealed(uow, row.tenant, endpoint, "former", former),
                former_until=uow.now_ms() + OVERLAP_MS,
            )
        )
        _write(uow, "webhook.secret_renewed", endpoint, actor, {})
        return Made(endpoint, shown(secret))

    def _values(self, uow: UnitOfWork, endpoint: str, wanted: Wanted, actor: Actor) -> dict[str, object]:
        url = check_url(wanted.url.strip(), loopback=self._loopback)
        description = wanted.description.strip()
        if not 0 < len(description) <= MOST_DESCRIPTION or not description.isprintable():
            message = f"an endpoint has a description of 1 to {MOST_DESCRIPTION} characters"
            raise InvalidError(message, remedy="Say which program it belongs to.", code="webhook_description")
        if not wanted.kinds or not set(wanted.kinds) <= set(NAMES):
            message = "an endpoint asks for at least one kind of event, and for kinds there are"
            raise InvalidError(message, remedy=f"Choose among {', '.join(NAMES)}.", code="webhook_kinds")
        shops = sorted({owned_shop(uow.connection, each, actor=actor).id for each in set(wanted.shops)})
        return {
            "url_sealed": self._sealed(uow, actor.tenant, endpoint, "url", url.encode()),
            "description": description,
            "kinds": encode_text([each for each in NAMES if each in set(wanted.kinds)]),
            "shops": encode_text(shops),
        }

    def _sealed(self, uow: UnitOfWork, tenant: str, endpoint: str, field: str, plain: bytes) -> bytes:
        key = self._sealer.ring.for_writing(uow, tenant, (tenant,))[tenant]
        return self._sealer.seal(uow.connection, key, place(tenant, endpoint, field), plain)


def _drop_unwanted(uow: UnitOfWork, endpoint: str, wanted: Wanted) -> None:
    waiting = delivery.c.webhook == endpoint, delivery.c.state == "waiting", delivery.c.position.is_not(None)
    rows = uow.connection.execute(sa.select(delivery.c.id, delivery.c.kind, delivery.c.body).where(*waiting))
    gone = [
        row.id
        for row in rows
        if row.kind not in wanted.kinds or (wanted.shops and _shop_of(row.body) not in {"", *wanted.shops})
    ]
    uow.connection.execute(delivery.delete().where(delivery.c.id.in_(gone)))


def _shop_of(body: str) -> str:
    return msgspec.json.decode(body, type=_Told).data.shop


class _About(msgspec.Struct, frozen=True):
    shop: str = ""


class _Told(msgspec.Struct, frozen=True):
    """What of a call's body says which shop it is about."""

    data: _About = _About()


def switch(uow: UnitOfWork, endpoint: str, *, on: bool, actor: Actor) -> None:
    """Switch an endpoint on or off; what waits goes on, what happened meanwhile is not told."""
    row = owned_webhook(uow.connection, endpoint, actor=actor)
    if (row.state == "on") == on:
        return
    values: dict[str, object] = {"state": "on" if on else "off", "off_why": "" if on else "by_hand"}
    if on:
        values |= {"failing_since": None, "held_until": 0}
    uow.connection.execute(table.update().where(table.c.id == endpoint).values(values))
    if on:
        _write(uow, "webhook.switched_on", endpoint, actor, {})
    else:
        _write(uow, "webhook.switched_off", endpoint, actor, {"why": "by_hand"})


def remove(uow: UnitOfWork, endpoint: str, *, actor: Actor) -> None:
    """Take an endpoint away; what waits for it is told nobody, and its log is swept away."""
    owned_webhook(uow.connection, endpoint, actor=actor)
    uow.connection.execute(table.delete().where(table.c.id == endpoint))
    _write(uow, "webhook.removed", endpoint, actor, {})


def owned_webhook(connection: sa.Connection, endpoint: str, *, actor: Actor) -> Any:  # noqa: ANN401  # a database row has no static type
    """Return the row of an endpoint of the actor's organisation.

    Raises:
        NotFoundError: there is no such endpoint, or it is somebody else's.

    """
    mine = sa.select(table).where(table.c.id == endpoint, table.c.tenant == actor.tenant)
    row = connection.execute(mine).one_or_none()
    if row is None:
        message = "there is no such endpoint"
        raise NotFoundError(message, remedy="Look at the list again.", code="webhook_gone")
    return row


def _write(uow: UnitOfWork, action: str, endpoint: str, actor: Actor, detail: dict[str, Value]) -> None:
    write_down(uow, Entry(action=action, actor=actor, tenant=actor.tenant, subject=endpoint, detail=detail))
