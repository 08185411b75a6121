"""Ask a Huiyin server with an API token, and check the webhooks it sends."""

from huiyin_client import calls, shapes, webhooks
from huiyin_client.asking import AsyncHuiyin, Huiyin
from huiyin_client.problems import (
    ConflictError,
    HuiyinError,
    InvalidError,
    NotFoundError,
    RefusedError,
    SecondFactorError,
    SignInError,
    TemporaryError,
    TooManyError,
    UnknownOutcomeError,
)

__all__ = [
    "AsyncHuiyin", "ConflictError", "Huiyin", "HuiyinError", "InvalidError", "NotFoundError", "RefusedError",
    "SecondFactorError", "SignInError", "TemporaryError", "TooManyError", "UnknownOutcomeError", "calls", "shapes",
    "webhooks",
]  # fmt: skip
