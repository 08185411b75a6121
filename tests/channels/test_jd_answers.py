"""Answers JD gives besides good ones: each must become the error that says what to do next."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
import pytest

from huiyin.channels.jd import JdChannel, JdSettings, OAuthForm
from huiyin.channels.jd.moments import read_moment, write_timestamp
from huiyin.channels.jd.records import order_of, read_order
from huiyin.channels.pace import Pace
from huiyin.channels.port import Content, Outbound
from huiyin.channels.posting import ClientPost
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.errors import HuiyinError, OutcomeUnknownError, PermanentError, TemporaryError
from huiyin.kernel.ids import ShopId
from huiyin.kernel.units import Seconds
from huiyin.kernel.wire import encode

from .jd_line import NOON

REPLY = Outbound(shop=ShopId("s"), dedupe="d", customer_ref="jd_a", waiter_ref="客服01", content=Content(text="您好"))
SENT = "jingdong_MessagePushService_pushChatTextMessage_responce"
GOT = "jingdong_pop_order_get_responce"


def settings(**changes: object) -> JdSettings:
    plain: dict[str, object] = {
        "shop": ShopId("s"),
        "app_key": "k",
        "app_secret": "x",
        "vender_id": "1",
        "access_token": "t",
        "refresh_token": "r",
        "aspid": "a",
        "dd_token": "d",
        "gateway_url": "http://127.0.0.1:1/routerjson",
        "live": True,
    }
    return JdSettings(**{**plain, **changes})  # type: ignore[arg-type]  # fields by name


def answered(status: int, body: str) -> JdChannel:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, text=body))
    return JdChannel(settings(), ManualClock(NOON), post=ClientPost(httpx.AsyncClient(transport=transport)))


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("status", "body", "read", "send"),
    [
        pytest.param(500, "", TemporaryError, OutcomeUnknownError, id="HTTP 500"),
        pytest.param(302, "", TemporaryError, OutcomeUnknownError, id="a redirect is not followed"),
        pytest.param(403, "", TemporaryError, TemporaryError, id="turned away at the door"),
        pytest.param(200, "<html>", TemporaryError, OutcomeUnknownError, id="a page"),
        pytest.param(200, "{}", TemporaryError, OutcomeUnknownError, id="no wrapper"),
        pytest.param(
            200, '{"code":"10500001","errorMessage":"x"}', TemporaryError, OutcomeUnknownError, id="bare code"
        ),
        pytest.param(200, '{"error_response":{"code":2}}', TemporaryError, TemporaryError, id="code as a number"),
        pytest.param(200, '{"error_response":{"code":"24"}}', PermanentError, PermanentError, id="no permission"),
        pytest.param(200, '{"error_response":{"code":"777"}}', PermanentError, PermanentError, id="unknown code"),
    ],
)
async def test_a_strange_answer(status: int, body: str, read: type[HuiyinError], send: type[HuiyinError]) -> None:
    channel = answered(status, body)
    with pytest.raises(read):
        await channel.orders("jd_a", "1")
    with pytest.raises(send):
        await channel.send(REPLY)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "error"),
    [
        pytest.param('{"code":"1","errmsg":"no"}', PermanentError, id="refused inside"),
        pytest.param('{"code":"0"}', OutcomeUnknownError, id="no message id"),
        pytest.param('{"msgid":"m"}', PermanentError, id="no code"),
    ],
)
async def test_a_send_that_is_not_an_outright_success(body: str, error: type[HuiyinError]) -> None:
    with pytest.raises(error):
        await answered(200, f'{{"{SENT}":{body}}}').send(REPLY)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("success", "passes"),
    [
        ("true", True),
        ('"true"', True),
        ("false", False),
        ('"false"', False),
        ("1", False),
        ('"TRUE"', False),
        ("null", False),
    ],
)
async def test_only_an_outright_success_passes(success: str, passes: bool) -> None:  # a table
    order = '{"orderId":"7","pin":"jd_a","orderStartTime":"2026-05-01 10:00:00","orderTotalPrice":"1.50"}'
    detail = f'{{"apiResult":{{"success":{success},"numberCode":"5"}},"orderInfo":{order}}}'
    channel = answered(200, f'{{"{GOT}":{{"code":"0","orderDetailInfo":{detail}}}}}')
    if passes:
        assert [found.order_id for found in await channel.orders("jd_a", "7")] == ["7"]
    else:
        with pytest.raises(PermanentError, match="5"):
            await channel.orders("jd_a", "7")


@pytest.mark.asyncio
async def test_a_list_that_never_came_is_an_error_and_not_an_empty_list() -> None:
    channel = answered(200, '{"jingdong_pop_afs_priceprotect_page_responce":{"code":"0"}}')
    with pytest.raises(PermanentError, match="shape"):
        await channel.price_protection("7")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "ask",
    [lambda channel: channel.orders("a", "1"), lambda channel: channel.send(REPLY)],
    ids=["read", "send"],
)
async def test_everything_travels_in_the_body(ask: Callable[[JdChannel], Awaitable[object]]) -> None:
    seen: list[httpx.Request] = []

    def hear(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, text='{"error_response":{"code":"15"}}')

    post = ClientPost(httpx.AsyncClient(transport=httpx.MockTransport(hear)))
    with pytest.raises(PermanentError):
        await ask(JdChannel(settings(), ManualClock(NOON), post=post))
    assert str(seen[0].url) == "http://127.0.0.1:1/routerjson"
    assert b"access_token=t" in seen[0].content


@pytest.mark.asyncio
async def test_the_legacy_token_door_gets_its_own_names() -> None:
    forms: list[bytes] = []

    def hear(request: httpx.Request) -> httpx.Response:
        forms.append(request.content)
        if request.url.path == "/routerjson":
            return httpx.Response(200, text='{"error_response":{"code":"19"}}')
        return httpx.Response(200, json={"access_token": "n", "expires_in": 60, "time": "1780286400000"})

    post = ClientPost(httpx.AsyncClient(transport=httpx.MockTransport(hear)))
    legacy = settings(oauth_form=OAuthForm.LEGACY, oauth_url="http://127.0.0.1:1/oauth/token")
    with pytest.raises(TemporaryError):
        await JdChannel(legacy, ManualClock(NOON), post=post).orders("a", "1")
    assert b"client_id=k" in forms[1]
    assert len(forms) == 3  # refused, refreshed, refused again: no third try


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        pytest.param("2026-06-01 12:00:00", NOON, id="China time"),
        pytest.param("2026/06/01 12:00:00", NOON, id="slashes"),
        pytest.param("2026-06-01 12:00:00.000+0800", NOON, id="with offset"),
        pytest.param(1780286400000, NOON, id="milliseconds"),
        pytest.param("1780286400000", NOON, id="milliseconds as text"),
        pytest.param("0001-01-01 00:00:00", None, id="never, year 1"),
        pytest.param("1970-01-01 00:00:00", None, id="never, 1970"),
        pytest.param(-62135596800000, None, id="never, year 1 in milliseconds"),
        pytest.param("-28800000", None, id="never, 1970 in China in milliseconds"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="absent"),
    ],
)
def test_jds_times(written: str | int | None, moment: datetime | None) -> None:
    assert read_moment(written) == moment


def test_a_timestamp_always_carries_its_offset() -> None:
    moment = datetime(2026, 1, 1, 19, 4, 5, 7000, tzinfo=UTC)
    assert write_timestamp(moment) == "2026-01-02 03:04:05.007+0800"


def test_an_amount_with_three_places_is_not_guessed() -> None:
    order = b'{"orderId":"7","orderTotalPrice":"1.005"}'
    body = b'{"orderDetailInfo":{"apiResult":{"success":true},"orderInfo":' + order + b"}}"
    info = read_order(body, "m")
    assert info is not None
    with pytest.raises(PermanentError, match="7"):
        order_of(info, NOON, "m")


@pytest.mark.asyncio
async def test_calls_beyond_the_burst_wait_their_turn() -> None:
    now, waits = [0.0], list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    pace = Pace(5.0, tell=lambda: Seconds(now[0]), sleep=sleep)
    for _ in range(7):
        await pace.turn()
    assert waits == pytest.approx([0.2, 0.4])
    now[0] = 60.0
    waits.clear()
    for _ in range(6):
        await pace.turn()
    assert waits == pytest.approx([0.2])


@pytest.mark.parametrize(
    ("fields", "paid"),
    [
        pytest.param({"actualPay": "9.90", "orderPayment": "12.00"}, 990, id="what was really paid comes first"),
        pytest.param({"orderPayment": "12.00", "paymentConfirmTime": "2026-05-01 10:00:00"}, 1200, id="confirmed"),
        pytest.param({"orderPayment": "12.00", "paymentConfirmTime": "1970-01-01 00:00:00"}, 0, id="not paid yet"),
    ],
)
def test_what_was_paid(fields: dict[str, str], paid: int) -> None:
    info = {"orderId": "7", "orderTotalPrice": "12.00", **fields}
    body = encode({"orderDetailInfo": {"apiResult": {"success": True}, "orderInfo": info}})
    read = read_order(body, "m")
    assert read is not None
    assert order_of(read, NOON, "m").paid == paid
