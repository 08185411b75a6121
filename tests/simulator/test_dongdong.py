"""The simulated 咚咚: what a waiter pastes there stands in the chat and is heard; nothing of it is pushed or sent."""

from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import msgspec
import pytest
import pytest_asyncio

from huiyin.kernel.units import Seconds
from huiyin.simulator import demo_shops
from huiyin.simulator.control import HEADER

from .rig import Rig

pytestmark = pytest.mark.asyncio
CONTROL = {HEADER: "1"}
WORDS = "您好，今天发出。"


@pytest_asyncio.fixture
async def read() -> AsyncIterator[Rig]:
    """A simulated JD whose second shop is only read."""
    live, second = demo_shops()
    made = Rig(shops=(live, msgspec.structs.replace(second, pushes=False, dd_token="")))
    yield made
    await made.http.aclose()
    await made.simulator.courier.close()


async def asks(rig: Rig, shop: str, text: str = "发货了吗", customer: str = "jd_demo") -> None:
    say = {"shop": shop, "customer": customer, "text": text}
    assert (await rig.http.post("/_control/say", json=say, headers=CONTROL)).status_code == 200
    await rig.simulator.courier.settle()


async def chats(rig: Rig) -> list[dict[str, Any]]:
    answer = await rig.http.get("/dongdong/chats", headers=CONTROL)
    assert answer.status_code == 200
    return list(answer.json())


async def pastes(rig: Rig, **changes: str) -> httpx.Response:
    typed = {"shop": "jd-fresh", "customer": "jd_demo", "text": WORDS, **changes}
    return await rig.http.post("/dongdong/type", json=typed, headers=CONTROL)


async def test_the_chat_of_a_read_shop_is_shown_in_the_window_and_pushed_to_nobody(read: Rig) -> None:
    await asks(read, "jd-fresh")
    await asks(read, "jd-digital", "在吗")
    assert read.hook.contents() == ["在吗"]
    (chat,) = await chats(read)
    assert (chat["customer"], chat["waits"], chat["said"][-1]["text"]) == ("jd_demo", True, "发货了吗")


async def test_what_is_pasted_stands_in_the_chat_and_is_found_by_whoever_polls(read: Rig) -> None:
    await asks(read, "jd-fresh")
    assert (await pastes(read, text=f" {WORDS}\n")).status_code == 200
    (chat,) = await chats(read)
    assert [(each["text"], each["by_waiter"]) for each in chat["said"]] == [("发货了吗", False), (WORDS, True)]
    assert chat["waits"] is False
    assert read.hook.contents() == []
    sid = read.fresh.sessions[-1].sid
    fields = {"appId": read.world.settings.dd_app_id, "sid": sid, "page": 1, "pageSize": 50}
    form = read.form(
        "jingdong.im.out.merchant.chatmessage.openapi.get", msgspec.json.encode(fields).decode(),
        access_token=read.fresh.access_token,
    )  # fmt: skip
    answer = cast("dict[str, Any]", next(iter((await read.post(form)).values())))
    assert [each["content"] for each in answer["returnType"]["result"]] == ["发货了吗", WORDS]


async def test_the_customer_hears_what_is_pasted(read: Rig) -> None:
    come = {"shop": "jd-fresh", "scenario": ""}
    pin = (await read.http.post("/_control/visit", json=come, headers=CONTROL)).json()["customer"]
    ear = read.simulator.crowd._ears["jd-fresh", pin]
    assert (await pastes(read, customer=pin)).status_code == 200
    assert ear.get_nowait().content == WORDS


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"shop": "jd-digital"}, 404, id="a shop that sends by itself"),
        pytest.param({"shop": "no-such"}, 404, id="no such shop"),
        pytest.param({"customer": "jd_nobody"}, 404, id="nobody of that name"),
        pytest.param({"text": " \n"}, 400, id="nothing"),
        pytest.param({"text": "好" * 2001}, 400, id="too long"),
        pytest.param({"by": "me"}, 400, id="an unknown field"),
    ],
)
async def test_what_cannot_be_typed_is_refused(read: Rig, changes: dict[str, str], status: int) -> None:
    await asks(read, "jd-fresh")
    await asks(read, "jd-digital")
    assert (await pastes(read, **changes)).status_code == status
    assert len((await chats(read))[0]["said"]) == 1


async def test_nobody_sends_for_a_shop_that_is_only_read(read: Rig) -> None:
    await asks(read, "jd-fresh")
    fields = {
        "accessToken": "guessed", "aspid": read.world.settings.aspid, "accessid": "a1", "fromPin": "客服",
        "fromApp": "x", "fromClientType": "gw", "toPin": "jd_demo",
        "toApp": "x", "toClientType": "gw", "content": WORDS,
    }  # fmt: skip
    form = read.form(
        "jingdong.MessagePushService.pushChatTextMessage", msgspec.json.encode(fields).decode(),
        access_token=read.fresh.access_token,
    )  # fmt: skip
    answer = cast("dict[str, Any]", next(iter((await read.post(form)).values())))
    assert answer["code"] == "1"
    assert len((await chats(read))[0]["said"]) == 1


async def test_a_chat_that_was_long_silent_is_not_listed(read: Rig) -> None:
    await asks(read, "jd-fresh")
    read.clock.advance(Seconds(6 * 3600 + 1))
    assert await chats(read) == []


@pytest.mark.parametrize("name", ["", "/page.js", "/page.css"])
async def test_the_page_runs_only_its_own_script_and_opens_on_this_machine_only(read: Rig, name: str) -> None:
    answer = await read.http.get(f"/dongdong{name}")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["content-type"].startswith("text/")
    away = httpx.ASGITransport(app=cast("Any", read.simulator.app), client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=away, base_url="http://127.0.0.1:8790") as http:
        assert (await http.get(f"/dongdong{name}")).status_code == 403
    rebound = await read.http.get(f"/dongdong{name}", headers={"host": "evil.example"})
    assert rebound.status_code == 403


async def test_a_foreign_page_can_neither_read_nor_type(read: Rig) -> None:
    assert (await read.http.get("/dongdong/chats")).status_code == 403
    typed = {"shop": "jd-fresh", "customer": "jd_demo", "text": WORDS}
    assert (await read.http.post("/dongdong/type", json=typed)).status_code == 403
