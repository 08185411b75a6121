"""Write and read times the way JD's side does, apart from the adapter's own code on purpose."""

from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
NEVER = "1970-01-01 00:00:00"


def written(moment: datetime | None) -> str:
    """Write a moment in China time; None is JD's sentinel."""
    return NEVER if moment is None else f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def written_with_slashes(moment: datetime) -> str:
    """Write a moment the way parcel traces do."""
    return f"{moment.astimezone(CHINA):%Y/%m/%d %H:%M:%S}"


def stamped(moment: datetime) -> str:
    """Write a request timestamp."""
    local = moment.astimezone(CHINA)
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d}+0800"


def understood(text: str) -> datetime:
    """Read a request's time; without an offset it is China's.

    Raises:
        ValueError: if it is no time.

    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=CHINA)
    return moment.astimezone(UTC)


def day_of(moment: datetime) -> datetime:
    """Return China's midnight before `moment`: the plain chat calls read only the day part."""
    return moment.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
