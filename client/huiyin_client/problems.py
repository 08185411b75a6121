"""What a server refuses, and what goes wrong on the way, as exceptions: the type says what to do next."""

import msgspec


class Problem(msgspec.Struct, frozen=True, rename="camel"):
    """An error as the server tells it (RFC 9457); `retry_after` is in seconds."""

    title: str = ""
    status: int = 0
    detail: str = ""
    code: str = ""
    retry_after: float | None = None


class HuiyinError(Exception):
    """The root of what this client raises; `remedy` says what can be done."""

    def __init__(self, problem: Problem) -> None:
        """Keep what the server said."""
        super().__init__(": ".join(filter(None, (problem.title, problem.detail))))
        self.status = problem.status
        self.code = problem.code
        self.title = problem.title
        self.remedy = problem.detail
        self.retry_after = problem.retry_after


class RefusedError(HuiyinError):
    """The server understood and refused: the same call again is refused again."""


class InvalidError(RefusedError):
    """What was asked cannot be read, or breaks a stated limit."""


class SignInError(RefusedError):
    """The token opens nothing, any more or at all."""


class SecondFactorError(RefusedError):
    """No token opens this: it wants a person with a second factor."""


class NotFoundError(RefusedError):
    """Absent, or not open to the token: both answer alike."""


class ConflictError(RefusedError):
    """It changed or is taken: look again and decide."""


class TooManyError(HuiyinError):
    """Too often: `retry_after` says for how many seconds nothing is taken."""


class TemporaryError(HuiyinError):
    """The server was not reached, or could not at that moment; it was tried several times."""


class UnknownOutcomeError(HuiyinError):
    """The call may have arrived, and no answer came: look whether it was done before doing it again."""


_KINDS: dict[int, type[HuiyinError]] = {
    400: InvalidError, 401: SignInError, 403: SecondFactorError, 404: NotFoundError, 409: ConflictError,
    429: TooManyError, 500: TemporaryError, 502: UnknownOutcomeError, 503: TemporaryError, 504: UnknownOutcomeError,
}  # fmt: skip
_problem = msgspec.json.Decoder(Problem)


def error_of(status: int, body: bytes) -> HuiyinError:
    """Return the exception for a refusal; a body that is not the server's, but a proxy's, tells its status alone."""
    try:
        problem = _problem.decode(body)
    except (msgspec.DecodeError, UnicodeError):
        problem = Problem()
    told = problem if problem.title else Problem(title=f"HTTP {status}", detail="Look at what stands in front.")
    return _KINDS.get(status, RefusedError)(msgspec.structs.replace(told, status=status))
