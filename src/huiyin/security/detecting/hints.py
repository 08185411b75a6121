"""What a rule needs to be worth running: one look at a message tells which rules could find something in it."""

from typing import Any, cast

import re2

from huiyin.security.detecting.shadow import SPOKEN_DIGITS

_DIGIT = r"0-9０-９①-⑨⓪❶-❾\x{1D7CE}-\x{1D7FF}"
_SPOKEN = _DIGIT + SPOKEN_DIGITS
_WRITTEN = SPOKEN_DIGITS + "oOlIＯ|｜"
_ANY = _DIGIT + _WRITTEN
_BETWEEN = r"[\pZ\s\-.·•_—–~()（）－．＿/,，\x{200b}-\x{200d}\x{2060}\x{fe0f}\x{20e3}\x{feff}]{0,4}"
_THEN = r"(?:[后半段剩余接再另还先]|一截|补|完整|然后|两次|第二)"
_HINTS = (
    ("numbers", rf"(?:[{_DIGIT}]{_BETWEEN}){{4}}"),
    ("spoken", rf"[{_WRITTEN}]{_BETWEEN}(?:[{_ANY}]{_BETWEEN}){{3}}"),
    ("spoken", rf"(?:[{_ANY}]{_BETWEEN}){{3}}[{_WRITTEN}]"),
    ("emails", r"(?i)[@＠]|艾特|圈a|[(\[ ]at[)\] ]"),
    ("emails", r"(?i)(?:qq|1(?:63|26|39|89)|mail|sina|sohu|look|yeah|yun|cloud)(?:\.|。|．|点)(?:com|cn|net)"),
    ("noisy", rf"[{_DIGIT}]{{3}}[^{_DIGIT}\s.:/,，、;；。\-]{{1,2}}[{_DIGIT}]"),
    ("halves", rf"[{_SPOKEN}]{{2}}[^{_DIGIT}]{{0,12}}{_THEN}[^{_DIGIT}]{{0,12}}[{_SPOKEN}]{{2}}"),
    ("halves", r"倒过来|倒着|反过来|反着|从后往前|倒[念读写数]|中间|[后再]面?接"),
    ("halves", rf"[后尾末][^{_DIGIT}]{{0,9}}[{_SPOKEN}]{{3}}"),
    ("halves", rf"[前先半段][^{_DIGIT}]{{0,9}}[{_SPOKEN}]{{3}}"),
    ("wechat", r"(?i)微信|威信|薇信|徽信|卫星|[vｖ]信|weixin|wechat|[vｖ][xｘ:：]|wx|加微|[加:：]薇"),
    ("wechat", r"[加➕+]我?[vVｖＶ]|[薇微威][❤♥💙💚🌟]"),
    ("plates", r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-zＡ-Ｚａ-ｚ]"),
    ("permits", r"护照|行证|台胞证|回乡证|居[留住]证|[社医]保|驾驶?[证照]|军官证|士兵证|残疾证"),
    ("emails", r"(?i)(?:于|圈|#|艾特|at)[ ]?(?:gmail|outlook|hotmail|foxmail|icloud|qq|163|126)"),
    ("wechat", r"抖音|快手|小红书|微博|陌陌|飞书|钉钉"),
    ("codes", r"货架|取件号"),
    ("codes", r"[证验态信件货提销箱柜门权]码|动态密码"),
    (
        "names",
        r"[人名主]|叫我|[我该傅她他公婆友事妈爸改伴子儿姐妹哥弟奶爷孩居媳象蜜学室]叫|叫做|我是|本人|抬头|转交|交给|送给|写|找|[递送]员|骑手",
    ),
    ("names", r"实名|患者|先生|女士|小姐|太太|师傅|阿姨|收|亲启|[收寄]方"),
    ("addresses", r"[路街巷弄镇乡村屯庄苑栋幢厦座]|大道|社区|小区|花园|公寓|广场|园|单元|胡同|办事处|开发区|工业"),
    ("addresses", r"[0-9０-９一二三四五六七八九十][号室楼层舍#＃]|\d{1,3}[\-－]\d{1,2}[\-－]\d{3,4}|[a-zA-Z]号"),
    ("addresses", r"[东西南北一二三四五]区|[东西南北一二三四]里|校区|新城|(?i:block)"),
    ("addresses", r"[市区县]\p{Han}{1,8}[0-9A-Za-z０-９]"),
)
_MEMORY = 64 << 20  # bytes; with the default 8 MB the set forgets its states and is ten times slower


def _compiled() -> Any:  # noqa: ANN401  # the stubs know not what a set's Match returns
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    hints = re2.Set.SearchSet(options)
    for _, pattern in _HINTS:
        hints.Add(pattern)
    hints.Compile()
    return hints


_SET = _compiled()


def hints_in(text: str) -> frozenset[str]:
    """Return the names of the rules that could find something in a text as it was written."""
    matched = cast("list[int] | None", _SET.Match(text))
    return frozenset(_HINTS[number][0] for number in matched) if matched else _NONE


_NONE: frozenset[str] = frozenset()
