"""Sign in by somebody else's word: OpenID Connect, authorization code with PKCE, state and nonce.

What a browser carries between the two visits is checked against what we kept: the state opens once, in the browser it
was given to, within ten minutes (OpenID Connect Core 1.0 §3.1; RFC 7636; RFC 9207 against mixed-up providers).
"""

import asyncio
import hmac
import json
import secrets
from collections import OrderedDict
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import errors as jose
from joserfc import jwt
from joserfc.jwk import KeySet

from huiyin.kernel.clock import Clock
from huiyin.kernel.errors import InvalidError, TemporaryError
from huiyin.org.entering import Vouched
from huiyin.org.identities import Identity, Provider

LASTS = timedelta(minutes=10)
KEPT = timedelta(hours=1)
"""How long what the provider says about itself is believed; its keys are fetched anew when it signs with a new one."""
MOST_PENDING = 1000
PATIENCE_SECONDS = 10.0
SLACK_SECONDS = 60
MOST_TOKEN = 64 * 1024
MOST_ANSWER = 512 * 1024
SCOPE = "openid email profile"


class Pending(NamedTuple):
    """A sign-in on its way: what the answer must agree with."""

    browser: str
    nonce: str
    verifier: str
    begun_at: datetime


class Begun(NamedTuple):
    """Where to send the browser, and what it keeps until it comes back."""

    url: str
    browser: str


