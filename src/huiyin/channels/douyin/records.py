"""Read Douyin's order into the port's. Receiver fields and the buyer's words are never even decoded.

Money: `order_amount`, `pay_amount` and `origin_amount` are 分 by the field list of public SDK sources.
`order_amount` is what the order comes to before freight and discounts are settled: whether it holds the freight is
not said; `pay_amount` counts as paid from `pay_time` on. The buyer is `doudian_open_id`; `open_id` is a mini-app's.
"""

from datetime import datetime

import msgspec

from huiyin.channels.asking import read, strange
from huiyin.channels.fields import NOTHING, Id, count, moment, named, needed, of_fen, of_seconds
from huiyin.channels.gateways import Source
from huiyin.channels.orders_only import Found
from huiyin.channels.port import Order, OrderLine
from huiyin.kernel.units import Fen

GATEWAY = "doudian"
"""What this gateway is called where an order says how it was read."""

STATE_LABELS = {
    "1": "待支付",
    "103": "部分支付",
    "105": "已支付",
    "2": "备货中",
    "101": "部分发货",
    "3": "已发货",
    "4": "已取消",
    "5": "已完成",
}
"""The states of the field list, in the words of a screen."""


class _Sku(msgspec.Struct):
    item_num: Id
    origin_amount: msgspec.Raw = NOTHING
    product_name: str | None = ""
    sku_id: Id | None = None
    product_id: Id | None = None


class _Parcel(msgspec.Struct):
    tracking_no: str | None = ""


class ShopOrder(msgspec.Struct):
    """Douyin's order, as far as we read it."""

    order_id: str
    order_status: Id
    sku_order_list: list[_Sku]
    order_amount: msgspec.Raw = NOTHING
    pay_amount: msgspec.Raw = NOTHING
    create_time: Id | None = None
    pay_time: Id | None = None
    finish_time: Id | None = None
    doudian_open_id: str | None = None
    logistics_info: list[_Parcel] | None = None


class _Data(msgspec.Struct):
    shop_order_detail: ShopOrder | None


_data = msgspec.json.Decoder(_Data)


def read_order(raw: msgspec.Raw, order_id: str, method: str, as_of: datetime) -> Found | None:
    """Read the answer of `/order/orderDetail`; None where the order is null.

    Raises:
        PermanentError: a field is missing or odd, or this is another order than the one asked for.

    """
    info = read(_data, raw, method).shop_order_detail
    if info is None:
        return None
    if info.order_id != order_id:
        raise strange(method)
    return Found(_order(info, method, as_of), named(info.doudian_open_id))


def _order(info: ShopOrder, method: str, as_of: datetime) -> Order:
    state = str(info.order_status)
    paid_at = of_seconds(info.pay_time, method)
    return Order(
        order_id=info.order_id,
        state=state,
        state_label=STATE_LABELS.get(state, state),
        total=needed(of_fen(info.order_amount, method), method),
        paid=needed(of_fen(info.pay_amount, method), method) if paid_at else Fen(0),
        created_at=moment(of_seconds(info.create_time, method), method),
        as_of=as_of,
        source=Source(GATEWAY, method),
        lines=tuple(_line(each, method) for each in info.sku_order_list),
        waybill=next((each.tracking_no for each in info.logistics_info or () if each.tracking_no), ""),
        paid_at=paid_at,
        finished_at=of_seconds(info.finish_time, method),
    )


def _line(sku: _Sku, method: str) -> OrderLine:
    return OrderLine(
        sku_id=str(sku.sku_id or sku.product_id or ""),
        name=sku.product_name or "",
        count=count(sku.item_num, method),
        price=needed(of_fen(sku.origin_amount, method), method),
    )
