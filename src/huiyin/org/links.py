"""One-time links: how a first owner, a new colleague or somebody without a password gets in. No password is ever sent.

The token stands behind the # of the address, which browsers send to nobody. Only its hash is stored.
"""

import secrets
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import ConflictError, NotFoundError
from huiyin.kernel.ids import PersonId, TenantId, new_id
from huiyin.kernel.wire import decode
from huiyin.org import store
from huiyin.org.approvals import Wish, ask, is_guardian, link_approved
from huiyin.org.people import opened_person
from huiyin.org.session_limits import CLOCK_SLACK_MS
from huiyin.org.signing_in import hashed
from huiyin.security.sealing import Sealer

LASTS = timedelta(hours=24)
PURPOSES = ("owner", "invite", "reset", "reset_all")
"""owner, invite: the first password · reset: a new password · reset_all: a new password, and no second factor left."""
PATH = "/welcome#"


class MadeLink(NamedTuple):
    """A link that was just made; `path` is shown this once."""

    path: str
    expires_at: int
    waits: bool = False
    """Whether it opens nothing before a second person agreed."""


class Link(NamedTuple):
    """A link in order: what it is for and for whom."""

    id: str
    purpose: str
    person: PersonId
    tenant: TenantId
    name: str
    login: str
    organisation: str
    expires_at: int


def make_link(uow: UnitOfWork, person: str, purpose: str, *, actor: Actor) -> MadeLink:
    """Make a link for a person; earlier links of theirs open nothing from here on.

    One for a guardian waits for a second person.
    """
    token, link, now = secrets.token_urlsafe(32), new_id(), uow.now_ms()
    until = now + LASTS // timedelta(milliseconds=1)
    uow.connection.execute(store.one_time_link.delete().where(store.one_time_link.c.person == person))
    uow.connection.execute(
        store.one_time_link.insert().values(
            id=link, token_hash=hashed(token), purpose=purpose, person=person, created_at=now, expires_at=until,
        )
    )  # fmt: skip
    roles = uow.connection.execute(sa.select(store.person.c.roles).where(store.person.c.id == person)).scalar_one()
    waits = is_guardian(decode(roles))
    if waits:
        ask(uow, Wish("link", person, {"purpose": purpose}, until, link), actor=actor)
    return MadeLink(PATH + token, until, waits)


def access_link(connection: sa.Connection, sealer: Sealer, token: str, now_ms: int) -> Link:
    """Return what a link is for.

    Raises:
        NotFoundError: unknown, used, expired, from the future, or for somebody who is gone.
        ConflictError: it is for a guardian, and no second person agreed to it yet.

    """
    columns, people = store.one_time_link.c, store.person.c
    row: Any = connection.execute(
        sa.select(
            columns.id.label("link"), columns.purpose, people.id, columns.created_at, columns.expires_at,
            columns.used_at, people.roles,
            people.tenant, people.name_sealed, people.login_sealed, store.organisation.c.name.label("organisation"),
        )
        .join(store.person, people.id == columns.person)
        .join(store.organisation, store.organisation.c.id == people.tenant)
        .where(columns.token_hash == hashed(token), people.active)
    ).one_or_none()  # fmt: skip
    open_ = row is not None and row.used_at is None and row.created_at - CLOCK_SLACK_MS <= now_ms < row.expires_at
    if not open_:
        message = "this link opens nothing: it was used, it is older than a day, or it is not whole"
        raise NotFoundError(message, remedy="Ask whoever sent it for a new one.", code="link_dead")
    if is_guardian(decode(row.roles)) and not link_approved(connection, row.link):
        message = "this link waits for a second person: it is for somebody who watches over the others"
        remedy = "Ask the other guardian of your organisation to approve it; then open it again."
        raise ConflictError(message, remedy=remedy, code="link_waits")
    name, login = opened_person(connection, sealer, row)
    return Link(
        row.link, row.purpose, PersonId(row.id), TenantId(row.tenant), name, login, row.organisation,
        row.expires_at,
    )  # fmt: skip


def whose(connection: sa.Connection, token: str) -> tuple[str, str]:
    """Return whom a link is or was for, and their organisation, whether it opens anything or not; "" for nobody."""
    query = (
        sa.select(store.person.c.id, store.person.c.tenant)
        .join(store.one_time_link, store.one_time_link.c.person == store.person.c.id)
        .where(store.one_time_link.c.token_hash == hashed(token))
    )
    row = connection.execute(query).one_or_none()
    return ("", "") if row is None else (row.id, row.tenant)


def use_link(uow: UnitOfWork, sealer: Sealer, token: str) -> Link:
    """Use a link up, and return what it was for.

    Raises:
        NotFoundError: as `access_link`; a second use is one too.
        ConflictError: as `access_link`.

    """
    link = access_link(uow.connection, sealer, token, to_ms(uow.now()))
    columns = store.one_time_link.c
    uow.connection.execute(store.one_time_link.update().where(columns.id == link.id).values(used_at=uow.now_ms()))
    return link
