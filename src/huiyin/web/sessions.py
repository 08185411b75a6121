"""Sign in, sign out, who am I, and the seat of whoever sits there."""

from litestar import Controller, Request, Response, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from huiyin.kernel.actors import Actor
from huiyin.org import seats, signing_in
from huiyin.org import views as org
from huiyin.org.access import access_person
from huiyin.org.people import login_index
from huiyin.policy.deciding import rights_of
from huiyin.policy.terms import Action, Resource
from huiyin.web.guarding import ANYBODY, needs
from huiyin.web.identity import COOKIE
from huiyin.web.shapes import Me, Named, Presence, SignIn
from huiyin.wiring import House

HouseHere = NamedDependency[SkipValidation[House]]
ActorHere = NamedDependency[SkipValidation[Actor]]


def me(house: House, actor: Actor) -> Me:
    """Describe the actor for its own screen."""
    with house.reading.connect() as connection:
        seat = org.seat(connection, actor.id)
        organisation = org.organisation_name(connection, actor.tenant)
        name = house.people.name(connection, actor.id)
    shops = house.shops.all()
    return Me(
        id=actor.id,
        name=name,
        roles=sorted(actor.roles),
        may=rights_of(actor),
        organisation=organisation,
        shops=sorted((Named(id=each, name=shops[each].name) for each in actor.shops), key=lambda each: each.name),
        presence=seat.state if seat else None,
        capacity=seat.capacity if seat else None,
        load=seat.load if seat else None,
    )


def _check(house: House, data: SignIn) -> Actor:
    with house.reading.connect() as connection:
        person = signing_in.check_password(connection, login_index(connection, house.ring, data.login), data.password)
        return access_person(connection, person, house.clock.now())


class Sessions(Controller):
    """Sessions of people."""

    path = "/api/session"
    tags = ("session",)

    @post("/", opt=ANYBODY, sync_to_thread=True, status_code=200)
    def sign_in(self, house: HouseHere, data: JSONBody[SignIn], request: Request) -> Response[Me]:  # type: ignore[type-arg]  # any user
        """Sign in with login and password."""
        actor = _check(house, data)
        token = house.writer.run(signing_in.open_session, actor.id)
        cookie = Cookie(
            key=COOKIE, value=token, httponly=True, samesite="strict", path="/", secure=request.url.scheme == "https"
        )
        return Response(me(house, actor), cookies=[cookie])

    @get("/", opt=needs(Resource.SESSION, Action.READ), sync_to_thread=True)
    def who_am_i(self, house: HouseHere, actor: ActorHere) -> Me:
        """Tell who is signed in."""
        return me(house, actor)

    @delete("/", opt=ANYBODY, sync_to_thread=True)
    def sign_out(self, house: HouseHere, request: Request) -> None:  # type: ignore[type-arg]  # any user
        """End the session; ending none is no error."""
        token = request.cookies.get(COOKIE)
        if token:
            house.writer.run(signing_in.close_session, token)


class Presences(Controller):
    """The seat of whoever is signed in."""

    path = "/api/desk/presence"
    tags = ("desk",)

    @put("/", opt=needs(Resource.SEAT, Action.WRITE), sync_to_thread=True)
    def change(self, house: HouseHere, actor: ActorHere, data: JSONBody[Presence]) -> Me:
        """Go online, busy, on a rest, in training or offline."""
        house.writer.run(seats.change_presence, actor.id, data.state, "本人切换", actor=actor)
        return me(house, actor)
