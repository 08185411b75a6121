"""Signing in with an identity provider: who is bound comes in, and whatever does not agree lets nobody in."""

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.units import Seconds
from huiyin.kernel.wire import encode
from huiyin.org import identities, store
from huiyin.org.identities import Identity, Provider, load_provider
from huiyin.web.app import move_in
from huiyin.web.identity import COOKIE
from huiyin.web.oidc import MOST_ANSWER

from .codes import with_second_factor
from .founding import PASSWORD
from .identity_provider import CALLBACK, CLIENT, SECRET, IdentityProvider, made_key, running
from .stage import Stage


@pytest.fixture
def provider(stage: Stage) -> Iterator[IdentityProvider]:
    with running(stage.clock.now) as made:
        joined(stage, made)
        yield made


def joined(stage: Stage, made: IdentityProvider, **settings: object) -> None:
    """Set the house up for the provider, as its file would."""
    stage.house.provider = Provider(
        issuer=made.issuer, client_id=CLIENT, client_secret=SECRET, redirect=CALLBACK, name="单点登录", **settings
    )
    move_in(stage.app, stage.house)


async def binds(stage: Stage, made: IdentityProvider, login: str = "lin") -> None:
    await stage.house.writer.do(identities.bind, Identity(made.issuer, made.subject), stage.founded.people[login])


async def goes(client: httpx.AsyncClient) -> str:
    """Go to the provider, sign in there, and return the address the browser is sent back to."""
    start = await client.get("/api/oidc/start")
    assert start.status_code == 303, start.headers.get("location")
    assert "samesite=lax" in start.headers["set-cookie"].lower()
    assert "httponly" in start.headers["set-cookie"].lower()
    async with httpx.AsyncClient() as real:
        back = await real.get(start.headers["location"])
    assert back.status_code == 302
    return str(back.headers["location"])


async def comes_back(client: httpx.AsyncClient, address: str) -> str:
    """Come back, and return what the sign-in page is told; "" for somebody who is in."""
    answer = await client.get(address)
    assert answer.status_code == 303
    where = urlsplit(answer.headers["location"])
    if where.path == "/":
        assert COOKIE in answer.cookies
        assert "samesite=strict" in answer.headers["set-cookie"].lower()
        return ""
    assert where.path == "/sign-in"
    assert COOKIE not in answer.cookies
    return parse_qs(where.query)["refused"][0]


async def tries(stage: Stage) -> str:
    client = stage.client()
    return await comes_back(client, await goes(client))


async def test_who_is_bound_comes_in(stage: Stage, provider: IdentityProvider) -> None:
    assert (await stage.client().get("/api/oidc")).json() == {"provider": "单点登录"}
    await binds(stage, provider)
    client = stage.client()
    assert await comes_back(client, await goes(client)) == ""
    me = (await client.get("/api/session")).json()
    assert (me["name"], me["secondFactor"]["freshUntil"]) == ("小林", None)
    rows = stage.rows(sa.select(audit_entry).where(audit_entry.c.action == "session.opened"))
    assert '"how":"oidc"' in rows[-1].detail


async def test_who_is_not_bound_does_not_and_nobody_is_made_of_nothing(
    stage: Stage, provider: IdentityProvider
) -> None:
    before = stage.rows(sa.select(sa.func.count()).select_from(store.person))
    assert await tries(stage) == "oidc_unknown"
    provider.claims = {"email": "lin", "email_verified": True}  # an address binds only where the file says so
    assert await tries(stage) == "oidc_unknown"
    assert stage.rows(sa.select(sa.func.count()).select_from(store.person)) == before


@pytest.mark.parametrize(
    ("claims", "refused"),
    [
        ({"email": "LIN", "email_verified": True}, ""),
        ({"email": "lin", "email_verified": False}, "oidc_unknown"),
        ({"email": "lin", "email_verified": "true"}, "oidc_unknown"),
        ({"email": "lin"}, "oidc_unknown"),
        ({"email": "nobody@example.com", "email_verified": True}, "oidc_unknown"),
    ],
)
async def test_a_verified_address_that_is_a_login_binds_once_where_the_file_says_so(
    stage: Stage, provider: IdentityProvider, claims: dict[str, object], refused: str
) -> None:
    joined(stage, provider, login_is_email=True)
    provider.claims = claims
    assert await tries(stage) == refused
    provider.subject = "u-2"  # the address was given to somebody else
    assert await tries(stage) == "oidc_unknown"


