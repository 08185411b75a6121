"""Sign TOP calls: MD5 wrapped in the secret, or an HMAC under it, over all parameters in a row.

The rule and the MD5 example are TOP's own (docId=101617); `sign_method` itself is signed, too.
"""

from collections.abc import Mapping
from enum import StrEnum

from huiyin.channels.signing import hmac_of, in_a_row, same, wrap_md5


class SignMethod(StrEnum):
    """The values of TOP's parameter `sign_method`."""

    MD5 = "md5"
    HMAC = "hmac"
    HMAC_SHA256 = "hmac-sha256"


_DIGESTS = {SignMethod.HMAC: "md5", SignMethod.HMAC_SHA256: "sha256"}


def sign(secret: str, params: Mapping[str, str]) -> str:
    """Return the sign of `params`, made in the way that its `sign_method` names.

    Raises:
        ValueError: a parameter is empty, or `sign_method` is none of TOP's.

    """
    method = SignMethod(params.get("sign_method", ""))
    if method is SignMethod.MD5:
        return wrap_md5(secret, params)
    return hmac_of(secret, in_a_row(params), _DIGESTS[method]).hex().upper()


def verify(secret: str, params: Mapping[str, str]) -> bool:
    """Tell whether `params["sign"]` is the sign of the rest, in constant time."""
    try:
        return same(sign(secret, params), params.get("sign", ""))
    except ValueError:
        return False
