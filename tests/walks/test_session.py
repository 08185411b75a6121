"""Signing in and out, how long a session lasts, and what its owner sees of it."""

from datetime import timedelta

import argon2
import pytest
import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Role
from huiyin.kernel.units import Seconds
from huiyin.kernel.wire import encode_text
from huiyin.org import store
from huiyin.security import passwords
from huiyin.web.identity import COOKIE

from .founding import PASSWORD
from .screens import Tab
from .stage import Person, Stage

HOUR = 3600.0


async def signed_in(stage: Stage) -> Person:
    return await Person(stage, "lin", stage.client()).signs_in()


async def test_whoever_signs_in_is_known_and_their_token_is_nowhere_on_disk(stage: Stage) -> None:
    lin = await signed_in(stage)
    me = await lin.get("/api/session")
    assert (me["name"], me["organisation"], me["presence"], me["capacity"], me["load"]) == (
        "小林", "松果客服", "offline", 2, 0,
    )  # fmt: skip
    assert [each["name"] for each in me["shops"]] == ["digital旗舰店", "direct旗舰店", "pasted旗舰店"]
    token = lin.http.cookies[COOKIE]
    written = b"".join(each.read_bytes() for each in stage.folder.glob("huiyin.db*"))
    assert token.encode() not in written
    assert PASSWORD.encode() not in written


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(stage: Stage) -> None:
    answer = await stage.client().post("/api/session", json={"login": "lin", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    secure = await stage.client().post(
        "https://huiyin.invalid/api/session", json={"login": "lin", "password": PASSWORD}
    )
    cookie = secure.headers["set-cookie"].lower()
    assert "; secure" in cookie
    assert cookie.startswith(f"__host-{COOKIE}=")
    assert "; path=/;" in cookie
    assert "domain" not in cookie


async def test_a_wrong_password_and_an_unknown_login_answer_alike(stage: Stage) -> None:
    wrong = await stage.client().post("/api/session", json={"login": "lin", "password": "not-this-one"})
    unknown = await stage.client().post("/api/session", json={"login": "nobody", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert "set-cookie" not in wrong.headers


async def test_signing_out_ends_the_session_and_signing_out_twice_is_no_error(stage: Stage) -> None:
    lin = await stage.person("lin")
    token = lin.http.cookies[COOKIE]
    assert (await lin.http.delete("/api/session")).status_code == 204
    lin.http.cookies.set(COOKIE, token)
    assert (await lin.http.get("/api/session")).status_code == 401
    assert (await lin.http.delete("/api/session")).status_code == 204


@pytest.mark.parametrize(
    ("hours", "lasts"),
    [
        pytest.param([12], True, id="half a day of silence"),
        pytest.param([12.01], False, id="more than half a day of silence"),
        pytest.param([11, 11], True, id="in use for 22 hours"),
        pytest.param([11, 11, 2.01], False, id="in use for more than a day"),
    ],
)
async def test_a_session_ends_after_half_a_day_of_silence_and_after_a_day_in_any_case(
    stage: Stage, hours: list[float], lasts: bool
) -> None:
    lin = await stage.person("lin")
    status = 200
    for each in hours:
        assert status == 200
        stage.clock.advance(Seconds(each * HOUR))
        status = (await lin.http.get("/api/session")).status_code
    assert (status == 200) is lasts


def gives_role(uow: UnitOfWork, person: str, role: Role) -> None:
    uow.connection.execute(store.person.update().where(store.person.c.id == person).values(roles=encode_text([role])))


@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        pytest.param([29], None, id="half an hour of silence"),
        pytest.param([31], "idle", id="more than half an hour of silence"),
        pytest.param([20] * 24, None, id="in use for eight hours"),
        pytest.param([20] * 25, "absolute", id="in use for more than eight hours"),
    ],
)
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR])
async def test_the_session_of_somebody_with_great_rights_is_short(
    stage: Stage, role: Role, minutes: list[float], code: str | None
) -> None:
    lin = await stage.person("lin")
    await stage.house.writer.do(gives_role, lin.id, role)
    answer = await lin.http.get("/api/session")
    for each in minutes:
        assert answer.status_code == 200
        stage.clock.advance(Seconds(each * 60))
        answer = await lin.http.get("/api/session")
    assert answer.json().get("code") == code


