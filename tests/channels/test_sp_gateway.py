"""What becomes of a call to SP-API: every answer turns into data or into the error that says what to do next."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from huiyin.channels.jd import JdSettings
from huiyin.channels.jd.refusals import GatewayRefusedError
from huiyin.channels.jd.sp_gateway import SpCall, SpGateway
from huiyin.channels.jd.sp_signing import sign_request
from huiyin.channels.jd.tokens import MemoryTokenStore, TokenKeeper
from huiyin.channels.pace import Pace
from huiyin.channels.posting import ClientPost
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.errors import HuiyinError, InvalidError, OutcomeUnknownError, PermanentError, TemporaryError
from huiyin.kernel.ids import ShopId

from .jd_line import NOON

READ = SpCall(
    "GET",
    "/sp-aftercare/v0/afs-orders/{afsOrderId}",
    query={"scopeSet": ["refundInfo", "skuExtInfo"], "word": "客服 01", "none": None, "flag": True},
    in_path={"afsOrderId": "10/01"},
)
COMMAND = SpCall("POST", "/sp-support/v0/dongdong-notices", body={"title": "班前会"}, sends=True)


def settings(**changes: object) -> JdSettings:
    plain: dict[str, object] = {
        "shop": ShopId("s"),
        "app_key": "k",
        "app_secret": "x",
        "vender_id": "1",
        "access_token": "t",
        "refresh_token": "r",
        "sp_url": "http://127.0.0.1:1/rest",
    }
    return JdSettings(**{**plain, **changes})  # type: ignore[arg-type]  # fields by name


def gateway(hear: Callable[[httpx.Request], httpx.Response]) -> SpGateway:
    post = ClientPost(httpx.AsyncClient(transport=httpx.MockTransport(hear)))
    clock = ManualClock(NOON)
    keeper = TokenKeeper(settings(), MemoryTokenStore(), clock, post)
    return SpGateway(settings(), keeper, clock, post, Pace(10_000))


def answered(status: int, body: str) -> SpGateway:
    return gateway(lambda _: httpx.Response(status, text=body))


@pytest.mark.asyncio
async def test_a_get_carries_token_and_sign_in_headers_and_its_fields_in_the_address() -> None:
    seen: list[httpx.Request] = []

    def hear(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, text='{"success":true,"data":{}}')

    await gateway(hear).call(READ)
    (request,) = seen
    address = urlsplit(str(request.url))
    assert address.path == "/rest/sp-aftercare/v0/afs-orders/10%2F01"
    query = dict(parse_qsl(address.query))
    assert query == {"scopeSet": "refundInfo,skuExtInfo", "word": "客服 01", "flag": "true"}
    headers = {name: request.headers[name] for name in ("X-JOS-App-Key", "X-JOS-Access-Token", "X-JOS-Timestamp")}
    assert headers == {"X-JOS-App-Key": "k", "X-JOS-Access-Token": "t", "X-JOS-Timestamp": "1780286400000"}
    assert request.headers["X-JOS-Sign"] == sign_request("x", headers, query, {"afsOrderId": "10/01"})
    assert request.headers["X-JOS-Request-Identity"] == "vender"


@pytest.mark.asyncio
async def test_a_post_carries_the_very_text_that_was_signed() -> None:
    seen: list[httpx.Request] = []

    def hear(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, text='{"success":"true","data":null}')

    assert (await gateway(hear).call(COMMAND)).data == b"null"
    (request,) = seen
    signed = {name: request.headers[name] for name in ("X-JOS-App-Key", "X-JOS-Access-Token", "X-JOS-Timestamp")}
    assert request.headers["X-JOS-Sign"] == sign_request("x", signed, {}, {}, request.content.decode())
    assert not request.url.query


GOOD = '{"success":true,"data":{"a":1}}'


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(GOOD, id="bare"),
        pytest.param('{"success":"true","data":{"a":1}}', id="true as text"),
        pytest.param(f'{{"Response":{GOOD}}}', id="wrapped"),
        pytest.param('{"success":true,"errorList":[],"extension":{"requestId":"x"},"data":{"a":1}}', id="no errors"),
    ],
)
async def test_an_outright_success_passes(body: str) -> None:
    assert (await answered(200, body).call(READ)).data == b'{"a":1}'


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("status", "body", "read", "command"),
    [
        pytest.param(200, '{"success":false,"data":{"a":1}}', PermanentError, OutcomeUnknownError, id="failed inside"),
        pytest.param(200, '{"success":"false","data":[]}', PermanentError, OutcomeUnknownError, id="false as text"),
        pytest.param(200, '{"success":1,"data":[]}', PermanentError, OutcomeUnknownError, id="one is not true"),
        pytest.param(200, '{"data":[]}', PermanentError, OutcomeUnknownError, id="success never said"),
        pytest.param(200, '{"success":true}', PermanentError, PermanentError, id="data missing"),
        pytest.param(
            200, '{"success":true,"data":[],"errorList":[{"code":"7"}]}', PermanentError, PermanentError,
            id="success beside an error",
        ),
        pytest.param(
            200, '{"success":false,"errorList":[{"code":99904030005,"message":"x"}]}', GatewayRefusedError,
            GatewayRefusedError, id="outside JD's cloud",
        ),
        pytest.param(
            403, '{"success":false,"errorList":[{"code":"99904030005"}]}', GatewayRefusedError, GatewayRefusedError,
            id="outside JD's cloud, said with 403",
        ),
        pytest.param(200, '{"error_response":{"code":"2"}}', TemporaryError, TemporaryError, id="quota used up"),
        pytest.param(200, '{"error_response":{"code":"65"}}', TemporaryError, OutcomeUnknownError, id="timed out"),
        pytest.param(
            200, '{"success":true,"data":1,"Response":{"success":true,"data":2}}', PermanentError, PermanentError,
            id="two answers in one",
        ),
        pytest.param(200, "<html>", TemporaryError, OutcomeUnknownError, id="a page"),
        pytest.param(200, "{}", TemporaryError, OutcomeUnknownError, id="no envelope"),
        pytest.param(200, "[]", TemporaryError, OutcomeUnknownError, id="a bare list"),
        pytest.param(500, "", TemporaryError, OutcomeUnknownError, id="HTTP 500"),
        pytest.param(500, GOOD, TemporaryError, OutcomeUnknownError, id="a success with HTTP 500"),
        pytest.param(429, "", TemporaryError, TemporaryError, id="turned away at the door"),
        pytest.param(302, "", TemporaryError, OutcomeUnknownError, id="a redirect is not followed"),
    ],
)  # fmt: skip
async def test_anything_else_is_an_error_of_its_kind(
    status: int, body: str, read: type[HuiyinError], command: type[HuiyinError]
) -> None:
    with pytest.raises(read) as refused:
        await answered(status, body).call(READ)
    assert "10/01" not in str(refused.value)
    with pytest.raises(command):
        await answered(status, body).call(COMMAND)


@pytest.mark.asyncio
@pytest.mark.parametrize("refusal", [(401, ""), (200, '{"success":false,"errorList":[{"code":"19"}]}')])
async def test_a_refused_token_is_renewed_and_asked_with_once(refusal: tuple[int, str]) -> None:
    tokens: list[str] = []

    def hear(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/rest/sp-aftercare/v0/afs-orders/10/01":
            return httpx.Response(200, json={"access_token": "new", "expires_in": 60, "time": "1780286400000"})
        tokens.append(request.headers["X-JOS-Access-Token"])
        return httpx.Response(refusal[0], text=refusal[1])

    with pytest.raises(TemporaryError, match="19"):
        await gateway(hear).call(READ)
    assert tokens == ["t", "new"]


def test_a_token_never_travels_in_the_clear() -> None:
    with pytest.raises(InvalidError, match="https"):
        settings(sp_url="http://api-cn.jd.com/rest")
