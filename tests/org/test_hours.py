"""Opening hours as a list a manager can read: periods, holidays, summer time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.kernel.errors import InvalidError
from huiyin.org.hours import OpeningHours, every_day, is_open, next_open, open_seconds, read_periods

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = "2026-06-01"
OFFICE = OpeningHours(
    week=(read_periods("09:00-12:00 13:30-18:00"),) * 5 + (read_periods("10:00-16:00"), ()),
    special={"2026-06-02": (), "2026-06-07": read_periods("20:00-24:00")},
)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        pytest.param("2026-06-01 08:59:59", False, id="a second before opening"),
        pytest.param("2026-06-01 09:00:00", True, id="at opening"),
        pytest.param("2026-06-01 11:59:59", True, id="the last second of the morning"),
        pytest.param("2026-06-01 12:00:00", False, id="lunch"),
        pytest.param("2026-06-01 13:30:00", True, id="after lunch"),
        pytest.param("2026-06-01 18:00:00", False, id="at closing"),
        pytest.param("2026-06-02 10:00:00", False, id="a holiday"),
        pytest.param("2026-06-06 09:30:00", False, id="Saturday opens later"),
        pytest.param("2026-06-06 10:30:00", True, id="Saturday"),
        pytest.param("2026-06-07 12:00:00", False, id="Sunday"),
        pytest.param("2026-06-07 23:59:59", True, id="a special Sunday until midnight"),
        pytest.param("2026-06-08 00:00:00", False, id="after that midnight"),
        pytest.param("2026-06-14 21:00:00", False, id="the Sunday after is an ordinary one"),
    ],
)
def test_open_or_not(moment: str, open_: bool) -> None:
    assert is_open(OFFICE, at(moment), SHANGHAI) is open_
    assert is_open(OFFICE, at(moment).astimezone(UTC), SHANGHAI) is open_


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        pytest.param("2026-06-01 09:00:00", "2026-06-01 09:00:30", 30, id="inside one period"),
        pytest.param("2026-06-01 11:59:50", "2026-06-01 13:30:10", 20, id="over lunch"),
        pytest.param("2026-06-01 17:59:00", "2026-06-03 09:01:00", 120, id="over a night and a holiday"),
        pytest.param("2026-06-02 00:00:00", "2026-06-03 00:00:00", 0, id="a holiday"),
        pytest.param("2026-06-01 00:00:00", "2026-06-08 00:00:00", 4 * 7.5 * 3600 + 6 * 3600 + 4 * 3600, id="a week"),
        pytest.param("2026-06-01 10:00:00", "2026-06-01 10:00:00", 0, id="no time at all"),
    ],
)
def test_open_seconds_between_two_moments(start: str, end: str, seconds: float) -> None:
    assert open_seconds(OFFICE, at(start), at(end), SHANGHAI) == seconds


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param("2026-03-28", 24, id="an ordinary day"),
        pytest.param("2026-03-29", 23, id="the day an hour is lost"),
        pytest.param("2026-10-25", 25, id="the day an hour comes twice"),
    ],
)
def test_a_day_is_as_long_as_the_zones_clock_makes_it(day: str, hours: int) -> None:
    start = at(f"{day} 00:00:00", BERLIN)
    end = at(f"{day[:8]}{int(day[8:]) + 1:02} 00:00:00", BERLIN)
    assert open_seconds(every_day("00:00-24:00"), start, end, BERLIN) == hours * 3600


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        pytest.param(
            "2026-03-29T00:30:00+00:00", "2026-03-29T01:30:00+00:00", 3600, id="01:30 to 03:30, summer begins"
        ),
        pytest.param("2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00", 3600, id="02:30 to 02:30, summer ends"),
    ],
)
def test_time_passes_evenly_over_the_change_of_clocks(start: str, end: str, seconds: float) -> None:
    always = every_day("00:00-24:00")
    assert open_seconds(always, datetime.fromisoformat(start), datetime.fromisoformat(end), BERLIN) == seconds
    local = [datetime.fromisoformat(each).astimezone(BERLIN) for each in (start, end)]
    assert open_seconds(always, *local, BERLIN) == seconds


@pytest.mark.parametrize(
    "text",
    ["09:00", "18:00-09:00", "09:00-09:00", "09:00-12:00 11:00-13:00", "25:00-26:00", "9-12", "09:60-10:00", "morning"],
)
def test_periods_that_make_no_sense_are_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read_periods(text)
    assert refused.value.remedy


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.sampled_from([SHANGHAI, BERLIN, UTC]))  # noqa: DTZ001  # hypothesis adds the zone


@given(moments, moments, moments, st.sampled_from([OFFICE, every_day("00:00-24:00"), every_day("22:15-23:45")]))
def test_open_seconds_add_up_however_the_time_is_cut(
    one: datetime, two: datetime, three: datetime, hours: OpeningHours
) -> None:
    start, middle, end = sorted(each.astimezone(UTC) for each in (one, two, three))
    for zone in (SHANGHAI, BERLIN):
        parts = open_seconds(hours, start, middle, zone) + open_seconds(hours, middle, end, zone)
        assert parts == pytest.approx(open_seconds(hours, start, end, zone), abs=0.001)
        assert 0 <= parts <= end.timestamp() - start.timestamp() + 0.001


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        pytest.param("2026-06-01 10:00:00", "2026-06-01 10:00:00", id="it is open"),
        pytest.param("2026-06-01 12:00:00", "2026-06-01 13:30:00", id="lunch"),
        pytest.param("2026-06-01 18:00:00", "2026-06-03 09:00:00", id="over a holiday"),
        pytest.param("2026-06-06 16:00:00", "2026-06-07 20:00:00", id="a special Sunday evening"),
        pytest.param("2026-06-13 16:00:00", "2026-06-15 09:00:00", id="over an ordinary Sunday"),
    ],
)
def test_when_the_shop_opens_next(moment: str, opens: str) -> None:
    assert next_open(OFFICE, at(moment), SHANGHAI) == at(opens)


def test_a_shop_that_never_opens_has_no_next_opening() -> None:
    assert next_open(every_day(""), at("2026-06-01 10:00:00"), SHANGHAI) is None
