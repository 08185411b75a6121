"""Name the ways things go wrong. The type says what to do next; the message names the remedy."""

from huiyin.kernel.units import Seconds


class HuiyinError(Exception):
    """The root of every error Huiyin raises on purpose."""

    remedy: str = ""
    code: str = ""
    """A word for screens that say it in their own language; "" where the type says enough."""

    def __init__(self, message: str, *, remedy: str = "", code: str = "") -> None:
        """Keep what happened and, where there is one, what the reader can do about it."""
        super().__init__(message)
        if remedy:
            self.remedy = remedy
        if code:
            self.code = code


class TemporaryError(HuiyinError):
    """Something outside failed and may work later: retry with patience."""


class PermanentError(HuiyinError):
    """Something outside refused for good: do not retry, show it to a person."""


class OutcomeUnknownError(HuiyinError):
    """A command left us and no answer came back: it may or may not have happened. Never retry blindly."""


class RefusedError(HuiyinError):
    """A business refusal: the caller asked for something the rules do not allow."""


class InvalidError(RefusedError):
    """The input cannot be read or breaks a stated limit."""


class NotFoundError(RefusedError):
    """Absent, or not yours: both answer alike, so that nobody learns what exists."""


class ConflictError(RefusedError):
    """The thing changed or is taken; look again and decide."""


class NotSignedInError(RefusedError):
    """Nobody is signed in, or the session ended."""


class SecondFactorNeededError(RefusedError):
    """Who asks may do this, and has to show a second factor first."""


class TooManyError(RefusedError):
    """Too many attempts or requests: `retry_after` says for how long nothing more is taken."""

    def __init__(self, message: str, *, retry_after: Seconds, remedy: str = "", code: str = "") -> None:
        """Keep how long to wait."""
        super().__init__(message, remedy=remedy, code=code)
        self.retry_after = retry_after


class BusyError(ConflictError):
    """The same thing is under way: `retry_after` says when to look again."""

    def __init__(self, message: str, *, retry_after: Seconds, remedy: str = "", code: str = "") -> None:
        """Keep how long to wait."""
        super().__init__(message, remedy=remedy, code=code)
        self.retry_after = retry_after


class CapacityError(RefusedError):
    """There is no free capacity at this moment."""
