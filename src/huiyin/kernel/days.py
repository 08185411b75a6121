"""Which days can be asked about: those a shop on the internet can have had, so that every sum with them stays one."""

from datetime import date

from huiyin.kernel.errors import InvalidError

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def check_days(first: date | None, last: date | None) -> None:
    """Refuse days that cannot be, or stand the wrong way round; None is an open end.

    Raises:
        InvalidError: as said.

    """
    if any(each is not None and not EARLIEST <= each <= LATEST for each in (first, last)):
        message = f"a day lies between {EARLIEST} and {LATEST}"
        raise InvalidError(message, remedy="Look at the year.", code="days_odd")
    if first is not None and last is not None and first > last:
        message = "the last day lies before the first"
        raise InvalidError(message, remedy="Give the earlier day first.", code="days_odd")
