"""Bad input at the doors: told what is wrong and what to do, nothing stored, nothing else disturbed."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from huiyin.channels.jd.signing import sign
from huiyin.simulator.courier import METHOD
from huiyin.simulator.jdtime import stamped

from .founding import NOON
from .stage import HUIYIN, SECRET, Customer, Stage

FORM = {"content-type": "application/x-www-form-urlencoded"}


def signed(json_text: str, secret: str = SECRET, at: datetime = NOON) -> bytes:
    """Return a delivery with these words, signed as the platform would."""
    form = {
        "method": METHOD, "app_key": "tests", "timestamp": stamped(at), "v": "2.0", "360buy_param_json": json_text,
    }  # fmt: skip
    form["sign"] = sign(secret, form)
    return urlencode(form).encode()


def message(**changes: object) -> dict[str, object]:
    return {
        "mid": "m1", "sid": "s1", "customer": "jd_somebody", "waiter": "", "waiterSend": False, "content": "在吗",
        "created": int(NOON.timestamp() * 1000), "mt": "text", "url": "", "orderId": "", "skuId": "", "recallOf": "",
        "channel": "1", **changes,
    }  # fmt: skip


def delivery(*messages: dict[str, object], vender: str = "100101") -> str:
    return json.dumps({"venderId": vender, "messages": list(messages or (message(),))}, ensure_ascii=False)


BAD = {
    "wrong signature": signed(delivery(), secret="somebody-elses-secret"),
    "no signature": signed(delivery()).partition(b"&sign=")[0],
    "changed after signing": signed(delivery()).replace(b"jd_somebody", b"jd_anybody"),
    "seven minutes old": signed(delivery(), at=NOON - timedelta(minutes=7)),
    "from the future": signed(delivery(), at=NOON + timedelta(minutes=7)),
    "another shop's": signed(delivery(vender="100999")),
    "half JSON": signed(delivery()[:-7]),
    "no object": signed("[]"),
    "no message id": signed(delivery(message(mid=""))),
    "one bad among good": signed(delivery(message(), message(mid="m2", mt="video"))),
    "broken UTF-8": signed(delivery()) + b"&x=%ff%fe\xff",
    "broken UTF-8 in the words": signed(delivery()).replace(b"%E5%9C%A8", b"%E5%9C"),
    "empty": b"",
    "binary": bytes(range(256)),
    "text of a megabyte": signed(delivery(message(content="长" * 400_000))),
}


async def pushed(stage: Stage, body: bytes, shop: str = "digital", platform: str = "jd") -> Any:
    return await stage.client().post(f"/hooks/{platform}/{stage.shops.get(shop, shop)}", content=body, headers=FORM)


def stored(stage: Stage) -> int:
    with stage.house.reading.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM message").scalar_one())


def check_problem(answer: Any, *statuses: int) -> None:
    """Look whether an answer is a problem that says what to do."""
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert problem["detail"]
    assert "Traceback" not in answer.text
    assert "在吗" not in answer.text


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_delivery_is_refused_with_a_remedy_and_leaves_nothing(stage: Stage, name: str) -> None:
    check_problem(await pushed(stage, BAD[name]), 400, 413)
    assert stored(stage) == 0
    good = await pushed(stage, signed(delivery()))
    assert good.json() == {"code": "0", "received": 1, "duplicates": 0}
    assert stored(stage) == 1


@pytest.mark.parametrize(
    ("shop", "platform"), [("no-such-shop", "jd"), ("digital", "taobao"), ("pasted", "jd")],
    ids=["unknown shop", "another platform", "a shop that is polled"],
)  # fmt: skip
async def test_a_delivery_to_a_door_that_does_not_exist_is_refused(stage: Stage, shop: str, platform: str) -> None:
    check_problem(await pushed(stage, signed(delivery()), shop, platform), 400, 404)
    assert stored(stage) == 0


ODD_WORDS = {
    "script": "<script>alert('x')</script><img src=x onerror=alert(1)>",
    "emoji": "收到了👍🏽👨‍👩‍👧‍👦🇨🇳，谢谢",
    "right to left": "abc\u202etxt.exe\u2066",
    "quotes": "'; DROP TABLE message; -- \"\\",
    "template": "{customer} %s {{7*7}} ${jndi:ldap://x}",
    "rare signs": "𠮷野家 ㍿ ﷽ \u200b\ufeff",
    "newlines": "第一行\n第二行\r\n第三行\t完",
}


@pytest.mark.parametrize("name", ODD_WORDS)
async def test_odd_words_are_stored_and_come_back_as_the_text_they_are(
    stage: Stage, customer: Customer, name: str
) -> None:
    lead = await stage.person("lead")
    await customer.says(ODD_WORDS[name])
    await stage.settle()
    shown = await lead.opens(customer.conversation)
    assert shown["messages"][0]["text"] == ODD_WORDS[name]
    raw = await lead.http.get(f"/api/desk/conversations/{customer.conversation}")
    assert raw.headers["content-type"] == "application/json"
    assert raw.headers["x-content-type-options"] == "nosniff"


DESK_BODIES = {
    "half JSON": b'{"text": "\xe6\x82',
    "broken UTF-8": b'{"text": "\xff\xfe", "key": "k"}',
    "no JSON": b"text=hello",
    "a list": b"[]",
    "null": b"null",
    "a number for words": b'{"text": 7, "key": "k"}',
    "no key": b'{"text": "x"}',
    "lone surrogate": b'{"text": "\\ud800", "key": "k"}',
    "deep": b"[" * 100_000,
    "nothing": b"",
}


@pytest.mark.parametrize("name", DESK_BODIES)
async def test_a_bad_body_at_the_desk_is_refused_with_a_remedy(stage: Stage, name: str) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await buyer.says("在吗")
    await stage.settle()
    answer = await lin.http.post(
        f"{HUIYIN}/api/desk/conversations/{buyer.conversation}/send", content=DESK_BODIES[name],
        headers={"content-type": "application/json"},
    )  # fmt: skip
    check_problem(answer, 400)
    assert buyer.heard() == []


async def test_a_body_of_more_than_a_megabyte_is_too_large(stage: Stage) -> None:
    lin = await stage.person("lin")
    answer = await lin.http.put("/api/desk/presence", json={"state": "x" * 1_100_000})
    check_problem(answer, 413)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/desk/conversations", {"tab": "everything"}),
        ("/api/desk/conversations", {"cursor": "yesterday"}),
        ("/api/desk/conversations", {"cursor": f"{10**40}.x"}),
        ("/api/desk/conversations", {"cursor": "²².x"}),
        ("/api/desk/conversations", {"shop": "s" * 81}),
        ("/api/wall/rows", {"figure": "happiness"}),
        ("/api/wall/rows", {}),
        ("/api/wall/rows", {"figure": "sessions", "cursor": "9" * 80}),
    ],
)
async def test_a_question_that_cannot_be_understood_is_refused_or_empty_never_an_error(
    stage: Stage, path: str, query: dict[str, str]
) -> None:
    lin = await stage.person("lin")
    answer = await lin.http.get(path, params=query)
    if answer.status_code != 200:
        check_problem(answer, 400)


async def test_what_nobody_foresaw_is_logged_without_a_customers_words(
    stage: Stage, customer: Customer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = await stage.person("lead")
    await customer.says("我的暗号是芝麻开门")

    def breaks(*args: object, **_named: object) -> None:
        words = "我的暗号是芝麻开门"
        raise ZeroDivisionError(words, args)

    monkeypatch.setattr("huiyin.web.rendering.messages", breaks)
    answer = await lead.http.get(f"/api/desk/conversations/{customer.conversation}")
    check_problem(answer, 500)
    assert "芝麻" not in answer.text
    logged = "".join(capsys.readouterr())
    assert "web.unexpected" in logged
    assert "ZeroDivisionError" in logged
    assert "芝麻" not in logged
