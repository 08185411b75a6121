"""Turn what TOP says when it refuses into errors that say what to do next.

The codes below 100 are TOP's published table; `isp.` marks a fault on TOP's side, which passes. Sub-codes for an
order that is not there are from memory and not proven.
"""

from collections.abc import Mapping

import msgspec

from huiyin.channels.asking import AUTHORISE, OrderRefusedError, Refusal
from huiyin.channels.fields import Id
from huiyin.kernel.errors import TemporaryError

_LIMIT = Refusal("the app's call limit is used up", "wait, or ask Taobao for a larger quota", TemporaryError)
_SESSION = Refusal("the session is missing, invalid or has ended", AUTHORISE)
_KEY = Refusal("the app key is missing or unknown", "check the app key in the shop's settings")
_SIGN = Refusal("the signature is refused", "check the app secret and the sign method in the shop's settings")
_CLOCK = Refusal("the timestamp is refused", "set this machine's clock; Taobao allows ten minutes")
_RIGHT = Refusal("this app or seller may not call the API", "apply for the API's permission at Taobao's open platform")
_DEFECT = Refusal("the call is not formed as Taobao wants it", "report this as a defect")
_PASSES = Refusal("Taobao has a fault inside", "ask again later", TemporaryError)
_OTHER = Refusal("refused", "see Taobao's error list")

CODES: Mapping[str, Refusal] = {
    **dict.fromkeys(("4", "5", "6", "7", "8"), _LIMIT),
    "10": Refusal("the service is not available", "ask again later", TemporaryError),
    **dict.fromkeys(("11", "12", "13"), _RIGHT),
    **dict.fromkeys(("21", "22", "23", "32", "33", "34", "40", "41", "43"), _DEFECT),
    **dict.fromkeys(("24", "25"), _SIGN),
    **dict.fromkeys(("26", "27", "53"), _SESSION),
    **dict.fromkeys(("28", "29"), _KEY),
    **dict.fromkeys(("30", "31"), _CLOCK),
}

NO_SUCH_ORDER = ("isv.trade-not-exist", "isv.invalid-parameter:tid")
"""Unverified: sub-codes taken to mean that there is no such order of this shop."""


class ErrorResponse(msgspec.Struct):
    """TOP's error body, without its sentences."""

    code: Id = ""
    sub_code: str | None = ""


def refusal_of(error: ErrorResponse) -> tuple[str, Refusal]:
    """Return the code to tell and what it means."""
    code, sub_code = str(error.code), error.sub_code or ""
    told = f"{code} {sub_code}".strip()
    if sub_code.startswith(NO_SUCH_ORDER):
        return told, Refusal("Taobao tells no such order", "check the order number and the shop", OrderRefusedError)
    if sub_code.startswith("isp."):
        return told, _PASSES
    return told, CODES.get(code, _OTHER)
