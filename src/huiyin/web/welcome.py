"""One-time links: the door for whoever has no password yet, or lost it."""

from litestar import Controller, Request, Response, post
from litestar.params import JSONBody

from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import ConflictError, NotFoundError
from huiyin.web import session_shapes as shapes
from huiyin.web.guarding import ANYBODY
from huiyin.web.identity import visit_of
from huiyin.web.refusing import note_dead_link
from huiyin.web.session_shapes import Me
from huiyin.web.sessions import HouseHere, signed_in


class Welcome(Controller):
    """Links that open once. The token comes in the body, never in an address, which logs would keep."""

    path = "/api/welcome"
    tags = ("welcome",)

    @post("/", opt=ANYBODY, sync_to_thread=True, status_code=200)
    def look(
        self,
        house: HouseHere,
        data: JSONBody[shapes.GivenLink],
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> shapes.LinkShape:
        """Tell what a link is for, without using it up."""
        try:
            link = house.entrance.look_at_link(data.token)
        except (NotFoundError, ConflictError) as error:
            note_dead_link(request, data.token, error)
            raise
        return shapes.LinkShape(
            purpose=link.purpose,
            name=link.name,
            login=link.login,
            organisation=link.organisation,
            expires_at=from_ms(link.expires_at),
        )

    @post("/accept", opt=ANYBODY, sync_to_thread=True, status_code=200)
    def accept(self, house: HouseHere, data: JSONBody[shapes.AcceptLink], request: Request) -> Response[Me]:  # type: ignore[type-arg]  # any user
        """Set the password, and be signed in."""
        try:
            token = house.entrance.accept_link(data.token, data.password, visit_of(request))
        except (NotFoundError, ConflictError) as error:
            note_dead_link(request, data.token, error)
            raise
        return signed_in(house, request, token)
