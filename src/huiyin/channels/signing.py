"""Sign the way several platforms do: names and values in a row, wrapped in the secret, hashed.

Taobao (md5) and Pinduoduo share this form. What one platform alone does stands with that platform.
"""

import hmac
from collections.abc import Mapping
from hashlib import md5


def in_a_row(params: Mapping[str, str]) -> str:
    """Return names and values of `params`, sorted by name and put one after the other; `sign` is left out.

    Raises:
        ValueError: if a name or a value is empty: what is signed must be what is sent, and platforms drop empty ones.

    """
    check_full(params)
    return "".join(name + params[name] for name in sorted(params) if name != "sign")


def check_full(params: Mapping[str, str]) -> None:
    """Refuse empty names and values.

    Raises:
        ValueError: naming the parameter.

    """
    for name, value in params.items():
        if not name or not value:
            message = f"the parameter {name!r} is empty; leave it out instead of sending it"
            raise ValueError(message)


def wrap_md5(secret: str, params: Mapping[str, str]) -> str:
    """Return UPPER(MD5(secret + row + secret)), as hexadecimal digits."""
    return md5_of(secret + in_a_row(params) + secret).upper()


def md5_of(text: str) -> str:
    """Return the MD5 of a text as lower hexadecimal digits; platforms prescribe it."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def hmac_of(secret: str, text: str, digest: str) -> bytes:
    """Return the HMAC of a text under `secret`; `digest` is a name that `hashlib` knows."""
    return hmac.digest(secret.encode(), text.encode(), digest)


def same(computed: str, claimed: str) -> bool:
    """Compare two signs in constant time."""
    return hmac.compare_digest(computed.encode(), claimed.encode())
