"""Answer greetings, thanks and goodbyes, which state no fact."""

import re

from huiyin.assist.answers import Courtesy
from huiyin.knowledge.folding import fold

_WORDS = {
    "greeting": "你好|您好|hi|hello|哈喽|嗨|在吗|在么|在不在|在不|在|有人在?吗|有人在?么|客服|亲"
    "|早上好|上午好|下午好|晚上好",
    "thanks": "谢谢|多谢|感谢|谢了|谢|辛苦|麻烦|thanks|thank you|3q|费心|添麻烦",
    "closing": "暂时没有|没有|没别的|没其他|没事|没问题|没了|没|不用|不需要|再见|拜拜|88|先这样|就这样|其他|别的|其它",
    "nodding": "好滴|好哒|好嘞|好的|好吧|好|嗯|恩|行|可以|知道|明白|了解|清楚|okay|ok|收到|对|是|噢|哦|哈|那|我|这样",
}
_TAILS = "[的了啦呢啊呀哦喔噢吧嘛哟嗷哒滴您你们大家,.!? ~]"
_ANY = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _WORDS.items()) + f"|{_TAILS}")
_ORDER = ("thanks", "closing", "greeting", "nodding")
_SAID = {
    "greeting": "您好，请问有什么可以帮您？",
    "thanks": "不客气，有需要随时找我。",
    "closing": "好的，有需要随时找我，祝您生活愉快。",
    "nodding": "好的，有需要随时找我。",
}
_PICTURES = re.compile("[^0-9a-z\u4e00-\u9fff,.!?~ ]+")


def kind_of_courtesy(text: str) -> str:
    """Return which courtesy a message is made of, "" where it says more than that."""
    rest = _PICTURES.sub("", fold(text)).strip()
    seen: set[str] = set()
    while rest:
        found = _ANY.match(rest)
        if found is None:
            return ""
        if found.lastgroup:
            seen.add(found.lastgroup)
        rest = rest[found.end() :]
    return next((kind for kind in _ORDER if kind in seen), "")


def find_courtesy(text: str, *, greeted: bool) -> tuple[Courtesy, str] | None:
    """Return the courtesy a message calls for and its kind, None where it says more than that."""
    kind = kind_of_courtesy(text)
    if not kind:
        return None
    return Courtesy(text=_SAID[kind], needs_disclosure=not greeted), kind
