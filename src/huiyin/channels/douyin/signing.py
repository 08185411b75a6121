"""Sign Douyin's calls, and check the sign of its pushes.

A call's sign is an HMAC-SHA256 over five named parameters, wrapped in the secret and keyed with it; the token and
`sign_method` stay outside. The rule is read in public SDK sources; no official example is known.
"""

from collections.abc import Mapping

from huiyin.channels.signing import check_full, hmac_of, in_a_row, md5_of, same

SIGNED = ("app_key", "method", "param_json", "timestamp", "v")
"""What is signed, and nothing else."""


def sign(secret: str, params: Mapping[str, str]) -> str:
    """Return the sign of `params`; what is not signed may stand among them.

    Raises:
        ValueError: one of the five is missing, or any parameter is empty.

    """
    check_full(params)
    missing = [name for name in SIGNED if name not in params]
    if missing:
        message = f"cannot sign without {', '.join(missing)}"
        raise ValueError(message)
    row = in_a_row({name: params[name] for name in SIGNED})
    return hmac_of(secret, secret + row + secret, "sha256").hex()


def verify(secret: str, params: Mapping[str, str]) -> bool:
    """Tell whether `params["sign"]` is the sign of the rest, in constant time."""
    try:
        return same(sign(secret, params), params.get("sign", ""))
    except ValueError:
        return False


def push_sign(app_key: str, app_secret: str, raw: bytes) -> str:
    """Return the sign of a push: MD5 over key, the bytes as they came, and secret. Bytes that are no UTF-8 have none.

    Raises:
        UnicodeDecodeError: the body is not text.

    """
    return md5_of(app_key + raw.decode() + app_secret)


def verify_push(app_key: str, app_secret: str, raw: bytes, claimed: str) -> bool:
    """Tell whether `claimed`, which stands in a header of the push, is the sign of `raw`; in constant time."""
    try:
        return same(push_sign(app_key, app_secret, raw), claimed)
    except UnicodeDecodeError:
        return False
