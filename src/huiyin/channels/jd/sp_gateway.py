"""Carry a call to SP-API and bring back what the envelope holds, or an error that says what to do next.

App, token, time and sign travel in headers. A GET's fields stand in its address, since JD reads them nowhere else:
docs/jd.md lists the few that name a customer.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote, urlencode

import structlog

from huiyin.channels.gateways import Source
from huiyin.channels.jd.refusals import TOKEN_REFUSED, ErrorResponse
from huiyin.channels.jd.settings import GatewayName, JdSettings
from huiyin.channels.jd.sp_answers import Answer, open_envelope, refused
from huiyin.channels.jd.sp_signing import Value, sign_request, written
from huiyin.channels.jd.tokens import TokenKeeper
from huiyin.channels.pace import Pace
from huiyin.channels.posting import Asking, Post, Reply, Unanswered, Unreached
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import HuiyinError, InvalidError, OutcomeUnknownError, TemporaryError
from huiyin.kernel.wire import encode_text

log = structlog.get_logger()

SDK_VERSION = "huiyin"
IDENTITY = "vender"
JSON = "application/json"


class SpCall(NamedTuple):
    """One call: verb, path with `{names}` in it, fields of the query, values of the names, JSON body.

    Empty fields are left out: JD's own SDKs disagree on how they are signed.
    """

    verb: str
    path: str
    query: Mapping[str, Value | None] = {}
    in_path: Mapping[str, str] = {}
    body: Mapping[str, object] = {}
    sends: bool = False
    """A command: when its answer is lost, nobody may simply repeat it."""

    @property
    def method(self) -> str:
        """Return the call's name, which holds no value of anybody's."""
        return f"{self.verb} {self.path}"

    @property
    def source(self) -> Source:
        """Return where what it brings was read."""
        return Source(GatewayName.SP_API, self.method)


class SpGateway:
    """One app's calls for one shop."""

    def __init__(self, settings: JdSettings, keeper: TokenKeeper, clock: Clock, post: Post, pace: Pace) -> None:
        """Call in the name of `settings.shop`."""
        self._settings = settings
        self._keeper = keeper
        self._clock = clock
        self._post = post
        self._pace = pace

    async def call(self, call: SpCall) -> Answer:
        """Return what the envelope holds.

        Raises:
            TemporaryError: a limit, a timeout of a read, a refused token.
            GatewayRefusedError: this gateway will not answer this shop or this machine.
            PermanentError: JD refused for good.
            OutcomeUnknownError: a command left us and its answer did not come back.

        """
        token = await self._keeper.current()
        answer = await self._once(call, token)
        if isinstance(answer, ErrorResponse) and str(answer.code) == TOKEN_REFUSED:
            log.info("jd.token_refused", shop=self._settings.shop, method=call.method)
            token = await self._keeper.renew(token)
            answer = await self._once(call, token)
        if isinstance(answer, ErrorResponse):
            log.warning("jd.refused", shop=self._settings.shop, method=call.method, code=str(answer.code))
            raise refused(answer, call.method, sends=call.sends)
        return answer

    async def _once(self, call: SpCall, token: str) -> Answer | ErrorResponse:
        await self._pace.turn()
        try:
            reply = await self._post.ask(self._asking(call, token))
        except Unreached as error:
            message = f"{call.method}: JD cannot be reached ({error})"
            raise TemporaryError(message) from error
        except Unanswered as error:
            raise _lost(call, str(error)) from error
        return _read(call, reply)

    def _asking(self, call: SpCall, token: str) -> Asking:
        query = {name: written(value) for name, value in call.query.items() if value not in (None, "", ())}
        body = encode_text(call.body) if call.body else ""
        in_path = _in_path(call)
        headers = {
            "X-JOS-App-Key": self._settings.app_key,
            "X-JOS-Timestamp": str(to_ms(self._clock.now())),
            **({"X-JOS-Access-Token": token} if token else {}),
        }
        sign = sign_request(self._settings.app_secret, headers, query, call.in_path, body)
        headers |= {
            "X-JOS-Sign": sign, "X-JOS-Sdk-Version": SDK_VERSION, "X-JOS-Request-Identity": IDENTITY, "accept": JSON,
        }  # fmt: skip
        if body:
            headers["content-type"] = JSON
        address = self._settings.sp_url.rstrip("/") + call.path.format_map(in_path)
        if query:
            address += "?" + urlencode(query, quote_via=quote)
        return Asking(call.verb, address, headers, body.encode())


def _in_path(call: SpCall) -> dict[str, str]:
    """Return the path's values, encoded.

    Raises:
        InvalidError: one is empty or nothing but dots, which would lead to another address than the one signed.

    """
    if not all(value.strip(".") for value in call.in_path.values()):
        message = f"{call.method}: a number is missing"
        raise InvalidError(message, remedy="name the order or the case by its number")
    return {name: quote(value, safe="") for name, value in call.in_path.items()}


def _read(call: SpCall, reply: Reply) -> Answer | ErrorResponse:
    """Read the envelope; JD's HTTP status counts only where none came with it."""
    if reply.status == HTTPStatus.UNAUTHORIZED:
        return ErrorResponse(code=TOKEN_REFUSED)
    try:
        answer = open_envelope(reply.body, call.method)
    except ValueError as error:
        if HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            message = f"{call.method}: SP-API's door answered HTTP {reply.status} and took nothing"
            raise TemporaryError(message, remedy="ask again later; if it stays, check the address of SP-API") from error
        what = str(error) if reply.status == HTTPStatus.OK else f"HTTP {reply.status}"
        raise _lost(call, what) from error
    if isinstance(answer, Answer) and reply.status != HTTPStatus.OK:
        raise _lost(call, f"a success with HTTP {reply.status}")
    return answer


def _lost(call: SpCall, what: str) -> HuiyinError:
    if call.sends:
        message = f"{call.method}: {what}; JD may or may not have done it"
        return OutcomeUnknownError(message, remedy="look at what became of it before asking again")
    return TemporaryError(f"{call.method}: {what}; no usable answer", remedy="ask again later")
