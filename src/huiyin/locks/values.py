"""Find the values a text states: money, lengths of time, days, hours, shares, counts. Pure.

Two wordings of one value are equal: 七天, 7日 and 7 天; 9.9折 and 99%; 明天 and its date. Working days are no days.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import re2

from huiyin.knowledge.folding import fold
from huiyin.locks.numerals import DIGITS, NUMERAL, number_of

BEIJING = ZoneInfo("Asia/Shanghai")


class Kind(StrEnum):
    """What a value measures."""

    MONEY = "money"
    LENGTH = "length"
    WORKDAYS = "workdays"
    DAY = "day"
    CLOCK = "clock"
    SHARE = "share"
    COUNT = "count"
    MEASURE = "measure"
    CODE = "code"


class Value(NamedTuple):
    """A value and where it stands, characters [start, end) of the folded text.

    `said` is what it comes to: 分 for money, seconds for lengths, an ISO date for days (+1 for 次日), minutes after
    midnight for clocks, a part of one for shares, "unit:number" for counts and measures, the characters for codes.
    """

    kind: Kind
    said: str
    start: int
    end: int


_UNITS: dict[str, int] = {
    "秒钟": 1, "秒": 1, "分钟": 60, "个小时": 3600, "个钟头": 3600, "小时": 3600, "钟头": 3600, "h": 3600,
    "个自然日": 86_400, "自然日": 86_400, "天": 86_400, "日内": 86_400, "日": 86_400, "个星期": 7 * 86_400,
    "星期": 7 * 86_400, "周": 7 * 86_400, "个月": 30 * 86_400, "年": 365 * 86_400,
}  # fmt: skip
_COUNTED = "件|个|只|双|台|部|箱|盒|瓶|包|袋|条|张|套|次|人|位|期|单|笔|颗|片|支|罐|桶|份|枚|倍|级|档|款|层|寸"
_MEASURED = (
    "mah|mm|cm|km|kg|ml|gb|tb|mb|ghz|hz|kw|w|v|g|m|l|毫安时?|毫安|毫米|厘米|米|千克|公斤|克|斤|毫升|升|英寸|瓦|伏|度"
)
_LENGTHS = "|".join(sorted(_UNITS, key=len, reverse=True))
_RELATIVE = {
    "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3,
    "昨天": -1, "前天": -2,
}  # fmt: skip
_AFTER = {"当天": 0, "当日": 0, "次日": 1, "隔天": 1, "隔日": 1, "第二天": 1}
"""Days counted from what the sentence speaks of, not from today: 付款次日发货 is no date."""
_WEEKDAYS = "一二三四五六日天"

_PATTERNS: tuple[tuple[Kind, Any], ...] = tuple(
    (kind, re2.compile(pattern))
    for kind, pattern in (
        (Kind.DAY, r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?"),
        (Kind.DAY, rf"()({NUMERAL})月({NUMERAL})[日号]?"),
        (Kind.MONEY, rf"(?:¥|rmb)\s?({NUMERAL})()"),
        (Kind.MONEY, rf"({NUMERAL})\s?(?:元|块钱?|圆|rmb)([一二三四五六七八九][毛角]?|[0-9][毛角])?"),
        (Kind.SHARE, rf"({NUMERAL})\s?(%|折|成(?:新)?)"),
        (Kind.SHARE, rf"百分之({NUMERAL})()"),
        (Kind.CLOCK, r"([0-9]{1,2})[:：]([0-9]{2})"),
        (Kind.CLOCK, rf"({NUMERAL})点(半|[0-9]{{1,2}}分|整)?(?:前|后|之前|之后|左右|整)"),
        (Kind.WORKDAYS, rf"({NUMERAL})\s?(?:个)?工作[日天]()"),
        (Kind.LENGTH, rf"({NUMERAL})\s?({_LENGTHS})"),
        (Kind.MEASURE, rf"({NUMERAL})\s?({_MEASURED})\b"),
        (Kind.MEASURE, rf"({NUMERAL})\s?(毫安时?|毫米|厘米|米|千克|公斤|克|斤|毫升|升|英寸|瓦|伏|度)"),
        (Kind.COUNT, rf"({NUMERAL})\s?({_COUNTED})"),
        (Kind.CODE, r"([0-9a-z]*[0-9][0-9a-z]{3,})()"),
        (Kind.COUNT, r"([0-9]+(?:\.[0-9]+)?)()"),
    )
)
_WORD_DAYS = re2.compile(
    f"{'|'.join(sorted(_RELATIVE | _AFTER, key=len, reverse=True))}|(?:这|本|下)?(?:周|星期|礼拜)[{_WEEKDAYS}]"
)


def values_in(text: str, now: datetime) -> list[Value]:
    """Return the values a text states, in order, none overlapping; relative days are those of `now` in Beijing."""
    folded = fold(text)
    taken = [False] * len(folded)
    found: list[Value] = []
    today = now.astimezone(BEIJING).date()
    for match in _finds(_WORD_DAYS, folded):
        found.append(_claimed(taken, Value(Kind.DAY, _day_of(match[0], today), *match.span())))  # noqa: PERF401  # as below
    for kind, pattern in _PATTERNS:
        for match in _finds(pattern, folded):
            start, end = match.span()
            if any(taken[start:end]) or _is_place(folded, start, end):
                continue
            said = _said(kind, match, today)
            if said is not None:
                found.append(_claimed(taken, Value(said[0], said[1], start, end)))
    return sorted(found, key=lambda each: each.start)


def _finds(pattern: Any, folded: str) -> Iterator[Any]:  # noqa: ANN401  # the stubs call RE2's types private
    yield from pattern.finditer(folded)


def _is_place(folded: str, start: int, end: int) -> bool:
    """Tell whether a number only counts off: 第一次, or the 1. before a step."""
    step = folded[start:end].isdecimal() and folded[end : end + 1] in {".", ",", ")"}
    return folded[start - 1 : start] == "第" or (step and folded[:start].rstrip(" (")[-1:] in {"", "\n"})


def _claimed(taken: list[bool], value: Value) -> Value:
    taken[value.start : value.end] = [True] * (value.end - value.start)
    return value


def _said(kind: Kind, match: Any, today: date) -> tuple[Kind, str] | None:  # noqa: ANN401  # as above
    """Return what a match comes to, None where it is no value after all (一下, 三月 as a name)."""
    groups = match.groups()
    if kind is Kind.DAY:
        return _date(groups, today)
    if kind is Kind.CODE:
        return kind, str(groups[0])
    unit = groups[1] or ""
    if unit == "折" and len(groups[0]) == 2 and all(each in DIGITS for each in groups[0]):
        return kind, f"0.{DIGITS[groups[0][0]]}{DIGITS[groups[0][1]]}"
    number = number_of(groups[0])
    if number is None:
        return None
    said = {
        Kind.MONEY: lambda: _plain(number * 100 + _small_change(unit)),
        Kind.SHARE: lambda: _plain(number / (10 if unit.startswith(("折", "成")) and number < 10 else 100)),
        Kind.CLOCK: lambda: _plain(number * 60 + _minutes(unit)),
        Kind.WORKDAYS: lambda: _plain(number),
        Kind.LENGTH: lambda: _plain(number * _UNITS[unit]),
        Kind.MEASURE: lambda: f"{_unit(unit)}:{_plain(number)}",
        Kind.COUNT: lambda: f"{unit}:{_plain(number)}",
    }[kind]()
    return kind, said


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _small_change(written: str) -> int:
    """Read what follows 块: 三块五 is three yuan fifty."""
    digit = number_of(written[0]) if written else None
    return 0 if digit is None else int(digit * 10)


def _minutes(written: str) -> int:
    if written == "半":
        return 30
    bare = written.removesuffix("分").removesuffix("整")
    return int(bare) if bare.isdecimal() else 0


_SAME = {
    "毫安时": "mah",
    "毫安": "mah",
    "毫米": "mm",
    "厘米": "cm",
    "米": "m",
    "千克": "kg",
    "公斤": "kg",
    "克": "g",
    "毫升": "ml",
    "升": "l",
    "瓦": "w",
    "伏": "v",
}


def _unit(written: str) -> str:
    return _SAME.get(written, written)


def _date(groups: tuple[str | None, ...], today: date) -> tuple[Kind, str] | None:
    year, month, day = (number_of(each) if each else None for each in groups)
    if month is None or day is None:
        return None
    try:
        return Kind.DAY, date(int(year or today.year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _day_of(word: str, today: date) -> str:
    if word in _AFTER:
        return f"+{_AFTER[word]}"
    if word in _RELATIVE:
        return (today + timedelta(days=_RELATIVE[word])).isoformat()
    wanted = _WEEKDAYS.index(word[-1]) % 7
    monday = today - timedelta(days=today.weekday())
    if word.startswith("下"):
        return (monday + timedelta(days=7 + wanted)).isoformat()
    if word[0] in "这本":
        return (monday + timedelta(days=wanted)).isoformat()
    return (today + timedelta(days=(wanted - today.weekday()) % 7)).isoformat()


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a text stands: what is struck is struck whole."""
    start = 0
    for place, mark in enumerate(text):
        if mark in "。！？!?；;\n":
            yield start, place + 1
            start = place + 1
    if text[start:].strip():
        yield start, len(text)
