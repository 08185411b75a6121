"""The words addresses are built from, and the words that end one."""

from typing import NamedTuple

import ahocorasick_rs

from huiyin.security.detecting.places import STATES, short_names

REGION, TOWN, VILLAGE, ROAD, PLACE, UNIT = "region", "town", "village", "road", "place", "unit"
DIVISION = "division"
"""省, 市, 区 …: a region where a region's name stands before it."""
NAMED_ROAD = "named road"
HOUSE = "house"
"""A number such as 6-2-1201."""
STOP, NOISE, LEAD, COUNTER = "stop", "noise", "lead", "counter"
WAY, LANDMARK = "way", "landmark"
_WORDS = {
    DIVISION: "省 市 区 县 旗 州",
    TOWN: (
        "镇 乡 街道 街道办 街道办事处 办事处 开发区 经济开发区 工业区 工业园 工业园区 产业园 产业园区 科技园 科技园区 园区 高新区 新区 功能区 示范区 集聚区 "
        "保税区 创业园 创意园 软件园 物流园 电商园 农场 林场 度假区"
    ),
    VILLAGE: "村 社区 新村 村委会 居委会 屯 庄 寨 湾 岙",
    ROAD: "路 街 大道 大街 巷 胡同 弄堂 道 国道 省道 县道 公路 东路 西路 南路 北路 中路 环路 支路 横路 里弄",
    PLACE: (
        "小区 花园 花苑 家园 嘉园 佳园 家苑 苑 公寓 大厦 广场 公馆 名邸 别墅 山庄 华府 名府 豪庭 华庭 郡庭 中心 大楼 校区 大学 学院 医院 商城 商贸城 市场 批发市场 "
        "新城 酒店 宾馆 人家 一区 二区 三区 四区 五区 东区 西区 南区 北区 a区 b区 c区 d区 一期 二期 三期 四期 1期 2期 3期 一里 二里 三里 四里 五里 东里 西里 南里 北里 "
        "花城 国际城 翡翠城 府邸 豪苑 名苑 雅苑 景苑 宿舍 写字楼 商务楼 综合楼 教学楼 办公楼 园 府 城 庭 墅 湾 坊 居 庐 轩 院 阁 里 一村 二村 三村 四村 五村 六村"
    ),
    UNIT: "号 号楼 号院 号门 栋 幢 座 单元 室 楼 层 弄 档 门 号库 号仓 排 铺 号铺 户 号房 房 梯 号商铺 楼栋 栋楼 幢楼 座楼 组团 f # 舍 号宿舍 村民小组 组 队",
    LEAD: (
        "地址 住址 收货地址 收件地址 邮寄地址 新地址 详细地址 现地址 家庭地址 地址改 地址改成 地址改为 地址是 地址为 地址在 住在 家住 我住 送到 寄到 发到 寄往 送往 发往 "
        "改成 改为 换成 换到 改到 配送到 邮到 搬到 送至 寄至 收货 收件 单位 名称 抬头 家在"
    ),
    STOP: (
        "就在 到达 在 到 位于 往 至 是 的 了 我 你 您 他 她 它 请 把 从 吗 呢 吧 啊 哦 么 嘛 就 都 也 还 很 被 让 这 那 哪 怎 给 谢谢 麻烦 可以 不可以 能不能 需要 想要 电话 手机 联系 收货人 收件人 姓名 "
        "快递 物流 订单 包裹 商品 发货 到货 退货 换货 退款 客服 您好 你好 亲爱 预计 已经 目前 现在 今天 明天 昨天 时间 之前 以后 然后 因为 所以 如果 但是 还有 没有 不是 就是 也是 或者 "
        "以及 并且 和 与 跟 及 寄 发 送 派 取 放 去 来 找 看 说 问 叫 让 帮 等 拿 买 卖 用 收到 没 不 要 想 会 能 才 又 再 先 跑 走 交给 代收 签收 转交 我们 你们 下单 支付 付款 "
        "上门 师傅 站点 分拣 更改 修改 中国 北京时间 号送 号到 号发 号前 号后 号下单 号收 号之前 号左右 亲 哈 呀 呗 嗯 好 对 错 应该 帮我 麻烦您 告诉 提供"
    ),
    COUNTER: "分 点 天 元 块 个 件 台 只 次 月 年 日 岁 斤 米 匹 升 寸 页 套 瓶 箱 袋 包 盒 双 条",
    NOISE: (
        "路由 路由器 路上 路过 路线 路程 路况 半路 难道 冤枉路 步行街 马路 公路车 铁路 电路 线路 思路 套路 出路 走路 问路 迷路 网路 在路上 路灯 路费 道歉 道理 知道 味道 通道 管道 频道 渠道 轨道 街拍 逛街 "
        "区别 区间 地区 时区 社区团购 里面 这里 那里 哪里 家里 心里 公里 里程 里边 手里 眼里 夜里 群里 车里 店里 屋里 包里 箱里 盒里 平方里 城市 商城 京东商城 市场价 市面 市民 超市 县城 乡下 农村 "
        "号码 号称 账号 帐号 型号 单号 订单号 编号 货号 卡号 手机号 符号 信号 口号 句号 逗号 问号 括号 引号 尺号 大号 小号 中号 加号 同号 挂号 称号 几号 多少号 十几号 二十几号 微信号 "
        "楼下 楼上 楼梯 楼房 楼道 几楼 上楼 下楼 层次 一层 底层 几层 多层 双层 单层 夹层 分层 室内 室外 卧室 浴室 办公室 教室 实验室 工作室 会议室 温室 茶水室 门口 门店 专门 部门 热门 上门 出门 "
        "开门 关门 门锁 门票 大门 厨房 书房 房间 房子 药房 客房 套房 新房 住房 买房 主卧 讲座 插座 底座 座椅 座位 座机 星座 排骨 排队 安排 排名 排插 品牌 一排 团队 部队 队伍 组合 组装 机组 "
        "小组 户外 客户 用户 账户 帐户 商户 窗户 开户 散户 住户 门户 城管 长城 国美 果园 幼儿园 公园 游乐园 校园 花园款 家居 居家 居然 邻居 起居 定居 政府 官府 医院级 院子 院线 电影院 法院 "
        "法庭 家庭 仓库 广场舞 中心句 用户中心 客服中心 分拣中心 转运中心 会员中心 个人中心 服务中心 售后中心 数据中心 配送中心 集散中心 帮助中心 消息中心 维修中心 湾仔 庄重 端庄 村淘 "
        "电器城 阁下 内阁 轩逸 天气 省钱 省电 节省 省心 省事 省内 外省 本省 本市 全市 省份 市区 全省 同城 县里 州级 广州酒家 街边 弄好 弄坏 弄错 弄丢 弄得 怎么弄 弄清 梯子 电梯 一档 高档 低档 档次 空档 "
        "组成 号线 号店 号机 号客服 号专员 号链接 号电池 号色 号码段 一号店 号球 号位 号字 号角 里子 千里 万里 百里 层板 层架 楼盘 门把 门槛 门铃 门禁 门框 房东 房租 排水 排气 排烟 村长 门诊 "
        "铺货 铺地 铺床 户型 户口 庄稼 寨子 组别 园林 园艺 庭院 城堡 坊间 里外 湾流 街舞 道具 道路 街上 乡亲 乡村 镇静 镇定 冰镇 镇店 乡镇 里头 屯货 囤货 队长 单元测试 f1 f2 gif pdf wifi"
    ),
    WAY: (
        "进去 进门 右拐 左拐 右转 左转 直走 后面那个 后面那栋 后面 对面 旁边 隔壁 斜对面 前面 南门 北门 东门 西门 正门 后门 侧门 路口 往里 往前 顶楼 西户 东户 中户 那个 那栋"
    ),
    LANDMARK: (
        "公司 有限公司 工厂 厂 店 超市 便利店 服务部 营业部 分理处 支行 分行 银行 证券 仓库 驿站 菜鸟驿站 丰巢 快递柜 门卫 传达室 物业 地下室 门面 店面 商铺 学校 中学 小学 "
        "幼儿园里 国际 口 旁 附近 门口 交叉口 交汇处 楼下 内 里面 东侧 西侧 南侧 北侧 以东 以西 以南 以北 制作室 工作室 办公室 药房 网吧 诊所 大堂 前台 烟酒"
    ),
}  # fmt: skip


