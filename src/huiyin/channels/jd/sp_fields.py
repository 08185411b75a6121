"""Read the single fields of SP-API's rows: yuan as decimals, moments in milliseconds, numbers that may be text."""

from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import msgspec

from huiyin.channels.jd.answers import decode, moment, strange
from huiyin.channels.jd.sp_answers import Answer
from huiyin.kernel.units import Fen, fen_of_yuan
from huiyin.security.masking import mask

Row = TypeVar("Row")

Id = str | int | None
Moment = str | int | None
Count = str | int | None
Flag = bool | str | int | None
Money = Decimal | None

MOST_DIGITS = 12
"""An amount with more digits before or behind its point is none: writing it out would cost memory."""

NULL = b"null"


def text(value: Id) -> str:
    """Return an id or a code as text, "" where there is none."""
    return "" if value is None else str(value)


def masked(words: str | None) -> str:
    """Return the platform's sentence with personal data starred."""
    return mask(words).text if words else ""


def when(written: Moment, method: str) -> datetime | None:
    """Return a moment, None for the ways JD writes "never"."""
    return moment(written, method)


def surely_when(written: Moment, method: str) -> datetime:
    """Return a moment that must be there.

    Raises:
        PermanentError: it is not.

    """
    at = moment(written, method)
    if at is None:
        raise strange(method)
    return at


def fen(yuan: Money, method: str) -> Fen | None:
    """Return yuan as 分.

    Raises:
        PermanentError: more than two places, or no amount at all.

    """
    if yuan is None:
        return None
    if not yuan.is_finite() or yuan.adjusted() > MOST_DIGITS or int(yuan.as_tuple().exponent) < -MOST_DIGITS:
        raise strange(method)
    try:
        return fen_of_yuan(format(yuan, "f"))
    except ValueError as error:
        raise strange(method) from error


def count(value: Count, method: str) -> int | None:
    """Return a number, None where there is none."""
    if value is None or value == "":
        return None
    try:
        return int(value)
    except ValueError as error:
        raise strange(method) from error


def yes(value: Flag, method: str) -> bool:
    """Return a boolean that JD may write as a number or as text.

    Raises:
        PermanentError: it is neither yes nor no.

    """
    if value in (True, 1, "1", "true"):
        return True
    if value in (False, 0, "0", "false"):
        return False
    raise strange(method)


def rows(decoder: msgspec.json.Decoder[list[Row]], answer: Answer, method: str) -> list[Row]:
    """Return the rows of a list; a list that never came is an error, not an empty one."""
    return decode(decoder, answer.data, method)


def one(decoder: msgspec.json.Decoder[Row], answer: Answer, method: str) -> Row | None:
    """Return the one thing asked for, None where JD has none."""
    return None if answer.data == NULL else decode(decoder, answer.data, method)
