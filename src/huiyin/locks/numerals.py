"""Read numbers as Chinese customers and agents write them: 两百五, 三万二, 七点五, 半, 1.2万. Pure."""

from decimal import Decimal

import re2

DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
MARKS = "".join((*DIGITS, *SMALL, *LARGE))
NUMERAL = rf"(?:[0-9][0-9,]*(?:\.[0-9]+)?[万亿千百]?|[{MARKS}]+(?:点[{''.join(DIGITS)}]+)?|半)"
"""A number, as a part of a regex."""
_DIGITS = re2.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)([万亿千百]?)")


def number_of(written: str) -> Decimal | None:
    """Return what a numeral says, None where it says nothing: 百 alone, 万一, 三五."""
    if written == "半":
        return Decimal("0.5")
    found = _DIGITS.fullmatch(written)
    if found is not None:
        digits, unit = str(found[1]), str(found[2])
        return Decimal(digits.replace(",", "")) * {**SMALL, **LARGE}.get(unit, 1)
    whole, dot, part = written.partition("点")
    number = _whole(whole)
    if number is None or not dot:
        return number
    return None if not part or any(each not in DIGITS for each in part) else number + _part(part)


def _part(part: str) -> Decimal:
    return Decimal("0." + "".join(str(DIGITS[each]) for each in part))


def _whole(written: str) -> Decimal | None:
    """Read 一百零五, 三万二 (32,000), 两百五 (250), 二〇二六."""
    if not written:
        return None
    if all(each in DIGITS for each in written):
        return Decimal("".join(str(DIGITS[each]) for each in written)) if len(written) != 2 else None
    total, section, digit, last = 0, 0, None, 1
    for mark in written:
        if mark in DIGITS:
            if digit:
                return None
            digit = DIGITS[mark]
            last = 1 if mark in "零〇" else last
        elif mark in SMALL:
            section += (1 if digit is None else digit) * SMALL[mark]
            digit, last = None, SMALL[mark]
        else:
            total = (total + section + (digit or 0)) * LARGE[mark]
            section, digit, last = 0, None, LARGE[mark]
    # 三万二 is thirty-two thousand: a digit left over counts the next place down.
    return Decimal(total + section + (digit or 0) * max(last // 10, 1))
