"""Names of people, where something beside them says so: a lead word, a title, a telephone, an address."""

from collections.abc import Iterable, Iterator

import re2

from huiyin.security.detecting.spans import Span
from huiyin.security.detecting.surnames import BRANDS, COMPOUND, FREQUENT, NO_NAMES, SURNAMES
from huiyin.security.detecting.wordlists import read_words

_LEAD = re2.compile(
    r"(?:(收货人|收件人|收货姓名|收件姓名|联系人|寄件人|签收人|取件人|提货人|预约人|付款人|持卡人|开户人|开户名|户名|户主|机主|车主|业主|车主姓名|真实姓名|"
    r"姓名|名字|全名|我叫|名叫|叫做|他叫|她叫|购买人|受益人|投保人|被保人|经办人|负责人|法人|监护人|下单人|收方|寄方|师傅叫|应该叫|改叫|患者|乘车人|入住人|投诉人|配送员|派送员|快递员|骑手|实名人|实名)"
    r"|(我是|本人|抬头|我姓名|老公叫|老婆叫|朋友叫|同事叫|妈妈叫|爸爸叫|(?:老伴|儿子|女儿|婆婆|公公|奶奶|爷爷|外婆|外公|姐姐|妹妹|哥哥|弟弟|孩子|邻居|室友|爱人|媳妇|对象|男友|女友|闺蜜|同学|家人)叫|送给|转交|交给|写|找))"
    r"(?:姓名|名字|名称|的名字)?(?:[\s:：=,，\-—\x{200b}\[(（“\"]|是|为|叫做|叫|写的?|填的?|改成|改为|换成|改|请写|请填|就写)*"
)
_CALL_ME = re2.compile(r"叫我(\p{Han}{2,4})(?:就行|就好|就可以|即可|吧|好了)")
_TITLE = re2.compile(r"([\p{Han}]{2,3})(?:先生|女士|小姐|太太|师傅|阿姨|本人|收$|收[^\p{Han}]|亲启|\(收\)|（收）)")
_CONNECTED = re2.compile(r"[\s:：=,，\-—\[(（“\"是为叫写填改换的]$")
_HAN = re2.compile(r"^[\p{Han}]+$")
_MINORITY = re2.compile(r"^([\p{Han}]{2,6}(?:[·•][\p{Han}]{2,5})+)")
_APART = re2.compile(r"^(\p{Han}(?:[ ]\p{Han}){1,2}|\p{Han}[ ]\p{Han}{2}|\p{Han}{2}[ ]\p{Han}{1,2})(?:$|[^\p{Han}])")
_LATIN = re2.compile(r"^([a-z]{2,8}(?:[ ][a-z]{2,8}){0,2})(?:$|[^a-z0-9_@\-])")
_NO_PERSON = ("区", "县", "市", "镇", "路", "街", "村", "号", "楼", "店", "仓", "站", "省", "苑", "园", "城", "厦")
_BEFORE = re2.compile(
    r"(?:^|[^\p{Han}])([\p{Han}]{2,4})[\s,，、:：;；/|\-—.]*(?:先生|女士|小姐|收)?[\s,，、:：;；/|\-—.]*"
    r"(?:的)?(?:电话号码|联系电话|手机号码|手机号|电话|手机|联系方式|tel|地址)?[\s,，:：是为.]*$"
)
_AFTER = re2.compile(r"^[\s,，、;；/|\-—.()（）]*([\p{Han}]{2,4})(?:先生|女士|小姐|收|转)?(?:$|[^\p{Han}])")
_FOLLOWS = read_words("names")["follows"]
"""Words that may stand right behind a name."""

_NOT_GIVEN = frozenset("".join(read_words("names")["not given"]))
"""Characters that given names hardly hold and sentences are full of."""

_REACH = 24


