"""One-time links: the first owner, somebody new, somebody who lost the way in. No password is ever given."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from huiyin.audit.store import audit_entry
from huiyin.cli.entry import app
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.errors import ConflictError, InvalidError
from huiyin.kernel.units import Seconds
from huiyin.org import inviting, store
from huiyin.wiring import Settings, build

from .codes import with_second_factor
from .founding import NOON, PASSWORD
from .stage import Person, Stage
from .test_guessing import guesses_until_locked, tries

OWN = "三只黄鹂在唱周末的菜价单"
DAY = 24 * 3600.0
OWNER = inviting.Owner("merchant", "远方商行", "方店主", "fang")
NEW = {"name": "小周", "login": "zhou", "roles": ["agent"], "capacity": 3, "skills": ["价保"]}


def token_of(path: str) -> str:
    page, _, token = path.partition("#")
    assert page == "/welcome"
    return token


async def accepts(stage: Stage, path: str, password: str = OWN) -> httpx.Response:
    return await stage.client().post("/api/welcome/accept", json={"token": token_of(path), "password": password})


async def founded_owner(stage: Stage) -> str:
    return str((await stage.house.writer.do(inviting.found_owner, stage.house.sealer, OWNER)).path)


async def strong(stage: Stage, login: str = "owner") -> Person:
    """Return somebody who showed a second factor a moment ago."""
    person = await stage.person(login)
    await with_second_factor(person, PASSWORD)
    return person


async def test_the_first_owner_comes_in_by_the_link_and_sets_the_first_password(stage: Stage) -> None:
    path = await founded_owner(stage)
    look = await stage.client().post("/api/welcome", json={"token": token_of(path)})
    assert look.json() == {
        "purpose": "owner", "name": "方店主", "login": "fang", "organisation": "远方商行",
        "expiresAt": "2026-06-02T04:00:00Z",
    }  # fmt: skip
    client = stage.client()
    weak = await client.post("/api/welcome/accept", json={"token": token_of(path), "password": "passwordpassword"})
    assert (weak.status_code, weak.json()["code"]) == (400, "password_weak")
    entered = await client.post("/api/welcome/accept", json={"token": token_of(path), "password": OWN})
    assert entered.status_code == 200, entered.text
    me = entered.json()
    assert (me["name"], me["organisation"], sorted(me["roles"])) == (
        "方店主", "远方商行", ["administrator", "merchant_owner"],
    )  # fmt: skip
    assert me["secondFactor"] == {"setUp": False, "needed": True, "recoveryCodes": 0, "freshUntil": None}
    again = await stage.client().post("/api/session", json={"login": "fang", "password": OWN})
    assert again.status_code == 200


async def test_a_link_opens_once_within_a_day_and_is_nowhere_on_disk(stage: Stage) -> None:
    path = await founded_owner(stage)
    written = b"".join(each.read_bytes() for each in stage.folder.glob("huiyin.db*"))
    assert token_of(path).encode() not in written
    assert (await accepts(stage, path)).status_code == 200
    twice = await accepts(stage, path)
    unknown = await accepts(stage, "/welcome#made-up")
    assert twice.status_code == unknown.status_code == 404
    assert twice.content == unknown.content
    assert twice.json()["code"] == "link_dead"


@pytest.mark.parametrize("later", [DAY, -60.0], ids=["a day later", "the clock went back"])
async def test_a_link_out_of_its_time_opens_nothing(stage: Stage, later: float) -> None:
    path = await founded_owner(stage)
    stage.clock.advance(Seconds(later))
    assert (await accepts(stage, path)).status_code == 404
    newer = await founded_owner(stage)
    assert (await accepts(stage, newer)).status_code == 200


async def test_asking_again_before_the_link_was_used_makes_a_new_one_and_voids_the_old(stage: Stage) -> None:
    first, second = await founded_owner(stage), await founded_owner(stage)
    assert (await accepts(stage, first)).status_code == 404
    assert (await accepts(stage, second)).status_code == 200
    with pytest.raises(ConflictError, match="has people already"):
        await founded_owner(stage)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"kind": "platform"}, InvalidError),
        ({"organisation": " "}, InvalidError),
        ({"login": ""}, InvalidError),
        ({"login": "two words"}, InvalidError),
        ({"login": "LIN"}, ConflictError),
        ({"organisation": "松果客服"}, ConflictError),
    ],
)
async def test_an_owner_who_cannot_be_is_refused_with_a_remedy(
    stage: Stage, changed: dict[str, str], error: type[Exception]
) -> None:
    before = stage.rows(sa.select(sa.func.count()).select_from(store.organisation))
    with pytest.raises(error) as refused:
        await stage.house.writer.do(inviting.found_owner, stage.house.sealer, OWNER._replace(**changed))
    assert getattr(refused.value, "remedy", "")
    assert stage.rows(sa.select(sa.func.count()).select_from(store.organisation)) == before


def test_the_command_prints_a_link_and_a_new_house_knows_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    house = build(Settings(folder, synchronous="OFF"), ManualClock(NOON))
    try:
        with house.reading.connect() as connection:
            for table in (store.person, store.organisation, store.session, store.api_token, store.one_time_link):
                assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0
    finally:
        house.close()
    options = ["--folder", str(folder), "--organisation", "远方商行", "--login", "fang"]
    done = CliRunner().invoke(app, ["owner", "create", *options, "--address", "https://huiyin.example/"])
    assert done.exit_code == 0, done.output
    assert re.search(r"https://huiyin\.example/welcome#[\w-]{43}\n", done.output)


async def test_an_administrator_invites_somebody_who_then_works(stage: Stage) -> None:
    owner = await strong(stage)
    invited = await owner.http.post("/api/people", json=NEW)
    assert invited.status_code == 200, invited.text
    early = await stage.client().post("/api/session", json={"login": "zhou", "password": ""})
    assert early.status_code == 401
    entered = await accepts(stage, invited.json()["path"])
    assert (entered.json()["name"], entered.json()["roles"], entered.json()["capacity"]) == ("小周", ["agent"], 3)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"login": "LIN"}, 409),
        ({"login": "ＬＩＮ"}, 409),
        ({"login": "ⓛin"}, 409),
        ({"login": "li\u0578"}, 400),
        ({"login": "m\u0435i"}, 400),
        ({"login": "lin\u200b"}, 400),
        ({"login": "客服lin"}, 200),
        ({"login": "мария"}, 200),
        ({"login": "a b"}, 400),
        ({"login": ""}, 400),
        ({"name": "  "}, 400),
        ({"roles": []}, 400),
        ({"roles": ["king"]}, 400),
        ({"roles": ["auditor", "agent"]}, 400),
        ({"roles": ["vendor_manager"]}, 400),
        ({"capacity": -1}, 400),
        ({"password": "of-my-choice"}, 200),
    ],
)
async def test_an_invitation_that_cannot_be_is_refused(stage: Stage, changed: dict[str, Any], status: int) -> None:
    owner = await strong(stage)
    answer = await owner.http.post("/api/people", json={**NEW, **changed})
    assert answer.status_code == status, answer.text
    if "password" in changed:  # nobody sets a password for another
        signed = await stage.client().post("/api/session", json={"login": "zhou", "password": changed["password"]})
        assert signed.status_code == 401


async def test_inviting_takes_the_right_and_a_second_factor(stage: Stage) -> None:
    for login, status in (("lin", 404), ("lead", 404), ("owner", 403)):
        person = await stage.person(login)
        assert (await person.http.post("/api/people", json=NEW)).status_code == status


async def test_a_new_password_by_link_ends_every_session_and_keeps_the_second_factor(stage: Stage) -> None:
    owner = await strong(stage)
    zhou = (await owner.http.post("/api/people", json=NEW)).json()
    entered = await accepts(stage, zhou["path"])
    mine = stage.client()
    mine.cookies.update(entered.cookies)
    person = Person(stage, "zhou", mine)
    await with_second_factor(person, OWN)
    for takes_it, code in ((False, 403), (True, 200)):
        link = await owner.http.post(f"/api/people/{zhou['person']}/link", json={"secondFactor": takes_it})
        assert (await accepts(stage, link.json()["path"], OWN + "新")).status_code == 200
        assert (await mine.get("/api/session")).status_code == 401
        signed = await stage.client().post("/api/session", json={"login": "zhou", "password": OWN + "新"})
        assert signed.status_code == code


async def test_the_security_officer_unlocks_who_guessed_too_often(stage: Stage) -> None:
    def appoint(uow: Any) -> None:
        mei = stage.founded.people["mei"]
        uow.connection.execute(
            store.person.update().where(store.person.c.id == mei).values(roles='["security_officer"]')
        )

    await stage.house.writer.do(appoint)
    officer = await strong(stage, "mei")
    await guesses_until_locked(stage)
    stage.clock.advance(Seconds(1))
    lin, owner = stage.founded.people["lin"], stage.founded.people["owner"]
    assert (await officer.http.post(f"/api/people/{owner}/unlock")).status_code == 404  # another organisation's
    assert (await tries(stage, password=PASSWORD)).status_code == 429
    unlocked = await officer.http.post(f"/api/people/{lin}/unlock")
    assert unlocked.status_code == 201, unlocked.text
    assert (await tries(stage, password=PASSWORD)).status_code == 200


async def test_somebody_of_another_organisation_does_not_exist(stage: Stage) -> None:
    owner = await strong(stage)
    for person in (stage.founded.people["lin"], "no-such-person"):
        refused = await owner.http.post(f"/api/people/{person}/link", json={})
        assert refused.status_code == 404
        assert refused.json()["title"] == "there is no such person"


async def test_who_invited_whom_is_written_down_without_names(stage: Stage) -> None:
    owner = await strong(stage)
    invited = (await owner.http.post("/api/people", json=NEW)).json()
    await accepts(stage, invited["path"])
    rows = stage.rows(sa.select(audit_entry).where(audit_entry.c.subject == invited["person"]))
    assert [(row.action, row.actor) for row in rows] == [
        ("person.registered", f"person:{owner.id}"),
        ("person.invited", f"person:{owner.id}"),
        ("password.changed", f"person:{invited['person']}"),
    ]
    assert all("zhou" not in str(tuple(row)) and "小周" not in str(tuple(row)) for row in rows)


async def test_a_login_kept_in_its_old_form_still_opens_and_looks_alike_to_nobody_elses(stage: Stage) -> None:
    def keep_as_before(uow: Any) -> None:
        lin = store.person.c.id == stage.founded.people["lin"]
        old = stage.house.ring.house_index("login", "ｌｉｎ")
        uow.connection.execute(store.person.update().where(lin).values(login_index=old))

    await stage.house.writer.do(keep_as_before)
    for login, status in (("ＬＩＮ", 200), ("lin", 401)):
        answer = await stage.client().post("/api/session", json={"login": login, "password": PASSWORD})
        assert answer.status_code == status, answer.text
    for login in ("ＭＥＩ", "mei", "MEI"):
        answer = await stage.client().post("/api/session", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
