"""What a line to Kuaishou cannot do, in words for people."""

from huiyin.channels.lacking import Cannot, Lack
from huiyin.channels.port import Capability

_NO_CHAT = "快手的智能客服接口已暂停接入（平台文档 2024 年 8 月）"
_NO_CHAT_EN = "Kuaishou takes on no new apps for its customer-service interface (its document of August 2024)"

CANNOT: Cannot = {
    Capability.READ_HISTORY: Lack(
        reason=_NO_CHAT,
        instead="从快手小店导出聊天记录，再导入进来",
        why=_NO_CHAT_EN,
        remedy="import the chat export instead",
    ),
    Capability.NEAR_REALTIME: Lack(
        reason=_NO_CHAT,
        instead="在快手小店客服工作台里看新消息，过后导入聊天记录",
        why=_NO_CHAT_EN,
        remedy="watch new messages in Kuaishou's workbench and import the chat export later",
    ),
    Capability.RECEIVE_LIVE: Lack(
        reason=_NO_CHAT,
        instead="在快手小店客服工作台里接待，过后导入聊天记录",
        why=_NO_CHAT_EN,
        remedy="answer in Kuaishou's workbench and import the chat export later",
    ),
    Capability.SEND_MESSAGE: Lack(
        reason=_NO_CHAT,
        instead="把回复复制到快手小店客服工作台里发送",
        why=_NO_CHAT_EN,
        remedy="copy the reply into Kuaishou's workbench",
    ),
    Capability.LOGISTICS: Lack(
        reason="回音还没有接入快手的物流查询",
        instead="物流轨迹请在快手小店后台看",
        why="Huiyin does not speak Kuaishou's parcel interface yet",
        remedy="look at the parcel's steps in Kuaishou's desk",
    ),
    Capability.PRICE_PROTECTION: Lack(
        reason="没有查到快手开放的价保查询接口",
        instead="请在快手小店后台的售后里看",
        why="no open interface for price protection at Kuaishou is known",
        remedy="look at the applications in Kuaishou's desk",
    ),
    Capability.EVALUATIONS: Lack(
        reason="回音还没有接入快手的评价接口",
        instead="请在快手小店后台看评价",
        why="Huiyin does not speak Kuaishou's evaluation interface yet",
        remedy="look at the evaluations in Kuaishou's desk",
    ),
    Capability.AFTER_SALES: Lack(
        reason="回音还没有接入快手的售后单",
        instead="请在快手小店后台里看售后",
        why="Huiyin does not speak Kuaishou's after-sales interface yet",
        remedy="look at the after-sales cases in Kuaishou's desk",
    ),
    Capability.WAITER_STATS: Lack(
        reason="没有查到快手开放的客服数据接口",
        instead="请在快手小店后台里看客服数据",
        why="no open interface for waiters' figures at Kuaishou is known",
        remedy="look at the figures in Kuaishou's desk",
    ),
    Capability.WAITER_PRESENCE: Lack(
        reason="没有查到快手开放的客服在线状态接口",
        instead="请在快手小店后台里看谁在线",
        why="no open interface for waiters' presence at Kuaishou is known",
        remedy="look at who is online in Kuaishou's desk",
    ),
    Capability.COMMENTS: Lack(
        reason="回音还没有接入快手的商品评论",
        instead="请在快手小店后台里看商品评论",
        why="Huiyin does not read Kuaishou's comments on goods yet",
        remedy="look at the comments in Kuaishou's desk",
    ),
    Capability.TELL_ACCESS: Lack(
        reason="回音还没有接入快手的访问日志上报",
        instead="回音自己的审计里有登录、查看明文和导出",
        why="Huiyin does not send Kuaishou records of access yet",
        remedy="Huiyin's own audit has who signed in, saw what in the clear, and took what out",
    ),
    Capability.PLACED_ORDERS: Lack(
        reason="回音还没有接入快手的订单列表",
        instead="询单转化请导入快手的报表",
        why="Huiyin does not read Kuaishou's lists of orders yet",
        remedy="bring inquiry conversion in from Kuaishou's reports",
    ),
}
"""With `ORDERS` this covers every capability of the port."""
