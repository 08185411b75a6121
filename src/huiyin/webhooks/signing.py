"""Sign calls as the Standard Webhooks specification says (standardwebhooks.com, 1.0.0). Pure.

A signature is `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; several stand with a space between.
"""

import hmac
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The specification asks for 24 to 64."""


def new_secret() -> bytes:
    """Draw a secret."""
    return secrets.token_bytes(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """Return a secret as its owner is shown it, once."""
    return PREFIX + b64encode(secret).decode()


def signed(keys: Sequence[bytes], message: str, at: int, body: bytes) -> Mapping[str, str]:
    """Return the three headers of a call; `at` is in whole seconds, the newest key signs first."""
    content = f"{message}.{at}.".encode() + body
    signatures = ["v1," + b64encode(hmac.digest(key, content, "sha256")).decode() for key in keys]
    return {"webhook-id": message, "webhook-timestamp": str(at), "webhook-signature": " ".join(signatures)}
