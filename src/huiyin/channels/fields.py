"""Read single fields of platforms' answers: money, moments, ids. What is written oddly is refused, never guessed.

Platforms write a number now as a number, now as text. Money is read from the very characters that were sent, so no
float ever holds it.
"""

from datetime import UTC, datetime, timedelta, timezone

import msgspec

from huiyin.channels.asking import strange
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.units import Fen, fen_of_yuan

CHINA = timezone(timedelta(hours=8))
"""Platforms write China time; China has one offset and no summer time since 1991."""

FIRST_REAL_YEAR = 1971
"""Zero and 1970-01-01 stand for "not yet"."""

_LAST_MS = 4_102_444_800_000  # 2100-01-01: beyond it a number is not a moment in milliseconds

MOST_DIGITS = 18
"""The longest number read; no count, amount or moment is longer."""

Id = str | int
"""An id: text to us, whatever the platform writes."""

NOTHING = msgspec.Raw(b"null")
"""A money field that was not sent."""


def of_yuan(raw: msgspec.Raw, method: str) -> Fen | None:
    """Read an amount in yuan, number or text; None where nothing was sent.

    Raises:
        PermanentError: it is no amount with at most two places.

    """
    text = _text(raw)
    try:
        return fen_of_yuan(text) if text else None
    except ValueError as error:
        raise strange(method) from error


def of_fen(raw: msgspec.Raw, method: str) -> Fen | None:
    """Read an amount in 分, number or text; None where nothing was sent.

    Raises:
        PermanentError: it is no whole number.

    """
    text = _text(raw)
    if not text:
        return None
    if not _whole(text.removeprefix("-")):
        raise strange(method)
    return Fen(int(text))


def needed(amount: Fen | None, method: str) -> Fen:
    """Return an amount that must be there: an order without its sum is not told as one that costs nothing.

    Raises:
        PermanentError: it is missing.

    """
    if amount is None:
        raise strange(method)
    return amount


def count(written: Id, method: str) -> int:
    """Read how many pieces.

    Raises:
        PermanentError: it is no whole number above zero.

    """
    text = str(written)
    if not _whole(text) or int(text) == 0:
        raise strange(method)
    return int(text)


def of_china_time(written: str | None, method: str) -> datetime | None:
    """Read `2026-01-02 03:04:05` in China time; None for nothing and for "not yet".

    Raises:
        PermanentError: it is no time.

    """
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written.strip())
        if moment.year < FIRST_REAL_YEAR:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise strange(method) from error


def of_ms(written: Id | None, method: str) -> datetime | None:
    """Read milliseconds since 1970; None for nothing, zero and "not yet".

    Raises:
        PermanentError: it is no number of milliseconds up to the year 2100.

    """
    text = "" if written is None else str(written)
    if not text:
        return None
    if not _whole(text) or int(text) >= _LAST_MS:
        raise strange(method)
    moment = from_ms(int(text))
    return moment if moment.year >= FIRST_REAL_YEAR else None


def of_seconds(written: Id | None, method: str) -> datetime | None:
    """Read seconds since 1970; None for nothing, zero and "not yet".

    Raises:
        PermanentError: it is no number of seconds up to the year 2100.

    """
    return of_ms(None if written is None or str(written) == "" else f"{written}000", method)


def moment(found: datetime | None, method: str) -> datetime:
    """Return a moment that must be there.

    Raises:
        PermanentError: it is missing.

    """
    if found is None:
        raise strange(method)
    return found


def named(*ids: Id | None) -> frozenset[str]:
    """Return the names of a buyer that tell them from everybody else; a masked one (张**) is nobody's alone."""
    return frozenset(str(each) for each in ids if each not in (None, "", 0, "0") and "*" not in str(each))


def _whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def _text(raw: msgspec.Raw) -> str:
    written = bytes(raw)
    try:
        found = msgspec.json.decode(written, type=str | None) if written.startswith((b'"', b"n")) else written.decode()
    except (msgspec.DecodeError, UnicodeError) as error:
        message = "an amount that is neither a number nor a text"
        raise PermanentError(message, remedy="report it with the method's name") from error
    return (found or "").strip()
