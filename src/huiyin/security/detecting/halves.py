"""Numbers that are told in two halves with words between: 前面是…，后面是…."""

from collections.abc import Iterator
from itertools import pairwise

import re2

from huiyin.security.detecting.leads import CARD, QQ, Leads
from huiyin.security.detecting.numbers import valid_card_number, valid_id_number
from huiyin.security.detecting.spans import Span

_PART = re2.compile(r"[0-9](?:[ \-]?[0-9])*x?")
_WORDS = re2.compile(
    r"前[面半几一二三四五六七八九]|后[面半几一二三四五六七八]|[半段剩]|余下|还有|再接|再加|接着|先[给报发写]|一截|补|分开|两次|第[一二12]"
)
_LATER = re2.compile(r"后面|后半|后几|后[一二三四五六]|剩|接着")
_LONGEST_BETWEEN = 30
_REACH = 12


def find_halves(shadow: str, leads: Leads) -> Iterator[Span]:
    """Return both halves of a telephone, an ID number or a bank card that words say belong together."""
    parts = [found.span() for found in _PART.finditer(shadow)]
    parts = [(start, end) for start, end in parts if end - start >= 2]
    for (start, end), (begin, last) in pairwise(parts):
        if begin - end > _LONGEST_BETWEEN or not _WORDS.search(shadow[max(0, start - _REACH) : begin]):
            continue
        digits = _bare(shadow[start:end]) + _bare(shadow[begin:last])
        kind = _whole(digits) if min(end - start, last - begin) >= 3 else ""
        if not kind and 5 <= len(digits) <= 11 and leads.beside(start) == QQ and _LATER.search(shadow[end:begin]):
            kind = "qq"
        if kind == "bank_card" and not leads.anywhere(CARD):
            continue
        if kind:
            yield Span(start, end, kind)
            yield Span(begin, last, kind)


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
