"""Name the units that figures travel in, so that a number is never bare."""

from typing import NewType

Seconds = NewType("Seconds", float)
"""A duration in seconds; sub-second parts are kept."""

Fen = NewType("Fen", int)
"""Money in integer 分 (1/100 yuan). Floats never hold money."""

Share = NewType("Share", float)
"""A part of a whole, 0.0 to 1.0."""


def fen_of_yuan(yuan: str) -> Fen:
    """Read a platform's yuan string ("12.30") as integer 分.

    Raises:
        ValueError: if the text is not a decimal with at most two places; JD sends money as strings.

    """
    whole, _, part = yuan.strip().partition(".")
    sign = -1 if whole.startswith("-") else 1
    digits = whole.lstrip("+-")
    if not digits.isdecimal() or not (part == "" or part.isdecimal()) or len(part.rstrip("0")) > 2:
        message = f"{yuan!r} is not an amount in yuan with at most two decimal places"
        raise ValueError(message)
    return Fen(sign * (int(digits) * 100 + int((part + "00")[:2])))


def yuan_of_fen(fen: Fen) -> str:
    """Write integer 分 as a yuan string with two places."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
