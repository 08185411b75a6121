"""Four eyes for the accounts of guardians: nobody who appoints people opens one alone, however they try."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from huiyin.audit.store import audit_entry
from huiyin.cli.entry import app
from huiyin.kernel.actors import Role
from huiyin.kernel.units import Seconds
from huiyin.org import store

from .codes import with_second_factor
from .founding import PASSWORD
from .identity_provider import IdentityProvider
from .stage import Person, Stage
from .test_oidc import comes_back, goes, joined, provider
from .test_people import AGENT, PEOPLE, hired, there
from .test_welcome import DAY, OWN, accepts, token_of

__all__ = ["provider"]

WAITING = "/api/approvals"
OFFICER = {"name": "假安全员", "login": "fake", "roles": ["security_officer"]}


class Company:
    """A company with an administrator, a second one of their own making, and both guardians."""

    def __init__(self, stage: Stage, people: dict[str, Person]) -> None:
        self.stage, self.people = stage, people

    def __getitem__(self, login: str) -> Person:
        return self.people[login]

    async def asks_link(self, whose: str = "audits", *, factor: bool = True) -> dict[str, Any]:
        """Let the administrator make a link for a guardian."""
        made = await self["admin"].http.post(there(self.stage, whose, "/link"), json={"secondFactor": factor})
        assert made.status_code == 200, made.text
        return dict(made.json())

    async def request(self, who: str = "officer") -> dict[str, Any]:
        """Return the one thing that waits, as somebody sees it."""
        (found,) = await self[who].get(WAITING)
        return dict(found)

    async def decides(self, who: str, what: str = "approve") -> httpx.Response:
        """Approve or refuse the one thing that waits."""
        request = (await self.request())["id"]
        return await self[who].http.post(f"{WAITING}/{request}/{what}")

    def written(self) -> list[tuple[str, str, str]]:
        """Return what the audit says of requests: what, by whom, with which outcome."""
        rows = self.stage.rows(
            sa.select(audit_entry).where(audit_entry.c.action.like("approval.%")).order_by(audit_entry.c.seq)
        )
        named = {f"person:{each.id}": login for login, each in self.people.items()}
        return [(row.action, named.get(row.actor, row.actor), row.outcome) for row in rows]


@pytest.fixture
async def company(stage: Stage) -> Company:
    roles = {
        "admin": Role.ADMINISTRATOR, "puppet": Role.ADMINISTRATOR, "officer": Role.SECURITY_OFFICER,
        "audits": Role.AUDITOR,
    }  # fmt: skip
    return Company(stage, {login: await hired(stage, "lin", login, role) for login, role in roles.items()})


async def looks(stage: Stage, path: str) -> httpx.Response:
    return await stage.client().post("/api/welcome", json={"token": token_of(path)})


async def test_a_link_for_a_guardian_opens_nothing_until_the_other_guardian_agrees(company: Company) -> None:
    stage, link = company.stage, await company.asks_link()
    assert link["waits"] is True
    for refused in (await looks(stage, link["path"]), await accepts(stage, link["path"])):
        assert (refused.status_code, refused.json()["code"]) == (409, "link_waits")
        assert refused.json()["detail"]
    assert (await company["audits"].http.get("/api/session")).status_code == 200
    assert (await company.decides("officer")).status_code == 204
    entered = await accepts(stage, link["path"])
    assert (entered.status_code, entered.json()["roles"]) == (200, ["auditor"])
    assert (await company["audits"].http.get("/api/session")).json()["code"] == "password"
    assert await company["officer"].get(WAITING) == []
    assert company.written() == [("approval.asked", "admin", "done"), ("approval.given", "officer", "done")]


async def test_whom_it_is_told_to_sees_who_asked_what_for_whom(company: Company) -> None:
    await company.asks_link()
    told = await company.request()
    assert (told["kind"], told["person"]["name"], told["asker"]["name"]) == ("reset_all", "某audits", "某admin")
    assert (told["held"], told["roles"], told["approvable"]) == (["auditor"], ["auditor"], True)
    assert told["expiresAt"] == "2026-06-02T04:00:00Z"
    for who in ("admin", "puppet", "audits"):
        assert (await company.request(who))["approvable"] is False


async def test_neither_who_asked_nor_a_colleague_of_their_own_making_nor_whom_it_is_about_agrees(
    company: Company,
) -> None:
    await company.asks_link()
    for who, status in (("admin", 404), ("puppet", 404), ("audits", 409)):
        assert (await company.decides(who)).status_code == status
    assert company.written()[-1] == ("approval.given", "audits", "refused")
    stranger = await hired(company.stage, "stranger", "foreign", Role.SECURITY_OFFICER)
    request = (await company.request())["id"]
    theirs = await stranger.http.post(f"{WAITING}/{request}/approve")
    absent = await stranger.http.post(f"{WAITING}/no-such-request/approve")
    assert (theirs.status_code, theirs.content) == (404, absent.content)
    assert await stranger.get(WAITING) == []


async def test_agreeing_wants_a_second_factor_of_this_quarter_of_an_hour(company: Company) -> None:
    await company.asks_link()
    company.stage.clock.advance(Seconds(16 * 60))
    refused = await company.decides("officer")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")


@pytest.mark.parametrize("who", ["officer", "audits", "admin", "puppet"])
async def test_a_refusal_voids_the_link_and_anybody_concerned_may_refuse(company: Company, who: str) -> None:
    link = await company.asks_link()
    assert (await company.decides(who, "refuse")).status_code == 204
    assert (await accepts(company.stage, link["path"])).status_code == 404
    assert await company["officer"].get(WAITING) == []
    assert company.written()[-1] == ("approval.refused", who, "done")


async def test_a_request_ends_with_its_link_and_a_new_one_takes_its_place(company: Company) -> None:
    first = await company.asks_link()
    request = (await company.request())["id"]
    second = await company.asks_link()
    assert (await company["officer"].http.post(f"{WAITING}/{request}/approve")).status_code == 404
    assert (await company.decides("officer")).status_code == 204
    assert (await accepts(company.stage, first["path"])).status_code == 404
    assert (await accepts(company.stage, second["path"])).status_code == 200
    await company.asks_link("officer")
    company.stage.clock.advance(Seconds(DAY))
    assert company.stage.rows(sa.select(store.approval.c.verdict).where(store.approval.c.verdict == "")) != []
    again = await company.stage.person("audits")
    assert await again.get(WAITING) == []


async def test_a_made_up_guardian_comes_in_with_a_second_persons_word_alone(company: Company) -> None:
    invited = (await company["admin"].http.post(PEOPLE, json=OFFICER)).json()
    assert invited["waits"] is True
    assert (await accepts(company.stage, invited["path"])).status_code == 409
    assert (await company.request())["kind"] == "invite"
    assert (await company.decides("officer")).status_code == 204
    assert (await accepts(company.stage, invited["path"])).json()["roles"] == ["security_officer"]


@pytest.mark.parametrize(("login", "roles"), [("lin", ["auditor"]), ("audits", ["agent"])])
async def test_who_becomes_a_guardian_or_ceases_to_be_one_waits_too(
    company: Company, login: str, roles: list[str]
) -> None:
    stage = company.stage
    person = await stage.person(login)
    before = (await person.get("/api/session"))["roles"]
    asked = await company["admin"].http.put(there(stage, login, "/roles"), json={**AGENT, "roles": roles})
    assert (asked.status_code, asked.json()) == (200, {"waits": True})
    assert (await person.get("/api/session"))["roles"] == before
    told = await company.request()
    assert (told["kind"], told["held"], told["roles"]) == ("roles", before, roles)
    assert (await company.decides("officer")).status_code == 204
    assert (await person.http.get("/api/session")).json()["code"] == "guardian"
    assert (await (await stage.person(login)).get("/api/session"))["roles"] == roles


async def test_a_link_from_before_somebody_became_a_guardian_opens_nothing_after(company: Company) -> None:
    stage = company.stage
    link = (await company["admin"].http.post(there(stage, "lin", "/link"), json={})).json()
    assert link["waits"] is False
    await company["admin"].http.put(there(stage, "lin", "/roles"), json={**AGENT, "roles": ["auditor"]})
    assert (await company.decides("officer")).status_code == 204
    assert (await accepts(stage, link["path"])).status_code == 404


async def test_a_wish_of_somebody_who_may_no_more_is_not_granted(company: Company) -> None:
    await company.asks_link()
    admin = there(company.stage, "admin", "/roles")
    assert (await company["puppet"].http.put(admin, json=AGENT)).status_code == 200
    refused = await company.decides("officer")
    assert (refused.status_code, refused.json()["code"]) == (409, "approval_stale")
    assert (await company["puppet"].http.post(there(company.stage, "admin", "/deactivate"))).status_code == 201
    assert await company["officer"].get(WAITING) == []


async def binds(who: Person, made: IdentityProvider, login: str) -> httpx.Response:
    # The application was put together anew when the provider joined.
    who.http._transport = who.stage.client()._transport
    return await who.http.post(there(who.stage, login, "/identity"), json={"subject": made.subject})


async def test_an_identity_is_bound_to_a_guardian_by_two_and_all_sessions_end(
    company: Company, provider: IdentityProvider
) -> None:
    stage = company.stage
    bound = await binds(company["admin"], provider, "audits")
    assert (bound.status_code, bound.json()) == (201, {"waits": True})
    client = stage.client()
    assert await comes_back(client, await goes(client)) == "oidc_unknown"
    assert (await company.request())["subject"] == provider.subject
    assert (await company.decides("officer")).status_code == 204
    assert (await company["audits"].http.get("/api/session")).json()["code"] == "identity"
    assert await comes_back(client, await goes(client)) == ""
    assert (await client.get("/api/session")).json()["roles"] == ["auditor"]
    kept = stage.rows(sa.select(store.approval.c.terms))
    assert kept == [("{}",)]


async def test_an_identity_bound_to_anybody_ends_their_sessions_and_they_are_told(
    company: Company, provider: IdentityProvider
) -> None:
    stage = company.stage
    lin = await stage.person("lin")
    assert (await binds(company["admin"], provider, "lin")).json() == {"waits": False}
    assert (await lin.http.get("/api/session")).json()["code"] == "identity"
    told = await (await stage.person("lin")).get("/api/account/changes")
    assert [(each["action"], each["by"]["name"]) for each in told] == [("identity.bound", "某admin")]
    assert await (await stage.person("mei")).get("/api/account/changes") == []


async def test_a_providers_word_alone_binds_nobody_to_a_guardian(company: Company, provider: IdentityProvider) -> None:
    joined(company.stage, provider, login_is_email=True)
    provider.claims = {"email": "audits", "email_verified": True}
    client = company.stage.client()
    assert await comes_back(client, await goes(client)) == "oidc_unknown"


def runs(*words: str) -> str:
    done = CliRunner().invoke(app, ["people", *words])
    assert done.exit_code == 0, done.output
    return done.output


async def alone(stage: Stage) -> Person:
    """Return somebody whose organisation has no guardian, at the moment at which a command would run."""
    stage.clock.advance(Seconds((datetime.now(UTC) - stage.clock.now()).total_seconds()))
    owner = await stage.person("stranger")
    await with_second_factor(owner, PASSWORD)
    return owner


async def test_where_nobody_else_is_the_first_guardian_comes_by_the_servers_own_terminal(stage: Stage) -> None:
    owner = await alone(stage)
    invited = (await owner.http.post(PEOPLE, json={**OFFICER, "roles": ["auditor"]})).json()
    assert (await accepts(stage, invited["path"])).status_code == 409
    folder = ("--folder", str(stage.folder))
    listed = runs("waiting", *folder)
    assert "假安全员 · 审计员 · 加入链接" in listed
    (request,) = re.findall(r"^(\S+)\n  假安全员", listed, re.MULTILINE)
    runs("approve", request, *folder)
    assert (await accepts(stage, invited["path"], OWN)).status_code == 200
    rows = stage.rows(sa.select(audit_entry.c.actor).where(audit_entry.c.action == "approval.given"))
    assert rows == [("system:terminal",)]


async def test_the_terminal_refuses_too_and_says_when_nothing_waits(stage: Stage, tmp_path: Path) -> None:
    owner = await alone(stage)
    invited = (await owner.http.post(PEOPLE, json={**OFFICER, "roles": ["auditor"]})).json()
    folder = ("--folder", str(stage.folder))
    request = (await owner.get(WAITING))[0]["id"]
    runs("refuse", request, *folder)
    assert "nothing waits" in runs("waiting", *folder)
    assert (await accepts(stage, invited["path"])).status_code == 404
    nowhere = CliRunner().invoke(app, ["people", "waiting", "--folder", str(tmp_path / "nowhere")])
    assert getattr(nowhere.exception, "remedy", "")
