"""Answer `taobao.trade.fullinfo.get` in TOP's shape."""

from datetime import datetime, timedelta, timezone
from typing import NoReturn

from huiyin.channels.taobao.signing import verify
from huiyin.kernel.units import Fen, yuan_of_fen
from huiyin.simulator.peers.heard import Heard, NotHeardError, PeerRefusedError, check_clock, check_names, pairs
from huiyin.simulator.peers.world import PeerOrder, PeerWorld

CHINA = timezone(timedelta(hours=8))
METHOD = "taobao.trade.fullinfo.get"
NAMES = frozenset(
    ("method", "app_key", "session", "timestamp", "format", "v", "sign_method", "sign", "fields", "tid")
)  # fmt: skip
STATES = {
    "unpaid": "WAIT_BUYER_PAY",
    "paid": "WAIT_SELLER_SEND_GOODS",
    "shipped": "WAIT_BUYER_CONFIRM_GOODS",
    "done": "TRADE_FINISHED",
    "closed": "TRADE_CLOSED_BY_TAOBAO",
}
REASONS: dict[str, tuple[int, str, str]] = {
    "shape": (41, "Invalid Arguments", "isv.invalid-parameter"),
    "method": (22, "Invalid Method", ""),
    "clock": (31, "Invalid Timestamp", ""),
    "key": (29, "Invalid App Key", ""),
    "sign": (25, "Invalid Signature", ""),
    "token": (27, "Invalid Session", ""),
    "limit": (7, "App Call Limited", "accesscontrol.limited-by-app-access-count"),
    "order": (15, "Remote service error", "isv.trade-not-exist"),
}


def refuse(reason: str) -> NoReturn:
    """Refuse in TOP's words."""
    code, msg, sub_code = REASONS[reason]
    said: dict[str, object] = {"code": code, "msg": msg, "request_id": "sim"}
    raise PeerRefusedError({"error_response": {**said, "sub_code": sub_code} if sub_code else said})


def answer(world: PeerWorld, heard: Heard) -> dict[str, object]:
    """Answer one call."""
    if heard.verb != "POST" or heard.content_type != "application/x-www-form-urlencoded" or heard.query:
        raise NotHeardError(405)
    form = pairs(heard.body)
    check_names(form, NAMES, refuse)
    if form["method"] != METHOD:
        refuse("method")
    if (form["format"], form["v"]) != ("json", "2.0"):
        refuse("shape")
    check_clock(world, _ms(form["timestamp"]), refuse)
    if form["app_key"] != world.keys.app_key:
        refuse("key")
    if not verify(world.keys.secret, form):
        refuse("sign")
    if form["session"] != world.keys.token:
        refuse("token")
    if world.faults.strike("spent"):
        refuse("limit")
    order = world.orders.get(form["tid"])
    if order is None:
        refuse("order")
    return {"trade_fullinfo_get_response": {"trade": _asked(order, form["fields"].split(",")), "request_id": "sim"}}


def _asked(order: PeerOrder, fields: list[str]) -> dict[str, object]:
    trade = _trade(order)
    if not set(fields) <= trade.keys():
        refuse("shape")
    kept = {name: value for name, value in trade.items() if name in fields and value is not None}
    if "buyer_nick" not in fields:
        kept.pop("buyer_open_uid", None)
    return kept


def _trade(order: PeerOrder) -> dict[str, object]:
    return {
        "tid": int(order.number),
        "status": STATES[order.state],
        "payment": _yuan(order.payment),
        "total_fee": _yuan(order.goods),
        "created": _time(order.created),
        "pay_time": _time(order.paid),
        "end_time": _time(order.finished),
        "buyer_nick": f"{order.buyer[0]}**{order.buyer[-1]}",
        "buyer_open_uid": order.buyer,
        "receiver_name": order.receiver,
        "receiver_mobile": order.phone,
        "receiver_address": order.address,
        "orders": {
            "order": [
                {
                    "oid": int(order.number) + at,
                    "num_iid": line.sku * 10,
                    "sku_id": str(line.sku),
                    "title": line.name,
                    "num": line.count,
                    "price": _yuan(line.price),
                    **({"invoice_no": order.waybill} if order.waybill else {}),
                }
                for at, line in enumerate(order.lines)
            ]
        },
    }


def _yuan(fen: int) -> str:
    return yuan_of_fen(Fen(fen))


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def _ms(written: str) -> str:
    try:
        moment = datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError:
        refuse("clock")
    return str(int(moment.timestamp() * 1000))
