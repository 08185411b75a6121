"""Read Kuaishou's order into the port's. The address and the buyer's words are never even decoded.

Money: `totalFee` and `price` are 分: a public SDK divides them by a hundred; for `totalFee` a copy of the field list
says that it is the goods without freight, less what the seller bears. What the buyer paid in the end, freight and the
platform's discounts counted, is in no field we know: `paid` repeats `totalFee` from `payTime` on. Unverified, too:
where the order sits in the answer, and that `buyerOpenId` names the buyer.
"""

from datetime import datetime

import msgspec

from huiyin.channels.asking import read, strange
from huiyin.channels.fields import NOTHING, Id, count, moment, named, needed, of_fen, of_ms
from huiyin.channels.gateways import Source
from huiyin.channels.orders_only import Found
from huiyin.channels.port import Order, OrderLine
from huiyin.kernel.units import Fen

GATEWAY = "kwaixiaodian"
"""What this gateway is called where an order says how it was read."""

STATE_LABELS = {
    "0": "未知状态",
    "10": "待付款",
    "30": "已付款",
    "40": "已发货",
    "50": "已签收",
    "70": "订单成功",
    "80": "订单失败",
}
"""The states of a copy of the field list, in the words of a screen."""


class _Base(msgspec.Struct, rename="camel"):
    oid: Id
    status: Id
    total_fee: msgspec.Raw = NOTHING
    create_time: Id | None = None
    pay_time: Id | None = None
    buyer_open_id: Id | None = None


class _Item(msgspec.Struct, rename="camel"):
    num: Id
    price: msgspec.Raw = NOTHING
    item_title: str | None = ""
    sku_id: Id | None = None
    item_id: Id | None = None


class _Parcel(msgspec.Struct, rename="camel"):
    express_no: str | None = ""


class _Detail(msgspec.Struct, rename="camel"):
    order_base_info: _Base
    order_item_info: _Item | list[_Item]
    order_logistics_info: list[_Parcel] | None = None


_detail = msgspec.json.Decoder(_Detail | None)


def read_order(raw: msgspec.Raw, oid: str, method: str, as_of: datetime) -> Found | None:
    """Read the answer of `open.order.detail`; None where there is none.

    Raises:
        PermanentError: a field is missing or odd, or this is another order than the one asked for.

    """
    detail = read(_detail, raw, method)
    if detail is None:
        return None
    if str(detail.order_base_info.oid) != oid:
        raise strange(method)
    return Found(_order(detail, method, as_of), named(detail.order_base_info.buyer_open_id))


def _order(detail: _Detail, method: str, as_of: datetime) -> Order:
    base, items = detail.order_base_info, detail.order_item_info
    state = str(base.status)
    total = needed(of_fen(base.total_fee, method), method)
    paid_at = of_ms(base.pay_time, method)
    return Order(
        order_id=str(base.oid),
        state=state,
        state_label=STATE_LABELS.get(state, state),
        total=total,
        paid=total if paid_at else Fen(0),
        created_at=moment(of_ms(base.create_time, method), method),
        as_of=as_of,
        source=Source(GATEWAY, method),
        lines=tuple(_line(each, method) for each in (items if isinstance(items, list) else [items])),
        waybill=next((each.express_no for each in detail.order_logistics_info or () if each.express_no), ""),
        paid_at=paid_at,
    )


def _line(item: _Item, method: str) -> OrderLine:
    return OrderLine(
        sku_id=str(item.sku_id or item.item_id or ""),
        name=item.item_title or "",
        count=count(item.num, method),
        price=needed(of_fen(item.price, method), method),
    )
