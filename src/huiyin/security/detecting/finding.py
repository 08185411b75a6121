"""Find: the one way in. A clean message costs one look; the rules run only where something could be found."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, cast

import re2

from huiyin.security.detecting import accounts, names
from huiyin.security.detecting.addresses import find_addresses
from huiyin.security.detecting.halves import find_halves
from huiyin.security.detecting.leads import CODE, PHONE, QQ, WECHAT, Leads
from huiyin.security.detecting.numbers import find_numbers
from huiyin.security.detecting.shadow import SPOKEN_DIGITS, half, quieted, spoken
from huiyin.security.detecting.spans import Span, Taken

_DIGIT = r"0-9０-９①-⑨⓪❶-❾\x{1D7CE}-\x{1D7FF}"
_BETWEEN = r"[\pZ\s\-.·•_—–~()（）－．＿/,，\x{200b}-\x{200d}\x{2060}\x{fe0f}\x{20e3}\x{feff}]{0,4}"
_WRITTEN = SPOKEN_DIGITS + "oOlIＯ|｜"
_HINTS = (
    ("numbers", rf"(?:[{_DIGIT}]{_BETWEEN}){{5}}"),
    (
        "spoken",
        rf"[{_WRITTEN}]{_BETWEEN}(?:[{_DIGIT}{_WRITTEN}]{_BETWEEN}){{3}}|(?:[{_DIGIT}{_WRITTEN}]{_BETWEEN}){{3}}[{_WRITTEN}]",
    ),
    (
        "emails",
        r"(?i)[@＠]|艾特|圈a|[(\[ ]at[)\] ]|(?:qq|1(?:63|26|39|89)|mail|sina|sohu|look|yeah|yun|cloud)(?:\.|。|．|点)(?:com|cn|net)",
    ),
    ("noisy", rf"[{_DIGIT}]{{3}}[^{_DIGIT}\s.:/,，、;；。\-]{{1,2}}[{_DIGIT}]{{3}}"),
    (
        "halves",
        rf"[{_DIGIT}{SPOKEN_DIGITS}]{{2}}[^{_DIGIT}]{{0,12}}(?:[后半段剩余接再另还先]|一截|补|完整|然后|两次|第二)[^{_DIGIT}]{{0,12}}[{_DIGIT}{SPOKEN_DIGITS}]{{2}}|[前先半段][^{_DIGIT}]{{0,9}}[{_DIGIT}{SPOKEN_DIGITS}]{{3}}",
    ),
    (
        "wechat",
        r"(?i)微信|威信|薇信|徽信|卫星|[vｖ]信|weixin|wechat|[vｖ][xｘ]|wx|[加➕+]我?[vｖ]|加微|[薇微威][❤♥💙💚🌟]|[加:：]薇|[vｖ][:：]",
    ),
    ("plates", r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-zＡ-Ｚａ-ｚ]"),
    ("codes", r"[证验态信件货提销箱柜门权]码|动态密码"),
    (
        "names",
        r"[人名主]|[我该傅她他]叫|叫做|我是|本人|抬头|[公婆友事妈爸]叫|[他她]叫|转交|交给|送给|写|找|[递送]员|骑手|实名|患者|先生|女士|小姐|太太|师傅|阿姨|收|亲启",
    ),
    (
        "addresses",
        r"[路街巷弄镇乡村屯庄苑栋幢厦座]|大道|社区|小区|花园|公寓|广场|园|单元|[0-9０-９一二三四五六七八九十][号室楼层舍#＃]|\d{1,3}[\-－]\d{1,2}[\-－]\d{3,4}|胡同|办事处|开发区|工业|[东西南北一二三四五]区|[东西南北一二三四]里|[a-zA-Z0-9]号|校区|新城|[市区县]\p{Han}{1,8}[0-9A-Za-z０-９]|(?i:block)",
    ),
)


def _hints() -> Any:  # noqa: ANN401  # the stubs know not what a set's Match returns
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    hints = re2.Set.SearchSet(options)
    for _, pattern in _HINTS:
        hints.Add(pattern)
    hints.Compile()
    return hints


_LOOK = _hints()
_PLAIN_RULES: tuple[tuple[str, Callable[[str], Iterable[Span]]], ...] = (
    ("emails", accounts.find_emails),
    ("plates", accounts.find_plates),
    ("codes", accounts.find_codes),
)


class Finds(NamedTuple):
    """What was found. The first `begun` characters of the text belong to something that began before it."""

    spans: tuple[Span, ...]
    begun: int = 0


_NOTHING: Final = Finds(())
_REPEATED = frozenset({"name", "wechat", "qq", "code"})
_MOST_REPEATED = 20


def find_personal(text: str) -> tuple[Span, ...]:
    """Return the personal data in `text`, in order, without overlaps, line by line."""
    return find_after("", text).spans


def find_after(before: str, text: str) -> Finds:
    """Find as `find_personal` does, knowing the end of what the same person wrote just before.

    A number or a lead word may begin there. Only what stands in `text` is returned.
    """
    whole = f"{before}\n{text}" if before else text
    hints = cast("list[int] | None", _LOOK.Match(whole))
    if not hints:
        return _NOTHING
    spans = _found(whole, {_HINTS[number][0] for number in hints})
    if not before:
        return Finds(tuple(_lines(text, spans)))
    offset = len(before) + 1
    own = [Span(max(start - offset, 0), end - offset, kind) for start, end, kind in spans if end > offset]
    begun = max((end - offset for start, end, _ in spans if start < offset < end), default=0)
    return Finds(tuple(_lines(text, own)), begun)


def _found(text: str, hints: set[str]) -> list[Span]:
    shadow = half(text)
    taken = Taken(len(shadow))
    for hint, rule in _PLAIN_RULES:
        if hint in hints:
            _take(taken, rule(shadow))
    if "halves" in hints:
        _take(taken, find_halves(spoken(shadow), Leads(shadow)))
    if "numbers" in hints:
        _take(taken, find_numbers(shadow, Leads(shadow)))
    if "spoken" in hints:
        words = spoken(shadow)
        if words != shadow:
            _take(taken, _spoken_numbers(words, shadow))
    if "noisy" in hints:
        _take(taken, _noisy_numbers(shadow))
    if "wechat" in hints:
        _take(taken, accounts.find_wechat(shadow))
    if "addresses" in hints:
        _take(taken, find_addresses(_without(shadow, taken.spans)))
    if "names" in hints:
        _take(taken, names.find_led(shadow))
    if taken.spans:
        anchors = [each for each in taken.spans if each.kind in {"phone", "address", "id_number", "bank_card"}]
        _take(taken, names.find_beside(shadow, anchors))
        _take(taken, _said_again(shadow, taken.spans))
    return sorted(taken.spans)


def _take(taken: Taken, spans: Iterable[Span]) -> None:
    for span in list(spans):
        taken.take(span)


def _spoken_numbers(words: str, shadow: str) -> Iterator[Span]:
    """Return numbers told in Chinese numerals, or with letters that look like digits."""
    for span in find_numbers(words, Leads(words)):
        if shadow[span.start : span.end] != words[span.start : span.end]:
            yield span


def _noisy_numbers(shadow: str) -> Iterator[Span]:
    """Return numbers with signs between their groups; without a check digit, only where a word calls them one."""
    words, leads = quieted(shadow), Leads(shadow)
    if words == shadow:
        return
    for span in find_numbers(words, leads):
        sense = _NEEDED.get(span.kind, "")
        dims = set(shadow[span.start : span.end]) <= _LIKE_DIMENSIONS
        called = (
            not sense
            or (leads.anywhere(sense) if sense == PHONE else leads.near(span.start, sense))
            or (span.kind == "phone" and not dims)
        )
        if called and "\u200b" in words[span.start : span.end]:
            yield span


_LIKE_DIMENSIONS = frozenset("0123456789x*×")
_NEEDED = {"phone": PHONE, "qq": QQ, "code": CODE, "wechat": WECHAT}


def _without(shadow: str, spans: list[Span]) -> str:
    """Return a text with a stop for every character that is somebody's already."""
    parts, at = [], 0
    for start, end, _ in sorted(spans):
        parts += [shadow[at:start], ";" * (end - start)]
        at = end
    return "".join([*parts, shadow[at:]])


def _lines(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Return the spans line by line: a line break belongs to nobody."""
    for span in spans:
        start = span.start
        while (cut := text.find("\n", start, span.end)) >= 0:
            if cut > start:
                yield Span(start, cut, span.kind)
            start = cut + 1
        if start < span.end:
            yield Span(start, span.end, span.kind)


def _said_again(shadow: str, spans: list[Span]) -> Iterator[Span]:
    """Return where a name, an account or a code that was found stands a second time; of very many, the first ones."""
    values = {shadow[start:end]: kind for start, end, kind in spans if kind in _REPEATED}
    for value, kind in list(values.items())[:_MOST_REPEATED]:
        at = shadow.find(value)
        while at >= 0:
            yield Span(at, at + len(value), kind)
            at = shadow.find(value, at + len(value))
