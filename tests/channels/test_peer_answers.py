"""Answers the four platforms may give besides good ones: each becomes the error that says what to do next."""

from collections.abc import Callable

import httpx
import msgspec
import pytest

from huiyin.channels import fields
from huiyin.channels.asking import OrderRefusedError
from huiyin.channels.douyin import DouyinChannel
from huiyin.channels.kuaishou import KuaishouChannel
from huiyin.channels.orders_only import OrdersOnly
from huiyin.channels.pdd import PddChannel
from huiyin.channels.posting import ClientPost
from huiyin.channels.taobao import TaobaoChannel
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.errors import HuiyinError, PermanentError, TemporaryError
from huiyin.kernel.wire import encode

from .peer_line import KINDS, NOON

pytestmark = pytest.mark.asyncio
OID = "400000000001"
Opened = Callable[..., OrdersOnly]

TAOBAO = {
    "tid": int(OID), "status": "TRADE_FINISHED", "created": "2026-05-01 10:00:00", "total_fee": "12.30",
    "payment": "10.00", "pay_time": "2026-05-01 10:01:00", "buyer_nick": "小**红", "buyer_open_uid": "AAE1",
    "orders": {"order": [{"num": 1, "price": "12.30", "title": "茶", "num_iid": 7}]},
}  # fmt: skip
PDD = {
    "order_sn": OID, "confirm_status": 1, "order_status": 2, "created_time": "2026-05-01 10:00:00",
    "goods_amount": 12.3, "pay_amount": 10, "pay_time": "2026-05-01 10:01:00",
    "item_list": [{"goods_count": 1, "goods_price": 12.3, "goods_name": "茶", "sku_id": 7}],
}  # fmt: skip
DOUYIN = {
    "order_id": OID, "order_status": 5, "create_time": 1777600800, "order_amount": 1230, "pay_amount": 1000,
    "pay_time": 1777600860, "doudian_open_id": "AAE1",
    "sku_order_list": [{"item_num": 1, "origin_amount": 1230, "product_name": "茶", "sku_id": 7}],
}  # fmt: skip
KUAISHOU = {
    "orderBaseInfo": {
        "oid": int(OID), "status": 70, "createTime": 1777600800000, "totalFee": 1230, "payTime": 1777600860000,
        "buyerOpenId": "AAE1",
    },
    "orderItemInfo": {"num": 1, "price": 1230, "itemTitle": "茶", "skuId": 7},
}  # fmt: skip


def wrapped(platform: str, order: object) -> dict[str, object]:
    return {
        "taobao": {"trade_fullinfo_get_response": {"trade": order}},
        "pdd": {"order_info_get_response": {"order_info": order}},
        "douyin": {"code": 10000, "data": {"shop_order_detail": order}},
        "kuaishou": {"result": 1, "data": order},
    }[platform]


ORDERS = {"taobao": TAOBAO, "pdd": PDD, "douyin": DOUYIN, "kuaishou": KUAISHOU}
every = pytest.mark.parametrize("platform", ORDERS)


def answered(platform: str, body: object, status: int = 200, seen: list[httpx.Request] | None = None) -> OrdersOnly:
    def say(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return httpx.Response(status, content=body if isinstance(body, bytes) else encode(body))

    kind = KINDS[platform]
    opens: Opened = {
        "taobao": TaobaoChannel, "pdd": PddChannel, "douyin": DouyinChannel, "kuaishou": KuaishouChannel,
    }[platform]  # fmt: skip
    wire = ClientPost(httpx.AsyncClient(transport=httpx.MockTransport(say)))
    return opens(kind.settings("http://127.0.0.1:1"), ManualClock(NOON), post=wire)


@every
async def test_a_good_answer_is_read(platform: str) -> None:
    (order,) = await answered(platform, wrapped(platform, ORDERS[platform])).orders("", OID)
    assert (order.order_id, order.total, order.lines[0].sku_id, order.lines[0].price) == (OID, 1230, "7", 1230)
    assert order.paid == (1230 if platform == "kuaishou" else 1000)


@every
async def test_an_order_that_is_null_is_none(platform: str) -> None:
    assert await answered(platform, wrapped(platform, None)).orders("", OID) == []


@every
@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        pytest.param(b"<html>", 200, TemporaryError, id="a page"),
        pytest.param(b"", 200, TemporaryError, id="nothing"),
        pytest.param(b"[]", 200, TemporaryError, id="a list"),
        pytest.param(b"\xff", 200, TemporaryError, id="not UTF-8"),
        pytest.param(b'{"a":' * 5000, 200, TemporaryError, id="nested without end"),
        pytest.param(b"{}", 302, TemporaryError, id="a redirect"),
        pytest.param(b"{}", 403, TemporaryError, id="turned away at the door"),
        pytest.param(b"{}", 200, PermanentError, id="an empty object"),
        pytest.param(b'{"error_response":[],"code":[],"result":[]}', 200, PermanentError, id="an odd refusal"),
        pytest.param(
            b'{"error_response":{"code":777,"error_code":777},"code":777,"result":777}', 200, PermanentError,
            id="an unknown code",
        ),
        pytest.param(b'{"code":"10000","result":"1","data":{}}', 200, PermanentError, id="a success without an order"),
    ],
)  # fmt: skip
async def test_a_strange_answer_is_never_an_empty_list(
    platform: str, body: bytes, status: int, error: type[HuiyinError]
) -> None:
    with pytest.raises(error) as strange:
        await answered(platform, body, status).orders("" if platform == "pdd" else "AAE1", OID)
    assert not isinstance(strange.value, OrderRefusedError)
    assert strange.value.remedy


