"""The simulated SP-API refuses what its documents say JD refuses. Codes that begin with SIM- are our own."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from huiyin.channels.jd.sp_signing import sign_request
from huiyin.kernel.clock import to_ms
from huiyin.kernel.units import Seconds

from .rig import NOON, SECRET, Rig

pytestmark = pytest.mark.asyncio

WAITERS = "/sp-support/v0/dongdong-waiters"
SESSIONS = "/sp-support/v0/dongdong-sessions"
CASES = "/sp-aftercare/v0/afs-orders"
PAGE = {"page": "1", "pageSize": "50"}
DAY = {"startTime": str(to_ms(NOON - timedelta(days=1))), "endTime": str(to_ms(NOON))}


class Caller:
    """A caller that signs, and spoils what it is told to."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig

    async def ask(self, path: str, query: dict[str, str], /, **headers: str) -> dict[str, Any]:
        named = {
            "X-JOS-App-Key": "SIMKEY",
            "X-JOS-Access-Token": self.rig.shop.access_token,
            "X-JOS-Timestamp": str(to_ms(self.rig.clock.now())),
            **{name.replace("_", "-"): value for name, value in headers.items() if name != "X_JOS_Sign"},
        }
        sent = {name: value for name, value in named.items() if value}
        sign = headers.get("X_JOS_Sign") or sign_request(SECRET, sent, query, {})
        answer = await self.rig.http.get(
            f"/rest{path}", params=query, headers={"X-JOS-Request-Identity": "vender", **sent, "X-JOS-Sign": sign}
        )
        assert answer.status_code == 200
        return dict(answer.json())

    async def code(self, path: str, query: dict[str, str], /, **headers: str) -> str:
        answer = await self.ask(path, query, **headers)
        assert answer["success"] is False
        return str(answer["errorList"][0]["code"])


@pytest_asyncio.fixture
async def caller(rig: Rig) -> AsyncIterator[Caller]:
    yield Caller(rig)


@pytest.mark.parametrize(
    ("code", "headers"),
    [
        pytest.param("21", {"X_JOS_App_Key": "OTHER"}, id="unknown app"),
        pytest.param("7", {"X_JOS_Timestamp": ""}, id="no time"),
        pytest.param("8", {"X_JOS_Timestamp": "1780286400"}, id="seconds"),
        pytest.param("8", {"X_JOS_Timestamp": str(to_ms(NOON - timedelta(minutes=7)))}, id="stale"),
        pytest.param("8", {"X_JOS_Timestamp": str(to_ms(NOON + timedelta(minutes=7)))}, id="early"),
        pytest.param("12", {"X_JOS_Sign": "0" * 32}, id="wrong sign"),
        pytest.param("19", {"X_JOS_Access_Token": "bad"}, id="unknown token"),
        pytest.param("19", {"X_JOS_Access_Token": ""}, id="no token"),
        pytest.param("SIM-IDENTITY", {"X_JOS_Request_Identity": "isv"}, id="no seller"),
    ],
)
async def test_a_bad_call_gets_its_code(caller: Caller, code: str, headers: dict[str, str]) -> None:
    assert await caller.code(WAITERS, PAGE, **headers) == code


@pytest.mark.parametrize(
    ("code", "path", "query"),
    [
        pytest.param("15", "/sp-support/v0/no-such-thing", PAGE, id="unknown path"),
        pytest.param("SIM-PARAM", WAITERS, {**PAGE, "shop": "x"}, id="unknown field"),
        pytest.param("SIM-RANGE", WAITERS, {**PAGE, "pageSize": "51"}, id="page too long"),
        pytest.param("SIM-RANGE", WAITERS, {**PAGE, "page": "0"}, id="no such page"),
        pytest.param("SIM-RANGE", WAITERS, {}, id="no page"),
        pytest.param("SIM-TIME", SESSIONS, PAGE, id="no span"),
        pytest.param("SIM-TIME", SESSIONS, {**PAGE, **DAY, "endTime": "2026-06-01"}, id="no milliseconds"),
        pytest.param(
            "SIM-SPAN", SESSIONS, {**PAGE, **DAY, "startTime": str(to_ms(NOON - timedelta(days=8)))}, id="eight days"
        ),
        pytest.param(
            "SIM-SPAN", SESSIONS, {**PAGE, **DAY, "endTime": str(to_ms(NOON - timedelta(days=2)))}, id="backwards"
        ),
        pytest.param(
            "SIM-OLD",
            SESSIONS,
            {
                **PAGE,
                "startTime": str(to_ms(NOON - timedelta(days=95))),
                "endTime": str(to_ms(NOON - timedelta(days=94))),
            },
            id="over three months old",
        ),
        pytest.param(
            "SIM-TIME", CASES, {**PAGE, "updateStartTime": DAY["startTime"]}, id="half a span"
        ),
    ],
)  # fmt: skip
async def test_a_bad_question_gets_its_code(caller: Caller, code: str, path: str, query: dict[str, str]) -> None:
    assert await caller.code(path, query) == code


async def test_the_good_call_beside_them_comes_in_its_envelope(caller: Caller) -> None:
    answer = await caller.ask(SESSIONS, {**PAGE, **DAY})
    assert set(answer) == {"extension", "paginationData", "data", "success", "errorList"}
    assert answer["success"] is True
    assert answer["paginationData"]["hasNextPage"] is False
    assert answer["paginationData"]["totalItems"] == len(answer["data"])


async def test_the_money_of_a_case_is_told_only_where_it_is_asked_for(caller: Caller) -> None:
    (row, *_) = (await caller.ask(CASES, PAGE))["data"]
    assert row["afsOrderBaseInfo"]["buId"] == caller.rig.shop.seed.vender_id
    assert "refundInfo" not in row


async def test_both_doors_share_one_quota(rig: Rig) -> None:
    tight = Rig(daily_calls=2)
    caller = Caller(tight)
    assert (await caller.ask(WAITERS, PAGE))["success"] is True
    answer = await tight.ask("jingdong.im.pop.groupinfo.get", {})
    assert "jingdong_im_pop_groupinfo_get_responce" in answer
    assert await caller.code(WAITERS, PAGE) == "2"
    tight.clock.advance(Seconds(86400))
    assert (await caller.ask(WAITERS, PAGE))["success"] is True
    assert rig.world.calls_today == 0
