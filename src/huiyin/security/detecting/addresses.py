"""Addresses: a chain of parts (regions, towns, roads, places, numbered units) that is told apart by its weight.

The vocabulary cuts the text; what stands between two words of it is the name of the later one. A chain ends at a word
that addresses do not hold. A region alone is nobody's address; a road with a number is.
"""

from collections.abc import Iterator

import re2

from huiyin.security.detecting.addresswords import (
    COUNTER, LEAD, NOISE, PLACE, REGION, ROAD, STOP, TOWN, UNIT, VILLAGE, WAY, Word, words,
)  # fmt: skip
from huiyin.security.detecting.spans import Span

_COUNTED = frozenset("0123456789abcdefghijklmnopqrstuvwxyz-—–~#_一二三四五六七八九十百零〇两甲乙丙丁东西南北负")
_NAME_MARK = re2.compile(r"^[\p{Han}0-9a-z·\-#]*$")
_TAIL_NUMBER = re2.compile(r"^[ ]?(?:(?:block[ ]?)?[a-z]{0,2}\d{1,6}(?:[ ]?[\-—–_~#/]+[ ]?[a-z]?\d{1,5}){0,4}[a-z]?(?:室|号|楼|f|#)?|[a-z]?[一二三四五六七八九十零〇]{3,5})")
_PLAIN = re2.compile(r"^[\p{Han}0-9a-z()（）\-]+")
_GAP = re2.compile(r"^(?:[ ,，\-—、()（）\t\n|/]{0,2}|[旁边内口侧附近前后对面]{0,3}[)）][ ,，|/、]?|[（(][^()（）]{1,12}[)）][ ,，|/、]?)$")
_NAME_GAP = re2.compile(r"^[ ,，|/、][\p{Han}]{2,7}[ ,，|/、（(]$")
_LONGEST_GAP = 16
_AMOUNT = frozenset("0123456789一二三四五六七八九十百千万几多半两")
_SOFT = frozenset("和来会看说问叫让帮等拿买卖用派取放去找能才又再先跑走要想好对错亲送寄发不没及与跟就都也还被把从")
_STRONG = ("栋", "幢", "座", "号楼", "单元", "室", "#", "舍", "号院", "组团", "弄", "楼栋", "栋楼", "幢楼")
_HOUSE = re2.compile(r"\d{1,3}-\d{1,2}-\d{3,4}")
_LONGEST_NAME = 9
_LONGEST_TAIL = 14
_MOST_PARTS = 24
_NAMED = frozenset({TOWN, VILLAGE, ROAD, PLACE})


class _Chain:
    """An address in the making."""

    def __init__(self, start: int, *, led: bool) -> None:
        self.start = start
        self.end = start
        self.reach = start
        """Where the way to the next part ends: 南门进去右拐 is no part, and leads to one."""
        self.led = led
        self.parts: list[str] = []
        self.number = False

    def add(self, role: str, end: int) -> None:
        self.parts.append(role)
        self.end = self.reach = end

    def weighs_enough(self) -> bool:
        """Tell whether the parts make an address that leads to a door."""
        count = self.parts.count
        named = sum(each in _NAMED for each in self.parts)
        units, regions = count(UNIT), count(REGION)
        if named >= 1 and (units or self.number):
            return True
        if named >= 2 and (len(set(self.parts) - {REGION, PLACE}) >= 1 or self.led):
            return True
        if units >= 3 or (units >= 2 and (self.number or self.led or regions)):
            return True
        if regions >= 2 and named:
            return True
        return self.led and bool(regions) and bool(count(ROAD) or count(VILLAGE) or count(PLACE))


def find_addresses(shadow: str) -> Iterator[Span]:
    """Return the addresses of a half-width text, in order."""
    reader = _Reader(shadow)
    vocabulary = words(shadow)
    houses = [Word(*found.span(), "house") for found in _HOUSE.finditer(shadow)]
    if houses:
        vocabulary = sorted([*vocabulary, *houses])
    for place, word in enumerate(vocabulary):
        yield from reader.read(word, vocabulary[place + 1] if place + 1 < len(vocabulary) else None)
    yield from reader.finish()