MISSING = {
    "taobao": ["tid", "status", "created", "total_fee", "payment", "orders"],
    "pdd": ["order_sn", "confirm_status", "order_status", "created_time", "goods_amount", "pay_amount", "item_list"],
    "douyin": ["order_id", "order_status", "create_time", "order_amount", "pay_amount", "sku_order_list"],
    "kuaishou": ["orderBaseInfo", "orderItemInfo"],
}


@pytest.mark.parametrize(
    ("platform", "name"), [(platform, name) for platform, names in MISSING.items() for name in names]
)
async def test_a_field_that_must_be_there_is_missed(platform: str, name: str) -> None:
    order = {key: value for key, value in ORDERS[platform].items() if key != name}
    with pytest.raises(PermanentError, match="shape"):
        await answered(platform, wrapped(platform, order)).orders("", OID)


@pytest.mark.parametrize("name", ["oid", "status", "totalFee", "createTime"])
async def test_a_field_that_must_be_there_is_missed_at_kuaishou_one_deeper(name: str) -> None:
    base = {key: value for key, value in KUAISHOU["orderBaseInfo"].items() if key != name}
    with pytest.raises(PermanentError, match="shape"):
        await answered("kuaishou", wrapped("kuaishou", {**KUAISHOU, "orderBaseInfo": base})).orders("", OID)


TAKEN = {"taobao": "isv.trade-not-exist", "pdd": 50001, "douyin": 50002}


def refusal(platform: str, code: object, sub_code: str = "") -> dict[str, object]:
    if platform == "taobao":
        return {"error_response": {"code": code, "msg": "m", "sub_code": sub_code, "sub_msg": "说了什么"}}
    if platform == "pdd":
        return {"error_response": {"error_code": code, "error_msg": "说了什么", "sub_code": None}}
    if platform == "douyin":
        return {"code": code, "msg": "说了什么", "sub_code": sub_code}
    return {"result": code, "error_msg": sub_code}


@pytest.mark.parametrize(
    ("platform", "code", "sub_code", "error", "remedy"),
    [
        ("taobao", 7, "", TemporaryError, "quota"),
        ("taobao", "7", "", TemporaryError, "quota"),
        ("taobao", 15, "isp.top-remote-connection-timeout", TemporaryError, "later"),
        ("taobao", 15, "isv.something", PermanentError, "list"),
        ("taobao", 15, "isv.trade-not-exist", OrderRefusedError, "order number"),
        ("taobao", 27, "", PermanentError, "authorise"),
        ("taobao", 25, "", PermanentError, "secret"),
        ("taobao", 31, "", PermanentError, "clock"),
        ("taobao", 11, "isv.permission-api-package-limit", PermanentError, "permission"),
        ("pdd", 10019, "", PermanentError, "authorise"),
        ("pdd", "20004", "", PermanentError, "secret"),
        ("pdd", 20005, "", PermanentError, "trusted"),
        ("pdd", 20031, "", PermanentError, "permission"),
        ("pdd", 52102, "", TemporaryError, "later"),
        ("pdd", 70031, "", TemporaryError, "slower"),
        ("pdd", 50001, "", OrderRefusedError, "order number"),
        ("douyin", 20000, "isp.service-error:9", TemporaryError, "later"),
        ("douyin", 60000, "", TemporaryError, "slower"),
        ("douyin", "40003", "isv.access-token-expired", PermanentError, "authorise"),
        ("douyin", 30001, "dop.authorization-closed", PermanentError, "authorise"),
        ("douyin", 30001, "isv.app-permissions-insufficient", PermanentError, "permission"),
        ("douyin", 30002, "", PermanentError, "trusted"),
        ("douyin", 50002, "isv.business-failed:1", OrderRefusedError, "order number"),
        ("kuaishou", 24, "TOKEN过期", PermanentError, "authorise"),
        ("kuaishou", "24", "验签失败", PermanentError, "secret"),
        ("kuaishou", 109, "触发限流", TemporaryError, "slower"),
        ("kuaishou", 0, "订单不存在", PermanentError, "list of results"),
        ("kuaishou", True, "", PermanentError, "method"),
    ],
)
async def test_a_refusal_says_what_to_do(
    platform: str, code: object, sub_code: str, error: type[HuiyinError], remedy: str
) -> None:
    with pytest.raises(error) as refused:
        await answered(platform, refusal(platform, code, sub_code)).orders("", OID)
    assert remedy in refused.value.remedy
    assert "说了什么" not in str(refused.value)
    assert isinstance(refused.value, OrderRefusedError) == (error is OrderRefusedError)


