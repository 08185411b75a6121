"""Make wordings comparable: one writing for one character, fillers taken away."""

import re
import unicodedata

_RANGES = (
    (0x41, 0x5B),  # capital Latin
    (0xC0, 0x180),  # accented capitals
    (0x391, 0x430),  # Greek and Cyrillic capitals
    (0x2460, 0x2500),  # circled digits and letters
    (0x3000, 0x3001),  # ideographic space
    (0xFF01, 0xFFEF),  # full-width forms
    (0x1D400, 0x1D800),  # mathematical letters, a common disguise
)


def _table() -> dict[int, str]:
    table: dict[int, str] = dict.fromkeys(range(55296, 57344), "�")
    for first, end in _RANGES:
        for point in range(first, end):
            folded = unicodedata.normalize("NFKC", chr(point)).lower()
            if len(folded) == 1 and folded != chr(point):
                table[point] = folded
    table.update({ord(mark): "," for mark in "，、；;"})
    table.update({ord("。"): ".", ord("？"): "?", ord("！"): "!", ord("“"): '"', ord("”"): '"'})
    return table


_TABLE = _table()

# Courtesies and fillers carry no topic; customers put them before and after almost everything.
_FILLERS = re.compile(
    "你好|您好|请问一下|请问|麻烦(?:您|你)?|(?:帮忙|帮我|给我|帮)(?:看|查|问|弄)?(?:一?下)?|我?想(?:要)?(?:问|咨询|了解)(?:一?下)?"
    "|咨询(?:一?下)?|问(?:一下|下)|一下|亲们?|亲爱的|客服|老板|店家|卖家|掌柜"
    "|谢谢(?:您|你|啦|了)?|感谢|[吗么嘛呢啊呀吧哦哈啦噢额呃嗯哎诶咯哟]+(?=$|[^\\w])"
)
_NOT_WORDS = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


def fold(text: str) -> str:
    """Return `text` in one writing: half width, lower case. Every position stays where it was."""
    return text.translate(_TABLE)


def gist(text: str) -> str:
    """Return what a question is about: folded, without courtesies, marks and pictures."""
    bare = _FILLERS.sub(" ", fold(text) + " ")
    return _NOT_WORDS.sub(" ", bare).strip()