async def test_a_page_nobody_sits_at_does_not_keep_its_session_alive(stage: Stage) -> None:
    lin = await stage.person("lin")
    tab = await Tab(stage, cookie=lin.http.cookies[COOKIE]).connects()
    await tab.hears("hello")
    for _ in range(11):
        stage.clock.advance(Seconds(HOUR))
        assert (await lin.http.get("/api/session", headers={"X-Huiyin-Unattended": "1"})).status_code == 200
        tab.says(type="resume", open={}, wall=False, tab="mine")
        await tab.hears("list")
    stage.clock.advance(Seconds(1.01 * HOUR))
    over = await lin.http.get("/api/session")
    assert (over.status_code, over.json()["code"]) == (401, "idle")
    tab.says(type="pong")
    assert await tab.is_closed_with() == 4401


@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(days=400)], ids=["a minute", "more than a year"])
async def test_a_clock_that_goes_back_never_lengthens_a_session(stage: Stage, back: timedelta) -> None:
    lin = await stage.person("lin")
    opened = stage.clock.now()
    stage.clock.set(opened - timedelta(seconds=2))
    assert (await lin.http.get("/api/session")).status_code == 200  # as time servers correct clocks
    stage.clock.set(opened - back)
    over = await lin.http.get("/api/session")
    assert (over.status_code, over.json()["code"], over.json()["detail"]) == (401, "clock", "Sign in.")
    again = await Person(stage, "lin", stage.client()).signs_in()
    assert (await again.http.get("/api/session")).status_code == 200


async def test_the_token_is_new_at_every_sign_in_and_the_one_before_is_over(stage: Stage) -> None:
    planted = "a-token-somebody-else-knows"
    client = stage.client()
    client.cookies.set(COOKIE, planted)
    lin = await Person(stage, "lin", client).signs_in()
    first = client.cookies.jar._cookies["huiyin.invalid"]["/"][COOKIE].value
    assert first != planted
    client.cookies.clear()
    client.cookies.set(COOKIE, first)
    await lin.signs_in()
    old = stage.client()
    old.cookies.set(COOKIE, first)
    over = await old.get("/api/session")
    assert (over.status_code, over.json()["code"]) == (401, "replaced")
    old.cookies.set(COOKIE, planted)
    assert (await old.get("/api/session")).status_code == 401


async def test_two_tabs_of_one_login_signing_out_in_one_ends_the_other(stage: Stage) -> None:
    lin = await stage.person("lin")
    other = await Tab(stage, cookie=lin.http.cookies[COOKIE]).connects()
    await other.hears("hello")
    assert (await lin.http.delete("/api/session")).status_code == 204
    other.says(type="pong")
    assert await other.is_closed_with() == 4401


async def test_a_tab_notices_that_somebody_else_signed_in_beside_it(stage: Stage) -> None:
    lin, mei = await stage.person("lin"), await stage.person("mei")
    believes = {"X-Huiyin-Person": lin.id}
    assert (await lin.http.get("/api/desk/conversations", headers=believes)).status_code == 200
    told = await mei.http.get("/api/desk/conversations", headers=believes)  # the browser's cookie is now Mei's
    assert (told.status_code, told.json()["code"]) == (401, "other_person")
    assert told.json()["detail"]
    refused = await mei.http.put("/api/desk/presence", json={"state": "online"}, headers=believes)
    assert refused.status_code == 401
    assert (await mei.get("/api/session"))["presence"] == "offline"


CHROME = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
)


async def test_somebody_sees_their_sessions_and_ends_one_of_them(stage: Stage) -> None:
    here = await stage.person("lin")
    stage.clock.advance(Seconds(60))
    there = await Person(stage, "lin", stage.client(**{"User-Agent": CHROME})).signs_in()
    found = await here.get("/api/account/sessions")
    assert [(each["device"], each["current"]) for each in found] == [("Chrome · macOS", False), ("", True)]
    assert (await here.http.delete(f"/api/account/sessions/{found[0]['id']}")).status_code == 204
    over = await there.http.get("/api/session")
    assert (over.status_code, over.json()["code"]) == (401, "ended")
    assert len(await here.get("/api/account/sessions")) == 1
    again = await here.http.delete(f"/api/account/sessions/{found[0]['id']}")
    assert again.status_code == 404


async def test_nobody_sees_or_ends_anybody_elses_sessions(stage: Stage) -> None:
    lin, mei = await stage.person("lin"), await stage.person("mei")
    theirs = (await lin.get("/api/account/sessions"))[0]["id"]
    refused = await mei.http.delete(f"/api/account/sessions/{theirs}")
    absent = await mei.http.delete("/api/account/sessions/no-such-session")
    assert refused.status_code == absent.status_code == 404
    assert refused.content == absent.content
    assert theirs not in {each["id"] for each in await mei.get("/api/account/sessions")}
    assert (await lin.http.get("/api/session")).status_code == 200


