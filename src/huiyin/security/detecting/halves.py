"""Numbers told in pieces with words between: 前面是…，后面是…; the last piece first, the middle last, or backwards."""

from collections.abc import Iterator
from itertools import pairwise

import re2

from huiyin.security.detecting.leads import CARD, IDENTITY, ORDER, QQ, Leads
from huiyin.security.detecting.numbers import valid_card_number, valid_id_number
from huiyin.security.detecting.spans import Span

_PART = re2.compile(r"[0-9](?:[ \-]?[0-9])*x?")
_WORDS = re2.compile(
    r"前[面半几一二三四五六七八九1-9]|后[面半几一二三四五六七八1-9]|[半段剩]|余下|还有|再接|再加|接着|先[给报发写]|一截|补|分开|两次|第[一二12]"
)
_LATER = re2.compile(r"后面|后半|后几|后[一二三四五六七八1-8]|剩|接着")
_LAST_FIRST = re2.compile(
    r"(?:后面|后半|后[几一二三四五六七八1-8]|[尾末][号几一二三四五六七八1-8])[^0-9前]*(?:[1-8]位[^0-9前]*)?$"
)
_GOES_ON = re2.compile(r"接|加|再|然后|后面")
_BACKWARDS = re2.compile(r"倒过来|倒着|反过来|反着|从后往前|倒[念读写数]")
_MIDDLE_LAST = re2.compile(
    r"(?:^|[^0-9])(1[3-9][0-9])([x*×.·_\-]{1,8})([0-9]{4})[^0-9]{0,6}中间[^0-9]{0,4}(?:[4四]位)?[^0-9]{0,4}([0-9]{4})(?:[^0-9]|$)"
)
_ONE_END = re2.compile(r"[前后尾末](?:面的?)?([七八九7-9]|十|10)位[^0-9]{0,6}([0-9]{7,10})(?:[^0-9]|$)")
_LONGEST_BETWEEN = 30
_MOST_PARTS = 5
_REACH = 12


def find_halves(shadow: str, leads: Leads) -> Iterator[Span]:
    """Return the pieces of a telephone, an ID number or a bank card that words say belong together."""
    parts = [found.span() for found in _PART.finditer(shadow)]
    parts = [(start, end) for start, end in parts if end - start >= 2]
    for (start, end), (begin, last) in pairwise(parts):
        if begin - end > _LONGEST_BETWEEN:
            continue
        kind = _in_two(shadow, leads, (start, end), (begin, last))
        if kind:
            yield Span(start, end, kind)
            yield Span(begin, last, kind)
    yield from _in_many(shadow, leads, parts)
    if parts:
        yield from _ends(shadow, leads)
        yield from _backwards(shadow, parts)


def _in_two(shadow: str, leads: Leads, first: tuple[int, int], second: tuple[int, int]) -> str:
    """Return the kind of the number whose halves two parts are, in this order or the other; "" for none."""
    (start, end), (begin, last) = first, second
    before, between = shadow[max(0, start - _REACH) : start], shadow[end:begin]
    one, two = _bare(shadow[start:end]), _bare(shadow[begin:last])
    kind = ""
    long_enough = min(end - start, last - begin) >= 3
    if long_enough and _WORDS.search(before + shadow[start:begin]):
        kind = _whole(one + two)
    if not kind and 5 <= len(one + two) <= 11 and leads.beside(start) == QQ and _LATER.search(between):
        kind = "qq"
    if not kind and long_enough and _LAST_FIRST.search(before) and not leads.anywhere(ORDER):
        kind = _whole(two + one)
    return "" if kind == "bank_card" and not leads.anywhere(CARD) else kind


def _in_many(shadow: str, leads: Leads, parts: list[tuple[int, int]]) -> Iterator[Span]:
    """Return the pieces of a number told in three pieces or more: 13 8，后面接 1 2 3 4，再接 5 6 7 8."""
    for first in range(len(parts) - 2):
        digits = _bare(shadow[slice(*parts[first])])
        for place in range(first + 1, min(first + _MOST_PARTS, len(parts))):
            between = shadow[parts[place - 1][1] : parts[place][0]]
            if len(between) > _REACH or not _GOES_ON.search(between):
                break
            digits += _bare(shadow[slice(*parts[place])])
            kind = _whole(digits) if place - first >= 2 else ""
            if kind and (kind != "bank_card" or leads.anywhere(CARD)):
                yield from (Span(start, end, kind) for start, end in parts[first : place + 1])


def _ends(shadow: str, leads: Leads) -> Iterator[Span]:
    """Return what is told of a telephone in a way that says how long it is, or where the middle belongs."""
    for found in _MIDDLE_LAST.finditer(shadow):
        yield Span(found.start(1), found.end(3), "phone")
    yield from find_middles(shadow)
    for found in _ONE_END.finditer(shadow):
        told = found.group(1)
        size = 10 if told in {"十", "10"} else "七八九".find(told) + 7 if told in "七八九" else int(told)
        if size == len(found.group(2)) and not any(map(leads.anywhere, (ORDER, CARD, IDENTITY))):
            yield Span(*found.span(2), "phone")


def find_middles(shadow: str) -> Iterator[Span]:
    """Return the middle of a telephone that is told after its ends: 138xxxx1234，中间四位5678."""
    for found in _MIDDLE_LAST.finditer(shadow):
        yield Span(*found.span(4), "phone")


def _backwards(shadow: str, parts: list[tuple[int, int]]) -> Iterator[Span]:
    for found in _BACKWARDS.finditer(shadow):
        for start, end in parts:
            near = 0 <= start - found.end() <= _REACH or 0 <= found.start() - end <= _REACH
            if near and (kind := _whole(_bare(shadow[start:end])[::-1])):
                yield Span(start, end, kind)


def _bare(part: str) -> str:
    return part.replace(" ", "").replace("-", "")


def _whole(digits: str) -> str:
    if len(digits) == 18 and digits[:17].isdecimal() and digits[17] in "0123456789x" and valid_id_number(digits):
        return "id_number"
    if not digits.isdecimal():
        return ""
    if len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789":
        return "phone"
    if 16 <= len(digits) <= 19 and digits[0] in "3456" and valid_card_number(digits):
        return "bank_card"
    return ""
