"""Turn what Kuaishou says when it refuses into errors that say what to do next.

`result` 1 is success; the numbers of the gateway's other results are in no source we read. Its words are: they stand
in the titles of Kuaishou's own help pages, so the cause is told by them, and what is not known is an error for good.
"""

import msgspec

from huiyin.channels.asking import AUTHORISE, Refusal
from huiyin.channels.fields import Id
from huiyin.kernel.errors import TemporaryError

SUCCESS = "1"

_TOKEN = Refusal("the access token is refused, has ended or lacks the scope", AUTHORISE)
_SIGN = Refusal("the signature is refused", "check the sign secret and the sign method in the shop's settings")
_LIMIT = Refusal("the call limit is used up", "ask again later, or at a slower pace", TemporaryError)
_OTHER = Refusal("refused", "see Kuaishou's list of results; nothing about an order may be concluded from this")

WORDS: tuple[tuple[str, Refusal], ...] = (
    ("鉴权失败", _TOKEN),
    ("TOKEN过期", _TOKEN),
    ("AUTHORIZATION_REVOKED", _TOKEN),
    ("scope权限", _TOKEN),
    ("验签失败", _SIGN),
    ("签名校验失败", _SIGN),
    ("限流", _LIMIT),
    ("额度超限", _LIMIT),
    ("时间戳", Refusal("the timestamp is refused", "set this machine's clock")),
    ("appkey", Refusal("the app key is unknown", "check the app key in the shop's settings")),
)
"""The last two are not in a help page's title: unverified."""


class Verdict(msgspec.Struct):
    """What Kuaishou puts beside `data`. The words are matched against the list above and never told on."""

    result: Id
    error_msg: str | None = ""
    msg: str | None = ""


def refusal_of(verdict: Verdict) -> tuple[str, Refusal]:
    """Return the code to tell and what it means."""
    said = f"{verdict.error_msg or ''} {verdict.msg or ''}"
    return str(verdict.result), next((refusal for words, refusal in WORDS if words in said), _OTHER)
