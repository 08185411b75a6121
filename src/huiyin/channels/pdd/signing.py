"""Sign Pinduoduo's calls: MD5 wrapped in the secret, over all parameters in a row.

The rule and its example are Pinduoduo's own. There is one way only, and no parameter that names it.
"""

from collections.abc import Mapping

from huiyin.channels.signing import same, wrap_md5


def sign(secret: str, params: Mapping[str, str]) -> str:
    """Return the sign of `params`.

    Raises:
        ValueError: a parameter is empty.

    """
    return wrap_md5(secret, params)


def verify(secret: str, params: Mapping[str, str]) -> bool:
    """Tell whether `params["sign"]` is the sign of the rest, in constant time."""
    try:
        return same(sign(secret, params), params.get("sign", ""))
    except ValueError:
        return False
