"""Carry a call to Kuaishou: everything in the query of a GET, the time in milliseconds, signed as the settings say.

The token stands in the address, since the sources read an order in no other way; nothing of ours logs an address.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from huiyin.channels.asking import Asker, read, strange
from huiyin.channels.kuaishou.refusals import SUCCESS, Verdict, refusal_of
from huiyin.channels.kuaishou.settings import KuaishouSettings
from huiyin.channels.kuaishou.signing import sign
from huiyin.channels.posting import Asking
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.wire import encode, encode_text

_verdict = msgspec.json.Decoder(Verdict)


class Gateway:
    """One app's calls for one shop."""

    def __init__(self, settings: KuaishouSettings, asker: Asker, clock: Clock) -> None:
        """Call in the name of `settings.shop`."""
        self._settings = settings
        self._asker = asker
        self._clock = clock

    async def call(self, method: str, fields: Mapping[str, object]) -> msgspec.Raw:
        """Return the `data` of `method`, such as `open.order.detail`.

        Raises:
            TemporaryError: a limit, no usable answer.
            PermanentError: Kuaishou refused, or answered in a shape nobody documented.

        """
        answer = await self._asker.ask(self._call(method, fields), method)
        verdict = read(_verdict, encode(answer), method)
        if str(verdict.result) != SUCCESS:
            code, refusal = refusal_of(verdict)
            raise self._asker.refused(method, code, refusal)
        if "data" not in answer:
            raise strange(method)
        return answer["data"]

    def _call(self, method: str, fields: Mapping[str, object]) -> Asking:
        settings = self._settings
        query = {
            "appkey": settings.app_key,
            "access_token": settings.access_token,
            "method": method,
            "version": "1",
            "param": encode_text(fields),
            "timestamp": str(to_ms(self._clock.now())),
            "signMethod": settings.sign_method.value,
        }
        query["sign"] = sign(settings.sign_secret, query)
        url = f"{settings.gateway_url.rstrip('/')}/{method.replace('.', '/')}?{urlencode(query)}"
        return Asking("GET", url, {})
