"""Answer `open.order.detail` in Kuaishou's shape: money in 分, times in milliseconds, one item or several."""

from datetime import datetime
from typing import NoReturn

from huiyin.channels.kuaishou.signing import verify
from huiyin.simulator.peers.heard import (
    Heard,
    NotHeardError,
    PeerRefusedError,
    check_clock,
    check_names,
    json_object,
    pairs,
)
from huiyin.simulator.peers.world import PeerOrder, PeerWorld

METHOD = "open.order.detail"
NAMES = frozenset(("appkey", "access_token", "method", "version", "param", "timestamp", "signMethod", "sign"))
STATES = {"unpaid": 10, "paid": 30, "shipped": 40, "done": 70, "closed": 80}
REASONS: dict[str, tuple[int, str]] = {
    "shape": (-1, "参数错误"),
    "method": (-2, "接口不存在"),
    "clock": (-3, "时间戳不合法"),
    "key": (-4, "appkey不存在"),
    "sign": (-5, "验签失败"),
    "token": (-6, "鉴权失败"),
    "limit": (-7, "触发限流，请稍后重试"),
    "order": (-8, "订单不存在"),
}


def refuse(reason: str) -> NoReturn:
    """Refuse; the words for sign, token and limit are Kuaishou's, the numbers and all other words are ours."""
    result, words = REASONS[reason]
    raise PeerRefusedError({"result": result, "error_msg": words})


def answer(world: PeerWorld, heard: Heard) -> dict[str, object]:
    """Answer one call."""
    if heard.verb != "GET" or heard.body:
        raise NotHeardError(405)
    query = pairs(heard.query)
    check_names(query, NAMES, refuse)
    if query["method"] != METHOD:
        refuse("method")
    if query["version"] != "1":
        refuse("shape")
    check_clock(world, query["timestamp"], refuse)
    if query["appkey"] != world.keys.app_key:
        refuse("key")
    if not verify(world.keys.secret, query):
        refuse("sign")
    if query["access_token"] != world.keys.token:
        refuse("token")
    if world.faults.strike("spent"):
        refuse("limit")
    fields = json_object(query["param"], refuse)
    if fields.keys() != {"oid"} or not isinstance(fields["oid"], int):
        refuse("shape")
    order = world.orders.get(str(fields["oid"]))
    if order is None:
        refuse("order")
    return {"result": 1, "data": _order(order)}


def _order(order: PeerOrder) -> dict[str, object]:
    items: list[dict[str, object]] = [
        {
            "itemId": line.sku * 10,
            "skuId": line.sku,
            "itemTitle": line.name,
            "num": line.count,
            "originalPrice": line.price,
            "price": line.price,
        }
        for line in order.lines
    ]
    return {
        "orderBaseInfo": {
            "oid": int(order.number),
            "status": STATES[order.state],
            "totalFee": order.goods,
            "expressFee": 0,
            "createTime": _ms(order.created),
            "payTime": _ms(order.paid),
            "buyerOpenId": order.buyer,
            "buyerNick": order.receiver,
        },
        "orderItemInfo": items[0] if len(items) == 1 else items,
        "orderLogisticsInfo": [{"expressNo": order.waybill}] if order.waybill else [],
        "orderAddress": {"consignee": order.receiver, "mobile": order.phone, "address": order.address},
    }


def _ms(moment: datetime | None) -> int:
    return 0 if moment is None else int(moment.timestamp() * 1000)
