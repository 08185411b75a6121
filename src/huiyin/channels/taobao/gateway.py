"""Carry a call to TOP: one form, everything in the body, the time in China time, signed as the settings say."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from huiyin.channels.asking import Asker, form_asking, read, strange
from huiyin.channels.fields import CHINA
from huiyin.channels.taobao.refusals import ErrorResponse, refusal_of
from huiyin.channels.taobao.settings import TaobaoSettings
from huiyin.channels.taobao.signing import sign
from huiyin.kernel.clock import Clock

_error = msgspec.json.Decoder(ErrorResponse)


class Gateway:
    """One app's calls for one shop."""

    def __init__(self, settings: TaobaoSettings, asker: Asker, clock: Clock) -> None:
        """Call in the name of `settings.shop`."""
        self._settings = settings
        self._asker = asker
        self._clock = clock

    async def call(self, method: str, fields: Mapping[str, str]) -> msgspec.Raw:
        """Return what stands inside the wrapper of `method`: `taobao.a.b.get` is answered as `a_b_get_response`.

        Raises:
            TemporaryError: a limit, a fault of Taobao's, no usable answer.
            PermanentError: Taobao refused, or answered in a shape nobody documented.

        """
        answer = await self._asker.ask(form_asking(self._settings.gateway_url, self._form(method, fields)), method)
        if "error_response" in answer:
            code, refusal = refusal_of(read(_error, answer["error_response"], method))
            raise self._asker.refused(method, code, refusal)
        wrapper = f"{method.removeprefix('taobao.').replace('.', '_')}_response"
        if wrapper not in answer:
            raise strange(method)
        return answer[wrapper]

    def _form(self, method: str, fields: Mapping[str, str]) -> dict[str, str]:
        settings = self._settings
        form = {
            "method": method,
            "app_key": settings.app_key,
            "session": settings.session,
            "timestamp": write_timestamp(self._clock.now()),
            "format": "json",
            "v": "2.0",
            "sign_method": settings.sign_method.value,
            **fields,
        }
        form["sign"] = sign(settings.app_secret, form)
        return form


def write_timestamp(moment: datetime) -> str:
    """Write the `timestamp` parameter: `2016-01-01 12:00:00` in China time."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
