"""Ask once more, inside the transaction, whether who acts still may: they may have been shut out meanwhile.

The door asked before the command was queued. One statement: commands that change people, roles, links and tokens ask
it, the path of a message does not.
"""

import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.errors import NotSignedInError
from huiyin.kernel.wire import decode
from huiyin.org import store

_SESSION = sa.select(store.session.c.ended_at).where(store.session.c.id == sa.bindparam("proof")).scalar_subquery()
_TOKEN = sa.select(store.api_token.c.revoked_at).where(store.api_token.c.id == sa.bindparam("proof")).scalar_subquery()
_NOW = sa.select(store.person.c.roles, sa.func.coalesce(_SESSION, _TOKEN).label("ended_at")).where(
    store.person.c.id == sa.bindparam("person"), store.person.c.active
)


def check_still(uow: UnitOfWork, actor: Actor) -> None:
    """Refuse a person who was shut out, signed out or given other roles since they asked.

    Raises:
        NotSignedInError: they were.

    """
    if actor.kind is not ActorKind.PERSON:
        return
    row = uow.connection.execute(_NOW, {"person": actor.id, "proof": actor.proof.id}).one_or_none()
    if row is None or row.ended_at is not None or set(decode(row.roles)) != actor.roles:
        message = "what you may do changed a moment ago"
        raise NotSignedInError(message, remedy="Load the page again; sign in if it asks you to.", code="changed")
