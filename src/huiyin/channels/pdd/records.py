"""Read Pinduoduo's order into the port's. Receiver fields and the buyer's words are never even decoded.

Money: `pay_amount` and `goods_amount` are yuan by Pinduoduo's own field list, sent as numbers. `goods_price` has no
unit there; since `goods_amount` is price by count it is read as yuan, which is inferred and not proven.
No field says who bought: an order is told only where the caller answers for the right to see it.
"""

from datetime import datetime

import msgspec

from huiyin.channels.asking import read, strange
from huiyin.channels.fields import NOTHING, Id, count, moment, needed, of_china_time, of_yuan
from huiyin.channels.gateways import Source
from huiyin.channels.orders_only import Found
from huiyin.channels.port import Order, OrderLine
from huiyin.kernel.units import Fen

GATEWAY = "pop"
"""What this gateway is called where an order says how it was read."""

DEALT = "1"
"""`confirm_status`: 0 not dealt yet, 1 dealt, 2 cancelled."""

STATE_LABELS = {
    "confirm-0": "未成交",
    "confirm-2": "已取消",
    "1": "待发货",
    "2": "已发货",
    "3": "已签收",
}
"""`order_status` of a dealt order, else `confirm_status`, in the words of a screen."""


class _Item(msgspec.Struct):
    goods_count: Id
    goods_name: str | None = ""
    goods_price: msgspec.Raw = NOTHING
    sku_id: Id | None = None
    goods_id: Id | None = None


class OrderInfo(msgspec.Struct):
    """Pinduoduo's order, as far as we read it."""

    order_sn: str
    confirm_status: Id
    order_status: Id
    item_list: list[_Item]
    created_time: str | None = None
    pay_amount: msgspec.Raw = NOTHING
    goods_amount: msgspec.Raw = NOTHING
    pay_time: str | None = None
    receive_time: str | None = None
    tracking_number: str | None = ""


class _Answer(msgspec.Struct):
    order_info: OrderInfo | None


_answer = msgspec.json.Decoder(_Answer)


def read_order(raw: msgspec.Raw, order_sn: str, method: str, as_of: datetime) -> Found | None:
    """Read the answer of `pdd.order.information.get`; None where the order is null.

    Raises:
        PermanentError: a field is missing or odd, or this is another order than the one asked for.

    """
    info = read(_answer, raw, method).order_info
    if info is None:
        return None
    if info.order_sn != order_sn:
        raise strange(method)
    return Found(_order(info, method, as_of), frozenset())


def _order(info: OrderInfo, method: str, as_of: datetime) -> Order:
    paid_at = of_china_time(info.pay_time, method)
    state = str(info.order_status) if str(info.confirm_status) == DEALT else f"confirm-{info.confirm_status}"
    return Order(
        order_id=info.order_sn,
        state=state,
        state_label=STATE_LABELS.get(state, state),
        total=needed(of_yuan(info.goods_amount, method), method),
        paid=needed(of_yuan(info.pay_amount, method), method) if paid_at else Fen(0),
        created_at=moment(of_china_time(info.created_time, method), method),
        as_of=as_of,
        source=Source(GATEWAY, method),
        lines=tuple(_line(each, method) for each in info.item_list),
        waybill=info.tracking_number or "",
        paid_at=paid_at,
        finished_at=of_china_time(info.receive_time, method),
    )


def _line(item: _Item, method: str) -> OrderLine:
    return OrderLine(
        sku_id=str(item.sku_id or item.goods_id or ""),
        name=item.goods_name or "",
        count=count(item.goods_count, method),
        price=needed(of_yuan(item.goods_price, method), method),
    )