def quoted(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(claims: dict[str, Any], alg: str, secret: bytes = b"") -> str:
    """Return a token that nobody signed, or somebody who knows no more than the public key."""
    head = ".".join(quoted(json.dumps(each).encode()) for each in ({"alg": alg, "kid": "one"}, claims))
    return f"{head}.{quoted(hmac.digest(secret, head.encode(), 'sha256')) if secret else ''}"


def other_key(made: IdentityProvider) -> None:
    made.signs_with = made_key("other")


def unknown_key(made: IdentityProvider) -> None:
    made.signs_with, made.header = made_key("other", "two"), {"kid": "two"}


def public_key_as_secret(made: IdentityProvider) -> None:
    made.forge = lambda claims: forged(claims, "HS256", made.key.as_pem(private=False))


def claims(**wrong: object) -> Callable[[IdentityProvider], None]:
    return lambda made: made.claims.update(wrong)


WRONG: dict[str, tuple[Callable[[IdentityProvider], object], str]] = {
    "another nonce": (claims(nonce="somebody-elses"), "oidc_token"),
    "no nonce": (claims(nonce=None), "oidc_token"),
    "for somebody else": (claims(aud="another-client"), "oidc_token"),
    "for several, issued to another": (claims(aud=[CLIENT, "another"], azp="another"), "oidc_token"),
    "for several, nobody says to whom": (claims(aud=["another", CLIENT]), "oidc_token"),
    "expired": (claims(exp=1_700_000_000), "oidc_token"),
    "without an end": (claims(exp=None), "oidc_token"),
    "issued tomorrow": (claims(iat=1_900_000_000), "oidc_token"),
    "of another issuer": (claims(iss="https://evil.example"), "oidc_token"),
    "of nobody": (claims(sub=None), "oidc_token"),
    "a number for a subject": (claims(sub=7), "oidc_token"),
    "signed by nobody": (lambda made: setattr(made, "forge", lambda claims: forged(claims, "none")), "oidc_token"),
    "signed by another key": (other_key, "oidc_token"),
    "signed by a key that is not published": (unknown_key, "oidc_token"),
    "signed with the public key as a secret": (public_key_as_secret, "oidc_token"),
    "no token at all": (lambda made: setattr(made, "forge", lambda _: "not-a-token"), "oidc_token"),
    "an answer of another provider": (lambda made: made.answer.update(iss="https://evil.example"), "oidc_issuer"),
    "an answer of nobody knows whom": (lambda made: made.answer.update(iss=""), "oidc_issuer"),
    "another state": (lambda made: made.answer.update(state="made-up"), "oidc_state"),
    "a made-up code": (lambda made: made.answer.update(code="made-up"), "oidc_refused"),
    "no code": (lambda made: made.answer.update(code="", error="access_denied"), "oidc_refused"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_whatever_does_not_agree_lets_nobody_in(stage: Stage, provider: IdentityProvider, name: str) -> None:
    await binds(stage, provider)
    spoil, code = WRONG[name]
    spoil(provider)
    assert await tries(stage) == code
    rows = stage.rows(sa.select(audit_entry).where(audit_entry.c.action == "session.opened"))
    assert (rows[-1].outcome, code in rows[-1].detail) == ("refused", True)
    assert stage.rows(sa.select(sa.func.count()).select_from(store.session)) == [(0,)]


async def test_a_provider_that_calls_itself_by_another_name_is_not_ours(
    stage: Stage, provider: IdentityProvider
) -> None:
    provider.about = {"issuer": "https://evil.example"}
    start = await stage.client().get("/api/oidc/start")
    assert (start.status_code, start.headers["location"]) == (303, "/sign-in?refused=oidc_issuer")


async def test_a_provider_that_goes_on_and_on_is_not_heard_to_the_end(stage: Stage, provider: IdentityProvider) -> None:
    provider.about = {"padding": "好" * MOST_ANSWER}
    start = await stage.client().get("/api/oidc/start")
    assert (start.status_code, start.headers["location"]) == (303, "/sign-in?refused=oidc_refused")


async def test_what_was_brought_back_once_opens_nothing_again(stage: Stage, provider: IdentityProvider) -> None:
    await binds(stage, provider)
    client = stage.client()
    address = await goes(client)
    assert await comes_back(client, address) == ""
    assert await comes_back(client, address) == "oidc_state"
    # Another sign-in, with the code of the first.
    fresh, old = await goes(client), parse_qs(urlsplit(address).query)["code"][0]
    new = parse_qs(urlsplit(fresh).query)["code"][0]
    assert await comes_back(client, fresh.replace(new, old)) == "oidc_refused"


async def test_what_was_begun_in_one_browser_ends_in_no_other(stage: Stage, provider: IdentityProvider) -> None:
    await binds(stage, provider)
    address = await goes(stage.client())
    assert await comes_back(stage.client(), address) == "oidc_state"


@pytest.mark.parametrize("seconds", [601.0, -60.0], ids=["ten minutes later", "the clock went back"])
async def test_what_was_begun_at_another_time_opens_nothing(
    stage: Stage, provider: IdentityProvider, seconds: float
) -> None:
    await binds(stage, provider)
    client = stage.client()
    address = await goes(client)
    stage.clock.advance(Seconds(seconds))
    assert await comes_back(client, address) == "oidc_state"


async def test_new_keys_are_fetched_when_the_provider_signs_with_one(stage: Stage, provider: IdentityProvider) -> None:
    await binds(stage, provider)
    assert await tries(stage) == ""
    provider.key, provider.header = made_key("other", "two"), {"kid": "two"}
    assert await tries(stage) == ""


@pytest.mark.parametrize(
    ("shown", "fresh"),
    [({"amr": ["pwd", "mfa"]}, True), ({"acr": "mfa"}, True), ({"amr": ["pwd"]}, False), ({"amr": "mfa"}, False)],
)
async def test_the_providers_second_factor_counts_where_the_file_says_so(
    stage: Stage, provider: IdentityProvider, shown: dict[str, object], fresh: bool
) -> None:
    await binds(stage, provider)
    provider.claims = shown
    for methods, counts in ((frozenset(), False), (frozenset({"mfa"}), fresh)):
        joined(stage, provider, methods=methods)
        client = stage.client()
        assert await comes_back(client, await goes(client)) == ""
        me = (await client.get("/api/session")).json()
        assert (me["secondFactor"]["freshUntil"] is not None) is counts


async def test_a_provider_that_is_down_is_said_so(stage: Stage) -> None:
    with running(stage.clock.now) as made:
        joined(stage, made)
    start = await stage.client().get("/api/oidc/start")
    assert start.headers["location"] == "/sign-in?refused=oidc_down"


async def test_without_a_provider_there_is_no_such_way(stage: Stage) -> None:
    assert (await stage.client().get("/api/oidc")).json() == {"provider": ""}
    for path in ("start", "callback?state=x&code=y"):
        answer = await stage.client().get(f"/api/oidc/{path}")
        assert answer.headers["location"] == "/sign-in?refused=oidc_none"


async def test_an_administrator_binds_their_own_people(stage: Stage, provider: IdentityProvider) -> None:
    owner = await stage.person("owner")
    await with_second_factor(owner, PASSWORD)
    foreign = await owner.http.post(f"/api/people/{stage.founded.people['lin']}/identity", json={"subject": "u-1"})
    assert foreign.status_code == 404
    bound = await owner.http.post(f"/api/people/{owner.id}/identity", json={"subject": "u-1"})
    assert bound.status_code == 201, bound.text
    twice = await owner.http.post(f"/api/people/{owner.id}/identity", json={"subject": "u-1"})
    assert twice.status_code == 409
    assert await tries(stage) == ""


def test_the_file_of_a_provider_is_read_or_refused_with_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "oidc.json"
    assert load_provider(file) is None
    good = {"issuer": "https://sso.example", "client_id": "a", "client_secret": "b", "redirect": "https://h/x"}
    file.write_bytes(encode(good))
    assert load_provider(file) == Provider(**good)
    for bad in (b"{", encode({**good, "issuer": "http://sso.example"}), encode({"issuer": "https://sso.example"})):
        file.write_bytes(bad)
        with pytest.raises(PermanentError) as refused:
            load_provider(file)
        assert refused.value.remedy
