"""People and what they may do: seen by those who look after them, changed by others than themselves, at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Role
from huiyin.kernel.errors import NotSignedInError
from huiyin.kernel.ids import PersonId, TenantId, new_id
from huiyin.kernel.units import Seconds
from huiyin.org import administering, appointing, approving, inviting, tokens
from huiyin.org.access import access_person
from huiyin.org.identities import Identity
from huiyin.org.signing_in import access_session
from huiyin.web.identity import COOKIE

from .codes import with_second_factor
from .founding import FOUNDER, PASSWORD
from .screens import tab_of
from .stage import Customer, Person, Stage
from .test_audit import auditor
from .test_guessing import guesses_until_locked
from .test_statements import Counter, counter
from .test_tokens import asks, made
from .test_welcome import accepts

__all__ = ["counter"]

PEOPLE = "/api/people"
AGENT = {"roles": ["agent"], "skills": ["价保"], "capacity": 2}


async def hired(stage: Stage, beside: str, login: str, *roles: Role) -> Person:
    """Return somebody new with these roles in the company of somebody, who just showed a second factor."""

    def hire(uow: UnitOfWork) -> PersonId:
        tenant = access_person(uow.connection, stage.founded.people[beside], uow.now()).tenant
        new = administering.NewPerson(
            tenant=TenantId(tenant), name=f"某{login}", login=login, password=PASSWORD, roles=frozenset(roles)
        )
        return administering.register_person(uow, new, stage.house.sealer, actor=FOUNDER)

    stage.founded.people[login] = await stage.house.writer.do(hire)
    person = await stage.person(login)
    await with_second_factor(person, PASSWORD)
    return person


@pytest.fixture
async def admin(stage: Stage) -> Person:
    return await hired(stage, "lin", "admin", Role.ADMINISTRATOR)


def there(stage: Stage, login: str, what: str = "") -> str:
    return f"{PEOPLE}/{stage.founded.people[login]}{what}"


async def listed(person: Person) -> dict[str, Any]:
    return {each["login"]: each for each in (await person.get(PEOPLE))["people"]}


async def changes(admin: Person, login: str, **post: object) -> httpx.Response:
    return await admin.http.put(there(admin.stage, login, "/roles"), json={**AGENT, **post})


async def test_an_administrator_sees_everybody_of_their_own_company_and_nobody_else(admin: Person) -> None:
    stage = admin.stage
    await (await stage.person("lin")).goes("busy")
    found = await listed(admin)
    assert set(found) == {"admin", "lead", "lin", "mei"}
    lin = found["lin"]
    assert (lin["name"], lin["roles"], lin["skills"], lin["standing"]) == ("小林", ["agent"], ["价保"], "active")
    assert (lin["capacity"], lin["presence"], lin["secondFactor"], lin["sessions"]) == (2, "busy", False, 1)
    assert lin["lastInAt"] == "2026-06-01T04:00:00Z"
    assert (found["mei"]["lastInAt"], found["mei"]["sessions"]) == (None, 0)
    assert (found["admin"]["secondFactor"], found["admin"]["capacity"]) == (True, None)
    page = await admin.get(PEOPLE)
    assert set(page["roles"]) == set(Role) - {Role.MERCHANT_OWNER, Role.MERCHANT_VIEWER}
    assert page["alone"] == ["auditor", "security_officer"]


async def test_the_list_costs_the_same_however_many_there_are(admin: Person, counter: Counter) -> None:
    await admin.get(PEOPLE)
    with counter.counting(SIGNED_IN_AND_LIST):
        await admin.get(PEOPLE)
    for number in range(6):
        await hired(admin.stage, "lin", f"more-{number}", Role.AGENT)
    await admin.get(PEOPLE)
    with counter.counting(SIGNED_IN_AND_LIST):
        await admin.get(PEOPLE)


SIGNED_IN_AND_LIST = 3 + 6


async def test_an_invitation_is_shown_until_it_is_used_and_can_be_made_anew(admin: Person) -> None:
    new = {"name": "小周", "login": "zhou", "roles": ["agent"], "capacity": 3}
    invited = (await admin.http.post(PEOPLE, json=new)).json()
    zhou = (await listed(admin))["zhou"]
    assert (zhou["standing"], zhou["linkUntil"], zhou["capacity"]) == ("invited", "2026-06-02T04:00:00Z", 3)
    admin.stage.clock.advance(Seconds(60))
    again = (await admin.http.post(f"{PEOPLE}/{zhou['id']}/link", json={})).json()
    assert (await accepts(admin.stage, invited["path"])).status_code == 404
    look = await admin.stage.client().post("/api/welcome", json={"token": again["path"].partition("#")[2]})
    assert look.json()["purpose"] == "invite"
    assert (await accepts(admin.stage, again["path"])).status_code == 200
    zhou = (await listed(admin))["zhou"]
    assert (zhou["standing"], zhou["linkUntil"], zhou["sessions"]) == ("active", None, 1)


async def test_who_is_locked_out_is_shown_and_let_in_again(stage: Stage) -> None:
    officer = await hired(stage, "lin", "officer", Role.SECURITY_OFFICER)
    await guesses_until_locked(stage)
    assert (await listed(officer))["lin"]["lockedUntil"] > "2026-06-01T04:1"
    assert (await officer.http.post(there(stage, "lin", "/unlock"))).status_code == 201
    assert (await listed(officer))["lin"]["lockedUntil"] is None


async def test_new_roles_hold_from_the_next_request_and_are_written_down(admin: Person) -> None:
    stage = admin.stage
    lin, audits = await stage.person("lin"), await auditor(stage, "lin")
    assert "conversation:steer" not in (await lin.get("/api/session"))["may"]
    assert (await changes(admin, "lin", roles=["team_lead", "agent"], capacity=5)).status_code == 200
    me = await lin.get("/api/session")
    assert ("conversation:steer" in me["may"], me["capacity"]) == (True, 5)
    (entry,) = (await audits.get("/api/audit", action="roles.changed"))["entries"]
    assert (entry["actor"]["id"], entry["subject"]) == (admin.id, lin.id)
    assert entry["detail"] == {"before": "agent", "roles": "agent,team_lead"}


async def test_who_is_no_agent_any_more_leaves_the_desk_and_customers_wait_for_somebody_else(
    admin: Person, stage: Stage, customer: Customer
) -> None:
    lin = await served(stage, customer)
    refused = await changes(admin, "lin", roles=["agent"], capacity=0)
    assert refused.status_code == 200, refused.text
    await stage.settle()
    assert await waits(stage, customer)
    assert (await listed(admin))["lin"]["presence"] == "offline"
    assert (await lin.http.get("/api/session")).status_code == 200


async def served(stage: Stage, customer: Customer) -> Person:
    """Return an agent who has the customer on their desk."""
    lin = await stage.agent()
    await customer.says("人工")
    await stage.settle()
    assert await lin.sees() == [customer.conversation]
    return lin


async def waits(stage: Stage, customer: Customer) -> bool:
    lead = await stage.person("lead")
    return customer.conversation in await lead.sees("waiting")


async def test_a_desk_is_not_made_smaller_than_what_is_on_it(admin: Person, stage: Stage) -> None:
    lin = await stage.agent()
    for place in range(2):
        await stage.customer("direct", place).says("在吗")
    await stage.settle()
    assert len(await lin.sees()) == 2
    refused = await changes(admin, "lin", capacity=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "seat_full")
    assert (await changes(admin, "lin", capacity=3)).status_code == 200


async def test_who_is_deactivated_is_out_at_once_with_sessions_tokens_links_and_desk(
    admin: Person, stage: Stage, customer: Customer
) -> None:
    lead = await stage.person("lead")
    await with_second_factor(lead, PASSWORD)
    token = await made(lead)
    lin = await served(stage, customer)
    link = (await admin.http.post(there(stage, "lin", "/link"), json={})).json()["path"]
    for login in ("lin", "lead"):
        assert (await admin.http.post(there(stage, login, "/deactivate"))).status_code == 201
    refused = await lin.http.get("/api/session")
    assert (refused.status_code, refused.json()["code"]) == (401, "deactivated")
    assert await asks(stage, token) == 401
    assert (await accepts(stage, link)).status_code == 404
    signing = await stage.client().post("/api/session", json={"login": "lin", "password": PASSWORD})
    unknown = await stage.client().post("/api/session", json={"login": "lina", "password": PASSWORD})
    assert (signing.status_code, signing.content) == (401, unknown.content)
    await stage.settle()
    mei = await stage.agent("mei")
    assert await mei.sees() == [customer.conversation]
    found = await listed(admin)
    assert (found["lin"]["standing"], found["lin"]["sessions"], found["lin"]["presence"]) == (
        "deactivated",
        0,
        "offline",
    )
    assert list(found)[-2:] != ["lin", "mei"]
    assert (await admin.http.post(there(stage, "lin", "/reactivate"))).status_code == 201
    back = await stage.client().post("/api/session", json={"login": "lin", "password": PASSWORD})
    assert (back.status_code, back.json()["roles"]) == (200, ["agent"])
    assert await asks(stage, token) == 401


@contextlib.asynccontextmanager
async def hub(stage: Stage) -> AsyncIterator[None]:
    running = asyncio.ensure_future(stage.app.state.hub.run())
    await asyncio.sleep(0)
    yield
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def test_an_open_screen_hears_nothing_more_from_the_moment_on(admin: Person, stage: Stage) -> None:
    async with hub(stage):
        lin, mei = await stage.agent(), await stage.agent("mei")
        tab, other = await tab_of(lin), await tab_of(mei)
        assert (await admin.http.post(there(stage, "lin", "/deactivate"))).status_code == 201
        assert await tab.is_closed_with() == 4401
        assert (await changes(admin, "mei", roles=["inspector"], capacity=0)).status_code == 200
        assert await other.is_closed_with() == 4401
        again = await tab_of(mei)
        await again.leaves()


async def test_nobody_changes_their_own_account_so_that_somebody_who_may_stays(admin: Person) -> None:
    stage = admin.stage
    for refused in (
        await changes(admin, "admin", roles=["agent"]),
        await admin.http.post(there(stage, "admin", "/deactivate")),
        await admin.http.post(there(stage, "admin", "/reactivate")),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "person_self")
        assert refused.json()["detail"]


async def test_two_who_shut_each_other_out_in_the_same_moment_do_not_both_succeed(admin: Person) -> None:
    stage = admin.stage
    second = await hired(stage, "lin", "second", Role.ADMINISTRATOR)
    answers = await asyncio.gather(
        admin.http.post(there(stage, "second", "/deactivate")), second.http.post(there(stage, "admin", "/deactivate"))
    )
    codes = sorted(each.status_code for each in answers)
    assert codes in ([201, 401], [201, 409])


async def test_who_is_shut_out_while_their_command_waits_does_nothing_more(admin: Person) -> None:
    stage = admin.stage
    second, third = [await hired(stage, "lin", each, Role.ADMINISTRATOR) for each in ("second", "third")]
    with stage.house.reading.connect() as connection:
        token = second.http.cookies.get(COOKIE, domain="huiyin.invalid")
        actor = access_session(connection, token, stage.clock, stage.house.settings.sessions).actor
    door = administering.NewPerson(
        tenant=actor.tenant, name="后门", login="back", roles=frozenset({Role.ADMINISTRATOR})
    )
    assert (await admin.http.post(there(stage, "second", "/deactivate"))).status_code == 201
    for verb, *asked in (
        (inviting.invite, stage.house.sealer, door),
        (inviting.make_reset_link, third.id),
        (inviting.unlock, stage.house.sealer, third.id),
        (inviting.bind_identity, third.id, Identity("https://sso.example", "u-9")),
        (appointing.change_roles, third.id, appointing.Post(frozenset({Role.AGENT}))),
        (appointing.deactivate, third.id),
        (appointing.reactivate, third.id),
        (appointing.shut_sessions, third.id),
        (tokens.make_token, tokens.NewToken("x", frozenset({"wall:read"}), timedelta(days=1))),
        (approving.approve, "nothing"),
    ):
        named: dict[str, object] = {"second_factor": False} if verb is inviting.make_reset_link else {}
        with pytest.raises(NotSignedInError) as refused:
            await stage.house.writer.do(verb, *asked, actor=actor, **named)
        assert refused.value.code == "changed"
    assert set(await listed(admin)) == {"admin", "lead", "lin", "mei", "second", "third"}


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        (["auditor", "agent"], "roles_alone"),
        (["security_officer", "administrator"], "roles_alone"),
        (["merchant_owner"], "person_roles"),
        (["king"], ""),
        ([], ""),
    ],
)
async def test_roles_that_cannot_be_are_refused_with_a_remedy(admin: Person, roles: list[str], code: str) -> None:
    refused = await changes(admin, "lin", roles=roles)
    assert (refused.status_code, refused.json()["code"], bool(refused.json()["detail"])) == (400, code, True)
    assert (await listed(admin))["lin"]["roles"] == ["agent"]


async def test_a_security_officer_ends_the_sessions_of_somebody_and_changes_nothing_else(stage: Stage) -> None:
    officer = await hired(stage, "lin", "officer", Role.SECURITY_OFFICER)
    lin, mei = await stage.person("lin"), await stage.person("mei")
    ended = await officer.http.delete(there(stage, "lin", "/sessions"))
    assert (ended.status_code, ended.json()) == (200, {"ended": 1})
    refused = await lin.http.get("/api/session")
    assert (refused.status_code, refused.json()["code"]) == (401, "officer")
    assert (await mei.http.get("/api/session")).status_code == 200
    assert (await changes(officer, "lin")).status_code == 404
    assert (await officer.http.post(there(stage, "lin", "/deactivate"))).status_code == 404


async def test_somebody_of_another_company_answers_as_nobody(admin: Person, stage: Stage) -> None:
    officer = await hired(stage, "lin", "officer", Role.SECURITY_OFFICER)
    for who, method, what, data in (
        (admin, "PUT", "/roles", AGENT),
        (admin, "POST", "/deactivate", None),
        (admin, "POST", "/reactivate", None),
        (officer, "DELETE", "/sessions", None),
    ):
        theirs = await who.http.request(method, there(stage, "owner", what), json=data)
        absent = await who.http.request(method, f"{PEOPLE}/{new_id()}{what}", json=data)
        assert (theirs.status_code, theirs.content) == (404, absent.content)
    owner = await stage.person("owner")
    assert (await owner.http.get("/api/session")).status_code == 200


async def test_a_change_wants_a_second_factor_and_the_list_does_not(stage: Stage) -> None:
    owner = await stage.person("owner")
    assert len((await owner.get(PEOPLE))["people"]) == 2
    refused = await owner.http.post(there(stage, "auditor", "/deactivate"))
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")
    lin = await stage.person("lin")
    assert (await lin.http.get(PEOPLE)).status_code == 404
