"""Turn what Pinduoduo says when it refuses into errors that say what to do next; the codes are its own table."""

from collections.abc import Mapping

import msgspec

from huiyin.channels.asking import AUTHORISE, OrderRefusedError, Refusal
from huiyin.channels.fields import Id
from huiyin.kernel.errors import TemporaryError

_LIMIT = Refusal("the call limit is used up", "ask again later, or at a slower pace", TemporaryError)
_PASSES = Refusal("Pinduoduo has a fault inside", "ask again later", TemporaryError)
_TOKEN = Refusal("the access token is wrong or has ended", AUTHORISE)
_KEY = Refusal("the client id is unknown", "check client_id, the app key, in the shop's settings")
_RIGHT = Refusal("this app may not call the API", "apply for the API's permission at Pinduoduo's open platform")
_PUBLIC = Refusal(
    "a public parameter is refused, such as the timestamp", "set this machine's clock; Pinduoduo allows ten minutes"
)
_DEFECT = Refusal("the call is not formed as Pinduoduo wants it", "report this as a defect")
_RISK = Refusal("Pinduoduo forbids this app or user to call", "ask Pinduoduo's open platform why")
_OTHER = Refusal("refused", "see Pinduoduo's error list")

CODES: Mapping[str, Refusal] = {
    "10001": _PUBLIC,
    "10016": _KEY,
    "10019": _TOKEN,
    "20004": Refusal("the signature is refused", "check client_secret, the app's secret, in the shop's settings"),
    "20005": Refusal("this machine's address may not call", "put it on the app's list of trusted addresses"),
    "20032": _TOKEN,
    "50001": Refusal("Pinduoduo tells no such order", "check the order number and the shop", OrderRefusedError),
    **dict.fromkeys(("10000", "10017", "20034", "20035", "21001", "21002", "52004"), _DEFECT),
    **dict.fromkeys(("20031", "30000", "30001"), _RIGHT),
    **dict.fromkeys(("50000", "50002", "52001", "52002", "52102", "52103", "70033"), _PASSES),
    **dict.fromkeys(("52101", "70031", "70036"), _LIMIT),
    **dict.fromkeys(("70032", "70034", "70035"), _RISK),
}
"""50001 is a refusal of the business behind the gateway; on a look-up that is given nothing but an order number it is
taken to be about that order, which is not proven."""


class ErrorResponse(msgspec.Struct):
    """Pinduoduo's error body, without its sentences."""

    error_code: Id = ""
    sub_code: Id | None = ""


def refusal_of(error: ErrorResponse) -> tuple[str, Refusal]:
    """Return the code to tell and what it means."""
    code = str(error.error_code)
    return f"{code} {error.sub_code or ''}".strip(), CODES.get(code, _OTHER)
