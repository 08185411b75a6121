"""Words beside a number that say what it is: an order's, a telephone's, a card's."""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

import ahocorasick_rs

ORDER, PHONE, CARD, IDENTITY, QQ, WECHAT, CODE = "order", "phone", "card", "identity", "qq", "wechat", "code"
_WORDS = {
    ORDER: (
        "订单编号 订单号 订单号码 订单 定单 定单号 单号 单号码 运单 运单号 快递单 快递号 物流单 物流号 服务单 退款单 售后单 工单 取件单 "
        "取货单 出库单 入库单 采购单 商品编号 商品id 商品号 商品编码 货号 款号 批号 批次 sku spu 流水号 流水 交易号 交易单 支付单 支付号 "
        "条码 条形码 序列号 串号 机身号 设备号 imei sn 税号 识别号 信用代码 金额 型号 编码 编号 券号 卡密 店铺id 商家id 商户号 "
        "活动id 活动号 申请号 申请单 投诉单 维修单 保单 保单号 合同号 发票号 发票号码 发票代码 追踪号 查询码 version 版本 版本号 "
        "快递编号 快递单号 顺丰 中通 圆通 韵达 申通 京东快递 邮政 价保单 赔付单 工单号 商品 链接 id uid pin 会员号 批准文号 国药准字 执行标准 "
        "订单尾号 单子 笔订单 交易流水 积分 销量 库存 粉丝 浏览量 时间戳 参考号 编码是 ean upc"
    ),
    PHONE: (
        "电话 电话号码 手机 手机号 手机号码 号码 联系方式 联系 联系电话 联系号码 tel 手提 致电 拨打 回电 回拨 打给 打我 座机 固话 "
        "电联 移动电话 来电 通话 短信 本机 预留 绑定 收货手机 收货电话 打这个 call phone mobile 热线 传真 机主 呼叫 微信同号 同微信 话费 充值"
    ),
    CARD: "银行卡 银行卡号 卡号 账号 帐号 账户 帐户 开户行 储蓄卡 信用卡 借记卡 收款卡 打款 打到 退到 工行 建行 农行 中行 招行 交行 银行",
    IDENTITY: "身份证 身份证号 身份证号码 证件号 证件号码 证件 身份号 实名 身份号码 公民身份",
    QQ: "qq qq号 qq号码 扣扣 扣扣号 企鹅号 企鹅 q 我q 加q 加我q 加qq 我qq 加我qq q号 扣号 抠抠 球球 充到",
    WECHAT: "微信 微信号 vx v信 wechat weixin 威信 薇信 wx 徽信 卫星 加v 加微",
    CODE: "验证码 校验码 动态码 动态密码 短信码 取件码 取货码 提货码 自提码 核销码 开箱码 开柜码 开门码 授权码",
}
_BARE_ORDER = frozenset({"订单", "定单", "商品", "链接", "金额", "单子", "id", "积分", "顺丰", "中通", "圆通", "韵达", "申通", "邮政"})
_PHRASES = [(word, sense) for sense, words in _WORDS.items() for word in words.split()]
_AUTOMATON = ahocorasick_rs.AhoCorasick(
    [word for word, _ in _PHRASES], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
)
_GAP = frozenset(" :-=#.\n\t了收到是为叫的号码)(][\"'“”<>《》~→>填写成改换,，、\u200b")
_AFTER_GAP = frozenset(" \n是这个我你您,，、?")
_LINKS = frozenset(" \n,，、;；/和跟与及&+|\t.\u200b")
_REACH = 6
_NEAR = 14


def _inside_a_word(shadow: str, start: int, end: int) -> bool:
    """Tell whether a lead word in Latin letters is a piece of a longer word: the sn of "snow" is no serial number."""
    before, after = shadow[start - 1 : start] if start else "", shadow[end : end + 1]
    return (
        ("a" <= before <= "z" and "a" <= shadow[start] <= "z") or ("a" <= after <= "z" and "a" <= shadow[end - 1] <= "z")
    )


class Lead(NamedTuple):
    """A word that tells what a number beside it is."""

    start: int
    end: int
    sense: str
    bare: bool


class Leads:
    """The lead words of one half-width text, found when they are first asked for."""

    def __init__(self, shadow: str) -> None:
        """Look at `shadow`."""
        self._shadow = shadow
        self._found: list[Lead] | None = None
        self._senses: set[str] | None = None
        self._starts: list[int] = []
        self._ends: list[int] = []

    def _all(self) -> list[Lead]:
        if self._found is None:
            self._found = [
                Lead(start, end, _PHRASES[which][1], _PHRASES[which][0] in _BARE_ORDER)
                for which, start, end in _AUTOMATON.find_matches_as_indexes(self._shadow)
                if not _inside_a_word(self._shadow, start, end)
            ]
            self._starts = [each.start for each in self._found]
            self._ends = [each.end for each in self._found]
        return self._found

    def beside(self, start: int) -> str:
        """Return the sense of the lead word right before a number, with only connecting marks between, or ""."""
        found = self._all()
        place = bisect_right(self._ends, start) - 1
        if place < 0 or start - found[place].end > _REACH:
            return ""
        if found[place].sense == QQ and self._shadow[found[place].start] == "充" and "q币" not in self._shadow:
            return ""
        return found[place].sense if set(self._shadow[found[place].end : start]) <= _GAP else ""

    def near(self, start: int, sense: str) -> bool:
        """Tell whether a lead word of a sense stands shortly before a number, whatever is between."""
        found = self._all()
        place = bisect_right(self._ends, start) - 1
        while place >= 0 and start - found[place].end <= _NEAR:
            if found[place].sense == sense:
                return True
            place -= 1
        return False

    def anywhere(self, sense: str) -> bool:
        """Tell whether a lead word of a sense stands anywhere in the text."""
        if self._senses is None:
            self._senses = {each.sense for each in self._all()}
        return sense in self._senses

    def told_after(self, end: int) -> str:
        """Return the sense of the lead word right after a number, or ""; a bare 的订单 says whose, not what."""
        found = self._all()
        place = bisect_left(self._starts, end)
        if place == len(found) or found[place].start - end > _REACH:
            return ""
        lead = found[place]
        gap = self._shadow[end : lead.start]
        if not set(gap) <= _AFTER_GAP or (lead.bare and not set(gap) & {"是", "这"} and lead.sense == ORDER):
            return ""
        return lead.sense

    def linked(self, end: int, start: int) -> bool:
        """Tell whether only an "and" stands between two numbers."""
        return start - end <= 3 and set(self._shadow[end:start]) <= _LINKS
