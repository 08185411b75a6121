"""The simulated gateway refuses what JD refuses, with JD's codes. Codes that begin with SIM- are our own."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from huiyin.kernel.units import Seconds
from huiyin.simulator.jdtime import stamped

from .rig import NOON, Rig

pytestmark = pytest.mark.asyncio

GET = "jingdong.pop.order.get"
SEARCH = "jingdong.pop.order.search"
SESSIONS = "jingdong.im.pop.sessionlist.get"
SEND = "jingdong.MessagePushService.pushChatTextMessage"

Spoil = Callable[[Rig], dict[str, str]]


@pytest.mark.parametrize(
    ("code", "form"),
    [
        pytest.param("14", lambda rig: rig.form(GET, method=None), id="no method"),
        pytest.param("15", lambda rig: rig.form("jingdong.no.such.thing"), id="unknown method"),
        pytest.param("21", lambda rig: rig.form(GET, app_key="OTHER"), id="unknown app"),
        pytest.param("4", lambda rig: rig.form(GET, v=None), id="no version"),
        pytest.param("5", lambda rig: rig.form(GET, v="1.0"), id="another version"),
        pytest.param("7", lambda rig: rig.form(GET, timestamp=None), id="no time"),
        pytest.param("8", lambda rig: rig.form(GET, timestamp="yesterday"), id="no time at all"),
        pytest.param("8", lambda rig: rig.form(GET, timestamp=stamped(NOON - timedelta(minutes=7))), id="stale"),
        pytest.param("8", lambda rig: rig.form(GET, timestamp=stamped(NOON + timedelta(minutes=7))), id="early"),
        pytest.param("11", lambda rig: rig.form(GET) | {"sign": ""}, id="no sign"),
        pytest.param("12", lambda rig: rig.form(GET) | {"sign": "0" * 32}, id="wrong sign"),
        pytest.param("12", lambda rig: rig.form(GET) | {"access_token": "x"}, id="changed after signing"),
        pytest.param("12", lambda rig: rig.form(GET) | {"format": "json"}, id="added after signing"),
        pytest.param("19", lambda rig: rig.form(GET, access_token="bad"), id="unknown token"),
        pytest.param("19", lambda rig: rig.form(GET, access_token=None), id="no token"),
        pytest.param("SIM-JSON", lambda rig: rig.form(GET, "[1]"), id="JSON is no object"),
        pytest.param("SIM-FIELD", lambda rig: rig.form(GET, '{"order_id":"1"}'), id="missing required field"),
    ],
)
async def test_a_bad_call_gets_its_code(rig: Rig, code: str, form: Spoil) -> None:
    answer = await rig.post(form(rig))
    assert answer["error_response"]["code"] == code
    assert answer["error_response"]["zh_desc"]


async def test_the_good_call_beside_them_is_answered_in_jds_spelling(rig: Rig) -> None:
    order_id = next(iter(rig.shop.orders))
    answer = await rig.ask(GET, {"order_id": order_id, "optional_fields": "orderId,orderTotalPrice"})
    assert list(answer) == ["jingdong_pop_order_get_responce"]
    detail = answer["jingdong_pop_order_get_responce"]["orderDetailInfo"]
    assert isinstance(detail, dict)
    assert detail["apiResult"]["success"] == "true"
    assert set(detail["orderInfo"]) == {"orderId", "orderTotalPrice"}
    assert all(isinstance(value, str) for value in detail["orderInfo"].values())


async def test_another_shops_order_is_absent(rig: Rig) -> None:
    foreign = next(iter(rig.fresh.orders))
    answer = await rig.ask(GET, {"order_id": foreign, "optional_fields": "orderId"})
    detail = answer["jingdong_pop_order_get_responce"]["orderDetailInfo"]
    assert isinstance(detail, dict)
    assert detail["orderInfo"] is None


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        pytest.param("2026-05-20 00:00:00", "2026-05-28 00:00:00", "SIM-SPAN", id="over seven days"),
        pytest.param("2026-05-28 00:00:00", "2026-05-20 00:00:00", "SIM-SPAN", id="backwards"),
        pytest.param("2026-02-01 00:00:00", "2026-02-03 00:00:00", "SIM-OLD", id="over three months old"),
        pytest.param("x", "2026-02-03 00:00:00", "SIM-TIME", id="no time"),
    ],
)
async def test_chat_windows_are_bounded(rig: Rig, begin: str, end: str, code: str) -> None:
    fields: dict[str, object] = {"startTime": begin, "endTime": end, "page": 1, "pageSize": 50}
    assert (await rig.ask(SESSIONS, fields))["error_response"]["code"] == code


@pytest.mark.parametrize("size", [0, 51, 100000, "many"])
async def test_page_sizes_are_bounded(rig: Rig, size: object) -> None:
    fields: dict[str, object] = {
        "startTime": "2026-05-28 00:00:00",
        "endTime": "2026-05-30 00:00:00",
        "page": 1,
        "pageSize": size,
    }
    assert (await rig.ask(SESSIONS, fields))["error_response"]["code"] == "SIM-RANGE"


async def test_order_searches_are_bounded_to_a_month_and_a_hundred(rig: Rig) -> None:
    fields: dict[str, object] = {
        "start_date": "2026-04-01 00:00:00",
        "end_date": "2026-05-31 00:00:00",
        "order_state": "FINISHED_L",
        "optional_fields": "orderId",
        "page": "1",
        "page_size": "100",
    }
    assert (await rig.ask(SEARCH, fields))["error_response"]["code"] == "SIM-SPAN"
    fields |= {"page_size": "101"}
    assert (await rig.ask(SEARCH, fields))["error_response"]["code"] == "SIM-RANGE"
    fields |= {"order_state": "SOLD", "page_size": "100"}
    found = (await rig.ask(SEARCH, fields))["jingdong_pop_order_search_responce"]["searchorderinfo_result"]
    assert isinstance(found, dict)
    assert found["apiResult"]["success"] == "false"
    assert found["apiResult"]["numberCode"] == "10100021"


async def test_calls_over_the_daily_quota_get_code_2_until_the_next_day() -> None:
    rig = Rig(daily_calls=2)
    call = {"order_id": "1", "optional_fields": "orderId"}
    for _ in range(2):
        assert "error_response" not in await rig.ask(GET, dict(call))
    assert (await rig.ask(GET, dict(call)))["error_response"]["code"] == "2"
    rig.clock.advance(Seconds(86400))
    assert "error_response" not in await rig.ask(GET, dict(call))


def push(rig: Rig, **changes: object) -> dict[str, object]:
    return {
        "accessToken": rig.shop.seed.dd_token,
        "aspid": rig.world.settings.aspid,
        "accessid": "a1",
        "fromPin": "客服01",
        "fromApp": "im.waiter",
        "fromClientType": "gw",
        "toPin": next(iter(rig.shop.customers)),
        "toApp": "im.customer",
        "toClientType": "gw",
        "content": "您好",
        **changes,
    }


@pytest.mark.parametrize(
    "changes",
    [{"accessToken": "x"}, {"aspid": "x"}, {"toPin": "jd_nobody"}],
    ids=["wrong token", "wrong isv", "unknown customer"],
)
async def test_a_wrong_send_fails_inside_a_well_formed_answer(rig: Rig, changes: dict[str, object]) -> None:
    body = (await rig.ask(SEND, push(rig, **changes)))["jingdong_MessagePushService_pushChatTextMessage_responce"]
    assert body["code"] != "0"
    assert body["msgid"] == ""


async def test_a_send_is_remembered_for_three_minutes(rig: Rig) -> None:
    async def msgid() -> object:
        answer = await rig.ask(SEND, push(rig))
        return answer["jingdong_MessagePushService_pushChatTextMessage_responce"]["msgid"]

    first = await msgid()
    rig.clock.advance(Seconds(180))
    assert await msgid() == first
    rig.clock.advance(Seconds(1))
    assert await msgid() != first


@pytest.mark.parametrize(
    ("path", "names"),
    [
        pytest.param("/oauth2/refresh_token", ("app_key", "app_secret"), id="open"),
        pytest.param("/oauth/token", ("client_id", "client_secret"), id="legacy"),
    ],
)
async def test_a_refresh_token_works_once(rig: Rig, path: str, names: tuple[str, str]) -> None:
    key, secret = names
    form = {
        key: "SIMKEY",
        secret: "a-secret-of-this-test",
        "grant_type": "refresh_token",
        "refresh_token": rig.shop.refresh_token,
    }
    assert "access_token" not in (await rig.http.post(path, data=form | {secret: "x"})).json()
    granted = (await rig.http.post(path, data=form)).json()
    assert granted["access_token"] == rig.shop.access_token
    assert granted["expires_in"] > 0
    assert "access_token" not in (await rig.http.post(path, data=form)).json()


async def test_the_same_seed_plants_the_same_world(rig: Rig) -> None:
    twin = Rig()
    assert list(twin.shop.orders) == list(rig.shop.orders)
    assert [sku.name for sku in twin.shop.skus] == [sku.name for sku in rig.shop.skus]
    assert len(rig.shop.skus) + len(rig.fresh.skus) == 40
    assert list(Rig(seed=7).shop.orders) != list(rig.shop.orders)


async def test_an_expired_token_does_not_open_the_shop_to_callers_without_one(rig: Rig) -> None:
    rig.world.settings.faults.expired_tokens = 1
    assert (await rig.post(rig.form(GET)))["error_response"]["code"] == "19"
    blank = rig.form(GET, '{"order_id":"1","optional_fields":"orderId"}', access_token=None)
    assert (await rig.post(blank))["error_response"]["code"] == "19"