def is_name(word: str, *, frequent: bool = False, sure: bool = False) -> bool:
    """Tell whether a word is built like a name: a family name, then one or two characters that names are made of."""
    if word in NO_NAMES or word.startswith(BRANDS) or not _HAN.search(word):
        return False
    family = 2 if word[:2] in COMPOUND else 1
    if word.endswith(("先生", "女士", "小姐", "师傅", "老师")):
        return False
    known = family == 2 or word[:1] in (FREQUENT if frequent else SURNAMES)
    given = word[family:]
    return (
        known
        and 1 <= len(given) <= 2
        and not any(each in _NOT_GIVEN for each in given)
        and (sure or word[:2] not in NO_NAMES)
    )


def find_led(shadow: str) -> Iterator[Span]:
    """Return names behind a lead word, or before a title."""
    done = 0
    for found in _LEAD.finditer(shadow):
        if found.start() < done:
            continue
        sure, start = found.group(1) is not None, found.end()
        joined = sure and not _CONNECTED.search(shadow[found.start() : start])
        done = _name_end(shadow, start, sure=sure, joined=joined)
        if done:
            yield Span(start, done, "name")
        if done and shadow.startswith("不是", done):
            other = _name_end(shadow, done + 2, sure=True, joined=True)
            if other:
                yield Span(done + 2, other, "name")
    yield from _called(shadow)


def _called(shadow: str) -> Iterator[Span]:
    """Return names behind 叫我, or before a title."""
    for called in _CALL_ME.finditer(shadow):
        if _person(called.group(1)):
            yield Span(*called.span(1), "name")
    for title in _TITLE.finditer(shadow):
        start, end = title.span(1)
        word = shadow[start:end]
        if len(word) == 3 and not is_name(word, frequent=True):
            start, word = start + 1, word[1:]
            if len(word) < 2 or not _begins(shadow, start):
                continue
        if _begins(shadow, start) and is_name(word, frequent=True):
            yield Span(start, end, "name")


def _begins(shadow: str, start: int) -> bool:
    return not start or not _HAN.search(shadow[start - 1]) or shadow[start - 1] in "给找是叫由让和跟请"


def _name_end(shadow: str, start: int, *, sure: bool, joined: bool) -> int:
    """Return where the name that begins at `start` ends; 0 for none.

    Without a sure lead word, or with one that is grown to the name, what follows must be no part of it.
    """
    rest = shadow[start : start + 16]
    minority = _MINORITY.search(rest)
    if minority is not None and sure:
        found = minority.group(1)
        cuts = [at for word in _FOLLOWS if len(word) > 1 and (at := found.find(word)) > 0]
        return start + min([len(found), *cuts])
    apart = _APART.search(rest) if sure else None
    if apart is not None and is_name(apart.group(1).replace(" ", ""), sure=True):
        return start + apart.end(1)
    latin = _LATIN.search(rest) if sure else None
    if (
        latin is not None
        and (not joined or " " in latin.group(1))
        and not latin.group(1).startswith(("tel", "phone", "vx", "qq", "wx"))
    ):
        return start + latin.end(1)
    family = 2 if rest[:2] in COMPOUND else 1
    longest = 0
    for length in (family + 2, family + 1):
        word = rest[:length]
        if len(word) < length or not is_name(word, frequent=not sure or joined, sure=sure):
            continue
        after = rest[length : length + 4]
        if not after or not _HAN.search(after[0]):
            return start + length
        if sure and after.startswith(_FOLLOWS):
            return start + length
        longest = longest or length
    return start + longest if sure and not joined and longest else 0


def find_beside(shadow: str, anchors: Iterable[Span]) -> Iterator[Span]:
    """Return names that stand alone right before or right after a telephone, an address or another sure find."""
    for anchor in anchors:
        begin = max(0, anchor.start - _REACH)
        before = _BEFORE.search(shadow[begin : anchor.start])
        if before is not None and _person(before.group(1)):
            yield Span(begin + before.start(1), begin + before.end(1), "name")
        after = _AFTER.search(shadow[anchor.end : anchor.end + _REACH])
        if after is not None:
            word, start = after.group(1), anchor.end + after.start(1)
            word = word.removesuffix("收")
            if _person(word):
                yield Span(start, start + len(word), "name")


def _person(word: str) -> bool:
    return is_name(word, frequent=True) and not word.endswith(_NO_PERSON)
