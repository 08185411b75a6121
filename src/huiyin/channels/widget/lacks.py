"""What a line to a shop's own page cannot do, in words for people."""

from huiyin.channels.lacking import Cannot, Lack
from huiyin.channels.port import Capability

CANNOT: Cannot = {
    Capability.READ_HISTORY: Lack(
        reason="对话只发生在回音里，没有另外的历史可读",
        instead="在回音里搜索会话",
        why="all talk happens in Huiyin; there is no other history to read",
        remedy="search the sessions in Huiyin",
    ),
    Capability.NEAR_REALTIME: Lack(
        reason="访客的话实时到达，不需要定时去问",
        instead="不用做什么",
        why="visitors' words arrive live; there is nothing to ask for",
        remedy="nothing needs doing",
    ),
    Capability.ORDERS: Lack(
        reason="访客是匿名的，网页也不在任何平台上，没有订单可查",
        instead="请访客说明订单号，在店铺自己的系统里查",
        why="visitors are anonymous and the page is on no platform, so there are no orders to look up",
        remedy="ask for the order number and look in the shop's own system",
    ),
    Capability.LOGISTICS: Lack(
        reason="网页客服不知道包裹",
        instead="请访客提供运单号，在快递公司查询",
        why="a page knows no parcels",
        remedy="ask for the waybill and look at the carrier's",
    ),
    Capability.PRICE_PROTECTION: Lack(
        reason="价保是电商平台的服务，自己的网页上没有",
        instead="按店铺自己的规则答复",
        why="price protection is a platform's service; a page of one's own has none",
        remedy="answer by the shop's own rules",
    ),
    Capability.EVALUATIONS: Lack(
        reason="还不向访客请求评价",
        instead="质检结果在回音里看",
        why="visitors are not asked for an evaluation yet",
        remedy="look at the inspection in Huiyin",
    ),
    Capability.AFTER_SALES: Lack(
        reason="网页客服没有售后单",
        instead="在店铺自己的系统里处理售后",
        why="a page has no after-sales cases",
        remedy="handle them in the shop's own system",
    ),
    Capability.WAITER_STATS: Lack(
        reason="没有平台来统计客服数据",
        instead="看回音自己的报表",
        why="there is no platform that counts waiters' figures",
        remedy="look at Huiyin's own reports",
    ),
    Capability.WAITER_PRESENCE: Lack(
        reason="没有平台账号，也就没有平台上的在线状态",
        instead="转接会话时能看到谁在线",
        why="there are no platform accounts, so no presence on one",
        remedy="see who is online when handing a session on",
    ),
    Capability.COMMENTS: Lack(
        reason="自己的网页上没有平台的商品评论",
        instead="看店铺自己的系统",
        why="a page of one's own has no platform's comments on goods",
        remedy="look in the shop's own system",
    ),
    Capability.TELL_ACCESS: Lack(
        reason="自己的网页没有平台要求上报访问日志",
        instead="回音自己的审计里有登录、查看明文和导出",
        why="a page of one's own has no platform that asks for records of access",
        remedy="Huiyin's own audit has who signed in, saw what in the clear, and took what out",
    ),
    Capability.PLACED_ORDERS: Lack(
        reason="自己的网页没有平台的订单",
        instead="看店铺自己的系统",
        why="a page of one's own has no platform's orders",
        remedy="look in the shop's own system",
    ),
}
"""With `RECEIVE_LIVE` and `SEND_MESSAGE` this covers every capability of the port."""
