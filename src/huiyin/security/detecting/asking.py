"""What one side asks for: the lead of the short answer that the other side gives."""

from collections.abc import Iterator
from typing import Any, Final, cast

import re2

from huiyin.security.detecting.shadow import half

NAME, PHONE, IDENTITY, CARD, CODE = "name", "phone", "id_number", "bank_card", "code"
WECHAT, QQ, PLATE, EMAIL, ADDRESS = "wechat", "qq", "plate", "email", "address"
"""What is asked for is called like the kind of personal data that answers it."""
OTHER = "other"
"""Something whose digits are nobody's: an order, a size, how many."""
REST = "rest"
"""The other half of a number that the customer began: 后面呢."""

Asked = frozenset[str]
NOTHING: Final[Asked] = frozenset()
NUMBERS: Final[Asked] = frozenset({PHONE, IDENTITY, CARD, CODE, QQ, REST})
"""What is answered by digits alone."""

_STOPS = str.maketrans({"!": "\n", ".": "\n", ";": "\n", "?": "?\n"})
_ASKING = re2.compile(
    r"[?？]|请问|麻烦|提供|告诉|告知|[报发留给说填写输](?:我|一?下|个|给|到)|[报留]|填写|多少|什么|哪|怎么称呼|如何称呼|贵姓|几|方便|核[对实]"
    r"|确认|吗|呢|输入|补充|需要您?的|谁|再[发报说]|没[收看听记]|回复"
)
_SETTLED = re2.compile(
    r"已经|已为|已帮|已[登记备更修发收核]|我们会|稍后|将会?[给为联致电]|不要|请勿|不用|无需|不需要|别[发说把]|保持|畅通|联系您|联系你|给您[打回致]"
    r"|电话您?(?:打[通过]|收到|接到|通了)|登记[好了]|记[好下]了"
)
"""Clauses in which a word such as 电话 asks for nothing."""

_NOBODYS = re2.compile(
    r"订单(?:编号|号码|号|多少|是多少|后|前|尾)|单号|运单|快递号|物流号|流水号|(?:商品|产品|店铺|宝贝)的?(?:名[字称]|编[号码]|id|链接)|链接|网址|货号|款[号式]"
    r"|型号|机型|尺[码寸]|[身多][高大重长宽厚]|体重|[鞋码]码|码数|几[码件个台双套盒瓶箱包次天点月年斤米条张袋款种星块元折匹升寸人层分组号]|多少(?:钱|元|块|件|个|台|度|天|平|米|升"
    r"|斤|岁|寸|瓦|毫升|克|厘米|公斤|积分|京豆|g|内存)|内存|容量|数量|金额|价格|价位|预算|什么时|时间|日期|几时|哪[天款种件单笔色台]|颜色|版本|序列号|sn|imei|税号|抬头"
    r"|发票|券|积分|京豆|年龄|面积|[长宽高厚]度|功率|尾款|回复\s?[0-9a-z]|[选按扣]\s?[0-9]|京东账号|会员|用户名|昵称|评分|满意|条码|错误码|编[号码]|工单|批次|生产"
    r"|微信(?:支付|转账|零钱|小程序|公众号|账单|钱包|红包)|礼品卡|e卡|购物卡|手机(?:壳|膜|套|型号|是?什么)|电话(?:手表|卡)|电梯"
)
_HOUSE = re2.compile(
    r"几(?:栋|幢|单元|号楼|号院|楼|室|弄|门|号门|门牌)|哪(?:一?个?)(?:小区|楼|栋|幢|单元|街道|城市)|房号|房间号|门牌|楼号|单元号|楼栋"
)
_EMAIL = re2.compile(r"邮箱|e-?mail|邮件地址")
_SENSES = (
    (EMAIL, _EMAIL),
    (ADDRESS, re2.compile(r"#door|地址|住址|小区|[收住送寄发]货?(?:到|往|在|去)?哪|收[货件]信息|收[货件]资料|省市区")),
    (NAME, re2.compile(
        r"姓名|名字|怎么称呼|如何称呼|贵姓|叫什么|叫啥|(?:收件|收货|联系|签收|取件|提货|寄件|下单|购买|车|开户|持卡)[人主]|谁收|哪位收|户名|收[货件](?:信息|资料)"
    )),
    (PHONE, re2.compile(
        r"手机(?:号|的?[后前尾末]|中间|多少|是多少|报|发|[?？]|$)|电话|联[系络]方式|座机|固话|区号|分机|预留号|联系得?[到上]您|收[货件](?:信息|资料)"
        r"|(?:^|[^单货型编税卡账帐证])号码"
    )),
    (IDENTITY, re2.compile(r"身份证|证件|护照|通行证|社保|医保卡?号|驾驶?[证照]号?")),
    (CARD, re2.compile(r"银行卡|储蓄卡|信用卡|卡号|收款账[号户]|银行账[号户]|退款账[号户]|开户行")),
    (CODE, re2.compile(r"[取提自核开][件货提销箱柜门]码|[验校][证验]码|动态[密]?码|短信码|授权码|货架号|取件号")),
    (WECHAT, re2.compile(r"微信|[vV][xX]|v信|抖音|快手号|小红书号|支付宝账?号?")),
    (QQ, re2.compile(r"qq(?:[^邮]|$)|扣扣")),
    (PLATE, re2.compile(r"车牌|牌照")),
)  # fmt: skip
_REST = re2.compile(
    r"(?:[前后]|[头尾末]|中间|剩|余)(?:面|边|半段?|下的?|几?[一二三四五六七八九十两几0-9]+[位个]数?|段)|尾号|还有[呢吗]|然后呢|接着|继续|完整|全部号"
)
_WONDERING = re2.compile(r"什么|哪|几|多少|怎么|谁")
_WONDER = "wonder"
_NO_SENSES = frozenset({REST, _WONDER})
_BARE = re2.compile(
    r"^(?:您|你|的|亲+|那|呢|吧|哈|是|一下|[\s,，:：~～、和及跟/]|姓名|收[货件]人|名字|联系人|手机号?码?|电话号?码?|联系方式|地址|收货|详细|身份证号?码?|银行卡号?|卡号"
    r"|取件码|提货码|验证码|货架号|微信号?|qq号?|车牌号?|邮箱|座机号?)+$"
)
_LONGEST_BARE = 24


