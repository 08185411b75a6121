"""Who may turn keys and destroy them: the security officer of the tenant they belong to, or the house itself."""

from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.errors import NotFoundError
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right


def check_keys(actor: Actor, action: Action, tenant: str) -> None:
    """Refuse whoever may not do this with a tenant's keys; what they may not touch is not there for them.

    Raises:
        NotFoundError: not theirs.

    """
    theirs = actor.kind is ActorKind.SYSTEM or actor.tenant == tenant
    if not theirs or not may(actor, Right(Resource.KEYS, action)):
        message = "there are no such keys"
        raise NotFoundError(message, remedy="The security officer of the organisation they belong to may do this.")