class Oidc:
    """The client of one identity provider."""

    def __init__(self, provider: Provider, clock: Clock) -> None:
        """Speak with `provider`; nothing is fetched before somebody signs in."""
        self.provider = provider
        self._clock = clock
        self._pending: OrderedDict[str, Pending] = OrderedDict()
        self._about: tuple[datetime, dict[str, Any]] | None = None
        self._keys: KeySet | None = None

    async def begin(self) -> Begun:
        """Return where to send the browser.

        Raises:
            TemporaryError: the provider does not answer.

        """
        async with self._client() as client:
            about = await self._discover(client)
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        pending = Pending(browser, secrets.token_urlsafe(32), secrets.token_urlsafe(48), self._clock.now())
        self._pending[state] = pending
        while len(self._pending) > MOST_PENDING:
            self._pending.popitem(last=False)
        url = prepare_grant_uri(
            about["authorization_endpoint"], self.provider.client_id, "code", self.provider.redirect, SCOPE, state,
            nonce=pending.nonce, code_challenge=create_s256_code_challenge(pending.verifier),
            code_challenge_method="S256",
        )  # fmt: skip
        return Begun(url, browser)

    async def finish(self, told: dict[str, str], browser: str) -> Vouched:
        """Return whom the provider vouches for, from what the browser brought back.

        Raises:
            InvalidError: anything does not agree; says what to do, and nothing of the inside.
            TemporaryError: the provider does not answer.

        """
        pending = self._pending.pop(told.get("state", ""), None)
        age = None if pending is None else self._clock.now() - pending.begun_at
        if pending is None or age is None or not timedelta(0) <= age <= LASTS:
            raise _refused("oidc_state")
        if not hmac.compare_digest(pending.browser.encode(), browser.encode()):
            raise _refused("oidc_state")
        if told.get("error") or not told.get("code"):
            raise _refused("oidc_refused")
        async with self._client() as client:
            about = await self._discover(client)
            self._check_issuer(told, about)
            token = await self._exchange(client, about, told["code"], pending.verifier)
            claims = await self._read(client, about, token, pending.nonce)
        return self._vouched(claims)

    def _check_issuer(self, told: dict[str, str], about: dict[str, Any]) -> None:
        promised = about.get("authorization_response_iss_parameter_supported") is True
        if (promised or "iss" in told) and told.get("iss") != self.provider.issuer:
            raise _refused("oidc_issuer")

    def _vouched(self, claims: dict[str, Any]) -> Vouched:
        shown = claims.get("amr")
        methods = {each for each in shown if isinstance(each, str)} if isinstance(shown, list) else set()
        methods.add(str(claims.get("acr", "")))
        email = claims.get("email") if claims.get("email_verified") is True else ""
        return Vouched(
            Identity(self.provider.issuer, claims["sub"]),
            email if isinstance(email, str) and self.provider.login_is_email else "",
            bool(methods & self.provider.methods),
        )

    async def _exchange(self, client: httpx.AsyncClient, about: dict[str, Any], code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.provider.redirect,
            "code_verifier": verifier,
        }  # fmt: skip
        secret = httpx.BasicAuth(self.provider.client_id, self.provider.client_secret)
        answer = await _said(client.stream("POST", about["token_endpoint"], data=form, auth=secret))
        token = answer.get("id_token")
        if not isinstance(token, str) or len(token) > MOST_TOKEN:
            raise _refused("oidc_refused")
        return token

    async def _read(self, client: httpx.AsyncClient, about: dict[str, Any], token: str, nonce: str) -> dict[str, Any]:
        """Check signature and claims of an ID token."""
        for anew in (False, True):
            try:
                keys = await self._signing_keys(client, about, anew=anew)
                claims = jwt.decode(token, keys, algorithms=list(self.provider.algorithms)).claims
                break
            except jose.InvalidKeyIdError as error:
                if anew:
                    raise _refused("oidc_token") from error
            except (jose.JoseError, ValueError) as error:
                raise _refused("oidc_token") from error
        else:
            raise _refused("oidc_token")
        registry = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()), leeway=SLACK_SECONDS,
            iss={"essential": True, "value": self.provider.issuer}, aud={"essential": True},
            sub={"essential": True}, exp={"essential": True}, iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )  # fmt: skip
        try:
            registry.validate(claims)
        except jose.JoseError as error:
            raise _refused("oidc_token") from error
        heard = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        # A token for several is for us only if it was issued to us (§3.1.3.7, 3 to 5).
        ours = self.provider.client_id in heard and claims.get("azp", heard[0]) == self.provider.client_id
        if not ours or not isinstance(claims["sub"], str) or not claims["sub"]:
            raise _refused("oidc_token")
        return dict(claims)

    async def _discover(self, client: httpx.AsyncClient) -> dict[str, Any]:
        if self._about is not None and timedelta(0) <= self._clock.now() - self._about[0] < KEPT:
            return self._about[1]
        address = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        about = await _said(client.stream("GET", address))
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if about.get("issuer") != self.provider.issuer or not all(isinstance(about.get(each), str) for each in wanted):
            raise _refused("oidc_issuer")
        self._about = (self._clock.now(), about)
        return about

    async def _signing_keys(self, client: httpx.AsyncClient, about: dict[str, Any], *, anew: bool) -> KeySet:
        if self._keys is None or anew:
            self._keys = KeySet.import_key_set(await _said(client.stream("GET", about["jwks_uri"])))  # type: ignore[arg-type]  # whatever it is not is refused
        return self._keys

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=PATIENCE_SECONDS, follow_redirects=False)


async def _said(asking: AbstractAsyncContextManager[httpx.Response]) -> dict[str, Any]:
    """Return what the provider says, if that is no longer than anything it could mean."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), asking as answer:
            if answer.status_code >= 500:
                answer.raise_for_status()
            if answer.status_code != 200:
                raise _refused("oidc_refused")
            said = json.loads(await _short(answer))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        message = "the identity provider does not answer"
        raise TemporaryError(message, remedy="Try again, or sign in with your password.", code="oidc_down") from error
    except ValueError as error:
        raise _refused("oidc_refused") from error
    if not isinstance(said, dict):
        raise _refused("oidc_refused")
    return said


async def _short(answer: httpx.Response) -> bytes:
    read = b""
    async for piece in answer.aiter_bytes():
        read += piece
        if len(read) > MOST_ANSWER:
            raise _refused("oidc_refused")
    return read


def _refused(code: str) -> InvalidError:
    message = "the sign-in with the identity provider did not succeed"
    return InvalidError(message, remedy="Begin again, or sign in with your password.", code=code)
