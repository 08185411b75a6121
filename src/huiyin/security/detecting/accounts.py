"""What reaches a person or opens something of theirs: e-mail, WeChat ids, number plates, one-time codes."""

from collections.abc import Iterator
from typing import Any

import re2

from huiyin.security.detecting.spans import Span

_EMAIL = re2.compile(
    r"([a-z0-9_](?:[a-z0-9._%+\-]|点[a-z0-9])*[ ]?(?:@|艾特|圈a|\(at\)|\[at\])[ ]?"
    r"[a-z0-9\-]+(?:[ ]?(?:\.|点|dot)[ ]?[a-z0-9\-]+)*[ ]?(?:\.|点|dot)[ ]?[a-z]{2,10})"
)
_DOT = r"(?:\.|点|[ ]dot[ ])"
_HIDDEN_EMAIL = re2.compile(
    r"([a-z0-9_][a-z0-9._+\-]*(?:[ ]at[ ]|[^a-z0-9\p{Han}\s.:/,，、;；()\-+_]{1,2})"
    rf"(?:vip{_DOT})?(?:qq|163|126|139|189|gmail|foxmail|sina|sohu|outlook|hotmail|yeah|aliyun|icloud|live|msn|188|wo|tom)"
    rf"{_DOT}(?:com|cn|net|hk|jp)(?:{_DOT}cn)?)"
)
_HOST_ALONE = re2.compile(
    r"(?:^|[^a-z0-9._\-])([a-z0-9_][a-z0-9._+\-]{2,30}[ ]?(?:于|圈|#|艾特|@|at )[ ]?"
    r"(?:gmail|outlook|hotmail|foxmail|icloud|(?:qq|126|163)(?:邮箱|mail)))(?:$|[^a-z0-9.])"
)
_CALLED_WECHAT = (
    r"(?:微信|威信|薇信|徽信|卫星|v信|[加➕+]我?vx?|加微|[薇微威][❤♥💙💚🌟\x{200b}\x{fe0f}]+|[加:：]薇|(?:^|[^a-z])(?:weixin|wechat|vx|wx|v[:：]))"
    r"(?:号码|号|id|账号|帐号)?(?:[\s:：=,，→\x{200b}]|是|为|加|搜|叫|改成|换成|我|就|的|发|填|留|在这)*"
)
_WECHAT = re2.compile(_CALLED_WECHAT + r"([a-z][a-z0-9_\-]{5,19})")
_WECHAT_PARTED = re2.compile(
    _CALLED_WECHAT + r"([a-z][a-z_\-]{1,11}(?:[ ][a-z_\-]{2,11})?[ ][0-9]{2,8}|[a-z][a-z0-9_\-]*\n[a-z0-9_\-]+)\b"
)
_WECHAT_AFTER = re2.compile(
    r"(?:^|[^a-z0-9_\-.@/])([a-z][a-z0-9_\-]{5,19})(?:[\s,，]*(?:[(（]|这是|是|这个|我的?|本人|的){0,3}(?:微信|v信)|[\s,，(（是我的]+(?:vx|wx))"
)
_WXID = re2.compile(r"(wxid_[a-z0-9]{6,20})")
_SAME_WECHAT = re2.compile(
    r"(?:微信|v信|vx)同[号步][\s,，。.;；()（）!！~]*(?:直接|您|你|可以|就|来)*(?:搜索?|加我?|找)[\s:：我]*([a-z][a-z0-9_\-]{5,19})"
)
_ELSEWHERE = re2.compile(
    r"(?:抖音|快手|小红书|微博|陌陌|飞书|钉钉)(?:id|账号|帐号|号|昵称)?(?:[\s:：=,，]|是|为|叫|搜|就|的|我){0,4}([a-z][a-z0-9_.\-]{5,29}|[0-9]{8,11})"
)
_NO_ACCOUNT = frozenset(
    [
        "wechat",
        "weixin",
        "paypal",
        "iphone",
        "android",
        "alipay",
        "huawei",
        "xiaomi",
        "windows",
        "taobao",
        "jingdong",
        "public",
        "window",
        "friend",
        "wallet",
        "express",
        "official",
        "account",
        "program",
        "number",
        "please",
        "thanks",
        "version",
    ]
)
_PLATE = re2.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z][ ·•.\-]?"
    r"(?:[a-hj-np-z0-9]{5,6}|[a-hj-np-z0-9]{4}[挂学警港澳]))"
)
_PLATE_APART = re2.compile(
    r"(?:^|[^\p{Han}a-z0-9])([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z]"
    r"(?:[ ·•.\-]{0,2}[a-hj-np-z0-9]){5,6})(?:$|[^a-z0-9])"
)
_PERMIT = re2.compile(
    r"(?:护照|通行证|台胞证|回乡证|居留证|社保卡?|医保卡?|驾驶?证|驾照|军官证|士兵证|残疾证|居住证)(?:号码|编号|号)?(?:[\s:：=]|是|为){0,3}"
    r"([a-z]{1,2}[0-9]{7,9}|[0-9]{8,12})(?:$|[^a-z0-9])"
)
_CODE = re2.compile(
    r"(?:验证码|校验码|动态码|动态密码|短信码|取件码|取货码|提货码|自提码|核销码|开箱码|开柜码|开门码|授权码|货架号|货架码|取件号)"
    r"(?:[\s:：=,，\[【(（“\"]|是|为|发给|告诉|给|你|您|我|了|说|就|的|收到)*"
    r"([0-9][0-9a-z]{3,7}|[0-9](?:[ ][0-9]){3,7}|[a-z][0-9a-z]{2,6}[0-9]|[0-9]{1,3}-[0-9]{1,2}-[0-9]{3,5})\b"
)
_CODE_AFTER = re2.compile(
    r"(?:^|[^0-9a-z\-.])([0-9]{4,8})[ ]?(?:这个|就)?是?(?:我|你|您)?的?(?:验证码|取件码|提货码|校验码|动态码)"
)


