"""Be the second person: agree to what somebody asked for a guardian, or refuse it.

Whoever agrees is neither who asked nor whom it is about. Where an organisation has nobody else, whoever runs the server
agrees at its terminal (`huiyin people approve`), and the audit says that it was done there.
"""

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind, Role
from huiyin.kernel.errors import ConflictError, NotFoundError
from huiyin.kernel.ids import PersonId
from huiyin.org import approvals, identities, store
from huiyin.org.access import access_person
from huiyin.org.appointing import Post, give_post
from huiyin.org.approvals import APPROVED, REFUSED, Waiting
from huiyin.org.inviting import bind_now, check_given
from huiyin.org.signing_in import end_sessions
from huiyin.org.still import check_still
from huiyin.org.tokens import revoke_tokens
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right

APPOINTING = Right(Resource.PERSON, Action.WRITE)
GIVEN = "approval.given"


def approve(uow: UnitOfWork, request: str, *, actor: Actor) -> None:
    """Let happen what was asked; it is written down under both names.

    Raises:
        NotFoundError: nothing of the actor's organisation waits under this id, or no longer.
        ConflictError: the actor asked for it or is the one concerned, or who asked may not appoint any more.
        InvalidError: the roles asked for cannot be given any more.

    """
    wish = _access(uow, request, actor)
    _check_second(uow, wish, actor)
    approvals.settle(uow, request, APPROVED, actor=actor)
    approvals.write_asked(uow, GIVEN, wish, actor)
    if wish.kind == "identity":
        bind_now(uow, wish.person, identities.Identity(**wish.terms), actor=actor)
    if wish.kind == "roles":
        _give(uow, wish, actor)


def refuse(uow: UnitOfWork, request: str, *, actor: Actor) -> None:
    """Let nothing happen of what was asked; who asked may take it back so, and whom it is about may refuse it.

    Raises:
        NotFoundError: as `approve`.

    """
    wish = _access(uow, request, actor)
    approvals.settle(uow, request, REFUSED, actor=actor)
    if wish.link:
        uow.connection.execute(store.one_time_link.delete().where(store.one_time_link.c.id == wish.link))
    approvals.write_asked(uow, "approval.refused", wish, actor)


def write_refused(uow: UnitOfWork, request: str, why: str, *, actor: Actor) -> None:
    """Write down that somebody wanted to agree and could not, for a command of its own."""
    wish = next(
        (each for each in approvals.waiting(uow.connection, uow.now_ms(), actor=actor) if each.id == request), None
    )
    if wish is not None:
        detail = {"request": wish.id, "wish": wish.kind, "why": why}
        entry = Entry(
            action=GIVEN, actor=actor, tenant=wish.tenant, subject=wish.person, outcome="refused", detail=detail
        )
        write_down(uow, entry)


def _access(uow: UnitOfWork, request: str, actor: Actor) -> Waiting:
    check_still(uow, actor)
    for wish in approvals.waiting(uow.connection, uow.now_ms(), actor=actor):
        if wish.id == request:
            return wish
    message = "nothing waits for a second person under this id"
    raise NotFoundError(
        message, remedy="Look at the list again: it may be decided, replaced or too old.", code="approval_gone"
    )


def _check_second(uow: UnitOfWork, wish: Waiting, actor: Actor) -> None:
    if actor.label == wish.asked_by or (actor.kind is ActorKind.PERSON and actor.id == wish.person):
        message = "the second person is neither who asked nor whom it is about"
        remedy = "Ask the other guardian of your organisation, or whoever runs the server."
        raise ConflictError(message, remedy=remedy, code="approval_self")
    kind, _, asker = wish.asked_by.partition(":")
    if kind == ActorKind.PERSON and not may(access_person(uow.connection, PersonId(asker), uow.now()), APPOINTING):
        message = "who asked for this may not appoint anybody any more"
        raise ConflictError(message, remedy="Let somebody who may ask anew.", code="approval_stale")


def _give(uow: UnitOfWork, wish: Waiting, actor: Actor) -> None:
    """Give the roles; whatever opened the account before opens it no more, so that only its owner's password does."""
    post = Post(frozenset(map(Role, wish.terms["roles"])), tuple(wish.terms["skills"]), wish.terms["capacity"])
    check_given(uow, wish.tenant, post.roles)
    give_post(uow, wish.person, post, wish.held, actor=actor)
    for table in (store.one_time_link, store.oidc_identity):
        uow.connection.execute(table.delete().where(table.c.person == wish.person))
    end_sessions(uow, wish.person, "guardian", actor=actor)
    revoke_tokens(uow, wish.person, "guardian", actor=actor)
