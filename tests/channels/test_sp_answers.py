"""SP-API's answers as tables: what is read, and what is refused rather than guessed."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from huiyin.channels.jd import JdChannel, JdSettings
from huiyin.channels.jd.settings import GatewayName
from huiyin.channels.posting import ClientPost
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.errors import HuiyinError, PermanentError, TemporaryError
from huiyin.kernel.ids import ShopId
from huiyin.kernel.wire import encode

from .jd_line import NOON

pytestmark = pytest.mark.asyncio

MS = 1780286400000  # NOON
Ask = Callable[[JdChannel], Awaitable[Any]]
END = {"totalItems": 1, "hasNextPage": False, "currentPage": 1}
ORDER = {
    "orderId": 7,
    "orderStatus": "LOCKED",
    "createdTime": MS,
    "finishedTime": "0001-01-01 00:00:00",
    "xidBuyer": "o*a",
    "skuItemInfoList": [{"skuId": 1, "skuName": "杯", "num": 2, "jdPrice": 9.9}],
    "paymentInfo": {"actualPayAmount": "18.80", "paymentConfirmTime": MS},
}
LINE = {"uuid": "u1", "sid": "s1", "waiter": "w", "content": "在吗", "waiterSend": 0, "createdTime": MS}


def paid(amount: object) -> dict[str, object]:
    return {**ORDER, "paymentInfo": {"actualPayAmount": amount, "paymentConfirmTime": MS}}


CASE = {"afsOrderId": 9, "orderId": 7, "afsOrderBaseInfo": {"buId": "1", "applyTime": MS, "modifiedTime": MS}}


def channel(answer: Callable[[httpx.Request], object], *, jos: bool = False) -> JdChannel:
    settings = JdSettings(
        shop=ShopId("s"),
        app_key="k",
        app_secret="x",
        vender_id="1",
        access_token="t",
        gateway_url="http://127.0.0.1:1/routerjson",
        sp_url="http://127.0.0.1:1/rest",
        gateways=(GatewayName.JOS if jos else GatewayName.SP_API,),
        calls_per_second=10_000,
    )
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=encode(answer(request))))
    return JdChannel(settings, ManualClock(NOON), post=ClientPost(httpx.AsyncClient(transport=transport)))


def saying(data: object, pagination: object = END) -> JdChannel:
    return channel(lambda _: {"success": True, "data": data, "paginationData": pagination})


def poll(line: JdChannel) -> Awaitable[Any]:
    return line.poll(NOON - timedelta(hours=1), NOON + timedelta(hours=1))


def orders(line: JdChannel) -> Awaitable[Any]:
    return line.orders("", "7")


def cases(line: JdChannel) -> Awaitable[Any]:
    return line.after_sales(NOON - timedelta(hours=1), NOON)


def chat(**changes: object) -> list[object]:
    session = {"sid": "s1", "customer": "jd_a", "waiter": "w"}
    return [{"dongdongSession": session, "dongdongChatLogList": [{**LINE, **changes}]}]


async def test_an_order_is_read_in_fen_with_empty_dates_as_none() -> None:
    (order,) = await orders(saying(ORDER))
    assert (order.total, order.paid, order.lines[0].price) == (1980, 1880, 990)
    assert (order.created_at, order.finished_at) == (NOON, None)
    assert order.state_label == "已锁定"


@pytest.mark.parametrize(
    ("amount", "fen"),
    [(12, 1200), (12.3, 1230), ("12.30", 1230), ("12.300", 1230), ("1E+2", 10000), (0.1, 10), ("-1.50", -150)],
)
async def test_yuan_in_any_writing_become_fen(amount: object, fen: int) -> None:
    assert (await orders(saying(paid(amount))))[0].paid == fen


@pytest.mark.parametrize("never", ["0001-01-01 00:00:00", "1970-01-01 00:00:00", -62135596800000, -28800000, 0, None])
async def test_never_is_written_in_many_ways(never: object) -> None:
    payment = {"actualPayAmount": 1, "paymentConfirmTime": never}
    (order,) = await orders(saying({**ORDER, "paymentInfo": payment}))
    assert (order.paid_at, order.paid) == (None, 0)


@pytest.mark.parametrize(
    ("ask", "data"),
    [
        pytest.param(orders, paid(1.005), id="three places"),
        pytest.param(orders, paid("1E+999999999"), id="huge"),
        pytest.param(orders, paid("1E-999999999"), id="tiny"),
        pytest.param(orders, paid("NaN"), id="no number"),
        pytest.param(orders, {**ORDER, "paymentInfo": None}, id="no payment told"),
        pytest.param(orders, {**ORDER, "skuItemInfoList": None}, id="no goods told"),
        pytest.param(orders, {**ORDER, "createdTime": None}, id="no date"),
        pytest.param(orders, [ORDER], id="a list instead of one"),
        pytest.param(poll, None, id="no list"),
        pytest.param(poll, chat(uuid=None), id="no message id"),
        pytest.param(poll, chat(createdTime=0), id="no time"),
        pytest.param(poll, chat(waiterSend=None), id="no side"),
        pytest.param(poll, chat(waiterSend=2), id="an unknown side"),
        pytest.param(cases, [{**CASE, "orderInfo": {"orderId": 8}}], id="two orders"),
        pytest.param(cases, [{**CASE, "orderId": None}], id="no order"),
        pytest.param(cases, [{**CASE, "afsOrderBaseInfo": {"buId": "2"}}], id="another shop"),
        pytest.param(cases, [{**CASE, "afsOrderBaseInfo": {}}], id="nobody's"),
    ],
)  # fmt: skip
async def test_what_nobody_documented_is_refused(ask: Ask, data: object) -> None:
    with pytest.raises(PermanentError) as refused:
        await ask(saying(data))
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("pagination", "error"),
    [
        pytest.param(END, None, id="whole"),
        pytest.param({**END, "hasNextPage": "false"}, None, id="false as text"),
        pytest.param({"totalItems": "1", "currentPage": "1"}, None, id="told by the total alone"),
        pytest.param({"hasNextPage": False}, None, id="told by the flag alone"),
        pytest.param({**END, "totalItems": 2}, TemporaryError, id="ends before its total"),
        pytest.param({**END, "currentPage": 2}, TemporaryError, id="another page"),
        pytest.param({**END, "hasNextPage": True}, TemporaryError, id="the same page for ever"),
        pytest.param({"currentPage": 1}, PermanentError, id="no end told"),
        pytest.param(None, PermanentError, id="no pagination"),
        pytest.param({**END, "hasNextPage": "perhaps"}, PermanentError, id="neither yes nor no"),
    ],
)
async def test_a_part_is_never_passed_off_as_the_whole(pagination: object, error: type[HuiyinError] | None) -> None:
    line = saying(chat(), pagination)
    if error is None:
        assert [record.content.text for record in await poll(line)] == ["在吗"]
    else:
        with pytest.raises(error):
            await poll(line)


async def test_a_case_that_differs_from_its_list_is_refused() -> None:
    def answer(request: httpx.Request) -> object:
        if request.url.path.endswith("/9"):
            return {"success": True, "data": {"afsOrderId": 9, "orderId": 8, "refundInfo": {"refundStatus": 20}}}
        return {"success": True, "data": [CASE], "paginationData": END}

    with pytest.raises(PermanentError, match="another case"):
        await channel(answer).after_sale("9")


@pytest.mark.parametrize(
    ("status", "main", "refunded"), [(20, 100, True), ("20", 30, True), (30, 100, False), (None, 100, False)]
)
async def test_a_finished_case_proves_nothing_about_money(status: object, main: int, *, refunded: bool) -> None:
    def answer(request: httpx.Request) -> object:
        if request.url.path.endswith("/9"):
            told = {
                "afsOrderStatusInfo": {"mainStatus": main},
                "refundInfo": {"refundStatus": status, "actualRefundAmount": 5},
            }
            return {"success": True, "data": {**CASE, **told}}
        return {"success": True, "data": [CASE], "paginationData": END}

    case = await channel(answer).after_sale("9")
    assert case is not None
    assert (case.refunded, case.refunded_amount) == (refunded, 500 if refunded else None)


JOS_CASES = "jingdong_asc_sync_list_responce"
JOS_SHIFT = "jingdong_im_pop_waiterpresence_openapi_get_responce"
JOS_WORDS = "jingdong_pop_PopCommentJsfService_getVenderCommentsForJos_responce"


def jos_page(**page: object) -> dict[str, object]:
    return {JOS_CASES: {"pageResult": page}}


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        pytest.param(cases, {JOS_CASES: {"code": "0"}}, id="no page"),
        pytest.param(cases, jos_page(success=False, code="7", data=[]), id="failed inside"),
        pytest.param(cases, jos_page(success=True, totalCount=0), id="no list"),
        pytest.param(
            cases,
            jos_page(success=True, totalCount=1, data=[{"serviceId": 1, "orderId": 2, "buId": "2"}]),
            id="another shop",
        ),
        pytest.param(lambda line: line.presence(["w"], NOON), {JOS_SHIFT: {"code": "0"}}, id="no presence"),
        pytest.param(
            lambda line: line.presence(["w"], NOON), {JOS_SHIFT: {"waiterPresenceList": [{"waiter": "w", "time": ""}]}},
            id="presence without a time",
        ),
        pytest.param(lambda line: line.comments(["1"]), {JOS_WORDS: {"code": "0"}}, id="no comments"),
    ],
)  # fmt: skip
async def test_what_jos_never_said_is_an_error(ask: Ask, answer: object) -> None:
    with pytest.raises(PermanentError):
        await ask(channel(lambda _: answer, jos=True))


async def test_a_list_of_jos_that_is_cut_short_is_not_passed_off_as_whole() -> None:
    page = jos_page(success="true", totalCount=2, data=[{"serviceId": 1, "orderId": 2}])
    with pytest.raises(TemporaryError, match="whole"):
        await cases(channel(lambda _: page, jos=True))
