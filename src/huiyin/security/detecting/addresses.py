"""Addresses: a chain of parts (regions, towns, roads, places, numbered units) that is told apart by its weight.

The vocabulary cuts the text; what stands between two words of it is the name of the later one. A chain ends at a word
that addresses do not hold. A region alone is nobody's address; a road with a number is.
"""

from collections.abc import Iterator

import re2

from huiyin.security.detecting.addresschain import LEVEL, LEVELS, NAMED, Chain
from huiyin.security.detecting.addresswords import (
    COUNTER,
    DIVISION,
    HOUSE,
    LANDMARK,
    LEAD,
    NAMED_ROAD,
    NOISE,
    PLACE,
    REGION,
    ROAD,
    STOP,
    TOWN,
    UNIT,
    VILLAGE,
    WAY,
    Word,
    words,
)  # fmt: skip
from huiyin.security.detecting.spans import Span

_COUNTED = frozenset("0123456789abcdefghijklmnopqrstuvwxyz-—–~#_一二三四五六七八九十百零〇两甲乙丙丁东西南北负")
_NAME = re2.compile(r"^[\p{Han}0-9a-z·\-#]*$")
_GAP = re2.compile(
    r"^(?:[ ,，\-—、()（）\t\n|/_]{0,2}|[旁边内口侧附近前后对面]{0,3}[)）][ ,，|/、]?"
    r"|[（(][^()（）]{1,12}[)）][ ,，|/、]?)$"
)
_NAME_GAP = re2.compile(r"^[ ,，|/、][\p{Han}]{2,7}[ ,，|/、（(]$")
_FIRM = frozenset(["栋", "幢", "座", "号楼", "单元", "室", "#", "舍", "号院", "组团", "弄", "楼栋", "栋楼", "幢楼"])
_HOUSE = re2.compile(r"\d{1,3}-\d{1,2}-\d{3,4}|(?:塔楼?|\bt)[0-9a-e][ \-]\d{3,4}\b")
_AMOUNT = frozenset("0123456789一二三四五六七八九十百千万几多半两")
_SOFT = frozenset(
    "和来会看说问叫让帮等拿买卖用派取放去找能才又再先跑走要想好对错亲送寄发不没及与跟就都也还被把从到在至往"
)
"""Stops that are met in names too: 和 in 和平路, 先 in 先锋街."""
_MARKS = " ,，.:;；：!?！？、)]）\n\t\"'”“/…*\u200b|[【(（~>→=+_"
_COMMAS = frozenset(",，、")
_LONGEST_NAME = 9
_KEPT_OF_A_LONG_NAME = 4
_LONGEST_PLACE = 7
_LONGEST_COUNT = 12
_LONGEST_GAP = 16
_MOST_PARTS = 24


def find_addresses(shadow: str) -> Iterator[Span]:
    """Return the addresses of a half-width text, in order."""
    vocabulary = words(shadow)
    houses = [Word(*found.span(), HOUSE) for found in _HOUSE.finditer(shadow)]
    if houses:
        vocabulary = sorted([*vocabulary, *houses])
    reader = _Reader(shadow)
    for place, word in enumerate(vocabulary):
        yield from reader.read(word, vocabulary[place + 1] if place + 1 < len(vocabulary) else None)
    yield from reader.close()


