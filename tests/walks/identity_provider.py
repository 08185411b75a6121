"""A strict identity provider on a port of its own: real HTTP, real keys, and every mischief a test asks for."""

import base64
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from litestar import Litestar, Request, Response, get, post
from litestar.response import Redirect

CLIENT, SECRET = "huiyin", "a-secret-between-the-two"
CALLBACK = "http://huiyin.invalid/api/oidc/callback"


@cache
def made_key(which: str, kid: str = "one") -> RSAKey:
    """Make a key once: a second of work each, and no test changes one."""
    del which
    return RSAKey.generate_key(2048, {"kid": kid})


@dataclass
class IdentityProvider:
    """Who signed in there, and how the next answer is to be wrong."""

    port: int
    now: Any
    subject: str = "u-1"
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, str] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    signs_with: RSAKey | None = None
    forge: Callable[[dict[str, Any]], str] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    exchanged: list[str] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: made_key("own"))

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def app(self) -> Litestar:
        """Return its door."""
        provider = self

        @get("/.well-known/openid-configuration", sync_to_thread=False)
        def about() -> dict[str, Any]:
            return {
                "issuer": provider.issuer, "authorization_endpoint": f"{provider.issuer}/authorize",
                "token_endpoint": f"{provider.issuer}/token", "jwks_uri": f"{provider.issuer}/keys",
                "authorization_response_iss_parameter_supported": True, **provider.about,
            }  # fmt: skip

        @get("/keys", sync_to_thread=False)
        def keys() -> dict[str, Any]:
            return {"keys": [{**provider.key.as_dict(private=False), "use": "sig"}]}

        @get("/authorize", sync_to_thread=False)
        def authorize(request: Request[Any, Any, Any]) -> Redirect:
            asked = dict(request.query_params)
            assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT, CALLBACK)
            assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
            assert "openid" in asked["scope"].split()
            assert min(len(asked[each]) for each in ("state", "nonce", "code_challenge")) >= 43
            code = secrets.token_urlsafe(16)
            provider.codes[code] = asked
            told = {"code": code, "state": asked["state"], "iss": provider.issuer, **provider.answer}
            return Redirect(f"{CALLBACK}?{urlencode({key: value for key, value in told.items() if value})}")

        @post("/token", status_code=200)
        async def token(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
            form = {key: value[0] for key, value in parse_qs((await request.body()).decode()).items()}
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            asked = provider.codes.pop(form.get("code", ""), None)
            verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
            right = (
                asked is not None
                and request.headers.get("authorization") == f"Basic {basic}"
                and form.get("grant_type") == "authorization_code"
                and form.get("redirect_uri") == CALLBACK
                and challenge == asked["code_challenge"]
            )
            if not right or asked is None:
                return Response({"error": "invalid_grant"}, status_code=400)
            provider.exchanged.append(form["code"])
            return Response({"token_type": "Bearer", "access_token": "x", "id_token": provider.signed(asked["nonce"])})

        return Litestar([about, keys, authorize, token], openapi_config=None, logging_config=None)

    def signed(self, nonce: str) -> str:
        """Return an ID token, as wrong as the test wants it."""
        now = int(self.now().timestamp())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 300, "nonce": nonce,
            **self.claims,
        }  # fmt: skip
        if self.forge is not None:
            return self.forge(claims)
        header = {"alg": "RS256", "kid": "one", **self.header}
        kept = {key: value for key, value in claims.items() if value is not None}
        return jwt.encode(header, kept, self.signs_with or self.key, algorithms=["RS256", "HS256"])


@contextmanager
def running(now: Any) -> Iterator[IdentityProvider]:
    """Serve one on a free port."""
    door = socket.create_server(("127.0.0.1", 0))
    provider = IdentityProvider(door.getsockname()[1], now)
    server = uvicorn.Server(uvicorn.Config(provider.app(), log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(10)
        door.close()
