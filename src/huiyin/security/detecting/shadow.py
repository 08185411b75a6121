"""One writing for one character, every position kept: half width and lower case, and digits for spoken numerals."""

import re2

_DISGUISES = (
    (0xFF01, 0xFF5F, 0x21),  # full-width forms
    (0x2460, 0x2469, 0x31),  # ① … ⑨
    (0x2776, 0x277F, 0x31),  # ❶ … ❾
    (0x1D7CE, 0x1D7D8, 0x30),  # mathematical digits, five rows
    (0x1D7D8, 0x1D7E2, 0x30),
    (0x1D7E2, 0x1D7EC, 0x30),
    (0x1D7EC, 0x1D7F6, 0x30),
    (0x1D7F6, 0x1D800, 0x30),
)
_NUMERALS = {
    "0": "零〇○", "1": "一壹幺", "2": "二贰貳两", "3": "三叁", "4": "四肆", "5": "五伍",
    "6": "六陆陸", "7": "七柒", "8": "八捌", "9": "九玖",
}  # fmt: skip
SPOKEN_DIGITS = "".join(_NUMERALS.values())


def _half_width() -> dict[int, str]:
    table = {
        point: chr(first + point - begin).lower() for begin, end, first in _DISGUISES for point in range(begin, end)
    }
    table.update({point: chr(point).lower() for point in range(ord("A"), ord("Z") + 1)})
    del table[ord("｜")]  # people write it for a 1, and | between things
    table.update(
        {ord("\u3000"): " ", ord("\u00a0"): " ", ord("⓪"): "0", ord("。"): ".", ord("【"): "[", ord("】"): "]"}
    )
    # Characters without width, and the frame of keycap emoji: they are put between digits to hide them.
    table.update(dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFE0F, 0x20E3, 0xFEFF), "\u200b"))
    return table


_HALF = _half_width()
_SPOKEN = {ord(numeral): digit for digit, numerals in _NUMERALS.items() for numeral in numerals}
_LOOKALIKE = {ord("o"): "0", ord("l"): "1", ord("i"): "1", ord("|"): "1", ord("｜"): "1"}
_LIKE_A_NUMBER = re2.compile(r"[0-9oil|｜]{2,}")
_FEWEST_BEFORE = 3
_NOISE = re2.compile(r"[0-9]((?:[^0-9\p{Han}\s.:/,，、;；。\-]{1,2}|[转加杠横减空拐]))")


def half(text: str) -> str:
    """Return `text` in half width and lower case, every character where it was."""
    return text.lower() if text.isascii() else text.translate(_HALF)


def spoken(shadow: str) -> str:
    """Return a half-width text with digits for Chinese numerals, and for o, l and i inside numbers."""
    words = shadow.translate(_SPOKEN)
    parts, at = [], 0
    for found in _LIKE_A_NUMBER.finditer(words):
        start, end = found.span()
        if words[end - 1] == "|":
            end -= 1  # a stroke behind a number is a stroke
        if sum(each.isdigit() for each in words[start:end]) * 3 > end - start:
            parts += [words[at:start], words[start:end].translate(_LOOKALIKE)]
            at = end
    return "".join([*parts, words[at:]])


def quieted(shadow: str) -> str:
    """Return a half-width text with what was put between the groups of a number taken out, every position kept."""
    parts, at = [], 0
    for found in _NOISE.finditer(shadow):
        start, end = found.span(1)
        before, after = shadow[max(at, start - 3) : start], shadow[end : end + 1]
        if len(before) >= _FEWEST_BEFORE and before.isdecimal() and after.isdecimal():
            parts += [shadow[at:start], "\u200b" * (end - start)]
            at = end
    return "".join([*parts, shadow[at:]])
