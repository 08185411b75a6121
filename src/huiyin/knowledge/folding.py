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
    table: dict[int, str] = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
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
    "你好|您好|请问一下|请问|麻烦(?:您|你)?|(?:帮忙|帮我|给我|帮)(?:看|查|问|弄)?(?:一?下)?"
    "|我?想(?:要)?(?:问|咨询|了解)(?:一?下)?"
    "|咨询(?:一?下)?|问(?:一下|下)|一下|亲们?|亲爱的|客服|老板|店家|卖家|掌柜|谢谢(?:您|你|啦|了)?|感谢"
    "|问问|(?<!不)(?:想要?|需要)|(?:我?这个?|我的|那个?)订单的?(?=[^ ,.!?])"
    "|这个|那个|这款|这件|这单|这一?笔|我的|我们|你们|您们|咱们"
    "|现在|刚刚|刚才|昨天|昨晚|前天|大概|一般|应该"
    "|[我你您这那就的]|了(?!解)|[吗么嘛呢啊呀吧哦哈啦噢额呃嗯哎诶咯哟]+(?=$|[^\\w])"
)

# Different words for the same thing; both sides of a comparison go through this table.
_SAME = (
    ("能", "可不可以|可以不可以|能不能|能否|可否|是否可以|是否能|可以"),
    ("什么时候", "啥时候|啥时|几时|什么时间|什么时侯|多会儿|哪天|何时|几号|几点"),
    ("多久", "多长时间|多少天|多少时间|几天|多久时间|好久"),
    ("怎么", "咋样|咋|如何|怎样|怎么样才|怎么才"),
    ("什么", "啥"),
    ("改", "更改|修改|变更|改动|改一下|改下|更正"),
    ("换", "更换|调换"),
    ("开", "开具|开个|开张"),
    ("订单", "单子|定单"),
    ("快递", "包裹|快件"),
    ("专票", "增值税专用发票|增值税专票|增值税发票|增值发票|专用发票|增票"),
    ("价保", "价格保护|保价"),
    ("运费", "邮费|快递费"),
    ("优惠券", "优惠卷|优惠劵|代金券"),
    ("保修", "质保|包修"),
    ("退款", "退钱"),
    ("送到", "送达"),
)
_CANON = {variant: one for one, variants in _SAME for variant in variants.split("|")}
_VARIANTS = re.compile("|".join(sorted(_CANON, key=len, reverse=True)))
_NOT_WORDS = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


def fold(text: str) -> str:
    """Return `text` in one writing: half width, lower case. Every position stays where it was."""
    return text.translate(_TABLE)


def gist(text: str) -> str:
    """Return what a question is about: folded, without courtesies, marks and pictures."""
    bare = _FILLERS.sub("", fold(text) + " ")
    same = _VARIANTS.sub(lambda found: _CANON[found[0]], bare)
    return _NOT_WORDS.sub(" ", same).strip()
