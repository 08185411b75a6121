"""Who may turn keys and destroy them: the security officer of the tenant they belong to, or the house itself."""

import sqlalchemy as sa

from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.errors import NotFoundError
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right
from huiyin.security.key_rows import WRAP
from huiyin.security.store import data_key, tenant_key

GONE = "subject_gone"
"""The code of a refusal about somebody who has no keys, or not the actor's to touch."""


def check_keys(actor: Actor, action: Action, tenant: str) -> None:
    """Refuse whoever may not do this with a tenant's keys; what they may not touch is not there for them.

    Raises:
        NotFoundError: not theirs.

    """
    if not may_keys(actor, action, tenant):
        message = "there are no such keys"
        remedy = "The security officer of the organisation they belong to may do this."
        raise NotFoundError(message, remedy=remedy, code="keys_gone")


def may_keys(actor: Actor, action: Action, tenant: str) -> bool:
    """Tell whether the actor may do this with a tenant's keys."""
    theirs = actor.kind is ActorKind.SYSTEM or actor.tenant == tenant
    return theirs and may(actor, Right(Resource.KEYS, action))


def check_there(connection: sa.Connection, tenant: str, subject: str = "") -> None:
    """Refuse work on the keys of a tenant, or of one of its subjects, that has none: it would be about nobody.

    Raises:
        NotFoundError: no such tenant, or nobody of it by this id who has keys.

    """
    above, below = tenant_key.c, data_key.c
    theirs = sa.select(above.id).where(above.tenant == tenant, above.purpose == WRAP, above.state == "current")
    if not tenant or connection.execute(theirs.limit(1)).first() is None:
        message = "no tenant by this id has keys"
        raise NotFoundError(
            message, remedy="Look the id up again: `huiyin keys state` lists the tenants.", code="keys_gone"
        )
    living = sa.select(below.id).where(below.tenant == tenant, below.subject == subject, below.state != "destroyed")
    if subject and connection.execute(living.limit(1)).first() is None:
        message = "nobody of this tenant by this id has keys"
        remedy = "Look the id up again; perhaps they were shredded: `huiyin keys tombstones` lists who was."
        raise NotFoundError(message, remedy=remedy, code=GONE)