def _compiled() -> Any:  # noqa: ANN401  # the stubs know not what a set's Match returns
    words = re2.Set.SearchSet()
    for _, pattern in _WORTH_A_LOOK:
        words.Add(pattern.pattern)
    words.Compile()
    return words


_WORTH_A_LOOK = (*_SENSES, (OTHER, _NOBODYS), (ADDRESS, _HOUSE), (REST, _REST), (_WONDER, _WONDERING))
_SET = _compiled()


def asked_for(text: str, known: Asked = NOTHING) -> Asked | None:
    """Return what is asked for after `text`, or None where it asks nothing and `known`, what was asked before, stands.

    Several questions in a row are all open; one for an order or an amount ends those for numbers. 后面呢 asks for the
    number of before again.
    """
    shadow = half(text)
    matched = cast("list[int] | None", _SET.Match(shadow))
    if not matched:
        return None
    spoken_of = frozenset(_WORTH_A_LOOK[number][0] for number in matched)
    asked, again = NOTHING, False
    bare = len(shadow) <= _LONGEST_BARE and bool(_BARE.search(shadow))
    for sentence in shadow.translate(_STOPS).split("\n"):
        if not sentence or (not bare and not _ASKING.search(sentence)):
            continue
        senses = set(_senses(sentence, spoken_of)) if spoken_of - _NO_SENSES else set()
        if not senses and REST in spoken_of and _REST.search(sentence):
            again = True
        elif not senses and _WONDER in spoken_of and _WONDERING.search(sentence):
            senses = {OTHER}
        asked |= senses
    if again and not asked:
        return known if known & (NUMBERS | {OTHER}) else known | {REST}
    if not asked:
        return None
    return asked | (known - NUMBERS if OTHER in asked else known - {OTHER, REST})


def _senses(sentence: str, spoken_of: Asked) -> Iterator[str]:
    for clause in sentence.split(","):
        if _SETTLED.search(clause):
            continue
        # 几号楼 and 几层 are told apart from 几号 and 几个 first.
        kept = _HOUSE.sub("#door", clause) if ADDRESS in spoken_of else clause
        left = _NOBODYS.sub("#", kept) if OTHER in spoken_of else kept
        if left != kept:
            yield OTHER
        for sense, pattern in _SENSES:
            if sense in spoken_of and pattern.search(left):
                yield sense
