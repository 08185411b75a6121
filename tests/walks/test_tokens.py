"""API tokens: made by a person for a program, for less than the person may do, and never for what is delicate."""

import asyncio

import pytest
import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.kernel.units import Seconds
from huiyin.org import store, tokens

from .codes import with_second_factor
from .founding import PASSWORD
from .screens import Tab
from .stage import Person, Stage

DAY = 24 * 3600.0
WALL = {"name": "大屏", "scopes": ["wall:read"], "days": 30}


async def strong(stage: Stage, login: str = "lead") -> Person:
    person = await stage.person(login)
    await with_second_factor(person, PASSWORD)
    return person


async def made(person: Person, **changes: object) -> str:
    answer = await person.http.post("/api/account/tokens", json={**WALL, **changes})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["token"])


async def asks(stage: Stage, token: str, path: str = "/api/wall", method: str = "GET", **sent: object) -> int:
    client = stage.client(Authorization=f"Bearer {token}")
    client.headers.pop("X-Huiyin")
    return (await client.request(method, path, **sent)).status_code


async def test_a_token_opens_what_it_was_made_for_and_nothing_else(stage: Stage) -> None:
    lead = await strong(stage)
    token = await made(lead)
    assert token.startswith("hy_")
    assert await asks(stage, token) == 200
    assert await asks(stage, token, "/api/desk/conversations") == 404
    assert await asks(stage, token, "/api/session") == 404
    assert (await lead.http.get("/api/desk/conversations")).status_code == 200


async def test_a_program_may_ask_what_its_token_opens_now(stage: Stage) -> None:
    lead = await strong(stage)
    token = await made(lead, scopes=["wall:read", "conversation:read"])
    program = stage.client(Authorization=f"Bearer {token}")
    own = (await program.get("/api/account/tokens/own")).json()
    assert (own["name"], own["may"]) == (
        "大屏",
        ["conversation:read", "own_scopes:read", "wall:read", "wall:read:agents"],
    )
    assert {shop["id"] for shop in own["shops"]} == {stage.shops[name] for name in ("digital", "direct", "pasted")}

    def demoted(uow: object) -> None:
        uow.connection.execute(store.person.update().where(store.person.c.id == lead.id).values(roles='["agent"]'))

    await stage.house.writer.do(demoted)
    assert (await program.get("/api/account/tokens/own")).json()["may"] == [
        "conversation:read", "own_scopes:read", "wall:read",
    ]  # fmt: skip
    assert (await lead.http.get("/api/account/tokens/own")).status_code == 404


async def test_a_token_needs_no_header_against_foreign_pages(stage: Stage) -> None:
    lead = await strong(stage)
    token = await made(lead, scopes=["seat:write"])
    assert await asks(stage, token, "/api/desk/presence", "PUT", json={"state": "busy"}) == 200


async def test_a_token_looks_after_nobodys_account_and_shows_no_second_factor(stage: Stage) -> None:
    owner = await strong(stage, "owner")
    for scope in ("session:write", "api_token:write", "api_token:read", "person:write", "personal_data:reveal"):
        refused = await owner.http.post("/api/account/tokens", json={**WALL, "scopes": ["wall:read", scope]})
        assert (refused.status_code, refused.json()["code"]) == (400, "token_scopes")
    token = await made(owner, scopes=["wall:read", "session:read"])
    assert await asks(stage, token, "/api/session/second-factor", "POST", json={"code": "123456"}) == 404
    assert await asks(stage, token, "/api/people", "POST", json={}) == 404
    assert await asks(stage, token, "/api/session") == 200


async def test_nobody_makes_a_token_for_more_than_they_may_do(stage: Stage) -> None:
    lin = await strong(stage, "lin")
    refused = await lin.http.post("/api/account/tokens", json={**WALL, "scopes": ["stuck_event:read"]})
    assert refused.status_code == 400
    assert "wall:read" in refused.json()["detail"]


async def test_a_token_is_worth_no_more_than_its_maker_is_now(stage: Stage) -> None:
    lead = await strong(stage)
    token = await made(lead, scopes=["stuck_event:read"])
    assert await asks(stage, token, "/api/stuck") == 200

    def demoted(uow: object) -> None:
        uow.connection.execute(store.person.update().where(store.person.c.id == lead.id).values(roles='["agent"]'))

    await stage.house.writer.do(demoted)
    assert await asks(stage, token, "/api/stuck") == 404

    def leaves(uow: object) -> None:
        uow.connection.execute(store.person.update().where(store.person.c.id == lead.id).values(active=False))

    await stage.house.writer.do(leaves)
    assert await asks(stage, token, "/api/stuck") == 401


async def test_making_one_takes_a_second_factor_shown_lately(stage: Stage) -> None:
    lead = await stage.person("lead")
    refused = await lead.http.post("/api/account/tokens", json=WALL)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")


