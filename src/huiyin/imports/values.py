"""Read what stands in cells: moments, days, shares, durations, counts, money. Pure; a cell is never guessed at.

A number that could be two things is refused with the remedy, not read as the likelier one.
"""

import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import re2

from huiyin.kernel.errors import InvalidError

Cell = str | int | float | bool | datetime | date | time | timedelta | None
"""What a file holds in one place: text in CSV, typed in XLSX and JSONL."""

PLATFORM_ZONE = ZoneInfo("Asia/Shanghai")
"""Exports write the platform's wall clock and do not say so."""
EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  # a wall clock's; the zone is put on below
"""Day 0 of Excel's serial dates (ECMA-376 part 1, 18.17.4.1), as spreadsheets count since March 1900."""
EXCEL_DAYS = (20_000.0, 80_000.0)
"""Serial dates between 1954 and 2119; other numbers are no moments."""
EPOCH_SECONDS = (10, 13)
"""Digits of seconds and of milliseconds since 1970, for moments of this century."""
EARLIEST_YEAR = 2000
MOST_NUMBER = Decimal(10) ** 15
"""Larger than anything a shop counts, in units or in 分; what is beyond is a mistake and fits no column."""
MOST_SECONDS = 366 * 24 * 3600
NOTHING = frozenset({"", "-", "--", "—", "/", "null", "none", "nan", "n/a", "无", "-999"})
"""What exports write where they have nothing; -999 is 商智's."""
EMPTY_YEARS = frozenset({1, 1970})
"""JD writes the year 1 or 1970 where a moment is not known."""

_MOMENT = re2.compile(
    r"(?i)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]*(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})(?:[.,](\d{1,6}))?秒?)?分?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_COMPACT = re2.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")
_NUMBER = re2.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_CLOCK = re2.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)")
_SPOKEN = re2.compile(r"(?:(\d+)(?:小时|时))?(?:(\d+)分钟?)?(?:(\d+(?:\.\d+)?)秒)?")


class UnfitError(InvalidError):
    """A row cannot be read: why, as a code whose words are the screens', and the field it is about."""

    field: str = ""


def unfit(code: str, field: str = "") -> UnfitError:
    """Return the refusal of a row."""
    error = UnfitError(f"a row cannot be read: {code}", code=code)
    error.field = field
    return error


