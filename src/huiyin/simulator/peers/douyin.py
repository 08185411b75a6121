"""Answer `/order/orderDetail` in Douyin's shape: money in 分, times in seconds."""

from datetime import datetime
from typing import NoReturn

from huiyin.channels.douyin.signing import verify
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

METHOD = "order.orderDetail"
NAMES = frozenset(("app_key", "access_token", "method", "timestamp", "v", "sign_method", "sign"))
STATES = {"unpaid": 1, "paid": 2, "shipped": 3, "done": 5, "closed": 4}
REASONS: dict[str, tuple[int, str, str]] = {
    "shape": (40003, "非法的参数（平台校验）", "isv.parameter-format-invalid"),
    "method": (70000, "接口服务已下线", "isp.api-service-off"),
    "clock": (40003, "非法的参数（平台校验）", "isv.timestamp-invalid"),
    "key": (40003, "非法的参数（平台校验）", "isv.app-id-invalid"),
    "sign": (40003, "非法的参数（平台校验）", "isv.signature-invalid"),
    "token": (40003, "非法的参数（平台校验）", "isv.access-token-expired"),
    "limit": (60000, "触发限流，请稍后重试", ""),
    "order": (50002, "业务处理失败", "isv.business-failed:SIM-ORDER"),
}


def refuse(reason: str) -> NoReturn:
    """Refuse in Douyin's words; the sub-code for an order that is not there is ours."""
    code, msg, sub_code = REASONS[reason]
    raise PeerRefusedError({"code": code, "msg": msg, "sub_code": sub_code, "sub_msg": "", "log_id": "sim"})


def answer(world: PeerWorld, heard: Heard) -> dict[str, object]:
    """Answer one call."""
    if heard.verb != "POST" or heard.content_type != "application/json":
        raise NotHeardError(405)
    query = pairs(heard.query)
    check_names(query, NAMES, refuse)
    if query["method"] != METHOD:
        refuse("method")
    if (query["v"], query["sign_method"]) != ("2", "hmac-sha256"):
        refuse("shape")
    check_clock(world, f"{query['timestamp']}000", refuse)
    if query["app_key"] != world.keys.app_key:
        refuse("key")
    if not verify(world.keys.secret, {**query, "param_json": heard.body.decode(errors="replace")}):
        refuse("sign")
    if query["access_token"] != world.keys.token:
        refuse("token")
    if world.faults.strike("spent"):
        refuse("limit")
    fields = json_object(heard.body, refuse)
    if fields.keys() != {"shop_order_id"} or not isinstance(fields["shop_order_id"], str):
        refuse("shape")
    order = world.orders.get(fields["shop_order_id"])
    if order is None:
        refuse("order")
    data = {"shop_order_detail": _order(order)}
    return {"code": 10000, "msg": "success", "sub_code": "", "sub_msg": "", "data": data, "log_id": "sim"}


def _order(order: PeerOrder) -> dict[str, object]:
    return {
        "shop_id": 1,
        "order_id": order.number,
        "open_id": "of-a-mini-app",
        "doudian_open_id": order.buyer,
        "order_status": STATES[order.state],
        "order_status_desc": "",
        "order_amount": order.goods,
        "pay_amount": order.payment,
        "create_time": _seconds(order.created),
        "pay_time": _seconds(order.paid),
        "finish_time": _seconds(order.finished),
        "post_receiver": order.receiver,
        "post_tel": order.phone,
        "post_addr": {"detail": order.address},
        "buyer_words": f"请放{order.address}",
        "logistics_info": [{"tracking_no": order.waybill, "company": "yunda"}] if order.waybill else [],
        "sku_order_list": [
            {
                "order_id": order.number,
                "product_id": line.sku * 10,
                "sku_id": line.sku,
                "product_name": line.name,
                "item_num": line.count,
                "origin_amount": line.price,
            }
            for line in order.lines
        ],
    }


def _seconds(moment: datetime | None) -> int:
    return 0 if moment is None else int(moment.timestamp())
