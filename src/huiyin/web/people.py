"""Inviting people, and helping those who cannot get in: administrators, merchants' owners, the security officer."""

from litestar import Controller, delete, get, post, put
from litestar.exceptions import ValidationException
from litestar.params import JSONBody

from huiyin.kernel.actors import Role
from huiyin.kernel.clock import from_ms, to_ms
from huiyin.org import appointing, inviting, listing
from huiyin.org.administering import NewPerson
from huiyin.org.identities import Identity
from huiyin.org.links import MadeLink
from huiyin.policy.table import ALONE
from huiyin.policy.terms import Action, Resource
from huiyin.web import session_shapes as shapes
from huiyin.web.desk import Id
from huiyin.web.guarding import Repeat, needs, repeatable
from huiyin.web.sessions import ActorHere, HouseHere


class People(Controller):
    """People of one's own organisation and how they get in."""

    path = "/api/people"
    tags = ("people",)
    opt = needs(Resource.PERSON, Action.WRITE)

    @post("/", opt=repeatable({}, Repeat.SHOWN_ONCE), sync_to_thread=True, status_code=200)
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
        invitation = house.writer.run(inviting.invite, house.sealer, new, actor=actor)
        return _invited(invitation.person, invitation.link)

    @get("/", opt=needs(Resource.PERSON, Action.READ), sync_to_thread=True)
    def list_people(self, house: HouseHere, actor: ActorHere) -> shapes.PeopleShape:
        """Return everybody of one's organisation, those who left last."""
        with house.reading.connect() as connection:
            limits, now = house.settings.sessions, to_ms(house.clock.now())
            found = listing.roll(connection, house.sealer, limits, now, actor=actor)
        return shapes.PeopleShape(
            people=[_person(each) for each in found.people], roles=found.roles, alone=sorted(ALONE)
        )

    @put("/{person:str}/roles", sync_to_thread=True)
    def change_roles(
        self, house: HouseHere, actor: ActorHere, person: Id, data: JSONBody[shapes.ChangeRoles]
    ) -> shapes.Arranged:
        """Give somebody else other roles, skills, another desk; it holds from their next request on."""
        post = appointing.Post(_roles(data.roles), tuple(data.skills), data.capacity)
        return shapes.Arranged(waits=house.writer.run(appointing.change_roles, person, post, actor=actor))

    @post("/{person:str}/deactivate", sync_to_thread=True)
    def deactivate(self, house: HouseHere, actor: ActorHere, person: Id) -> None:
        """Shut somebody else out: their sessions end, what is on their desk goes back to the queue."""
        house.writer.run(appointing.deactivate, person, actor=actor)

    @post("/{person:str}/reactivate", sync_to_thread=True)
    def reactivate(self, house: HouseHere, actor: ActorHere, person: Id) -> None:
        """Let somebody in again."""
        house.writer.run(appointing.reactivate, person, actor=actor)

    @delete("/{person:str}/sessions", opt=needs(Resource.SESSION, Action.ERASE), sync_to_thread=True, status_code=200)
    def end_sessions(self, house: HouseHere, actor: ActorHere, person: Id) -> shapes.SessionsEnded:
        """End all sessions of somebody."""
        return shapes.SessionsEnded(ended=house.writer.run(appointing.shut_sessions, person, actor=actor))

    @post("/{person:str}/link", opt=repeatable({}, Repeat.SHOWN_ONCE), sync_to_thread=True, status_code=200)
    def send_link(
        self, house: HouseHere, actor: ActorHere, person: Id, data: JSONBody[shapes.AskLink]
    ) -> shapes.Invited:
        """Return a one-time link by which somebody sets a new password; using it ends all their sessions."""
        named = {"second_factor": data.second_factor, "actor": actor}
        return _invited(person, house.writer.run(inviting.make_reset_link, person, **named))

    @post("/{person:str}/identity", sync_to_thread=True)
    def bind(
        self, house: HouseHere, actor: ActorHere, person: Id, data: JSONBody[shapes.BindIdentity]
    ) -> shapes.Arranged:
        """Bind a person to who they are at the identity provider; all their sessions end."""
        if house.provider is None:
            raise ValidationException(detail="no identity provider is set up")
        identity = Identity(house.provider.issuer, data.subject)
        return shapes.Arranged(waits=house.writer.run(inviting.bind_identity, person, identity, actor=actor))

    @post("/{person:str}/unlock", opt=needs(Resource.SESSION, Action.ERASE), sync_to_thread=True)
    def unlock(self, house: HouseHere, actor: ActorHere, person: Id) -> None:
        """Let somebody try again at once after too many attempts."""
        house.writer.run(inviting.unlock, house.sealer, person, actor=actor)


def _invited(person: str, link: MadeLink) -> shapes.Invited:
    return shapes.Invited(person=person, path=link.path, expires_at=from_ms(link.expires_at), waits=link.waits)


def _person(each: listing.Listed) -> shapes.PersonShape:
    moments = {name: getattr(each, name) for name in ("link_until", "last_in_at", "locked_until")}
    told = {name: None if at is None else from_ms(at) for name, at in moments.items()}
    return shapes.PersonShape(**{**each._asdict(), **told})


def _roles(told: list[str]) -> frozenset[Role]:
    known = set(Role)
    if unknown := sorted(set(told) - known):
        raise ValidationException(detail=f"no such role: {', '.join(unknown)[:200]}")
    return frozenset(map(Role, told))