class _Reader:
    """Reads the words of a text from left to right and holds at most one chain."""

    def __init__(self, shadow: str) -> None:
        self._shadow = shadow
        self._chain: Chain | None = None
        self._free = 0
        """Where the next name may begin: behind the last word that ended something."""
        self._led = False

    def read(self, word: Word, following: Word | None) -> Iterator[Span]:
        """Take the next word; return the address that it ended, if any."""
        role = word.role
        if role in {STOP, NOISE, LEAD} or (role == COUNTER and self._counts(word)):
            if role != STOP or not self._begins_a_name(word, following):
                yield from self.close()
                self._free = word.end
                self._led = role == LEAD
        elif role == WAY:
            if self._chain is not None and word.start - self._chain.reach <= 4:
                self._chain.reach = word.end
        elif role == DIVISION:
            yield from self._division(word)
        elif role == HOUSE:
            self._house(word)
        elif role == UNIT:
            yield from self._unit(word)
        elif role == REGION:
            yield from self._part(word, REGION, word.start)
        elif role not in {LANDMARK, COUNTER}:
            yield from self._named(word, ROAD if role == NAMED_ROAD else role)

    def close(self) -> Iterator[Span]:
        """End the chain; return it if it is an address."""
        chain, self._chain = self._chain, None
        self._led = False
        if chain is None:
            return
        chain.take_number(self._shadow)
        if chain.weighs_enough():
            chain.take_landmark(self._shadow)
            self._free = max(self._free, chain.end)
            yield Span(chain.start, chain.end, "address")

    def _counts(self, word: Word) -> bool:
        return word.start > 0 and self._shadow[word.start - 1] in _AMOUNT

    def _begins_a_name(self, word: Word, following: Word | None) -> bool:
        """Tell whether a stop is a piece of a name: 和 in 和平路, 先 in 朝阳区先锋路."""
        if word.end - word.start > 1 or self._shadow[word.start] not in _SOFT or following is None:
            return False
        begin = self._chain.reach if self._chain is not None else self._free
        gap = self._shadow[begin : word.start].strip(" ,，|/、_")
        right_after = not gap or (len(gap) <= (3 if self._chain is not None else 1) and bool(_NAME.search(gap)))
        named = following.role in NAMED or following.role in {DIVISION, NAMED_ROAD}
        return named and right_after and following.start - word.end <= (4 if self._chain is not None else 1)

    def _part(self, word: Word, role: str, begin: int) -> Iterator[Span]:
        if self._chain is not None and not self._joins(begin, role):
            yield from self.close()
        self._grow(begin, word.end, role)

    def _division(self, word: Word) -> Iterator[Span]:
        """Take 区 in 湖里区, or 岳麓区 behind 长沙市; a division without a region before it says nothing."""
        chain = self._chain
        if chain is None:
            return
        if chain.end == word.start and chain.parts[-1] not in {UNIT, LEVEL}:
            chain.parts[-1] = REGION
            self._grow(word.start, word.end, REGION)
        elif chain.parts[-1] == REGION:
            begin = self._name_begin(word.start)
            if begin is not None:
                yield from self._part(word, REGION, begin)

    def _named(self, word: Word, role: str) -> Iterator[Span]:
        begin = self._name_begin(word.start)
        if begin is None:
            return
        chain = self._chain
        if begin == word.start and chain is not None and begin == chain.end and chain.parts[-1] in NAMED:
            # 学院 and 路 make one road, 城 and 街道 one town: the last word says what the whole is.
            if word.end - word.start > 1 or role == ROAD:
                chain.parts.pop()
                self._grow(begin, word.end, role)
            return
        if begin == word.start and chain is None and word.end - word.start < 3:
            return
        yield from self._part(word, role, begin)

    def _unit(self, word: Word) -> Iterator[Span]:
        start = self._counted_from(word.start)
        if start == word.start:
            return
        if start and self._shadow[start - 1] == "第":
            start -= 1
        begin = self._name_begin(start)
        if begin is None:
            return
        if self._chain is not None and not self._joins(begin, UNIT):
            yield from self.close()
        kind = self._shadow[word.start : word.end]
        chain = self._chain
        if kind in LEVELS:
            if chain is None:
                return
            door = kind in {"号", "组", "队"} and chain.parts[-1] in {ROAD, VILLAGE, TOWN}
            self._grow(begin, word.end, UNIT if door else LEVEL)
            return
        unnamed = chain is None or chain.parts[-1] not in {UNIT, LEVEL}
        if kind in _FIRM and unnamed and 1 < start - begin <= _LONGEST_PLACE:
            self._guess(begin, start)
        self._grow(begin if self._chain is not None else start, word.end, UNIT)

    def _house(self, word: Word) -> None:
        """Take building, unit and room, 6-2-1201, where a name stands before them."""
        begin = self._name_begin(word.start)
        if begin is None or (self._chain is not None and not self._joins(begin, UNIT)):
            return
        named = 1 < word.start - begin <= _LONGEST_PLACE
        if self._chain is None and not named:
            return
        if named:
            self._guess(begin, word.start)
        self._grow(word.start, word.end, UNIT)
        if self._chain is not None:
            self._chain.number = True

    def _guess(self, begin: int, end: int) -> None:
        self._grow(begin, end, PLACE)
        if self._chain is not None:
            self._chain.guessed += 1

    def _grow(self, begin: int, end: int, role: str) -> None:
        if self._chain is None:
            self._chain = Chain(begin, led=self._led)
        self._chain.add(role, end)
        self._free = end

    def _counted_from(self, at: int) -> int:
        """Return where the number before a unit begins; `at` itself where there is none."""
        begin = at
        while begin > self._free and at - begin < _LONGEST_COUNT and self._shadow[begin - 1] in _COUNTED:
            begin -= 1
        if begin == at and at - 1 > self._free and self._shadow[at - 1] == " " and self._shadow[at - 2] in _COUNTED:
            return self._counted_from(at - 1)
        return begin

    def _name_begin(self, at: int) -> int | None:
        """Return where the name before `at` begins; None where what stands there is no name."""
        floor = self._chain.reach if self._chain is not None else self._free
        floor = max(floor, at - _LONGEST_NAME - 1)
        name = self._shadow[floor:at]
        begin = floor + max(map(name.rfind, _MARKS)) + 1
        if at - begin > _LONGEST_NAME:
            return at - _KEPT_OF_A_LONG_NAME if self._chain is None else None
        return begin if _NAME.search(self._shadow[begin:at]) else None

    def _joins(self, begin: int, role: str) -> bool:
        """Tell whether little enough stands between the chain and the next part."""
        chain = self._chain
        if chain is None or len(chain.parts) >= _MOST_PARTS:
            return False
        gap = self._shadow[chain.reach : begin]
        if len(gap) > _LONGEST_GAP or (set(gap) & _COMMAS and role != UNIT and REGION not in chain.parts):
            return False
        return bool(_GAP.search(gap)) or (
            role in {UNIT, PLACE} and len(chain.parts) >= 2 and bool(_NAME_GAP.search(gap))
        )
