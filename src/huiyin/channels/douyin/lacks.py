"""What a line to Douyin cannot do, in words for people."""

from huiyin.channels.lacking import Cannot, Lack
from huiyin.channels.port import Capability

_NO_CHAT = "抖店的飞鸽聊天接口只定向开放给白名单应用"
_NO_CHAT_EN = "Douyin opens its chat interface (飞鸽) only to apps on its own list"

CANNOT: Cannot = {
    Capability.READ_HISTORY: Lack(
        reason=_NO_CHAT,
        instead="从飞鸽导出聊天记录，再导入进来",
        why=_NO_CHAT_EN,
        remedy="import the chat export instead",
    ),
    Capability.NEAR_REALTIME: Lack(
        reason=_NO_CHAT,
        instead="在飞鸽里看新消息，过后导入聊天记录",
        why=_NO_CHAT_EN,
        remedy="watch new messages in 飞鸽 and import the chat export later",
    ),
    Capability.RECEIVE_LIVE: Lack(
        reason=_NO_CHAT,
        instead="在飞鸽里接待，过后导入聊天记录",
        why=_NO_CHAT_EN,
        remedy="answer in 飞鸽 and import the chat export later",
    ),
    Capability.SEND_MESSAGE: Lack(
        reason=_NO_CHAT,
        instead="把回复复制到飞鸽里发送",
        why=_NO_CHAT_EN,
        remedy="copy the reply into 飞鸽",
    ),
    Capability.LOGISTICS: Lack(
        reason="回音还没有接入抖店的物流查询",
        instead="订单上有运单号，轨迹请在抖店后台看",
        why="Huiyin does not speak Douyin's parcel interface yet",
        remedy="the order has the waybill; look at its steps in 抖店's desk",
    ),
    Capability.PRICE_PROTECTION: Lack(
        reason="回音还没有接入抖店的价保售后单",
        instead="请在抖店后台的售后里看价保申请",
        why="Huiyin does not read Douyin's price-protection after-sales yet",
        remedy="look at the applications in 抖店's desk",
    ),
    Capability.EVALUATIONS: Lack(
        reason="没有查到抖店开放的评价接口",
        instead="请在抖店后台看评价",
        why="no open interface for evaluations at Douyin is known",
        remedy="look at the evaluations in 抖店's desk",
    ),
    Capability.AFTER_SALES: Lack(
        reason="回音还没有接入抖店的售后单",
        instead="请在抖店后台里看售后",
        why="Huiyin does not speak Douyin's after-sales interface yet",
        remedy="look at the after-sales cases in 抖店's desk",
    ),
    Capability.WAITER_STATS: Lack(
        reason="没有查到抖店开放的客服数据接口",
        instead="请在抖店后台里看客服数据",
        why="no open interface for waiters' figures at Douyin is known",
        remedy="look at the figures in 抖店's desk",
    ),
    Capability.WAITER_PRESENCE: Lack(
        reason="没有查到抖店开放的客服在线状态接口",
        instead="请在抖店后台里看谁在线",
        why="no open interface for waiters' presence at Douyin is known",
        remedy="look at who is online in 抖店's desk",
    ),
    Capability.COMMENTS: Lack(
        reason="回音还没有接入抖店的商品评论",
        instead="请在抖店后台里看商品评论",
        why="Huiyin does not read Douyin's comments on goods yet",
        remedy="look at the comments in 抖店's desk",
    ),
    Capability.TELL_ACCESS: Lack(
        reason="回音还没有接入抖店的访问日志上报",
        instead="回音自己的审计里有登录、查看明文和导出",
        why="Huiyin does not send Douyin records of access yet",
        remedy="Huiyin's own audit has who signed in, saw what in the clear, and took what out",
    ),
    Capability.PLACED_ORDERS: Lack(
        reason="回音还没有接入抖店的订单列表",
        instead="询单转化请导入抖店的报表",
        why="Huiyin does not read Douyin's lists of orders yet",
        remedy="bring inquiry conversion in from Douyin's reports",
    ),
}
"""With `ORDERS` this covers every capability of the port."""