class Word(NamedTuple):
    """A word of the vocabulary in a text."""

    start: int
    end: int
    role: str


def _vocabulary() -> dict[str, str]:
    roles = {word: role for role in reversed(_WORDS) for word in _WORDS[role].split()}
    names = short_names()
    # A region's name before a road, a hospital or a shop is part of that name: 北京路, 上海银行.
    roles.update({f"{name}{tail}": NAMED_ROAD for name in names for tail in ("路", "街", "大道", "东路", "西路", "南路", "北路")})
    roles.update({f"{name}{tail}": NOISE for name in names for tail in ("路由", "路线", "路况")})
    roles.update(dict.fromkeys(names, REGION))
    roles.update({f"{name}{tail}": REGION for name in names for tail in ("省", "市", "区", "县")})
    roles.update(dict.fromkeys(STATES.split(), REGION))
    return roles


_ROLES = _vocabulary()
_VOCABULARY = list(_ROLES)
_AUTOMATON = ahocorasick_rs.AhoCorasick(_VOCABULARY, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


def words(shadow: str) -> list[Word]:
    """Return the vocabulary's words in a half-width text, the longest at each place, without overlaps."""
    roles, vocabulary = _ROLES, _VOCABULARY
    return [
        Word(start, end, roles[vocabulary[which]])
        for which, start, end in _AUTOMATON.find_matches_as_indexes(shadow)
    ]
