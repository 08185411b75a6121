"""Let a person send what a listener could not take for another try, and see at once what became of it."""

from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from huiyin.eventlog.listening import Subscriptions
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.views import Stuck, stuck
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import NotFoundError
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right

LOOKING = Right(Resource.STUCK_EVENT, Action.READ)

log = structlog.get_logger(__name__)


class Retried(NamedTuple):
    """How many events went through, and what is stuck still; None once nothing is."""

    healed: int
    left: Stuck | None


Noting = Callable[[UnitOfWork, Stuck, Retried], None]
"""Writes down, in the same unit of work, that somebody tried again; the audit stands above this room."""


def stuck_for(connection: sa.Connection, *, actor: Actor) -> list[Stuck]:
    """Return what is stuck in the actor's shops, oldest first; nothing for those who do not keep them running."""
    return stuck(connection, actor.tenant, actor.shops) if may(actor, LOOKING) else []


def try_again(
    uow: UnitOfWork, subscriptions: Subscriptions, listener: str, subject: str, *, actor: Actor, noting: Noting
) -> Retried:
    """Try a subject's stuck events once more, in their order; what fails again is retried with pauses as at first.

    Raises:
        NotFoundError: nothing of that subject is stuck there, or it is none of the actor's business.

    """
    before = _one(uow, listener, subject, actor)
    if before is None:
        message = "there is no such event to try again"
        raise NotFoundError(
            message, remedy="Look at the list again: it may have gone through meanwhile.", code="event_gone"
        )
    released = subscriptions.release(uow, listener, subject)
    log.info("eventlog.released", listener=listener, subject=subject, actor=actor.label, events=released)
    subscriptions.retry_due(uow)
    left = _one(uow, listener, subject, actor)
    retried = Retried(released - (left.behind + 1 if left else 0), left)
    noting(uow, before, retried)
    return retried


def _one(uow: UnitOfWork, listener: str, subject: str, actor: Actor) -> Stuck | None:
    found = stuck_for(uow.connection, actor=actor)
    return next((each for each in found if (each.listener, each.subject) == (listener, subject)), None)
