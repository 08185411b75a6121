"""Read and write JD's times: China time without a zone, sentinels for "never", offsets on timestamps."""

from datetime import UTC, datetime, timedelta, timezone

from huiyin.kernel.clock import from_ms

CHINA = timezone(timedelta(hours=8))
"""JD writes China time; China has one offset and no summer time since 1991."""

FIRST_REAL_YEAR = 1971
"""JD writes 0001-01-01 and 1970-01-01 for "not yet"; no order is that old."""

_NEVER_MS = -62_135_596_800_000 - 86_400_000  # 0001-01-01 in milliseconds, in whatever zone JD wrote it
_LAST_MS = 4_102_444_800_000  # 2100-01-01: beyond it a number is not a moment in milliseconds


def read_moment(written: str | int | None) -> datetime | None:
    """Read a JD time as an aware moment in UTC; empty and sentinel dates are None.

    Raises:
        ValueError: if the text is no time at all.

    """
    if written is None or written in ("", 0):
        return None
    if isinstance(written, int) or written.removeprefix("-").isdecimal():
        return _of_ms(int(written))
    moment = datetime.fromisoformat(written.strip().replace("/", "-"))
    if moment.year < FIRST_REAL_YEAR:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=CHINA)
    return moment.astimezone(UTC)


def _of_ms(milliseconds: int) -> datetime | None:
    if not _NEVER_MS <= milliseconds < _LAST_MS:
        message = f"{milliseconds} is no time in milliseconds"
        raise ValueError(message)
    if milliseconds < 0:
        return None
    moment = from_ms(milliseconds)
    return moment if moment.year >= FIRST_REAL_YEAR else None


def write_timestamp(moment: datetime) -> str:
    """Write the `timestamp` parameter: `2026-01-02 03:04:05.000+0800`."""
    local = moment.astimezone(CHINA)
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d}+0800"


def write_moment(moment: datetime) -> str:
    """Write a time inside business JSON: `2026-01-02 03:04:05` in China time."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
