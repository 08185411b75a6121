"""Numbers that belong to a person: telephones, resident identity numbers, bank cards, QQ numbers.

A run is digits with little between them. Its groups are joined as people group such numbers, and the words beside it
decide where digits alone do not: an order's number is nobody's telephone.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import re2

from huiyin.security.detecting.leads import CARD, CODE, IDENTITY, ORDER, PHONE, QQ, WECHAT, Leads
from huiyin.security.detecting.spans import Span

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK = "10X98765432"
"""GB 11643-1999: the check digit is ID_CHECK[sum(weight × digit) mod 11]."""

_RUN = re2.compile(r"[0-9](?:[ \t\n\-.·•_—–~()\x{200b}/,]{0,3}[0-9])*")
_MOST_GROUPS = 20
_FEWEST_DIGITS = 5
_PROVINCES = frozenset(map(str, [*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55),
                                 *range(61, 66), 71, 81, 82, 83]))  # fmt: skip
_CARD_BEGINS = ("62", "4", "51", "52", "53", "54", "55", "35", "60", "81", "9558", "9555", "6858")
_PHONE_SHAPES = frozenset({
    (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 4, 3), (4, 7), (5, 6), (6, 5), (3, 5, 3), (3, 4, 2, 2), (3, 2, 2, 2, 2),
    (3, 2, 3, 3), (3, 3, 3, 2), (1, 10), (2, 9), (4, 3, 4), (9, 2), (10, 1), (8, 3), (2, 3, 3, 3), (3, 2, 2, 4),
})  # fmt: skip
_SPEAKS_OF_PHONES = frozenset({
    "tel", "phone", "mobile", "mob", "sj", "dh", "t", "p", "m", "v", "vx", "wx", "call", "is", "cell", "hp", "no",
    "number", "dianhua", "shouji",
})  # fmt: skip
_MINE = re2.compile(r"(?:是|我)的?(?:我的?)?(?:手机|电话|号码)")
_MONEY = frozenset("元块%℃㎡￥")


class Group(NamedTuple):
    """Digits without anything between them."""

    start: int
    end: int
    digits: str


class Run(NamedTuple):
    """A run's groups, and the half-width text and lead words around them."""

    groups: list[Group]
    shadow: str
    leads: Leads


class Joined(NamedTuple):
    """Groups [first, last] of a run taken for one number."""

    digits: str
    first: int
    last: int
    told: str
    """The sense of the lead word before it."""


def valid_id_number(digits: str) -> bool:
    """Tell whether an 18-character resident ID number carries its own check digit (GB 11643-1999)."""
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, digits[:17], strict=True))
    return ID_CHECK[total % 11] == digits[17].upper()


def valid_card_number(digits: str) -> bool:
    """Tell whether a card number passes Luhn (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def find_numbers(shadow: str, leads: Leads) -> Iterator[Span]:
    """Return the personal numbers of a half-width text, in order."""
    refused = -9
    for found in _RUN.finditer(shadow):
        start, end = found.span()
        if end - start < _FEWEST_DIGITS - 1:
            continue
        run = Run(_groups(shadow, start, end), shadow, leads)
        place = 0
        while place < len(run.groups):
            after_order = leads.linked(refused, run.groups[place].start)
            span, last = _number(run, place, after_order=after_order)
            if span is not None and span.kind:
                yield span
            elif span is not None:
                refused = span.end
            place = last + 1


def _groups(shadow: str, start: int, end: int) -> list[Group]:
    run = shadow[start:end]
    if run.isdecimal():
        return [Group(start, end, run)]
    groups, begin = [], -1
    for at, mark in enumerate(run + " "):
        if mark.isdecimal():
            begin = at if begin < 0 else begin
        elif begin >= 0:
            groups.append(Group(start + begin, start + at, run[begin:at]))
            begin = -1
    return groups


def _number(run: Run, first: int, *, after_order: bool) -> tuple[Span | None, int]:
    """Return the number that begins at a group and its last group; a span without kind is an order's number."""
    best: tuple[Span, int] | None = None
    digits = ""
    told = run.leads.beside(run.groups[first].start)
    end = len(run.groups) - 1
    for last in range(first, min(end + 1, first + _MOST_GROUPS)):
        digits += run.groups[last].digits
        size = len(digits)
        if size > _MOST_DIGITS:
            break
        called = size >= _FEWEST_DIGITS - 1 and bool(told or last in {first, end})
        if not called and not (size in _TELLING_SIZES and digits.startswith(_TELLING_SIZES[size])):
            continue
        span = _judged(run, Joined(digits, first, last, told), after_order=after_order)
        if span is not None and (best is None or _RANK[span.kind] >= _RANK[best[0].kind]):
            best = span, last
    return best if best is not None else (None, first)