def text_of(cell: Cell) -> str:
    """Return a cell as text: trimmed, without what no screen can show; a whole number without a fraction."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "").strip()


def plain(cell: Cell) -> str:
    """Return a cell as text to compare: one width of letters and digits; "" for every way to write nothing."""
    written = unicodedata.normalize("NFKC", text_of(cell)).strip()
    return "" if written.lower() in NOTHING else written


def moment_of(cell: Cell, days_off: int = 0) -> datetime:
    """Return the moment a cell names, aware; a wall clock without a zone is the platform's.

    `days_off` says how many days later than day 0 a spreadsheet's serial dates begin.

    Raises:
        UnfitError: time_empty, time_without_clock, time_unreadable.

    """
    if isinstance(cell, datetime):
        return _placed(cell)
    if isinstance(cell, date):
        raise unfit("time_without_clock")
    written = plain(cell)
    if not written:
        raise unfit("time_empty")
    serial = _serial(written)
    if serial is not None:
        return _placed(serial + timedelta(days=days_off))
    if re2.fullmatch(r"\d{10}|\d{13}", written):
        since = datetime.fromtimestamp(int(written[: EPOCH_SECONDS[0]]), UTC)
        return _placed(since + timedelta(milliseconds=int(written[EPOCH_SECONDS[0] :] or 0)))
    found = _MOMENT.fullmatch(written) or _COMPACT.fullmatch(written)
    if found is None:
        raise unfit("time_unreadable")
    *parts, fraction, zone = (*found.groups(""), "", "")[:8]
    if not parts[3]:
        raise unfit("time_empty" if int(parts[0]) in EMPTY_YEARS else "time_without_clock")
    try:
        year, month, day, hour, minute, second = (int(each or 0) for each in parts)
        at = datetime.combine(date(year, month, day), time(hour, minute, second))
    except ValueError as error:
        raise unfit("time_unreadable") from error
    return _placed(at + timedelta(microseconds=int((fraction or "0").ljust(6, "0"))), zone)


def day_of(cell: Cell, days_off: int = 0) -> date:
    """Return the day a cell names, by the platform's calendar; `days_off` as for `moment_of`.

    Raises:
        UnfitError: time_empty, time_unreadable.

    """
    if isinstance(cell, datetime):
        return _sane(cell).date()
    if isinstance(cell, date):
        return cell
    written = plain(cell)
    if not written:
        raise unfit("time_empty")
    serial = _serial(written)
    if serial is not None:
        return serial.date() + timedelta(days=days_off)
    found = _MOMENT.fullmatch(written) or _COMPACT.fullmatch(written)
    if found is None:
        raise unfit("time_unreadable")
    try:
        year, month, day, *_ = (int(each or 0) for each in found.groups("")[:3])
        return _sane(datetime.combine(date(year, month, day), time())).date()
    except ValueError as error:
        raise unfit("time_unreadable") from error


def number_of(cell: Cell) -> Decimal | None:
    """Return a number, None where there is none.

    Raises:
        UnfitError: number_unreadable, number_too_large.

    """
    if isinstance(cell, bool):
        raise unfit("number_unreadable")
    written = plain(cell)
    if not written:
        return None
    if isinstance(cell, float):
        written = repr(cell)
    elif not isinstance(cell, int) and not _NUMBER.fullmatch(written):
        raise unfit("number_unreadable")
    try:
        found = Decimal(written.replace(",", ""))
    except InvalidOperation as error:
        raise unfit("number_unreadable") from error
    if not found.is_finite():
        raise unfit("number_unreadable")
    if abs(found) > MOST_NUMBER:
        raise unfit("number_too_large")
    return found


def count_of(cell: Cell) -> int | None:
    """Return a count, None where there is none.

    Raises:
        UnfitError: number_unreadable, number_too_large; count_unfit for a negative or broken one.

    """
    found = number_of(cell)
    if found is None:
        return None
    if found < 0 or found != found.to_integral_value():
        raise unfit("count_unfit")
    return int(found)


def share_of(cell: Cell) -> float | None:
    """Return a share between 0 and 1, None where there is none. "98.5%" and .985 are the same.

    Raises:
        UnfitError: share_over_one for 98.5 without a percent sign, which might be either; number_unreadable,
            number_too_large.

    """
    written = plain(cell)
    percent = written.endswith("%")
    found = number_of(written[:-1].strip() if percent else cell)
    if found is None:
        return None
    share = found / 100 if percent else found
    if not 0 <= share <= 1:
        raise unfit("share_over_one")
    return float(share)


def seconds_of(cell: Cell) -> float | None:
    """Return a duration in seconds, None where there is none: 45, "45秒", "1分5秒", "00:01:05", a cell of time.

    Raises:
        UnfitError: duration_unreadable; number_too_large for more than a year.

    """
    found = _seconds(cell)
    if found is not None and found > MOST_SECONDS:
        raise unfit("number_too_large")
    return found


def _seconds(cell: Cell) -> float | None:
    if isinstance(cell, timedelta):
        if cell < timedelta():
            raise unfit("duration_unreadable")
        return cell.total_seconds()
    if isinstance(cell, time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
    written = plain(cell).replace(" ", "")
    if not written:
        return None
    if isinstance(cell, datetime | bool):
        raise unfit("duration_unreadable")
    parts = _CLOCK.fullmatch(written) or _SPOKEN.fullmatch(written)
    if parts is not None and any(parts.groups()):
        hours, minutes, seconds = (Decimal(each or 0) for each in parts.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    try:
        found = number_of(cell)
    except UnfitError as error:
        raise unfit("number_too_large" if error.code == "number_too_large" else "duration_unreadable") from error
    if found is None or found < 0:
        raise unfit("duration_unreadable")
    return float(found)


def fen_of(cell: Cell) -> int | None:
    """Return money in 分, None where there is none; the file writes 元, perhaps with its sign.

    Raises:
        UnfitError: number_unreadable, number_too_large; money_unfit for parts of a 分.

    """
    if isinstance(cell, str):
        cell = plain(cell).strip("¥￥元 ")
    found = number_of(cell)
    if found is None:
        return None
    fen = found * 100
    whole = fen.to_integral_value(ROUND_HALF_UP)
    # A spreadsheet's binary fraction may miss a 分 by a hair; a real tenth of one is somebody's mistake.
    if abs(fen - whole) > Decimal("0.001"):
        raise unfit("money_unfit")
    return int(whole)


def _serial(written: str) -> datetime | None:
    """Return the wall clock a spreadsheet counts as days, None for any other text."""
    if not re2.fullmatch(r"\d{5}(?:\.\d+)?", written):
        return None
    days = float(written)
    if not EXCEL_DAYS[0] <= days < EXCEL_DAYS[1]:
        return None
    # Thousandths of a second are finer than a serial date can tell.
    return EXCEL_DAY_ZERO + timedelta(milliseconds=round(days * 86_400_000))


def _sane(at: datetime) -> datetime:
    if at.year in EMPTY_YEARS:
        raise unfit("time_empty")
    if at.year < EARLIEST_YEAR:
        raise unfit("time_unreadable")
    return at


def _placed(at: datetime, zone: str = "") -> datetime:
    _sane(at)
    try:
        return _in_utc(at, zone)
    except OverflowError as error:  # the last hours of the year 9999, west of us
        raise unfit("time_unreadable") from error


def _in_utc(at: datetime, zone: str) -> datetime:
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    if not zone:
        return at.replace(tzinfo=PLATFORM_ZONE).astimezone(UTC)
    if zone.upper() == "Z":
        return at.replace(tzinfo=UTC)
    sign, digits = (-1 if zone[0] == "-" else 1), zone[1:].replace(":", "")
    offset = sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if abs(offset) >= timedelta(hours=24):
        raise unfit("time_unreadable")
    return at.replace(tzinfo=timezone(offset)).astimezone(UTC)
