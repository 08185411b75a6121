"""Hold what a customer asked, with what the decision needs to know around it."""

import re
from datetime import datetime

import msgspec

from huiyin.assist.courtesy import kind_of_courtesy
from huiyin.channels.port import ContentKind, Sender
from huiyin.kernel.ids import ShopId
from huiyin.knowledge.folding import fold, gist


class Turn(msgspec.Struct, frozen=True):
    """One earlier message of the conversation."""

    sender: Sender
    text: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's message at the moment the bot must decide. `history` is its tail, oldest first."""

    text: str
    shop: ShopId
    at: datetime
    kind: ContentKind = ContentKind.TEXT
    skill: str = ""
    customer_ref: str = ""
    order_ref: str = ""
    history: tuple[Turn, ...] = ()
    greeted: bool = False


# Platform cards arrive as text: a label, a colon, a value. What is left is what the customer said.
_CARD = re.compile(
    "(?:咨询|查询|我的)?(?:订单(?:编号|号)?|商品(?:编号|编码|id|号)?|服务单号?|运单号?)[:][0-9a-z\\[\\]:]*"
    "|订单金额:[0-9.元¥\\[\\]]*|下单时间:[0-9:\\- ]*|https?://[\\x21-\\x7e]+|\\[(?:订单|商品|图片|链接)[^\\]]{0,40}\\]"
    "|请选择咨询订单|[\u4e00-\u9fff]{2,6}\\((?:移动端|电脑端|pc端)\\)"
)
_LONGEST_ORDER = 18  # digits
_HARDLY_ANYTHING = 4  # characters, such as a name
_BREAKS = re.compile("[ ,.!?~;\n]+")
_ORDER = re.compile(r"(?<![0-9a-z])(\d{11,19})(?![0-9a-z])")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_PERSONAL = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[0-9x]|[0-9a-z._-]{1,64}@[0-9a-z.-]+|\d{3,4}-\d{7,8}"
    "|[\u4e00-\u9fff]{2,8}(?:省|自治区|市)[\u4e00-\u9fff0-9]{0,12}(?:区|县|市|镇|乡)[\u4e00-\u9fff0-9a-z\\-]{2,40}"
    "|[\u4e00-\u9fff]{2,12}(?:路|街|道|小区|花园|村)[0-9a-z\\-]+(?:号|弄|栋|幢|单元|楼|室)[\u4e00-\u9fff0-9a-z\\-]{0,20}"
)
_LABELS = re.compile(
    "收货|收件|地址|姓名|名字|电话|手机|号码|联系|身份证|邮箱|邮编|税号|抬头|先生|女士|小姐|我的|我是|改成|改为|这个|是"
)


def asked_words(text: str) -> str:
    """Return a message without order cards, links and bare order numbers."""
    bare = _CARD.sub(" ", fold(text))
    return _ORDER.sub(lambda found: found[0] if _MOBILE.fullmatch(found[0]) else " ", bare).strip(" ,.:[]")


def segments_of(words: str) -> list[str]:
    """Return the different parts of a message that are more than a courtesy, in order."""
    parts = dict.fromkeys(part for part in _BREAKS.split(fold(words)) if part)
    return [part for part in parts if not kind_of_courtesy(part) and gist(part)]


def order_number(text: str) -> str:
    """Return the order number in a message, "" where there is none; mobile numbers are not orders."""
    for found in _ORDER.findall(fold(text)):
        if not _MOBILE.fullmatch(found) and len(found) <= _LONGEST_ORDER:
            return str(found)
    return ""


def is_personal_only(text: str) -> bool:
    """Tell whether a message holds personal data and hardly anything else."""
    folded = fold(text)
    rest, taken = _PERSONAL.subn(" ", folded)
    if not taken:
        return False
    return len(gist(_LABELS.sub("", rest)).replace(" ", "")) <= _HARDLY_ANYTHING


def earlier_question(question: Question) -> str:
    """Return what a bare order number belongs to: the question just before it, or the one we asked about.

    "" where our side's last words were not about which order is meant.
    """
    if not question.history:
        return ""
    last = question.history[-1]
    if last.sender is not Sender.CUSTOMER and "订单" not in last.text:
        return ""
    for turn in reversed(question.history):
        words = asked_words(turn.text) if turn.sender is Sender.CUSTOMER else ""
        if len(gist(words)) > 1:
            return words
    return ""
