"""Carry a call to Douyin: system parameters in the query, the business parameters as a JSON body, both signed.

The token stands in the address, since that is the one form the sources show; nothing of ours logs an address.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from huiyin.channels.asking import Asker, read, strange
from huiyin.channels.douyin.refusals import SUCCESS, Verdict, refusal_of
from huiyin.channels.douyin.settings import DouyinSettings
from huiyin.channels.douyin.signing import sign
from huiyin.channels.posting import Asking
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.wire import encode, encode_text

JSON = {"content-type": "application/json"}

_verdict = msgspec.json.Decoder(Verdict)


class Gateway:
    """One app's calls for one shop."""

    def __init__(self, settings: DouyinSettings, asker: Asker, clock: Clock) -> None:
        """Call in the name of `settings.shop`."""
        self._settings = settings
        self._asker = asker
        self._clock = clock

    async def call(self, path: str, fields: Mapping[str, str]) -> msgspec.Raw:
        """Return the `data` of the API at `path`, such as `/order/orderDetail`.

        Raises:
            TemporaryError: a limit, a fault of Douyin's, no usable answer.
            PermanentError: Douyin refused, or answered in a shape nobody documented.

        """
        answer = await self._asker.ask(self._call(path, fields), path)
        verdict = read(_verdict, encode(answer), path)
        if str(verdict.code) != SUCCESS:
            code, refusal = refusal_of(verdict)
            raise self._asker.refused(path, code, refusal)
        if "data" not in answer:
            raise strange(path)
        return answer["data"]

    def _call(self, path: str, fields: Mapping[str, str]) -> Asking:
        settings = self._settings
        # Written once: the text that is signed is the text that is sent.
        param_json = encode_text(dict(sorted(fields.items())))
        query = {
            "app_key": settings.app_key,
            "access_token": settings.access_token,
            "method": path.removeprefix("/").replace("/", "."),
            "timestamp": str(to_ms(self._clock.now()) // 1000),
            "v": "2",
            "sign_method": "hmac-sha256",
        }
        query["sign"] = sign(settings.app_secret, {**query, "param_json": param_json})
        url = f"{settings.gateway_url.rstrip('/')}{path}?{urlencode(query)}"
        return Asking("POST", url, JSON, param_json.encode())