@pytest.mark.parametrize("platform", ["taobao", "douyin"])
async def test_a_refused_order_is_as_absent_to_a_customer_as_somebody_elses(platform: str) -> None:
    code, sub_code = (15, "isv.trade-not-exist") if platform == "taobao" else (50002, "")
    assert await answered(platform, refusal(platform, code, sub_code)).orders("AAE1", OID) == []
    assert await answered(platform, wrapped(platform, ORDERS[platform])).orders("AAE2", OID) == []
    with pytest.raises(PermanentError):
        await answered(platform, refusal(platform, 30001, "")).orders("AAE1", OID)


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"buyer_open_uid": None, "buyer_nick": "小**红"}, "小**红"),
        ({"buyer_open_uid": "", "buyer_nick": ""}, "AAE1"),
        ({"buyer_open_uid": None, "buyer_nick": None}, "None"),
    ],
)
async def test_a_masked_or_missing_buyer_is_nobody(change: dict[str, object], asked: str) -> None:
    assert await answered("taobao", wrapped("taobao", {**TAOBAO, **change})).orders(asked, OID) == []


@every
async def test_credentials_stand_where_the_platform_wants_them(platform: str) -> None:
    seen: list[httpx.Request] = []
    await answered(platform, wrapped(platform, ORDERS[platform]), seen=seen).orders("", OID)
    (request,) = seen
    in_query = {"taobao": False, "pdd": False, "douyin": True, "kuaishou": True}[platform]
    assert (b"token-of-this-test" in request.url.query) == in_query
    assert (b"token-of-this-test" in request.content) != in_query
    assert request.method == ("GET" if platform == "kuaishou" else "POST")
    secret = KINDS[platform].settings("http://127.0.0.1:1")
    assert getattr(secret, KINDS[platform].secret) not in str(request.url) + request.content.decode()


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        (b'"12.30"', 1230), (b"12.3", 1230), (b"12", 1200), (b'"12"', 1200), (b"0", 0), (b'"0.00"', 0), (b"null", None),
        (b'""', None), (b'" 5.10 "', 510), (b"-3.5", -350),
    ],
)  # fmt: skip
async def test_yuan_as_platforms_write_it(written: bytes, fen: int | None) -> None:
    assert fields.of_yuan(msgspec.Raw(written), "m") == fen


@pytest.mark.parametrize(
    "written", [b"12.305", b'"1,2"', b"1e3", '"12.3元"'.encode(), b"true", b"[1]", b'{"a":1}', b'"NaN"']
)
async def test_yuan_written_oddly_are_not_guessed(written: bytes) -> None:
    with pytest.raises(PermanentError, match="shape"):
        fields.of_yuan(msgspec.Raw(written), "m")


@pytest.mark.parametrize(("written", "fen"), [(b"1230", 1230), (b'"1230"', 1230), (b"-5", -5), (b"null", None)])
async def test_fen_as_platforms_write_them(written: bytes, fen: int | None) -> None:
    assert fields.of_fen(msgspec.Raw(written), "m") == fen


@pytest.mark.parametrize("written", [b"12.0", b'"12.30"', b"1e3", b"true", b'"--5"', '"１２"'.encode(), b"9" * 19])
async def test_fen_written_oddly_are_not_guessed(written: bytes) -> None:
    with pytest.raises(PermanentError, match="shape"):
        fields.of_fen(msgspec.Raw(written), "m")


async def test_moments_in_three_forms() -> None:
    assert fields.of_china_time("2026-06-01 12:00:00", "m") == NOON
    assert fields.of_seconds("1780286400", "m") == fields.of_ms(1780286400000, "m") == NOON
    for never in (None, "", 0, "0"):
        assert fields.of_seconds(never, "m") is None
        assert fields.of_ms(never, "m") is None
    assert fields.of_china_time("1970-01-01 00:00:00", "m") is None
    for odd in ("-1", "1.5", 99999999999999, "now"):
        with pytest.raises(PermanentError):
            fields.of_ms(odd, "m")
    with pytest.raises(PermanentError):
        fields.of_china_time("yesterday", "m")


@pytest.mark.parametrize("written", [0, "0", "-1", "1.5", "", "many"])
async def test_a_count_of_nothing_is_not_told(written: int | str) -> None:
    with pytest.raises(PermanentError):
        fields.count(written, "m")


@every
@pytest.mark.parametrize(
    "number", ["12345", "1" * 41, "40000000000a", "４００００００００００１", "4000 0000 0001", "4\n00001"]
)
async def test_what_is_no_order_number_is_not_asked_for(platform: str, number: str) -> None:
    seen: list[httpx.Request] = []
    channel = answered(platform, wrapped(platform, ORDERS[platform]), seen=seen)
    assert await channel.orders("", number) == []
    assert seen == []


async def test_a_leading_zero_is_not_another_order_at_kuaishou() -> None:
    seen: list[httpx.Request] = []
    assert await answered("kuaishou", wrapped("kuaishou", KUAISHOU), seen=seen).orders("", f"0{OID}") == []
    assert seen == []
