"""Sign Kuaishou's calls: `name=value` joined by `&`, the sign secret last; MD5, or an HMAC-SHA256 in base64.

The rule is Kuaishou's own (document 401853); its example gives no secret, so the vectors are computed from it.
"""

import base64
from collections.abc import Mapping
from enum import StrEnum

from huiyin.channels.signing import check_full, hmac_of, md5_of, same


class SignMethod(StrEnum):
    """The values of Kuaishou's parameter `signMethod`."""

    MD5 = "MD5"
    HMAC_SHA256 = "HMAC_SHA256"


def sign(secret: str, params: Mapping[str, str]) -> str:
    """Return the sign of `params`, made in the way that its `signMethod` names; an entry named `sign` is left out.

    Raises:
        ValueError: a parameter is empty, or `signMethod` is none of Kuaishou's.

    """
    check_full(params)
    method = SignMethod(params.get("signMethod", ""))
    pairs = [f"{name}={params[name]}" for name in sorted(params) if name != "sign"]
    text = "&".join([*pairs, f"signSecret={secret}"])
    if method is SignMethod.MD5:
        return md5_of(text)
    return base64.b64encode(hmac_of(secret, text, "sha256")).decode()


def verify(secret: str, params: Mapping[str, str]) -> bool:
    """Tell whether `params["sign"]` is the sign of the rest, in constant time."""
    try:
        return same(sign(secret, params), params.get("sign", ""))
    except ValueError:
        return False