_MOST_DIGITS = 19
_MOBILE = tuple(f"1{digit}" for digit in "3456789")
_ABROAD = ("852", "853", "886")
_IDENTITY = tuple(_PROVINCES)
_TELLING_SIZES: dict[int, tuple[str, ...]] = {
    11: (*_MOBILE, "0", *_ABROAD),
    12: ("0", *_ABROAD),
    13: ("861",),
    15: (*_IDENTITY, "00861", *_CARD_BEGINS),
    16: _CARD_BEGINS,
    17: (*_IDENTITY, *_CARD_BEGINS),
    18: (*_IDENTITY, *_CARD_BEGINS),
    19: _CARD_BEGINS,
}
"""How many digits a number may have that is known without a word beside it, and how it begins."""

_RANK = {"": 0, "qq": 1, "wechat": 1, "code": 1, "phone": 2, "bank_card": 3, "id_number": 4}


def _judged(run: Run, joined: Joined, *, after_order: bool) -> Span | None:
    """Return what groups taken for one number are; a span without kind for an order's number, None for nothing."""
    if not _stands_alone(run, joined):
        return None
    start, end = run.groups[joined.first].start, run.groups[joined.last].end
    orders = after_order or joined.told == ORDER
    found = _identity(run, joined) if len(joined.digits) in {15, 17, 18} else None
    if found is None and len(joined.digits) >= 15 and not orders and _is_card(run, joined):
        found = Span(start, end, "bank_card")
    if found is not None:
        return found
    after = run.leads.told_after(end)
    called = _called(run, joined, after)
    if called:
        return Span(start, end, called)
    if not _is_phone(run, joined):
        return None
    if (orders or (not joined.told and after == ORDER)) and not _MINE.search(run.shadow[end : end + 14]):
        return Span(start, end, "")
    return Span(_with_plus(run.shadow, start), end, "phone")


def _called(run: Run, joined: Joined, after: str) -> str:
    """Return the kind of a number that only a word beside it tells: an account or a code; "" for none."""
    digits, first, last, told = joined
    whole = first == last or (last == len(run.groups) - 1 and last - first < _MOST_GROUPS and _small(run, joined))
    if not whole:
        return ""
    if told in {QQ, WECHAT} and 5 <= len(digits) <= 10 and digits[0] != "0" and after != ORDER:
        return told
    if CODE in {told, told or after} and 4 <= len(digits) <= 8:
        return "code"
    told_so = after == QQ and not told and first == last and 6 <= len(digits) <= 10
    start = run.groups[first].start
    # 扣 is short for QQ, and means to deduct: only digits written one by one are taken for an account.
    one_by_one = run.shadow[start - 1 : start] == "扣" and last - first + 1 == len(digits) >= 5
    return "qq" if told_so or (one_by_one and len(digits) <= 10) else ""


def _small(run: Run, joined: Joined) -> bool:
    return max(len(each.digits) for each in run.groups[joined.first : joined.last + 1]) <= 8


def _with_plus(shadow: str, start: int) -> int:
    return start - 1 if start and shadow[start - 1] == "+" else start


def _stands_alone(run: Run, joined: Joined) -> bool:
    """Tell whether no letter, no decimal point and no unit of money is grown to a number."""
    start, end = run.groups[joined.first].start, run.groups[joined.last].end
    shadow, glued = run.shadow, False
    if start and "a" <= shadow[start - 1] <= "z":
        begin = start - 1
        while begin and start - begin < 9 and "a" <= shadow[begin - 1] <= "z":
            begin -= 1
        glued = shadow[begin:start] in _SPEAKS_OF_PHONES
        if not glued and joined.told not in {QQ, WECHAT, PHONE}:
            return False
    after = shadow[end : end + 2]
    if after[:1] in _MONEY or (after[:1] == "." and after[1:].isdecimal() and after[1:].isascii()):
        # 10.5 kg after a number with a blank between is another number; 1234567.89 is an amount.
        return bool(after) and after[0] == "." and len(run.groups[joined.last + 1].digits) > 2
    if after[:1] and "a" <= after[0] <= "z":
        return glued or (after[0] in "vwxqt" and not (len(joined.digits) not in {11, 13, 17} or after[1:].isdecimal()))
    return True


