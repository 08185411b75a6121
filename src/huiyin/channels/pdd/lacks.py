"""What a line to Pinduoduo cannot do, in words for people."""

from huiyin.channels.lacking import Cannot, Lack
from huiyin.channels.port import Capability

_NO_CHAT = "没有查到拼多多开放的聊天接口"
_NO_CHAT_EN = "no open chat interface of Pinduoduo is known"

CANNOT: Cannot = {
    Capability.READ_HISTORY: Lack(
        reason=_NO_CHAT,
        instead="从拼多多商家后台导出聊天记录，再导入进来",
        why=_NO_CHAT_EN,
        remedy="import the chat export instead",
    ),
    Capability.NEAR_REALTIME: Lack(
        reason=_NO_CHAT,
        instead="在拼多多商家工作台里看新消息，过后导入聊天记录",
        why=_NO_CHAT_EN,
        remedy="watch new messages in Pinduoduo's workbench and import the chat export later",
    ),
    Capability.RECEIVE_LIVE: Lack(
        reason=_NO_CHAT,
        instead="在拼多多商家工作台里接待，过后导入聊天记录",
        why=_NO_CHAT_EN,
        remedy="answer in Pinduoduo's workbench and import the chat export later",
    ),
    Capability.SEND_MESSAGE: Lack(
        reason=_NO_CHAT,
        instead="把回复复制到拼多多商家工作台里发送",
        why=_NO_CHAT_EN,
        remedy="copy the reply into Pinduoduo's workbench",
    ),
    Capability.LOGISTICS: Lack(
        reason="回音还没有接入拼多多的物流查询",
        instead="订单上有运单号，轨迹请在拼多多商家后台看",
        why="Huiyin does not speak Pinduoduo's parcel interface yet",
        remedy="the order has the waybill; look at its steps in Pinduoduo's desk",
    ),
    Capability.PRICE_PROTECTION: Lack(
        reason="没有查到拼多多开放的价保查询接口",
        instead="请在拼多多商家后台的售后里看",
        why="no open interface for price protection at Pinduoduo is known",
        remedy="look at the applications in Pinduoduo's desk",
    ),
    Capability.EVALUATIONS: Lack(
        reason="没有查到拼多多开放的评价接口",
        instead="请在拼多多商家后台看评价",
        why="no open interface for evaluations at Pinduoduo is known",
        remedy="look at the evaluations in Pinduoduo's desk",
    ),
    Capability.AFTER_SALES: Lack(
        reason="回音还没有接入拼多多的售后单",
        instead="请在拼多多商家后台里看售后",
        why="Huiyin does not speak Pinduoduo's after-sales interface yet",
        remedy="look at the after-sales cases in Pinduoduo's desk",
    ),
    Capability.WAITER_STATS: Lack(
        reason="没有查到拼多多开放的客服数据接口",
        instead="请在拼多多商家后台里看客服数据",
        why="no open interface for waiters' figures at Pinduoduo is known",
        remedy="look at the figures in Pinduoduo's desk",
    ),
    Capability.WAITER_PRESENCE: Lack(
        reason="没有查到拼多多开放的客服在线状态接口",
        instead="请在拼多多商家后台里看谁在线",
        why="no open interface for waiters' presence at Pinduoduo is known",
        remedy="look at who is online in Pinduoduo's desk",
    ),
    Capability.COMMENTS: Lack(
        reason="回音还没有接入拼多多的商品评论",
        instead="请在拼多多商家后台里看商品评论",
        why="Huiyin does not read Pinduoduo's comments on goods yet",
        remedy="look at the comments in Pinduoduo's desk",
    ),
    Capability.TELL_ACCESS: Lack(
        reason="回音还没有接入拼多多的访问日志上报",
        instead="回音自己的审计里有登录、查看明文和导出",
        why="Huiyin does not send Pinduoduo records of access yet",
        remedy="Huiyin's own audit has who signed in, saw what in the clear, and took what out",
    ),
    Capability.PLACED_ORDERS: Lack(
        reason="回音还没有接入拼多多的订单列表",
        instead="询单转化请导入拼多多的报表",
        why="Huiyin does not read Pinduoduo's lists of orders yet",
        remedy="bring inquiry conversion in from Pinduoduo's reports",
    ),
}
"""With `ORDERS` this covers every capability of the port."""
