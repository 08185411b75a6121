"""Turn what Douyin says when it refuses into errors that say what to do next.

Codes and sub-codes are read in public SDK sources that name Douyin's table as theirs.
"""

from collections.abc import Mapping

import msgspec

from huiyin.channels.asking import AUTHORISE, OrderRefusedError, Refusal
from huiyin.channels.fields import Id
from huiyin.kernel.errors import TemporaryError

SUCCESS = "10000"

_PASSES = Refusal("Douyin has a fault inside", "ask again later", TemporaryError)
_TOKEN = Refusal("the access token is wrong or has ended", AUTHORISE)
_KEY = Refusal("the app key is unknown or has ended", "check the app key in the shop's settings")
_SIGN = Refusal("the signature is refused", "check the app secret in the shop's settings")
_CLOCK = Refusal("the timestamp is refused", "set this machine's clock")
_RIGHT = Refusal("this app may not call the API", "apply for the API's permission at Douyin's open platform")
_DEFECT = Refusal("the call is not formed as Douyin wants it", "report this as a defect")
_ORDER = Refusal("Douyin tells no such order", "check the order number and the shop", OrderRefusedError)
_OTHER = Refusal("refused", "see Douyin's error list")

CODES: Mapping[str, Refusal] = {
    **dict.fromkeys(("20000", "20001", "50000", "90000"), _PASSES),
    "30001": _RIGHT,
    "30002": Refusal("this machine's address may not call", "put it on the app's list of trusted addresses"),
    **dict.fromkeys(("30000", "40001", "40002", "40003", "70000"), _DEFECT),
    **dict.fromkeys(("40004", "50002"), _ORDER),
    "60000": Refusal("the call limit is used up", "ask again later, or at a slower pace", TemporaryError),
}
"""40004 and 50002 are refusals of the business behind the gateway; on a look-up that is given nothing but an order
number they are taken to be about that order, which is not proven."""

SUB_CODES: Mapping[str, Refusal] = {
    **dict.fromkeys(
        (
            "isv.access-token-missing",
            "isv.access-token-expired",
            "isv.access-token-no-existed",
            "isv.access-token-invalid",
            "isv.authorization-type-invalid",
            "dop.authorization-no-existed",
            "dop.authorization-closed",
        ),
        _TOKEN,
    ),
    **dict.fromkeys(("isv.app-id-missing", "isv.app-id-invalid", "isv.app-id-expired"), _KEY),
    **dict.fromkeys(("isv.signature-missing", "isv.signature-invalid"), _SIGN),
    **dict.fromkeys(("isv.timestamp-invalid", "isv.timestamp-format-error"), _CLOCK),
    "dop.app-forbidden": Refusal("Douyin forbids this app to call", "ask Douyin's open platform why"),
}
"""Where a sub-code is known it says more than its code."""


class Verdict(msgspec.Struct):
    """What Douyin puts beside `data`, without its sentences."""

    code: Id
    sub_code: str | None = ""


def refusal_of(verdict: Verdict) -> tuple[str, Refusal]:
    """Return the code to tell and what it means."""
    code, sub_code = str(verdict.code), verdict.sub_code or ""
    return f"{code} {sub_code}".strip(), SUB_CODES.get(sub_code) or CODES.get(code, _OTHER)
