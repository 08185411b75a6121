"""Inviting people, and helping those who cannot get in: administrators, merchants' owners, the security officer."""

from litestar import Controller, post
from litestar.exceptions import ValidationException
from litestar.params import JSONBody

from huiyin.kernel.actors import Role
from huiyin.kernel.clock import from_ms
from huiyin.org import inviting
from huiyin.org.administering import NewPerson
from huiyin.org.identities import Identity
from huiyin.org.links import MadeLink
from huiyin.policy.terms import Action, Resource
from huiyin.web import session_shapes as shapes
from huiyin.web.desk import Id
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere


class People(Controller):
    """People of one's own organisation and how they get in."""

    path = "/api/people"
    tags = ("people",)
    opt = needs(Resource.PERSON, Action.WRITE)

    @post("/", sync_to_thread=True, status_code=200)
    def invite(self, house: HouseHere, actor: ActorHere, data: JSONBody[shapes.Invite]) -> shapes.Invited:
        """Register somebody new, and return the one-time link by which they set their password."""
        new = NewPerson(
            tenant=actor.tenant,
            name=data.name,
            login=data.login,
            roles=_roles(data.roles),
            skills=tuple(data.skills),
            capacity=data.capacity,
        )
        invitation = house.writer.run(inviting.invite, new, actor=actor)
        return _invited(invitation.person, invitation.link)

    @post("/{person:str}/link", sync_to_thread=True, status_code=200)
    def send_link(
        self, house: HouseHere, actor: ActorHere, person: Id, data: JSONBody[shapes.AskLink]
    ) -> shapes.Invited:
        """Return a one-time link by which somebody sets a new password; using it ends all their sessions."""
        named = {"second_factor": data.second_factor, "actor": actor}
        return _invited(person, house.writer.run(inviting.make_reset_link, person, **named))

    @post("/{person:str}/identity", sync_to_thread=True)
    def bind(self, house: HouseHere, actor: ActorHere, person: Id, data: JSONBody[shapes.BindIdentity]) -> None:
        """Bind a person to who they are at the identity provider."""
        if house.provider is None:
            raise ValidationException(detail="no identity provider is set up")
        identity = Identity(house.provider.issuer, data.subject)
        house.writer.run(inviting.bind_identity, person, identity, actor=actor)

    @post("/{person:str}/unlock", opt=needs(Resource.SESSION, Action.ERASE), sync_to_thread=True)
    def unlock(self, house: HouseHere, actor: ActorHere, person: Id) -> None:
        """Let somebody try again at once after too many attempts."""
        house.writer.run(inviting.unlock, house.ring, person, actor=actor)


def _invited(person: str, link: MadeLink) -> shapes.Invited:
    return shapes.Invited(person=person, path=link.path, expires_at=from_ms(link.expires_at))


def _roles(told: list[str]) -> frozenset[Role]:
    known = set(Role)
    if unknown := sorted(set(told) - known):
        raise ValidationException(detail=f"no such role: {', '.join(unknown)[:200]}")
    return frozenset(map(Role, told))