async def test_signing_out_everywhere_ends_every_session(stage: Stage) -> None:
    here, there = await stage.person("lin"), await stage.person("lin")
    assert (await here.http.delete("/api/account/sessions")).status_code == 204
    for each in (here, there):
        assert (await each.http.get("/api/session")).json()["code"] == "everywhere"


NEW_PASSWORD = "三只黄鹂在唱周末的菜价单"


async def test_a_new_password_takes_the_old_one_and_ends_all_other_sessions(stage: Stage) -> None:
    here, there = await stage.person("lin"), await stage.person("lin")
    before = here.http.cookies[COOKIE]
    wrong = await here.http.put("/api/account/password", json={"old": "not-this-one", "new": NEW_PASSWORD})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "wrong_password")
    done = await here.http.put("/api/account/password", json={"old": PASSWORD, "new": NEW_PASSWORD})
    assert done.status_code == 200, done.text
    after = done.cookies[COOKIE]
    assert after != before
    assert (await there.http.get("/api/session")).json()["code"] == "password"
    thief = stage.client()
    thief.cookies.set(COOKIE, before)
    assert (await thief.get("/api/session")).status_code == 401
    old = await stage.client().post("/api/session", json={"login": "lin", "password": PASSWORD})
    assert old.status_code == 401
    new = await stage.client().post("/api/session", json={"login": "lin", "password": NEW_PASSWORD})
    assert new.status_code == 200


@pytest.mark.parametrize(
    ("password", "code"),
    [
        pytest.param("short-one", "password_length", id="short"),
        pytest.param("passwordpassword", "password_weak", id="a common word twice"),
        pytest.param("1qaz2wsx3edc", "password_weak", id="along the keyboard"),
        pytest.param("123456789012", "password_weak", id="a row of digits"),
        pytest.param("aaaaaaaaaaaaaaaa", "password_weak", id="one letter"),
        pytest.param("woaini1314520", "password_weak", id="common in China"),
        pytest.param("长" * 257, None, id="too long to be read"),
        pytest.param(PASSWORD, "password_same", id="the same again"),
    ],
)
async def test_a_password_that_is_easily_guessed_is_refused_with_a_remedy(
    stage: Stage, password: str, code: str | None
) -> None:
    lin = await stage.person("lin")
    refused = await lin.http.put("/api/account/password", json={"old": PASSWORD, "new": password})
    assert refused.status_code == 400
    assert refused.json()["detail"]
    assert refused.json()["code"] == (code or "")
    assert (await lin.http.get("/api/session")).status_code == 200


async def test_a_password_hashed_with_lesser_parameters_is_hashed_anew_at_sign_in(stage: Stage) -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    lin = Person(stage, "lin", stage.client())

    def keeps(uow: UnitOfWork) -> None:
        uow.connection.execute(store.person.update().where(store.person.c.id == lin.id).values(password=weak))

    await stage.house.writer.do(keeps)
    await lin.signs_in()
    kept = stage.rows(sa.select(store.person.c.password).where(store.person.c.id == lin.id))[0][0]
    assert kept != weak
    assert not passwords.needs_rehash(kept)
    await lin.signs_in()


async def test_somebody_without_a_password_cannot_guess_it(stage: Stage) -> None:
    def empties(uow: UnitOfWork) -> None:
        uow.connection.execute(store.person.update().values(password=""))

    await stage.house.writer.do(empties)
    for password in ("", "nobody has this password", PASSWORD):
        refused = await stage.client().post("/api/session", json={"login": "lin", "password": password})
        assert refused.status_code == 401


async def test_somebody_who_left_the_company_is_signed_out_everywhere(stage: Stage) -> None:
    lin = await stage.person("lin")

    def leaves(uow: object) -> None:
        uow.connection.execute(store.person.update().where(store.person.c.id == lin.id).values(active=False))

    await stage.house.writer.do(leaves)
    assert stage.rows(sa.select(store.person.c.active).where(store.person.c.id == lin.id)) == [(False,)]
    assert (await lin.http.get("/api/session")).status_code == 401
    refused = await stage.client().post("/api/session", json={"login": "lin", "password": PASSWORD})
    assert refused.status_code == 401
