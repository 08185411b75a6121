"""Carry a call to `routerjson` and bring back the answer's body, or an error that says what to do next.

Everything goes in the POST body, so no token or customer ever stands in a URL or an access log.
"""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
import structlog

from huiyin.channels.jd import signing
from huiyin.channels.jd.moments import write_timestamp
from huiyin.channels.jd.refusals import TOKEN_REFUSED, ErrorResponse, error_of
from huiyin.channels.jd.settings import JdSettings
from huiyin.channels.jd.tokens import TokenKeeper
from huiyin.channels.pace import Pace
from huiyin.channels.posting import Post, Unanswered, Unreached
from huiyin.kernel.clock import Clock
from huiyin.kernel.errors import HuiyinError, OutcomeUnknownError, TemporaryError
from huiyin.kernel.wire import UNREADABLE, encode_text

log = structlog.get_logger()

PARAM = "360buy_param_json"
VERSION = "2.0"

_outer = msgspec.json.Decoder(dict[str, msgspec.Raw])
_refusal = msgspec.json.Decoder(ErrorResponse)


class Gateway:
    """One app's calls for one shop."""

    def __init__(self, settings: JdSettings, keeper: TokenKeeper, clock: Clock, post: Post, pace: Pace) -> None:
        """Call in the name of `settings.shop`."""
        self._settings = settings
        self._keeper = keeper
        self._clock = clock
        self._post = post
        self._pace = pace

    async def call(self, method: str, fields: Mapping[str, object], *, sends: bool = False) -> bytes:
        """Return the body inside the `_responce` wrapper of `method`.

        `sends` marks a command: when its answer is lost, nobody may simply repeat it.

        Raises:
            TemporaryError: a limit, a timeout of a read, a refused token.
            PermanentError: JD refused for good.
            OutcomeUnknownError: a send left us and its answer did not come back.

        """
        token = await self._keeper.current()
        answer = await self._once(method, fields, token, sends=sends)
        if isinstance(answer, ErrorResponse) and str(answer.code) == TOKEN_REFUSED:
            log.info("jd.token_refused", shop=self._settings.shop, method=method)
            token = await self._keeper.renew(token)
            answer = await self._once(method, fields, token, sends=sends)
        if isinstance(answer, ErrorResponse):
            log.warning("jd.refused", shop=self._settings.shop, method=method, code=str(answer.code))
            raise error_of(answer, method, sends=sends)
        return answer

    async def _once(
        self, method: str, fields: Mapping[str, object], token: str, *, sends: bool
    ) -> bytes | ErrorResponse:
        await self._pace.turn()
        form = self._form(method, fields, token)
        try:
            reply = await self._post(self._settings.gateway_url, form)
        except Unreached as error:
            message = f"{method}: JD cannot be reached ({error})"
            raise TemporaryError(message) from error
        except Unanswered as error:
            raise _lost(method, str(error), sends=sends) from error
        if HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            message = f"{method}: JD's door answered HTTP {reply.status} and took nothing"
            raise TemporaryError(message, remedy="ask again later; if it stays, check the gateway address")
        if reply.status != HTTPStatus.OK:
            raise _lost(method, f"HTTP {reply.status}", sends=sends)
        return _unwrap(method, reply.body, sends=sends)

    def _form(self, method: str, fields: Mapping[str, object], token: str) -> dict[str, str]:
        form = {
            "method": method,
            "app_key": self._settings.app_key,
            "timestamp": write_timestamp(self._clock.now()),
            "v": VERSION,
            PARAM: encode_text(fields),
        }
        if token:
            form["access_token"] = token
        form["sign"] = signing.sign(self._settings.app_secret, form)
        return form


def wrapper_of(method: str) -> str:
    """Return the key JD wraps a method's answer in; the misspelling is JD's."""
    return method.replace(".", "_") + "_responce"


def _unwrap(method: str, content: bytes, *, sends: bool) -> bytes | ErrorResponse:
    try:
        outer = _outer.decode(content)
        if "error_response" in outer:
            return _refusal.decode(outer["error_response"])
        return bytes(outer[wrapper_of(method)])
    except UNREADABLE as error:
        raise _lost(method, "an answer that is not JSON", sends=sends) from error
    except KeyError as error:
        raise _lost(method, "an answer without its wrapper", sends=sends) from error


def _lost(method: str, what: str, *, sends: bool) -> HuiyinError:
    if sends:
        message = f"{method}: {what}; JD may or may not have delivered"
        return OutcomeUnknownError(message, remedy="look at the chat before sending again")
    return TemporaryError(f"{method}: {what}; no usable answer", remedy="ask again later")
