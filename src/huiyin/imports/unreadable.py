"""Say why a file cannot be brought in."""

from huiyin.kernel.errors import InvalidError


def bad(code: str, message: str, remedy: str) -> InvalidError:
    """Return the refusal of a file: its code, whose words are the screens', and what to do about it."""
    return InvalidError(message, remedy=remedy, code=code)
