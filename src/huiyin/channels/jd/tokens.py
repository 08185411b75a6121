"""Keep one shop's access token fresh.

JD never lets a machine fetch the first code: the seller signs in for it by hand.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Protocol

import msgspec
import structlog

from huiyin.channels.jd.settings import JdSettings, OAuthForm
from huiyin.channels.posting import Post, Unanswered, Unreached
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import PermanentError, TemporaryError
from huiyin.kernel.wire import UNREADABLE

log = structlog.get_logger()

AGAIN = "let the seller authorise the shop again"
EARLY = timedelta(hours=1)
"""How long before its end a token is renewed; a public SDK does the same."""


class Tokens(msgspec.Struct, frozen=True):
    """A shop's token pair. `expires_at_ms` 0 means the end is not known."""

    access: str
    refresh: str
    expires_at_ms: int = 0

    def __repr__(self) -> str:
        """Show when it ends and no secret."""
        return f"Tokens(expires_at_ms={self.expires_at_ms})"


class TokenStore(Protocol):
    """Where one shop's tokens live between runs; the owner encrypts them."""

    async def load(self) -> Tokens | None:
        """Return what was saved last, None at first."""
        ...

    async def save(self, tokens: Tokens) -> None:
        """Keep `tokens` in place of the former ones."""
        ...

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Hold the right to renew: of all who share the tokens, one at a time."""
        ...


class MemoryTokenStore:
    """Tokens that live as long as the process: for tests and the simulator."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        """Start with `tokens`."""
        self._tokens = tokens
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold the right to renew."""
        async with self._turn:
            yield

    async def load(self) -> Tokens | None:
        """Return what was saved last."""
        return self._tokens

    async def save(self, tokens: Tokens) -> None:
        """Keep `tokens`."""
        self._tokens = tokens


class _Granted(msgspec.Struct):
    access_token: str
    expires_in: int | str
    time: int | str
    refresh_token: str = ""


_granted = msgspec.json.Decoder(_Granted)


class TokenKeeper:
    """Hand out the current token; refresh it an hour early, or at once when JD refused it."""

    def __init__(self, settings: JdSettings, store: TokenStore, clock: Clock, post: Post) -> None:
        """Keep tokens of `settings.shop` in `store`."""
        self._settings = settings
        self._store = store
        self._clock = clock
        self._post = post

    async def current(self) -> str:
        """Return a token that is good for now."""
        tokens = await self._load()
        soon = to_ms(self._clock.now() + EARLY)
        if tokens.expires_at_ms and tokens.expires_at_ms <= soon and tokens.refresh:
            return await self.renew(tokens.access)
        return tokens.access

    async def renew(self, refused: str) -> str:
        """Return a token other than `refused`; of many callers, one asks JD.

        Raises:
            PermanentError: JD refused the refresh, or there is nothing to refresh with.
            TemporaryError: JD's token door did not answer.

        """
        async with self._store.turn():
            tokens = await self._load()
            if tokens.access != refused:
                return tokens.access
            if not tokens.refresh:
                message = f"shop {self._settings.shop} has no refresh token"
                raise PermanentError(message, remedy=AGAIN, code="authorise_again")
            fresh = await self._ask(tokens.refresh)
            await self._store.save(fresh)
            log.info("jd.token_renewed", shop=self._settings.shop, expires_at_ms=fresh.expires_at_ms)
            return fresh.access

    async def _load(self) -> Tokens:
        settings = self._settings
        return await self._store.load() or Tokens(settings.access_token, settings.refresh_token, settings.expires_at_ms)

    async def _ask(self, refresh: str) -> Tokens:
        try:
            answer = await self._post(self._settings.oauth_url, self._form(refresh))
        except (Unreached, Unanswered) as error:
            message = f"JD's token door did not answer: {error}"
            raise TemporaryError(message) from error
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            message = f"JD's token door answered HTTP {answer.status}"
            raise TemporaryError(message)
        try:
            granted = _granted.decode(answer.body)
            expires_at_ms = int(granted.time) + int(granted.expires_in) * 1000
        except (*UNREADABLE, ValueError) as error:
            message = f"JD refused to refresh the token of shop {self._settings.shop}"
            raise PermanentError(message, remedy=AGAIN, code="authorise_again") from error
        return Tokens(granted.access_token, granted.refresh_token or refresh, expires_at_ms)

    def _form(self, refresh: str) -> dict[str, str]:
        settings = self._settings
        if settings.oauth_form is OAuthForm.LEGACY:
            # Names follow the legacy token call; that refresh takes the same ones is not verified.
            keys = {"client_id": settings.app_key, "client_secret": settings.app_secret}
        else:
            keys = {"app_key": settings.app_key, "app_secret": settings.app_secret}
        return {**keys, "grant_type": "refresh_token", "refresh_token": refresh}
