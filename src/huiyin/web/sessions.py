"""Sign in, sign out, who am I, the second factor shown, and the seat of whoever sits there."""

from litestar import Controller, Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import InvalidError, NotSignedInError
from huiyin.org import seats, signing_in
from huiyin.org import second_factor as second
from huiyin.org import views as org
from huiyin.org.entering import Claim
from huiyin.policy.deciding import FRESH, rights_of, second_factor_fresh
from huiyin.policy.terms import Action, Resource
from huiyin.web.guarding import ANYBODY, needs
from huiyin.web.identity import cookie_for, cookie_of, visit_of
from huiyin.web.noting import note_refusal, note_sign_in
from huiyin.web.session_shapes import GivenCode, Me, MyShop, Presence, SecondFactorShape, SignIn
from huiyin.wiring import House

HouseHere = NamedDependency[SkipValidation[House]]
ActorHere = NamedDependency[SkipValidation[Actor]]


def me(house: House, actor: Actor) -> Me:
    """Describe the actor for its own screen."""
    with house.reading.connect() as connection:
        seat = org.seat(connection, actor.id)
        organisation = org.organisation_name(connection, actor.tenant)
        name = house.people.name(connection, actor.id)
        standing = second.standing(connection, actor.id)
    shops = house.shops.all()
    shown, fresh = actor.proof.second_factor_at, second_factor_fresh(actor, house.clock.now())
    return Me(
        id=actor.id,
        name=name,
        roles=sorted(actor.roles),
        may=rights_of(actor),
        organisation=organisation,
        shops=sorted(
            (MyShop(id=each, name=shops[each].name, platform=shops[each].platform) for each in actor.shops),
            key=lambda each: each.name,
        ),
        presence=seat.state if seat else None,
        capacity=seat.capacity if seat else None,
        load=seat.load if seat else None,
        second_factor=SecondFactorShape(
            set_up=standing.confirmed_at is not None,
            needed=second.needs_second_factor(actor),
            recovery_codes=standing.recovery_codes,
            fresh_until=from_ms(shown) + FRESH if fresh and shown is not None else None,
        ),
    )


def holder(house: House, token: str) -> Actor:
    """Return who holds a session token that is new."""
    with house.reading.connect() as connection:
        return signing_in.access_session(connection, token, house.clock, house.settings.sessions).actor


def entered(house: House, request: Request, token: str) -> Response[Me]:  # type: ignore[type-arg]  # any user
    """Answer with who holds a session token that is new, and hand the token to the browser."""
    return Response(me(house, holder(house, token)), cookies=[cookie_for(request, token)])


def signed_in(house: House, request: Request, token: str) -> Response[Me]:  # type: ignore[type-arg]  # as above
    """Answer whoever just signed in, which platforms are told."""
    note_sign_in(house, request, holder(house, token))
    return entered(house, request, token)


class Sessions(Controller):
    """Sessions of people."""

    path = "/api/session"
    tags = ("session",)

    @post("/", opt=ANYBODY, sync_to_thread=True, status_code=200)
    def sign_in(self, house: HouseHere, data: JSONBody[SignIn], request: Request) -> Response[Me]:  # type: ignore[type-arg]  # any user
        """Sign in with login and password, and with a code once one is asked for."""
        claim = Claim(data.login, data.password, data.code)
        try:
            token = house.entrance.sign_in(claim, visit_of(request))
        except (NotSignedInError, InvalidError) as error:
            note_refusal(house, request, data.login, error)
            raise
        return signed_in(house, request, token)

    @get("/", opt=needs(Resource.SESSION, Action.READ), sync_to_thread=True)
    def who_am_i(self, house: HouseHere, actor: ActorHere) -> Me:
        """Tell who is signed in."""
        return me(house, actor)

    @delete("/", opt=ANYBODY, sync_to_thread=True)
    def sign_out(self, house: HouseHere, request: Request) -> None:  # type: ignore[type-arg]  # any user
        """End the session; ending none is no error."""
        token = cookie_of(request)
        if token:
            house.writer.run(signing_in.close_session, token)

    @post("/second-factor", opt=needs(Resource.SESSION, Action.WRITE), sync_to_thread=True, status_code=200)
    def show_second_factor(
        self,
        house: HouseHere,
        actor: ActorHere,
        data: JSONBody[GivenCode],
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> Response[Me]:
        """Show the second factor; the session has a new token from here on."""
        return entered(house, request, house.credentials.show_second_factor(data.code, actor=actor))


class Presences(Controller):
    """The seat of whoever is signed in."""

    path = "/api/desk/presence"
    tags = ("desk",)

    @put("/", opt=needs(Resource.SEAT, Action.WRITE), sync_to_thread=True)
    def change(self, house: HouseHere, actor: ActorHere, data: JSONBody[Presence]) -> Me:
        """Go online, busy, on a rest, in training or offline."""
        house.writer.run(seats.change_presence, actor.id, data.state, "本人切换", actor=actor)
        return me(house, actor)
