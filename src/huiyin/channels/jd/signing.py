"""Sign and verify JOS 1.0 requests: MD5 over the sorted parameters, wrapped in the app secret.

The set of signed parameters is the set of sent parameters minus `sign`, and the strings signed are the
strings sent: serialise the JSON once and hand the same text to both.
"""

import hmac
from collections.abc import Mapping
from hashlib import md5

from huiyin.channels.signing import wrap_md5


def sign(secret: str, params: Mapping[str, str]) -> str:
    """Return the sign of `params`; an entry named `sign` is left out.

    Raises:
        ValueError: if a name or a value is empty; JD's own SDKs disagree on those, so they are never sent.

    """
    return wrap_md5(secret, {name: value for name, value in params.items() if name != "sign"})


def verify(secret: str, params: Mapping[str, str]) -> bool:
    """Tell whether `params["sign"]` is the sign of the rest, in constant time."""
    return verify_bytes(secret.encode(), {name.encode(): value.encode() for name, value in params.items()})


def verify_bytes(secret: bytes, params: Mapping[bytes, bytes]) -> bool:
    """Do as `verify` does, on the bytes as they came: the form the hot path has them in."""
    claimed = params.get(b"sign", b"")
    parts = [secret]
    for name in sorted(params):
        if name != b"sign":
            parts += (name, params[name])
    parts.append(secret)
    return hmac.compare_digest(_digest(b"".join(parts)).encode(), claimed)


def _digest(text: bytes) -> str:
    return md5(text, usedforsecurity=False).hexdigest().upper()  # JD prescribes MD5
