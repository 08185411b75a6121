"""What a line to Taobao cannot do, in words for people."""

from huiyin.channels.lacking import Cannot, Lack
from huiyin.channels.port import Capability

_NO_CHAT = "淘宝没有对新应用开放旺旺聊天接口"
_NO_CHAT_EN = "Taobao has no open chat interface for new apps"

CANNOT: Cannot = {
    Capability.READ_HISTORY: Lack(
        reason=_NO_CHAT,
        instead="从千牛导出聊天记录，再导入进来",
        why=_NO_CHAT_EN,
        remedy="import the chat export instead",
    ),
    Capability.NEAR_REALTIME: Lack(
        reason=_NO_CHAT,
        instead="在千牛里看新消息，过后导入聊天记录",
        why=_NO_CHAT_EN,
        remedy="watch new messages in 千牛 and import the chat export later",
    ),
    Capability.RECEIVE_LIVE: Lack(
        reason=_NO_CHAT,
        instead="在千牛里接待，过后导入聊天记录",
        why=_NO_CHAT_EN,
        remedy="answer in 千牛 and import the chat export later",
    ),
    Capability.SEND_MESSAGE: Lack(
        reason=_NO_CHAT,
        instead="把回复复制到千牛里发送",
        why=_NO_CHAT_EN,
        remedy="copy the reply into 千牛",
    ),
    Capability.LOGISTICS: Lack(
        reason="回音还没有接入淘宝的物流查询",
        instead="订单上有运单号，轨迹请在千牛里看",
        why="Huiyin does not speak Taobao's parcel interface yet",
        remedy="the order has the waybill; look at its steps in 千牛",
    ),
    Capability.PRICE_PROTECTION: Lack(
        reason="没有查到淘宝开放的价保查询接口",
        instead="请在千牛的售后里看价保申请",
        why="no open interface for price protection at Taobao is known",
        remedy="look at the applications in 千牛",
    ),
    Capability.EVALUATIONS: Lack(
        reason="回音还没有接入淘宝的评价接口",
        instead="请在千牛里看评价",
        why="Huiyin does not speak Taobao's evaluation interface yet",
        remedy="look at the evaluations in 千牛",
    ),
    Capability.AFTER_SALES: Lack(
        reason="回音还没有接入淘宝的售后单",
        instead="请在千牛里看售后",
        why="Huiyin does not speak Taobao's after-sales interface yet",
        remedy="look at the after-sales cases in 千牛",
    ),
    Capability.WAITER_STATS: Lack(
        reason="没有查到淘宝开放的客服数据接口",
        instead="请在千牛里看客服数据",
        why="no open interface for waiters' figures at Taobao is known",
        remedy="look at the figures in 千牛",
    ),
    Capability.WAITER_PRESENCE: Lack(
        reason="没有查到淘宝开放的客服在线状态接口",
        instead="请在千牛里看谁在线",
        why="no open interface for waiters' presence at Taobao is known",
        remedy="look at who is online in 千牛",
    ),
    Capability.COMMENTS: Lack(
        reason="回音还没有接入淘宝的商品评论",
        instead="请在千牛里看商品评论",
        why="Huiyin does not read Taobao's comments on goods yet",
        remedy="look at the comments in 千牛",
    ),
    Capability.TELL_ACCESS: Lack(
        reason="回音还没有接入淘宝的访问日志上报",
        instead="回音自己的审计里有登录、查看明文和导出",
        why="Huiyin does not send Taobao records of access yet",
        remedy="Huiyin's own audit has who signed in, saw what in the clear, and took what out",
    ),
    Capability.PLACED_ORDERS: Lack(
        reason="回音还没有接入淘宝的订单列表",
        instead="询单转化请导入淘宝的报表",
        why="Huiyin does not read Taobao's lists of orders yet",
        remedy="bring inquiry conversion in from Taobao's reports",
    ),
}
"""With `ORDERS` this covers every capability of the port."""
