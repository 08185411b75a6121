"""What waits for a second person: seen by guardians and by who appoints, approved by guardians alone."""

from litestar import Controller, get, post

from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms, to_ms
from huiyin.kernel.errors import ConflictError
from huiyin.org import approvals, approving
from huiyin.org.approvals import Waiting
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right
from huiyin.web import session_shapes as shapes
from huiyin.web.desk import Id
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Named
from huiyin.wiring import House

APPROVING = Right(Resource.APPROVAL, Action.APPROVE)


class Approvals(Controller):
    """Links, identities and roles of guardians that a second person has to agree to."""

    path = "/api/approvals"
    tags = ("people",)

    @get("/", opt=needs(Resource.APPROVAL, Action.READ), sync_to_thread=True)
    def list_waiting(self, house: HouseHere, actor: ActorHere) -> list[shapes.ApprovalShape]:
        """Return what waits in one's organisation, oldest first."""
        with house.reading.connect() as connection:
            found = approvals.waiting(connection, to_ms(house.clock.now()), actor=actor)
            people = {each.person for each in found} | {_asker(each) for each in found}
            names = house.people.names(connection, people)
        return [_shape(each, names, actor) for each in found]

    @post("/{approval:str}/approve", opt=needs(Resource.APPROVAL, Action.APPROVE), sync_to_thread=True, status_code=204)
    def approve(self, house: HouseHere, actor: ActorHere, approval: Id) -> None:
        """Agree; what was asked for happens now."""
        _approve(house, approval, actor)

    @post("/{approval:str}/refuse", opt=needs(Resource.APPROVAL, Action.REFUSE), sync_to_thread=True, status_code=204)
    def refuse(self, house: HouseHere, actor: ActorHere, approval: Id) -> None:
        """Refuse it, or take back what one asked for; a link that waited is void."""
        house.writer.run(approving.refuse, approval, actor=actor)


def _approve(house: House, request: str, actor: Actor) -> None:
    try:
        house.writer.run(approving.approve, request, actor=actor)
    except ConflictError as error:
        house.writer.run(approving.write_refused, request, error.code, actor=actor)
        raise


def _shape(wish: Waiting, names: dict[str, str], actor: Actor) -> shapes.ApprovalShape:
    asker = _asker(wish)
    concerned = actor.id in {asker, wish.person}
    return shapes.ApprovalShape(
        id=wish.id,
        kind=str(wish.terms.get("purpose", wish.kind)),
        person=Named(id=wish.person, name=names.get(wish.person, "")),
        held=sorted(wish.held),
        roles=sorted(wish.terms.get("roles", wish.held)),
        subject=str(wish.terms.get("subject", "")),
        asker=Named(id=asker, name=names[asker]) if asker in names else None,
        asked_at=from_ms(wish.asked_at),
        expires_at=from_ms(wish.expires_at),
        approvable=may(actor, APPROVING) and not concerned,
    )


def _asker(wish: Waiting) -> str:
    return wish.asked_by.partition(":")[2]