def _all(pattern: Any, shadow: str) -> Iterator[tuple[int, int]]:  # noqa: ANN401  # the stubs call RE2's type private
    """Return where group 1 stands."""
    for found in pattern.finditer(shadow):
        yield found.span(1)


def find_emails(shadow: str) -> Iterator[Span]:
    """Return e-mail addresses, also with blanks or a written 点 in them."""
    for pattern in (_EMAIL, _HIDDEN_EMAIL, _HOST_ALONE):
        for start, end in _all(pattern, shadow):
            yield Span(start, end, "email")


def find_wechat(shadow: str) -> Iterator[Span]:
    """Return WeChat ids (a letter, then 5 to 19 letters, digits, _ or -) that a word calls one."""
    for start, end in _all(_WECHAT_PARTED, shadow):
        word = shadow[start:end]
        if 6 <= len(word) <= 21 and not word.startswith(("qq", "tel", "phone")) and any(map(str.isdecimal, word)):
            yield Span(start, end, "wechat")
    for pattern in (_WECHAT, _WXID, _WECHAT_AFTER, _SAME_WECHAT, _ELSEWHERE):
        for start, end in _all(pattern, shadow):
            word = shadow[start:end]
            if word not in _NO_ACCOUNT and not shadow.startswith((".", "@", "/"), end):
                telling = any(each in "0123456789_-" for each in word) or _called(shadow, start)
                if telling and not word.startswith(("http", "www")):
                    yield Span(start, end, "wechat")


def _called(shadow: str, start: int) -> bool:
    """Tell whether a word says that an id follows: then an id may be letters alone."""
    before = shadow[max(0, start - 6) : start].rstrip()
    return before.endswith(("号", "是", ":", "：", "id", "搜", "为", "叫"))


def find_plates(shadow: str) -> Iterator[Span]:
    """Return number plates (GA 36-2018): province, letter, five or six letters and digits, two digits at least."""
    for start, end in (*_all(_PLATE, shadow), *_all(_PLATE_APART, shadow)):
        tail = shadow[start + 2 : end]
        nearby = shadow[max(0, start - 4) : start] + shadow[end : end + 1]
        if sum(each.isdecimal() for each in tail) >= 2 and not any(
            word in nearby for word in ("型号", "款", "版", "货号")
        ):
            yield Span(start, end, "plate")


def find_permits(shadow: str) -> Iterator[Span]:
    """Return the numbers of passports, travel permits, social security and driving licences that a word calls one."""
    for start, end in _all(_PERMIT, shadow):
        yield Span(start, end, "id_number")


def find_codes(shadow: str) -> Iterator[Span]:
    """Return one-time codes and pick-up codes that a word calls one."""
    for pattern in (_CODE, _CODE_AFTER):
        for start, end in _all(pattern, shadow):
            if shadow[end : end + 1] not in {"元", "块", "分", "秒", "天", "次", "位", "年"}:
                yield Span(start, end, "code")
