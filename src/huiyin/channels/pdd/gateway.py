"""Carry a call to Pinduoduo: one form, everything in the body, the time in seconds, signed."""

from collections.abc import Mapping

import msgspec

from huiyin.channels.asking import Asker, form_asking, read, strange
from huiyin.channels.pdd.refusals import ErrorResponse, refusal_of
from huiyin.channels.pdd.settings import PddSettings
from huiyin.channels.pdd.signing import sign
from huiyin.kernel.clock import Clock, to_ms

_error = msgspec.json.Decoder(ErrorResponse)


class Gateway:
    """One app's calls for one shop."""

    def __init__(self, settings: PddSettings, asker: Asker, clock: Clock) -> None:
        """Call in the name of `settings.shop`."""
        self._settings = settings
        self._asker = asker
        self._clock = clock

    async def call(self, method: str, wrapper: str, fields: Mapping[str, str]) -> msgspec.Raw:
        """Return what stands inside `wrapper`, whose name does not follow from the name of `method`.

        Raises:
            TemporaryError: a limit, a fault of Pinduoduo's, no usable answer.
            PermanentError: Pinduoduo refused, or answered in a shape nobody documented.

        """
        answer = await self._asker.ask(form_asking(self._settings.gateway_url, self._form(method, fields)), method)
        if "error_response" in answer:
            code, refusal = refusal_of(read(_error, answer["error_response"], method))
            raise self._asker.refused(method, code, refusal)
        if wrapper not in answer:
            raise strange(method)
        return answer[wrapper]

    def _form(self, method: str, fields: Mapping[str, str]) -> dict[str, str]:
        settings = self._settings
        form = {
            "type": method,
            "client_id": settings.client_id,
            "access_token": settings.access_token,
            "timestamp": str(to_ms(self._clock.now()) // 1000),
            "data_type": "JSON",
            "version": "V1",
            **fields,
        }
        form["sign"] = sign(settings.client_secret, form)
        return form
