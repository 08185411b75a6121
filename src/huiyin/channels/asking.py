"""Ask a platform something and bring back the JSON object it said, or an error that says what to do next.

Only questions go this way, never a command: an answer that is lost may be asked for again, so what goes wrong is
temporary or permanent, and never of unknown outcome.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

import msgspec
import structlog

from huiyin.channels.pace import Pace
from huiyin.channels.posting import FORM, Asking, Post, Unanswered, Unreached
from huiyin.kernel.errors import HuiyinError, PermanentError, TemporaryError
from huiyin.kernel.wire import UNREADABLE

log = structlog.get_logger()

T = TypeVar("T")

MOST_CODE = 60
"""The longest code told on, in characters. A platform's sentences never are: they may repeat what we sent."""

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])


class OrderRefusedError(PermanentError):
    """The platform refused this very order: there is none, or it is not this shop's. Which of both it does not say."""


class Refusal(NamedTuple):
    """What a platform's code means and what to do."""

    what: str
    remedy: str
    kind: type[HuiyinError] = PermanentError


AUTHORISE = "let the seller authorise the shop again and put the new token into the shop's settings"


class Asker:
    """One line's questions to `name`, at its pace."""

    def __init__(self, name: str, post: Post, pace: Pace) -> None:
        """Ask over `post`."""
        self._name = name
        self._post = post
        self._pace = pace

    async def ask(self, asking: Asking, method: str) -> dict[str, msgspec.Raw]:
        """Return the JSON object that `method` was answered with, its values unread.

        Raises:
            TemporaryError: not reached, no whole answer, any HTTP status but 200, or no JSON object.

        """
        await self._pace.turn()
        try:
            reply = await self._post.ask(asking)
        except Unreached as error:
            message = f"{method}: {self._name} cannot be reached ({error})"
            raise TemporaryError(message, remedy="ask again later") from error
        except Unanswered as error:
            raise self._lost(method, str(error)) from error
        if reply.status != HTTPStatus.OK:
            raise self._lost(method, f"HTTP {reply.status}")
        try:
            return _object.decode(reply.body)
        except UNREADABLE as error:
            raise self._lost(method, "an answer that is not JSON") from error

    def refused(self, method: str, code: str, refusal: Refusal) -> HuiyinError:
        """Return the error for a refusal; the log has the code too."""
        shown = code[:MOST_CODE]
        log.warning("channels.refused", platform=self._name, method=method, code=shown)
        return refusal.kind(f"{method}: {refusal.what} (code {shown})", remedy=refusal.remedy)

    def _lost(self, method: str, what: str) -> TemporaryError:
        message = f"{method}: {what}; no usable answer of {self._name}"
        return TemporaryError(message, remedy="ask again later; if it stays, check the gateway address")


def form_asking(url: str, form: Mapping[str, str]) -> Asking:
    """Return the request that posts `form`."""
    return Asking("POST", url, FORM, urlencode(form).encode())


def read(decoder: msgspec.json.Decoder[T], raw: bytes | msgspec.Raw, method: str) -> T:
    """Decode part of an answer.

    Raises:
        PermanentError: its shape is not the one we know.

    """
    try:
        return decoder.decode(raw)
    except UNREADABLE as error:
        raise strange(method) from error


def strange(method: str) -> PermanentError:
    """Return the error for an answer nobody documented; it is never taken for an empty one."""
    return PermanentError(f"{method}: the answer has a shape we do not know", remedy="report it with the method's name")
