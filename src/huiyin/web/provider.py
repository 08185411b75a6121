"""The way to the identity provider and back."""

import asyncio
from urllib.parse import urlencode

import structlog
from litestar import Controller, Request, get
from litestar.datastructures import Cookie
from litestar.response import Redirect

from huiyin.kernel.errors import HuiyinError
from huiyin.web.guarding import ANYBODY
from huiyin.web.identity import cookie_for, visit_of
from huiyin.web.noting import note_sign_in
from huiyin.web.oidc import LASTS, Oidc
from huiyin.web.session_shapes import Door
from huiyin.web.sessions import HouseHere, holder
from huiyin.web.whence import is_secure

log = structlog.get_logger(__name__)

KEEPS = "huiyin_oidc"
PATH = "/api/oidc"


class ByProvider(Controller):
    """Signing in with an identity provider. Whatever goes wrong leads back to the sign-in page, which says so."""

    path = PATH
    tags = ("session",)
    opt = ANYBODY

    @get("/", sync_to_thread=False)
    def door(self, house: HouseHere) -> Door:
        """Tell the sign-in page whether there is a provider, and what it is called."""
        return Door(provider=house.provider.name if house.provider else "")

    @get("/start", status_code=303)
    async def start(self, request: Request) -> Redirect:  # type: ignore[type-arg]  # any user
        """Send the browser to the provider."""
        oidc: Oidc | None = request.app.state.oidc
        if oidc is None:
            return _back("oidc_none")
        try:
            begun = await oidc.begin()
        except HuiyinError as error:
            return _back(error.code)
        # Lax: the browser comes back from another site, and a strict cookie would stay behind.
        cookie = Cookie(
            key=KEEPS, value=begun.browser, httponly=True, samesite="lax", path=PATH, secure=is_secure(request),
            max_age=int(LASTS.total_seconds()),
        )  # fmt: skip
        return Redirect(begun.url, status_code=303, cookies=[cookie])

    @get("/callback", status_code=303)
    async def callback(self, house: HouseHere, request: Request) -> Redirect:  # type: ignore[type-arg]  # any user
        """Take what the browser brings back, and open a session."""
        oidc: Oidc | None = request.app.state.oidc
        if oidc is None:
            return _back("oidc_none")
        told = {name: value[:4096] for name, value in request.query_params.items() if isinstance(value, str)}
        try:
            vouched = await oidc.finish(told, request.cookies.get(KEEPS, ""))
            token = await house.writer.do(house.entrance.enter_vouched, vouched, visit_of(request))
        except HuiyinError as error:
            log.info("web.oidc_refused", code=error.code)
            await house.writer.do(house.entrance.refuse_vouched, error.code, visit_of(request).device)
            return _back(error.code)
        await asyncio.to_thread(note_sign_in, house, request, holder(house, token))
        done = Cookie(key=KEEPS, value="", path=PATH, max_age=0, secure=is_secure(request), httponly=True)
        return Redirect("/", status_code=303, cookies=[cookie_for(request, token), done])


def _back(code: str) -> Redirect:
    return Redirect(f"/sign-in?{urlencode({'refused': code})}", status_code=303)
