"""An address in the making: its parts, its weight, and what is taken along behind the last part."""

import re2

from huiyin.security.detecting.addresswords import (
    LANDMARK,
    LEAD,
    PLACE,
    REGION,
    ROAD,
    STOP,
    TOWN,
    UNIT,
    VILLAGE,
    WAY,
    words,
)  # fmt: skip

NAMED = frozenset({TOWN, VILLAGE, ROAD, PLACE})
LEVEL = "level"
"""A floor, or another unit that says little by itself."""
LEVELS = frozenset(["楼", "层", "排", "铺", "门", "户", "f", "组", "队", "座", "档", "房", "梯", "号铺", "号"])

_NUMBER_BEHIND = re2.compile(
    r"^[ ]?(?:(?:block[ ]?)?[a-z]{0,2}\d{1,6}(?:[ ]?[\-—–_~#/]+[ ]?[a-z]?\d{1,5}){0,4}[a-z]?(?:室|号|楼|f|#)?"
    r"|[a-z]?[一二三四五六七八九十零〇]{3,5}|\n\d{3,4}(?:室|号|房)?(?:\n|$))"
)
"""A number of three or four digits in a message of its own goes on with the one before: 2单元, 501."""
_PLAIN = re2.compile(r"^[\p{Han}0-9a-z()（）\-]+")
_COUNTS = frozenset("元块年月天个件点分.:%台包斤次只盒瓶")
_LONGEST_TAIL = 14
_LONGEST_NUMBER = 40


class Chain:
    """The parts of an address, from left to right."""

    def __init__(self, start: int, *, led: bool) -> None:
        """Begin at a character; `led` says that a word such as 地址 or 送到 stood before it."""
        self.start = start
        self.end = start
        self.reach = start
        """Where the way to the next part ends: 南门进去右拐 is no part, and leads to one."""
        self.led = led
        self.parts: list[str] = []
        self.guessed = 0
        """How many of the places have no word that says they are one: 书香门第 in 书香门第3栋."""
        self.number = False
        """Whether a bare number stands at the end: 3-2-501."""

    def add(self, role: str, end: int) -> None:
        """Take a part that ends at a character."""
        self.parts.append(role)
        self.end = self.reach = end

    def weighs_enough(self) -> bool:
        """Tell whether the parts make an address that leads to a door."""
        named = [each for each in self.parts if each in NAMED]
        doors = self.parts.count(UNIT) + self.parts.count(LEVEL)
        regions = self.parts.count(REGION)
        if len(named) == self.guessed:
            weight = doors + self.number + bool(named) + (self.led or regions > 0)
            return UNIT in self.parts and weight >= 3
        if set(named) == {PLACE}:
            sure = self.parts.count(UNIT) + self.number + (doors > 1) + self.led + (regions > 0)
            several = regions > 1 or (self.led and regions + len(named) > 1)
            return several or bool(sure and (doors or self.number))
        if doors or self.number or regions > 1:
            return True
        backed = self.led or regions > 0
        return len(set(named)) > 1 or (len(named) > 1 and backed) or (self.led and regions > 0)

    def take_number(self, shadow: str) -> None:
        """Take the number right behind the last part along: 104栋1303, 凌云路1722."""
        if self.parts[-1] == REGION:
            return
        found = _NUMBER_BEHIND.search(shadow[self.end : self.end + _LONGEST_NUMBER])
        if found is None:
            return
        tail = found.group(0).rstrip("\n")
        after = shadow[self.end + len(tail) : self.end + len(tail) + 1]
        spaced = tail.startswith((" ", "\n"))
        if after in _COUNTS or after.isdecimal() or (spaced and self.parts[-1] not in {UNIT, PLACE, LEVEL}):
            return
        self.number = self.number or (len(tail.strip()) >= 2 and not spaced)
        self.end += len(tail)

    def take_landmark(self, shadow: str) -> None:
        """Take the shop, the bank or the corner behind the last part along, up to the next mark."""
        found = _PLAIN.search(shadow[self.end : self.end + _LONGEST_TAIL])
        if found is None:
            return
        behind = 0
        for word in words(found.group(0)):
            if word.role in {STOP, LEAD}:
                break
            if word.role in {LANDMARK, PLACE, UNIT, WAY}:
                behind = word.end
        self.end += behind
