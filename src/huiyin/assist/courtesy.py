"""Answer greetings, thanks and goodbyes, which state no fact."""

import re

from huiyin.assist.answers import Courtesy
from huiyin.knowledge.folding import fold

_END = "[的了啦呢哈啊呀哦喔噢吧嘛哟~,.!? ]*"
_GREETING = re.compile(
    f"(?:(?:你好|您好|hi|hello|哈喽|嗨|在|在吗|在么|在不|在不在|有人吗|有人么|有人在吗|客服|亲|早上好|下午好|晚上好){_END})+"
)
_THANKS = re.compile(
    "(?:(?:好|好的|嗯|恩|行|可以|ok|哦|没有|没|没事)?[, ]*(?:谢谢|多谢|感谢|谢了|辛苦|thanks|3q)"
    f"(?:你|您|客服|亲)?{_END})+"
)
_CLOSING = re.compile(f"(?:(?:没有|没了|没事|没问题|不用|暂时没有|没别的|再见|拜拜|88|先这样|就这样){_END})+")
_NODDING = re.compile(f"(?:(?:好|好滴|好哒|嗯|嗯嗯|恩|恩恩|行|可以|知道|明白|了解|ok|okay|收到|对|是|是的|哦){_END})+")

_SAID = (
    (_GREETING, "greeting", "您好，请问有什么可以帮您？"),
    (_THANKS, "thanks", "不客气，有需要随时找我。"),
    (_CLOSING, "closing", "好的，有需要随时找我，祝您生活愉快。"),
    (_NODDING, "nodding", "好的，还有其他需要可以直接告诉我。"),
)

_NOT_SAID = re.compile("[^0-9a-z\u4e00-\u9fff,.!?~ ]+")


def find_courtesy(text: str, *, greeted: bool) -> tuple[Courtesy, str] | None:
    """Return the courtesy a message calls for and its kind, None where it says more than that."""
    said = _NOT_SAID.sub("", fold(text)).strip(" ,.!?~")
    if not said:
        return None
    for shape, kind, answer in _SAID:
        if shape.fullmatch(said):
            return Courtesy(text=answer, needs_disclosure=not greeted), kind
    return None