async def test_a_token_is_shown_once_and_only_its_hash_is_kept(stage: Stage) -> None:
    lead = await strong(stage)
    token = await made(lead)
    listed = await lead.get("/api/account/tokens")
    assert [(each["name"], each["scopes"], each["usedAt"]) for each in listed] == [("大屏", ["wall:read"], None)]
    assert token not in str(listed)
    written = b"".join(each.read_bytes() for each in stage.folder.glob("huiyin.db*"))
    assert token.encode() not in written
    await asks(stage, token)
    assert (await lead.get("/api/account/tokens"))[0]["usedAt"] == "2026-06-01T04:00:00Z"


async def test_a_token_ends_on_its_day_and_when_it_is_revoked(stage: Stage) -> None:
    lead = await strong(stage)
    short, long = await made(lead, days=1), await made(lead, days=2)
    listed = {each["expiresAt"]: each["id"] for each in await lead.get("/api/account/tokens")}
    assert await asks(stage, short) == await asks(stage, long) == 200
    stage.clock.advance(Seconds(DAY - 1))
    assert await asks(stage, short) == 200
    stage.clock.advance(Seconds(1))
    assert await asks(stage, short) == 401
    assert await asks(stage, long) == 200
    again = await stage.person("lead")
    revoked = await again.http.delete(f"/api/account/tokens/{listed['2026-06-03T04:00:00Z']}")
    assert revoked.status_code == 204
    assert await asks(stage, long) == 401


async def test_nobody_revokes_anybody_elses(stage: Stage) -> None:
    lead, owner = await strong(stage), await strong(stage, "owner")
    token = await made(lead)
    theirs = (await lead.get("/api/account/tokens"))[0]["id"]
    assert (await owner.http.delete(f"/api/account/tokens/{theirs}")).status_code == 404
    assert await owner.get("/api/account/tokens") == []
    assert await asks(stage, token) == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"name": " "}, 400), ({"scopes": []}, 400), ({"scopes": ["all"]}, 400), ({"days": 0}, 400), ({"days": 366}, 400)],
)
async def test_a_token_without_name_end_or_purpose_is_refused(
    stage: Stage, changes: dict[str, object], status: int
) -> None:
    lead = await strong(stage)
    refused = await lead.http.post("/api/account/tokens", json={**WALL, **changes})
    assert refused.status_code == status
    assert refused.json()["detail"]


async def test_a_slip_of_the_pen_is_told_without_a_look_into_the_database(stage: Stage) -> None:
    token = await made(await strong(stage))
    assert tokens.well_formed(token)
    wrong = token[:10] + ("a" if token[10] != "a" else "b") + token[11:]
    for each in (wrong, token[:-1], token + "0", "", "hy_", token.replace("hy_", "hx_"), "hy_" + "长" * 49):
        assert not tokens.well_formed(each)
    assert await asks(stage, wrong) == 401


async def test_a_program_opens_the_socket_with_a_token_and_no_page_behind_it(stage: Stage) -> None:
    lead = await strong(stage)
    token = await made(lead, scopes=["session:read", "wall:read"])
    tab = Tab(stage, origin="")
    tab._headers.append((b"authorization", f"Bearer {token}".encode()))
    await tab.connects()
    await tab.hears("hello")
    foreign = Tab(stage, origin="https://evil.example")
    foreign._headers.append((b"authorization", f"Bearer {token}".encode()))
    await foreign.connects()
    assert await foreign.is_closed_with() == 4403


async def test_a_wall_on_a_programs_token_is_nobody_at_a_desk(stage: Stage) -> None:
    lead = await strong(stage)
    token = await made(lead)
    await lead.goes("online")
    customer = stage.customer("direct")
    await customer.says("在吗")
    await stage.settle()
    assert await lead.sees("mine") == [customer.conversation]
    tab = Tab(stage, origin="")
    tab._headers.append((b"authorization", f"Bearer {token}".encode()))
    await tab.connects()
    for _ in range(30):  # their own browser is gone, the wall goes on for ten minutes
        stage.clock.advance(Seconds(20))
        tab.says(type="resume", wall=True)
        await asyncio.sleep(0.02)
        await stage.house.writer.do(stage.worker._keep_time)
    await stage.settle()
    await tab.leaves()
    assert "AgentLost" in stage.happened(customer.conversation)


async def test_making_and_revoking_are_written_down(stage: Stage) -> None:
    lead = await strong(stage)
    await made(lead)
    token = (await lead.get("/api/account/tokens"))[0]["id"]
    await lead.http.delete(f"/api/account/tokens/{token}")
    rows = stage.rows(sa.select(audit_entry).where(audit_entry.c.subject == token))
    assert [(row.action, row.actor) for row in rows] == [
        ("token.made", f"person:{lead.id}"),
        ("token.revoked", f"person:{lead.id}"),
    ]
