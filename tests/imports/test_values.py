"""What stands in cells, as tables: every form exports were met in, and everything that could be two things."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.imports.values import (
    EXCEL_DAY_ZERO,
    PLATFORM_ZONE,
    UnfitError,
    count_of,
    day_of,
    fen_of,
    moment_of,
    number_of,
    seconds_of,
    share_of,
)

TEN = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""
WALL = TEN.replace(tzinfo=None, hour=10)
"""What a spreadsheet keeps of it."""


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-10-01 10:00:00", TEN),
        ("2026/10/1 10:00", TEN),
        ("2026.10.01 10:00:00", TEN),
        ("2026年10月1日 10:00:00", TEN),
        ("2026年10月1日10时0分0秒", TEN),
        ("2026-10-01T10:00:00", TEN),
        ("2026-10-01T02:00:00Z", TEN),
        ("2026-10-01T02:00:00.000+00:00", TEN),
        ("2026-10-01 10:00:00+0800", TEN),
        ("２０２６-１０-０１ １０：００：００", TEN),
        ("20261001100000", TEN),
        ("1790820000", TEN),
        (1790820000, TEN),
        (1790820000000, TEN),
        ("1790820000.0", None),
        (WALL, TEN),
        (46296.416666666664, TEN),
        ("46296.4166667", TEN),
        ("2026-10-01 10:00:00.250", TEN + timedelta(milliseconds=250)),
    ],
)
def test_a_moment_is_read_in_the_forms_exports_write_it(cell, at) -> None:
    if at is None:
        with pytest.raises(UnfitError):
            moment_of(cell)
    else:
        assert abs(moment_of(cell) - at) < timedelta(milliseconds=10)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "time_empty"), (None, "time_empty"), ("-", "time_empty"), ("0001-01-01 00:00:00", "time_empty"),
        ("1970-01-01 00:00:00", "time_empty"), ("2026-10-01", "time_without_clock"),
        (date(2026, 10, 1), "time_without_clock"), ("10/01/2026 10:00", "time_unreadable"),
        ("2026-13-01 10:00:00", "time_unreadable"), ("2026-10-01 25:00:00", "time_unreadable"),
        ("昨天", "time_unreadable"), ("1999-01-01 10:00:00", "time_unreadable"), (3.5, "time_unreadable"),
        ("2026-10-01 10:00:00+99:00", "time_unreadable"),
    ],
)  # fmt: skip
def test_a_moment_that_is_none_or_might_be_another_is_refused_by_its_reason(cell, code) -> None:
    with pytest.raises(UnfitError) as refused:
        moment_of(cell)
    assert refused.value.code == code


@given(st.datetimes(TEN.replace(tzinfo=None, year=2000), TEN.replace(tzinfo=None, year=2100)))
def test_a_wall_clock_survives_every_way_it_is_written(at: datetime) -> None:
    at = at.replace(microsecond=0)
    truth = at.replace(tzinfo=PLATFORM_ZONE)
    serial = (at - EXCEL_DAY_ZERO) / timedelta(days=1)
    for cell in (f"{at:%Y-%m-%d %H:%M:%S}", f"{at:%Y年%m月%d日 %H:%M:%S}", f"{at:%Y%m%d%H%M%S}", at, truth.isoformat()):
        assert moment_of(cell) == truth
    assert abs(moment_of(serial) - truth) <= timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("cell", "share"),
    [("98.5%", 0.985), (0.985, 0.985), ("0.985", 0.985), ("100%", 1.0), (1, 1.0), ("0", 0.0), ("-", None), ("", None),
     ("９８．５％", 0.985), ("--", None), ("-999", None), (-999, None)],
)  # fmt: skip
def test_a_share_is_between_nothing_and_one(cell, share) -> None:
    assert share_of(cell) == (None if share is None else pytest.approx(share))


@pytest.mark.parametrize("cell", [98.5, "98.5", "120%", -0.1, "好"])
def test_a_share_that_might_be_a_percentage_is_not_guessed(cell) -> None:
    with pytest.raises(UnfitError):
        share_of(cell)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [(45, 45), ("45", 45), ("45秒", 45), ("1分5秒", 65), ("1分钟5秒", 65), ("00:01:05", 65), ("01:05", 65),
     ("2小时", 7200),     (time(0, 1, 5), 65), (timedelta(seconds=65), 65), ("12.34", 12.34), ("", None), ("--", None)],
)  # fmt: skip
def test_a_duration_is_read_in_seconds(cell, seconds) -> None:
    assert seconds_of(cell) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize("cell", [-1, "很快", True, "1天", timedelta(seconds=-5)])
def test_a_duration_that_is_none_is_refused(cell) -> None:
    with pytest.raises(UnfitError) as refused:
        seconds_of(cell)
    assert refused.value.code == "duration_unreadable"


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("1,234.50", 123450), (1234.5, 123450), ("¥12", 1200), ("12.30元", 1230), (0.1 + 0.2, 30), ("", None)],
)
def test_money_is_read_in_fen(cell, fen) -> None:
    assert fen_of(cell) == fen


def test_counts_and_numbers() -> None:
    assert [count_of(each) for each in (12, "1,200", 12.0, "", "-")] == [12, 1200, 12, None, None]
    assert number_of("3.50") == pytest.approx(3.5)
    for cell in (-1, 1.5, "两", True, float("inf")):
        with pytest.raises(UnfitError):
            count_of(cell)
    with pytest.raises(UnfitError):
        fen_of("1.234")


def test_days() -> None:
    days = (
        "2026-10-01",
        "20261001",
        "2026年10月1日",
        "2026/10/1 00:00:00",
        WALL,
        date(2026, 10, 1),
        46296,
    )
    assert {day_of(each) for each in days} == {date(2026, 10, 1)}


@pytest.mark.parametrize(("cell", "code"), [
    ("9999-12-31 23:59:59-08:00", "time_unreadable"), ("0000000000", "time_empty"), (0, "time_unreadable"),
    ("0000000000000", "time_empty"), ("0900000000", "time_unreadable"),
])  # fmt: skip
def test_a_moment_at_the_end_of_time_or_before_there_were_shops_is_none(cell, code) -> None:
    with pytest.raises(UnfitError) as refused:
        moment_of(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("reads", "cell"),
    [
        (count_of, "99999999999999999999"), (count_of, "9" * 4_000), (fen_of, "9" * 4_000), (seconds_of, "9" * 400),
        (seconds_of, "9" * 400 + "秒"), (seconds_of, timedelta(days=400)), (number_of, 1e300), (number_of, -(10**40)),
    ],
)  # fmt: skip
def test_a_number_beyond_everything_a_shop_counts_is_refused_and_never_infinite(reads, cell) -> None:
    with pytest.raises(UnfitError) as refused:
        reads(cell)
    assert refused.value.code == "number_too_large"


def test_a_workbook_that_counts_from_1904_names_the_same_moment_by_another_number() -> None:
    assert moment_of(46296.416666666664 - 1462, 1462) == moment_of(46296.416666666664)
    assert day_of("44834", 1462) == day_of("46296")
