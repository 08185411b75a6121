"""Answer `pdd.order.information.get` in Pinduoduo's shape: money as bare numbers of yuan, and no buyer anywhere."""

from datetime import datetime, timedelta, timezone
from typing import NoReturn

import msgspec

from huiyin.channels.pdd.signing import verify
from huiyin.kernel.units import Fen, yuan_of_fen
from huiyin.simulator.peers.heard import Heard, NotHeardError, PeerRefusedError, check_clock, check_names, pairs
from huiyin.simulator.peers.world import PeerOrder, PeerWorld

CHINA = timezone(timedelta(hours=8))
METHOD = "pdd.order.information.get"
NAMES = frozenset(("type", "client_id", "access_token", "timestamp", "data_type", "version", "sign", "order_sn"))
STATES = {"unpaid": (0, 1), "paid": (1, 1), "shipped": (1, 2), "done": (1, 3), "closed": (2, 1)}
REASONS: dict[str, tuple[int, str, str | None]] = {
    "shape": (10001, "公共参数错误", None),
    "method": (10017, "type不正确", "10017"),
    "clock": (10001, "公共参数错误:timestamp", None),
    "key": (10016, "client下线或者clientId不正确", "10016"),
    "sign": (20004, "签名sign校验失败", "20004"),
    "token": (10019, "access_token已过期", "10019"),
    "limit": (70031, "调用过于频繁，请调整调用频率", "70031"),
    "order": (50001, "业务服务错误", "SIM-ORDER"),
}


def refuse(reason: str) -> NoReturn:
    """Refuse in Pinduoduo's words; what it says of an order that is not there is not known, so that is ours."""
    code, msg, sub_code = REASONS[reason]
    said = {"error_code": code, "error_msg": msg, "sub_code": sub_code, "sub_msg": "", "request_id": "sim"}
    raise PeerRefusedError({"error_response": said})


def answer(world: PeerWorld, heard: Heard) -> dict[str, object]:
    """Answer one call."""
    if heard.verb != "POST" or heard.content_type != "application/x-www-form-urlencoded" or heard.query:
        raise NotHeardError(405)
    form = pairs(heard.body)
    check_names(form, NAMES, refuse)
    if form["type"] != METHOD:
        refuse("method")
    if (form["data_type"], form["version"]) != ("JSON", "V1"):
        refuse("shape")
    check_clock(world, f"{form['timestamp']}000", refuse)
    if form["client_id"] != world.keys.app_key:
        refuse("key")
    if not verify(world.keys.secret, form):
        refuse("sign")
    if form["access_token"] != world.keys.token:
        refuse("token")
    if world.faults.strike("spent"):
        refuse("limit")
    order = world.orders.get(form["order_sn"])
    if order is None:
        refuse("order")
    return {"order_info_get_response": {"order_info": _order(order), "request_id": "sim"}}


def _order(order: PeerOrder) -> dict[str, object]:
    confirm, status = STATES[order.state]
    return {
        "order_sn": order.number,
        "confirm_status": confirm,
        "order_status": status,
        "group_status": 1,
        "refund_status": 1,
        "pay_amount": _yuan(order.payment),
        "goods_amount": _yuan(order.goods),
        "postage": _yuan(0),
        "created_time": _time(order.created),
        "pay_time": _time(order.paid),
        "receive_time": _time(order.finished),
        "tracking_number": order.waybill,
        "receiver_name": order.receiver,
        "receiver_phone": order.phone,
        "receiver_address": order.address,
        "buyer_memo": f"请放{order.address}",
        "item_list": [
            {
                "goods_id": line.sku * 10,
                "sku_id": line.sku,
                "goods_name": line.name,
                "goods_count": line.count,
                "goods_price": _yuan(line.price),
            }
            for line in order.lines
        ],
    }


def _yuan(fen: int) -> msgspec.Raw:
    """Write 68.9, not "68.90": Pinduoduo sends doubles."""
    text = yuan_of_fen(Fen(fen)).rstrip("0")
    return msgspec.Raw((text + "0" if text.endswith(".") else text).encode())


def _time(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