def _identity(run: Run, joined: Joined) -> Span | None:
    digits, first, last, told = joined
    start, end = run.groups[first].start, run.groups[last].end
    if digits[:2] not in _PROVINCES:
        return None
    if len(digits) == 17:
        rest = run.shadow[end : end + 2].lstrip(" -")
        if not rest or rest[0] not in "x×✗":
            return None
        digits, end = digits + "x", run.shadow.index(rest[0], end) + 1
        if run.shadow[end : end + 1].isascii() and run.shadow[end : end + 1].isalnum():
            return None
    asked = told == IDENTITY or run.leads.near(start, IDENTITY)
    if len(digits) == 15:
        good = asked and _is_day("19" + digits[6:12])
    else:
        # One digit mistyped still tells a birthday and a home, so a number called an ID number needs no check digit.
        good = _is_day(digits[6:14]) and (valid_id_number(digits) or (asked and told != ORDER))
    return Span(start, end, "id_number") if good else None


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2099


def _is_card(run: Run, joined: Joined) -> bool:
    digits, first, last, told = joined
    begins = digits.startswith(_CARD_BEGINS) or (told == CARD and digits.startswith(("34", "36", "37")))
    if not begins or not valid_card_number(digits) or not digits.strip(digits[0]):
        return False
    sizes = tuple(len(each.digits) for each in run.groups[first : last + 1])
    shaped = len(sizes) == 1 or set(sizes) == {1} or (set(sizes[:-1]) <= {4} and sizes[-1] <= 4) or sizes[0] == 6
    whole = first == 0 and last == len(run.groups) - 1
    shaped = shaped or (whole and len(sizes) <= 3)
    long_enough = len(digits) >= 16 or told == CARD or (told == CARD and digits.startswith(("34", "37", "36")))
    return shaped and long_enough and (told == CARD or run.leads.told_after(run.groups[last].end) != ORDER)


def _is_phone(run: Run, joined: Joined) -> bool:
    digits, first, last, told = joined
    sizes = tuple(len(each.digits) for each in run.groups[first : last + 1])
    if digits[0] == "1" and len(digits) == 11:
        return digits[1] in "3456789" and _grouped(run, joined, sizes)
    if digits.startswith(("861", "00861")) and len(digits) in {13, 15}:
        code = 2 if len(digits) == 13 else 4
        if digits[code + 1] not in "3456789":
            return False
        rest = (sizes[0] - code, *sizes[1:]) if sizes[0] > code else sizes[1:]
        return _grouped(run, joined, rest)
    if digits[0] == "0":
        return _is_landline(digits, sizes, told)
    if 7 <= len(digits) <= 8 and told == PHONE and sizes in {(7,), (8,), (4, 4), (3, 4)}:
        return digits[0] in "2345678"
    start = run.groups[first].start
    abroad = bool(start) and run.shadow[start - 1] == "+"
    return abroad and 10 <= len(digits) <= 13 and digits.startswith(("852", "853", "886"))


def _grouped(run: Run, joined: Joined, sizes: tuple[int, ...]) -> bool:
    if len(sizes) == 1 or sizes in _PHONE_SHAPES:
        return True
    whole = joined.first == 0 and joined.last == len(run.groups) - 1
    return (len(sizes) >= 6 and max(sizes) <= 2) or (whole and min(sizes[:-1]) >= 3)


def _is_landline(digits: str, sizes: tuple[int, ...], told: str) -> bool:
    area = 3 if digits[1:2] in {"1", "2"} else 4
    if digits[1:2] in {"0", ""} or (digits[1] == "1" and digits[2:3] != "0"):
        return False
    if len(digits) - area not in {7, 8} or digits[area] in "019":
        return False
    return sizes[0] == area or (len(sizes) == 1 and told != ORDER)
