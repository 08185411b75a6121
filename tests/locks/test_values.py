"""Values are read as people mean them, and two wordings of one value are one value."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.locks.numerals import number_of
from huiyin.locks.values import values_in

NOW = datetime(2026, 6, 3, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning in Beijing


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("七", "7"), ("十", "10"), ("十五", "15"), ("二十", "20"), ("两百", "200"), ("两百五", "250"),
        ("一百零五", "105"),
        ("三千六", "3600"), ("三万二", "32000"), ("一万零三百", "10300"), ("二〇二六", "2026"), ("七点五", "7.5"),
        ("半", "0.5"), ("1,299", "1299"), ("1.2万", "12000"), ("3千", "3000"),
    ],
)  # fmt: skip
def test_numerals_say_what_people_mean(written: str, number: str) -> None:
    assert number_of(written) == Decimal(number)


@pytest.mark.parametrize("written", ["", "三五", "两二", "点五", "七点", "三百百五二二"])
def test_what_is_no_number_is_none(written: str) -> None:
    assert number_of(written) is None


@given(st.integers(0, 99_999_999))
def test_every_number_that_is_written_out_is_read_back(number: int) -> None:
    assert number_of(_written(number)) == number


def _written(number: int) -> str:
    """Write a number in Chinese, the long way: 一万零三百零二."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1_000 else ""
        return f"{_written(number // 10_000)}万{gap}{_written(rest) if rest else ''}"
    said, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            said += ("零" if gap and said else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return said or "零"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("七天无理由", ["length:604800"]), ("7日内", ["length:604800"]), ("48小时内发货", ["length:172800"]),
        ("四十八个小时", ["length:172800"]), ("两个工作日", ["workdays:2"]), ("半个月", ["length:1296000"]),
        ("半小时", ["length:1800"]), ("一年保修", ["length:31536000"]), ("199元", ["money:19900"]),
        ("¥1,299.00", ["money:129900"]), ("一百九十九块", ["money:19900"]), ("三块五", ["money:350"]),
        ("9.9折", ["share:0.99"]), ("八五折", ["share:0.85"]),
        ("百分之九十五", ["share:0.95"]), ("95%", ["share:0.95"]),
        ("明天", ["day:2026-06-04"]), ("今晚", ["day:2026-06-03"]), ("后天到", ["day:2026-06-05"]),
        ("付款次日发货", ["day:+1"]),
        ("周五前", ["day:2026-06-05"]), ("下周一", ["day:2026-06-08"]), ("本周一", ["day:2026-06-01"]),
        ("6月18日", ["day:2026-06-18"]),
        ("六月十八号", ["day:2026-06-18"]), ("2026-06-18", ["day:2026-06-18"]), ("18:00前", ["clock:1080"]),
        ("晚上八点前", ["clock:480"]), ("5000mAh", ["measure:mah:5000"]), ("2公斤", ["measure:kg:2"]),
        ("尾号8841", ["code:8841"]), ("十分感谢您", []), ("第一次购买", []), ("千万别", []), ("1. 打开订单", []),
    ],
)  # fmt: skip
def test_values_come_to_the_same_however_they_are_written(text: str, said: list[str]) -> None:
    assert [f"{each.kind}:{each.said}" for each in values_in(text, NOW)] == said