class _Reader:
    """Reads the words of a text from left to right and holds at most one chain."""

    def __init__(self, shadow: str) -> None:
        self._shadow = shadow
        self._chain: _Chain | None = None
        self._free = 0
        """Where the next name may begin: behind the last word that ended something."""
        self._led = False

    def read(self, word: Word, following: Word | None) -> Iterator[Span]:
        """Take the next word; return the address that it ended, if any."""
        role = word.role
        if role == COUNTER:
            if word.start and self._shadow[word.start - 1] in _AMOUNT:
                yield from self._closed()
                self._free = word.end
            return
        if role in {STOP, NOISE, LEAD}:
            if role == STOP and self._inside_name(word, following):
                return
            yield from self._closed()
            self._free = word.end
            self._led = role == LEAD or (self._led and role == STOP and word.start == self._free)
            return
        if role == "landmark":
            return
        if role == WAY:
            if self._chain is not None and word.start - self._chain.reach <= 4:
                self._chain.reach = word.end
            return
        if role == "division":
            if self._chain is None:
                return
            if self._chain.end == word.start and self._chain.parts[-1] != UNIT:
                self._chain.parts[-1] = REGION
                self._grow(word.start, word.end, REGION)
                return
            if self._chain.parts[-1] != REGION:
                return
            role = REGION
        if role == "named":
            role = ROAD
        if role == "house":
            yield from self._house(word)
            return
        yield from self._part(word, role)

    def _inside_name(self, word: Word, following: Word | None) -> bool:
        """Tell whether a stop is the beginning of a name: 和 in 和平路, 先 in 朝阳区先锋路."""
        if word.end - word.start > 1 or self._shadow[word.start] not in _SOFT or following is None:
            return False
        named = following.role in _NAMED or following.role in {"division", "named"}
        begin = self._chain.reach if self._chain is not None else self._free
        right_after = not self._shadow[begin : word.start].strip(" ,，|/、")
        return named and right_after and 1 <= following.start - word.end <= (4 if self._chain is not None else 1)

    def _part(self, word: Word, role: str) -> Iterator[Span]:
        start = self._counted_from(word.start) if role == UNIT else word.start
        if role == UNIT and start == word.start:
            return
        if role == UNIT and start and self._shadow[start - 1] == "第":
            start -= 1
        if role == REGION and word.end - word.start >= 2:
            if self._chain is not None and not self._joins(start, role):
                yield from self._closed()
            self._grow(start, word.end, role)
            return
        begin = self._name_begin(start)
        if begin is None:
            return
        if self._chain is not None and not self._joins(begin, role):
            yield from self._closed()
            begin = self._name_begin(start) or begin
        lonely = self._chain is None and role != UNIT and start - begin < 1
        if role in _NAMED and start == begin and word.end - word.start < 3 and lonely:
            return
        if role == UNIT and start - begin > 1 and self._names_a_place(word, begin, start):
            self._grow(begin, start, PLACE)
        elif self._chain is None and role == UNIT and start - begin > 0:
            begin = start
        self._grow(begin, word.end, role)

    def _house(self, word: Word) -> Iterator[Span]:
        """Take building-unit-room numbers such as 6-2-1201 where a name stands before them."""
        begin = self._name_begin(word.start)
        if begin is None or (self._chain is not None and not self._joins(begin, UNIT)):
            return
        named = 2 <= word.start - begin <= 7
        if self._chain is None and not (named and self._led):
            return
        if named:
            self._grow(begin, word.start, PLACE)
        self._grow(word.start, word.end, UNIT)
        yield from ()

    def _names_a_place(self, word: Word, begin: int, start: int) -> bool:
        """Tell whether 书香门第 in 书香门第3栋 is a place's name: a firm unit follows, or a region came before."""
        strong = self._shadow[word.start : word.end] in _STRONG
        return strong and (self._chain is None or self._chain.parts[-1] != UNIT) and start - begin <= 7

    def _counted_from(self, at: int) -> int:
        """Return where the number before a unit begins; `at` itself where there is none."""
        begin = at
        while begin > self._free and at - begin < 12 and self._shadow[begin - 1] in _COUNTED:
            begin -= 1
        if begin == at and at - 1 > self._free and self._shadow[at - 1] == " " and self._shadow[at - 2] in _COUNTED:
            return self._counted_from(at - 1)
        return begin

    def _name_before(self, at: int) -> str:
        return self._shadow[self._chain.reach if self._chain else self._free : at]

    def _name_begin(self, at: int) -> int | None:
        """Return where the name before `at` begins; None where what stands there is no name."""
        floor = self._chain.reach if self._chain else self._free
        name = self._shadow[floor:at]
        cut = max(name.rfind(mark) for mark in " ,，.:;；：!?！？、)]）\n\t\"'”“/…*\u200b|[【(（~>→=+")
        begin = floor + cut + 1
        if at - begin > _LONGEST_NAME:
            return at - 4 if self._chain is None else None
        return begin if _NAME_MARK.search(self._shadow[begin:at]) else None

    def _joins(self, begin: int, role: str) -> bool:
        chain = self._chain
        if chain is None:
            return False
        gap = self._shadow[chain.reach : begin]
        if len(gap) > _LONGEST_GAP or len(chain.parts) >= _MOST_PARTS:
            return False
        return bool(_GAP.search(gap)) or (role in {UNIT, PLACE} and len(chain.parts) >= 2 and bool(_NAME_GAP.search(gap)))

    def _grow(self, begin: int, end: int, role: str) -> None:
        if self._chain is None:
            self._chain = _Chain(begin, led=self._led)
        self._chain.add(role, end)
        self._free = end

    def _closed(self) -> Iterator[Span]:
        chain, self._chain = self._chain, None
        self._led = False
        if chain is None:
            return
        if chain.parts[-1] != REGION:
            self._append_number(chain)
        if chain.weighs_enough():
            self._append_landmark(chain)
            self._free = max(self._free, chain.end)
            yield Span(chain.start, chain.end, "address")

    def _append_number(self, chain: _Chain) -> None:
        found = _TAIL_NUMBER.search(self._shadow[chain.end : chain.end + 40])
        if found is None:
            return
        tail = found.group(0)
        after = self._shadow[chain.end + len(tail) : chain.end + len(tail) + 1]
        spaced = tail.startswith(" ")
        if after in {"元", "块", "年", "月", "天", "个", "件", "点", "分", ".", ":", "%"} or (after.isdecimal()):
            return
        if spaced and chain.parts[-1] not in {UNIT, PLACE}:
            return
        chain.number = chain.number or (len(tail.strip()) >= 2 and not spaced)
        chain.end += len(tail)

    def _append_landmark(self, chain: _Chain) -> None:
        """Take the shop, the bank or the corner behind an address along, up to the next mark."""
        found = _PLAIN.search(self._shadow[chain.end : chain.end + _LONGEST_TAIL])
        if found is None:
            return
        tail = found.group(0)
        ends = [word.end for word in words(tail) if word.role in {"landmark", PLACE, UNIT, WAY}]
        stops = [word.start for word in words(tail) if word.role in {STOP, LEAD}]
        good = [end for end in ends if not stops or end <= stops[0]]
        if good:
            chain.end += good[-1]

    def finish(self) -> Iterator[Span]:
        """Return the address that the end of the text ended, if any."""
        yield from self._closed()
