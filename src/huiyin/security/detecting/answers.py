"""Answers that say almost nothing: what they are is known from what was asked."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import re2

from huiyin.security.detecting import asking
from huiyin.security.detecting.asking import Asked
from huiyin.security.detecting.leads import ORDER, PHONE, Leads
from huiyin.security.detecting.names import is_name
from huiyin.security.detecting.shadow import SPOKEN_DIGITS, spoken
from huiyin.security.detecting.spans import Span
from huiyin.security.detecting.wordlists import read_words

LONGEST = 48
"""Characters; who writes more says himself what it is."""
_PLACED = r"最?[前后尾末头中第]间?[面边]?的?几?[1一二三四五六七八九十两0-9]{0,2}[位个半段截]"
_WORDS = (
    r"对[的了]?|是[的我]?|[嗯恩]+|好[的了吧嘞]?|哦+|噢|啊|呀|呢|吧|哈+|行|可以|有的?|我[的家是]?|您好|你好|亲+|谢谢[您你]?|麻烦[您你]?|(?:移动|联系)?(?:手机|电话|号码)(?:号码?)?"
    r"|座机|固话|家里|联系方式|尾号|区号|分机|转|打|护照号?|(?:身份证|证件|社保)号?码?|卡号|银行卡号?|[取提自核开验校][件货提销箱柜门证验]码|货架号|动态码|收到了?|微信号?|vx|v信"
    r"|同号|qq号?|扣扣号?|车牌号?码?|牌照|邮箱|就是|就行|这个|这|那个|的|了|为|先|再|接着?|然后|还有|剩下|最后|稍等|应该|不是|没错|就|嘛|加我?|搜|发[您你]|给[您你]|[记发][1一]?下|登记"
    rf"|{_PLACED}数?字?|[前后][面边]|中间|开头|尾数|末尾|号是|打错了?|发错了?|重发|更正|完整|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]|牌"
    r"|163|126|邮件|点com|dot|com|于|在|艾特"
)
_PICTURE = r"\[\p{Han}{1,4}\]|#e-[a-z][0-9]{2}|\p{So}|\p{Sk}|\p{M}|[\x{200b}\x{1F3FB}-\x{1F3FF}]"
_MARK = r"[\s,，.、:：;；!！~～?？…()（）\"“”'_/=\-—]"
_DIGITS = r"[0-9](?:[ \-·_/]{0,2}[0-9])*x?"
_LETTERS = r"[a-z0-9][a-z0-9_\-]*"
_SIGNS = r"[a-z0-9](?:[ \-·]?[a-z0-9])*"
_ADDRESSED = r"[a-z0-9][a-z0-9._%+\-@#]*"


class _Shape(NamedTuple):
    """How an answer looks: a whole message, one piece of it, and how many digits and signs a piece may have."""

    whole: Any
    piece: Any
    digits: range
    signs: range


def _shape(piece: str, digits: range, signs: range = range(1, 40)) -> _Shape:
    # A whole number is taken as it stands: the 163 of 163邮箱 is a word only where no digit goes on behind it.
    anything = rf"(?:{_PICTURE}|{_WORDS}|{_MARK}|{piece})"
    return _Shape(re2.compile(rf"^{anything}+$"), re2.compile(rf"{_PICTURE}|{_NOT_A_PIECE}|({piece})"), digits, signs)


_NOT_A_PIECE = rf"{_PLACED}|[记发]1下"
_SHAPES: Final = {
    asking.PHONE: _shape(_DIGITS, range(1, 13)),
    asking.REST: _shape(_DIGITS, range(1, 13)),
    asking.IDENTITY: _shape(rf"(?:[a-z]{{1,2}}[0-9]{{7,9}}|{_DIGITS})", range(1, 19)),
    asking.CARD: _shape(_DIGITS, range(1, 20)),
    asking.CODE: _shape(_SIGNS, range(2, 9), range(2, 14)),
    asking.QQ: _shape(_DIGITS, range(2, 12)),
    asking.PLATE: _shape(_SIGNS, range(1, 8), range(3, 10)),
    asking.WECHAT: _shape(_LETTERS, range(21), range(5, 22)),
    asking.EMAIL: _shape(_ADDRESSED, range(30), range(3, 60)),
}
_OPENED_BY_A_LETTER = frozenset({asking.WECHAT, asking.EMAIL})
_LISTED = read_words("answers")
_NO_ANSWER = frozenset(_LISTED["no answer"])
_DIGIT_SIGNS = frozenset("0123456789０１２３４５６７８９①②③④⑤⑥⑦⑧⑨" + SPOKEN_DIGITS)
_HOSTS = frozenset({"163", "126", "139", "189", "188"})
_DATE = re2.compile(r"^(?:[0-9]{1,2}[-/][0-9]{1,2}|20[0-9]{2}[-/][0-9]{1,2}[-/][0-9]{1,2})$")
_TIME = re2.compile(r"(?:^|[^0-9])[0-9]{1,2}[:：.][0-9]{1,2}(?:[^0-9]|$)")
_HOUSE = re2.compile(
    r"^(?:第?(?:[a-z]?[0-9]{1,5}[a-z]?|[一二三四五六七八九十百零]{1,5}|[a-z](?:座|栋|幢))(?:号楼|号院|栋|幢|座|单元|室|楼|层|号|弄|门|户|房|#)?[\s,，\-—/.]*)+$"
)

_TOKEN = re2.compile(r"[\p{Han}·•]+")
_LONGEST_WITH_NAME = 32
_BEFORE_NAME, _AFTER_NAME = _LISTED["before name"], _LISTED["after name"]
_MINORITY = re2.compile(r"^\p{Han}{1,6}(?:[·•]\p{Han}{1,6})+$")
_LATIN = re2.compile(r"^[\s,.]*([a-z]{2,10}(?: [a-z]{2,10}){1,2})[\s,.!~]*$")
_AND = "和跟与"


def find_answers(shadow: str, asked: Asked, before: str = "") -> Iterator[Span]:
    """Return what a short half-width text answers to what was asked, in no order; it may overlap.

    Nothing but small words may stand beside an answer. Digits are nobody's where something else that is answered with
    digits was asked as well; `before`, the customer's own last words, says whose number 后面呢 goes on with.
    """
    if len(shadow) > LONGEST:
        return
    if asking.NAME in asked:
        yield from _names(shadow)
    for sense in (each for each in _SHAPES if each in asked):
        numbers_of_others = asking.OTHER in asked and sense in asking.NUMBERS
        if numbers_of_others or (sense == asking.REST and _somebody_elses(before)):
            continue
        for words in dict.fromkeys((shadow, spoken(shadow))):
            yield from _pieces(words, sense, letters=asking.OTHER in asked)
    if asking.ADDRESS in asked and asking.OTHER not in asked and _HOUSE.search(shadow):
        yield Span(0, len(shadow.rstrip()), asking.ADDRESS)


def digits_in(text: str) -> int:
    """Return how many digits a text holds, spoken ones among them."""
    return sum(map(_DIGIT_SIGNS.__contains__, text))


def _somebody_elses(before: str) -> bool:
    leads = Leads(before)
    return leads.anywhere(ORDER) and not leads.anywhere(PHONE)


def _pieces(shadow: str, sense: str, *, letters: bool) -> Iterator[Span]:
    shape = _SHAPES[sense]
    if not shape.whole.search(shadow) or _TIME.search(shadow):
        return
    for found in shape.piece.finditer(shadow):
        piece = found.group(1)
        if not piece or piece in _NO_ANSWER or (sense == asking.EMAIL and piece in _HOSTS):
            continue
        digits = sum(each.isdecimal() for each in piece)
        signs = sum(each.isalnum() for each in piece)
        if digits not in shape.digits or signs not in shape.signs or (letters and digits == signs):
            continue
        if sense in _OPENED_BY_A_LETTER and digits == signs and not 5 <= digits <= 11:
            continue
        start, end = found.span(1)
        if not _DATE.search(piece):
            yield Span(start, end, asking.PHONE if sense == asking.REST else sense)


def _names(shadow: str) -> Iterator[Span]:
    """Return names that are all there is between two marks."""
    if len(shadow) > _LONGEST_WITH_NAME:
        return
    latin = _LATIN.search(shadow)
    if latin is not None and not set(latin.group(1).split()) & _NO_ANSWER:
        yield Span(*latin.span(1), asking.NAME)
    for found in _TOKEN.finditer(shadow):
        start, end = found.span()
        whole = _name(shadow, start, end)
        if whole is not None:
            yield whole
            continue
        for at in range(start + 2, end - 1):
            if shadow[at] in _AND and _name(shadow, start, at) and (other := _name(shadow, at + 1, end)):
                yield from (Span(start, at, asking.NAME), other)


def _name(shadow: str, start: int, end: int) -> Span | None:
    """Return the name that a stretch is, without the small words before and behind it."""
    while start < end:
        word = shadow[start:end]
        if is_name(word) or _MINORITY.search(word):
            return Span(start, end, asking.NAME)
        front = next((each for each in _BEFORE_NAME if word.startswith(each)), "")
        back = next((each for each in _AFTER_NAME if word.endswith(each)), "")
        if not front and not back:
            return None
        start, end = (start + len(front), end) if front else (start, end - len(back))
    return None
