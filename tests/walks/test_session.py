"""Signing in and out, and how long a session lasts."""

import pytest
import sqlalchemy as sa

from huiyin.kernel.units import Seconds
from huiyin.org import store
from huiyin.web.identity import COOKIE

from .founding import PASSWORD
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
    assert "secure" in secure.headers["set-cookie"].lower()


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


async def test_somebody_who_left_the_company_is_signed_out_everywhere(stage: Stage) -> None:
    lin = await stage.person("lin")

    def leaves(uow: object) -> None:
        uow.connection.execute(store.person.update().where(store.person.c.id == lin.id).values(active=False))

    await stage.house.writer.do(leaves)
    assert stage.rows(sa.select(store.person.c.active).where(store.person.c.id == lin.id)) == [(False,)]
    assert (await lin.http.get("/api/session")).status_code == 401
    refused = await stage.client().post("/api/session", json={"login": "lin", "password": PASSWORD})
    assert refused.status_code == 401
