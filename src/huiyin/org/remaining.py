"""Tell who of those that look at open screens may still look, and at what: asked before anything new is shown."""

from collections.abc import Collection
from datetime import datetime

import msgspec
import sqlalchemy as sa

from huiyin.eventlog.prepared import Prepared
from huiyin.kernel.actors import Actor, person
from huiyin.kernel.clock import to_ms
from huiyin.kernel.ids import PersonId
from huiyin.org import store
from huiyin.org.access import shops_of

_SESSIONS = Prepared(
    sa.select(store.session.c.id).where(
        store.session.c.id.in_(sa.bindparam("held", expanding=True)), store.session.c.ended_at.is_(None)
    )
)
_TOKENS = Prepared(
    sa.select(store.api_token.c.id).where(
        store.api_token.c.id.in_(sa.bindparam("held", expanding=True)),
        store.api_token.c.revoked_at.is_(None),
        store.api_token.c.expires_at > sa.bindparam("at"),
    )
)


def remaining(connection: sa.Connection, actors: Collection[Actor], at: datetime) -> dict[str, Actor]:
    """Return the actors whose session or token is open at `at`, by its id, with the shops that are theirs then.

    Two queries, and one for each organisation; limits of idle sessions are asked where a session is used.
    """
    held = {each.proof.id for each in actors}
    open_ = set(_SESSIONS.column(connection, held=sorted(held)))
    if held - open_:
        open_.update(_TOKENS.column(connection, held=sorted(held - open_), at=to_ms(at)))
    shops = {tenant: shops_of(connection, tenant, at) for tenant in {each.tenant for each in actors}}
    found = {}
    for actor in actors:
        if actor.proof.id in open_:
            now = person(PersonId(actor.id), actor.name, actor.tenant, actor.roles, shops[actor.tenant])
            found[actor.proof.id] = msgspec.structs.replace(now, proof=actor.proof)
    return found
