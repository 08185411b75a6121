"""One's own account: sessions, password, second factor, API tokens. A token cannot look after its maker's account."""

from datetime import timedelta

import segno
from litestar import Controller, Request, Response, delete, get, post, put
from litestar.params import JSONBody

from huiyin.audit.views import about_account
from huiyin.kernel.clock import from_ms
from huiyin.kernel.wire import decode
from huiyin.org import signing_in, tokens
from huiyin.policy.deciding import rights_of
from huiyin.policy.terms import Action, Resource
from huiyin.web import session_shapes as shapes
from huiyin.web.desk import Id
from huiyin.web.guarding import Repeat, needs, repeatable
from huiyin.web.identity import cookie_for
from huiyin.web.session_shapes import Me
from huiyin.web.sessions import ActorHere, HouseHere, entered
from huiyin.web.shapes import Named

QR_SCALE = 4


class Account(Controller):
    """What somebody who is signed in does with their own proofs."""

    path = "/api/account"
    tags = ("account",)
    opt = needs(Resource.SESSION, Action.WRITE)

    @get("/sessions", opt=needs(Resource.SESSION, Action.READ), sync_to_thread=True)
    def list_sessions(self, house: HouseHere, actor: ActorHere) -> list[shapes.SessionShape]:
        """Return one's open sessions, last used first."""
        with house.reading.connect() as connection:
            found = signing_in.sessions_of(connection, house.clock, house.settings.sessions, actor=actor)
        return [
            shapes.SessionShape(
                id=each.id,
                device=each.device,
                created_at=from_ms(each.created_at),
                seen_at=from_ms(each.seen_at),
                second_factor_at=None if each.second_factor_at is None else from_ms(each.second_factor_at),
                current=each.id == actor.proof.id,
            )
            for each in found
        ]

    @delete("/sessions/{session:str}", sync_to_thread=True)
    def end_session(self, house: HouseHere, actor: ActorHere, session: Id) -> None:
        """End one of one's sessions."""
        house.writer.run(signing_in.end_session, session, actor=actor)

    @delete("/sessions", sync_to_thread=True)
    def sign_out_everywhere(self, house: HouseHere, actor: ActorHere) -> None:
        """End all of one's sessions, this one too."""
        house.writer.run(signing_in.end_sessions, actor.id, "everywhere", actor=actor)

    @get("/changes", opt=needs(Resource.SESSION, Action.READ), sync_to_thread=True)
    def list_changes(self, house: HouseHere, actor: ActorHere) -> list[shapes.AccountChange]:
        """Return what was lately done to one's account by oneself or by others, newest first."""
        with house.reading.connect() as connection:
            found = about_account(connection, house.clock.now(), actor=actor)
            names = house.people.names(connection, {each.actor.partition(":")[2] for each in found})
        named = {each: Named(id=each, name=name) for each, name in names.items()}
        return [
            shapes.AccountChange(action=each.action, at=from_ms(each.at), by=named.get(each.actor.partition(":")[2]))
            for each in found
        ]

    @put("/password", sync_to_thread=True)
    def change_password(
        self,
        house: HouseHere,
        actor: ActorHere,
        data: JSONBody[shapes.ChangePassword],
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> Response[Me]:
        """Change one's password; all other sessions end."""
        return entered(house, request, house.credentials.change_password(data.old, data.new, actor=actor))

    @post("/totp", sync_to_thread=True, status_code=200)
    def begin_totp(
        self, house: HouseHere, actor: ActorHere, data: JSONBody[shapes.GivenPassword]
    ) -> shapes.EnrolmentShape:
        """Draw the secret of a second factor; it counts once its first code was confirmed."""
        made = house.credentials.begin_totp(data.password, actor=actor)
        code = segno.make(made.uri, error="m", micro=False)
        drawn = code.svg_data_uri(scale=QR_SCALE, border=2, dark="#000", light="#fff")
        return shapes.EnrolmentShape(secret=made.secret, uri=made.uri, qr=drawn)

    @post("/totp/confirm", sync_to_thread=True, status_code=200)
    def confirm_totp(
        self,
        house: HouseHere,
        actor: ActorHere,
        data: JSONBody[shapes.GivenCode],
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> Response[shapes.RecoveryCodes]:
        """Finish setting the second factor up; the recovery codes are shown this once."""
        confirmed = house.credentials.confirm_totp(data.code, actor=actor)
        cookie = cookie_for(request, confirmed.token)
        return Response(shapes.RecoveryCodes(codes=confirmed.recovery_codes), cookies=[cookie])

    @post("/totp/remove", sync_to_thread=True, status_code=200)
    def remove_totp(
        self,
        house: HouseHere,
        actor: ActorHere,
        data: JSONBody[shapes.GivenCode],
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> Response[Me]:
        """Take the second factor away, which takes one of its codes."""
        return entered(house, request, house.credentials.remove_totp(data.code, actor=actor))

    @post("/recovery-codes", sync_to_thread=True, status_code=200)
    def renew_codes(self, house: HouseHere, actor: ActorHere) -> shapes.RecoveryCodes:
        """Draw new recovery codes; the old ones are void."""
        return shapes.RecoveryCodes(codes=house.credentials.renew_codes(actor=actor))


class Tokens(Controller):
    """One's own API tokens."""

    path = "/api/account/tokens"
    tags = ("account",)
    opt = needs(Resource.API_TOKEN, Action.WRITE)

    @get("/", opt=needs(Resource.API_TOKEN, Action.READ), sync_to_thread=True)
    def list_tokens(self, house: HouseHere, actor: ActorHere) -> list[shapes.TokenShape]:
        """Return the tokens that open something, newest first."""
        with house.reading.connect() as connection:
            found = tokens.tokens_of(connection, house.clock, actor=actor)
        return [
            shapes.TokenShape(
                id=each.id,
                name=each.name,
                scopes=decode(each.scopes),
                created_at=from_ms(each.created_at),
                expires_at=from_ms(each.expires_at),
                used_at=None if each.used_at is None else from_ms(each.used_at),
            )
            for each in found
        ]

    @get("/own", opt=needs(Resource.OWN_SCOPES, Action.READ), sync_to_thread=True)
    def what_it_may(self, house: HouseHere, actor: ActorHere) -> shapes.OwnToken:
        """Tell a program which token it holds, what that opens now, for which shops, and until when."""
        with house.reading.connect() as connection:
            own = tokens.own_token(connection, actor=actor)
        names = {each: house.shops.all()[each].name for each in actor.shops}
        shops = [Named(id=each, name=names[each]) for each in sorted(names, key=names.__getitem__)]
        return shapes.OwnToken(name=own.name, may=rights_of(actor), shops=shops, expires_at=from_ms(own.expires_at))

    @post(
        "/",
        opt=repeatable(needs(Resource.API_TOKEN, Action.WRITE), Repeat.SHOWN_ONCE),
        sync_to_thread=True,
        status_code=200,
    )
    def make(self, house: HouseHere, actor: ActorHere, data: JSONBody[shapes.MakeToken]) -> shapes.MadeToken:
        """Make a token; it is shown this once."""
        new = tokens.NewToken(data.name, frozenset(data.scopes), timedelta(days=data.days))
        made = house.writer.run(tokens.make_token, new, actor=actor)
        return shapes.MadeToken(id=made.id, token=made.token, expires_at=from_ms(made.expires_at))

    @delete("/{token:str}", opt=needs(Resource.SESSION, Action.WRITE), sync_to_thread=True)
    def revoke(self, house: HouseHere, actor: ActorHere, token: Id) -> None:
        """Revoke one of one's tokens; closing a door takes no second factor."""
        house.writer.run(tokens.revoke_token, token, actor=actor)
