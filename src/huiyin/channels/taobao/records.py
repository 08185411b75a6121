"""Read TOP's trade into the port's order. Buyer fields (name, phone, address, words) are never even decoded.

Money: `payment`, `total_fee` and `price` are yuan with two places, by TOP's own field list. `total_fee` is the goods
without freight; `payment` is what is to be paid or was, so it counts as paid from `pay_time` on.
"""

from datetime import datetime

import msgspec

from huiyin.channels.asking import read, strange
from huiyin.channels.fields import NOTHING, Id, count, moment, named, needed, of_china_time, of_yuan
from huiyin.channels.gateways import Source
from huiyin.channels.orders_only import Found
from huiyin.channels.port import Order, OrderLine
from huiyin.kernel.units import Fen

GATEWAY = "top"
"""What this gateway is called where an order says how it was read."""

FIELDS = "tid,status,payment,total_fee,created,pay_time,end_time,buyer_nick,buyer_open_uid,orders"
"""What we ask Taobao to send: nothing about who lives where. `buyer_open_uid` comes only beside `buyer_nick`."""

STATE_LABELS = {
    "TRADE_NO_CREATE_PAY": "未创建支付",
    "WAIT_BUYER_PAY": "等待买家付款",
    "PAY_PENDING": "付款确认中",
    "WAIT_PRE_AUTH_CONFIRM": "0元购合约中",
    "PAID_FORBID_CONSIGN": "已付款，暂不能发货",
    "WAIT_SELLER_SEND_GOODS": "等待发货",
    "SELLER_CONSIGNED_PART": "部分发货",
    "WAIT_BUYER_CONFIRM_GOODS": "已发货",
    "TRADE_BUYER_SIGNED": "已签收",
    "TRADE_FINISHED": "交易成功",
    "TRADE_CLOSED": "已退款关闭",
    "TRADE_CLOSED_BY_TAOBAO": "未付款关闭",
}
"""The states of TOP's field list, in the words of a screen."""


class _Line(msgspec.Struct):
    num: Id
    price: msgspec.Raw = NOTHING
    title: str | None = ""
    sku_id: Id | None = None
    num_iid: Id | None = None
    invoice_no: str | None = None


class _Lines(msgspec.Struct):
    order: list[_Line]


class Trade(msgspec.Struct):
    """TOP's trade, as far as we read it."""

    tid: Id
    status: str
    orders: _Lines
    created: str | None = None
    payment: msgspec.Raw = NOTHING
    total_fee: msgspec.Raw = NOTHING
    pay_time: str | None = None
    end_time: str | None = None
    buyer_nick: str | None = None
    buyer_open_uid: str | None = None


class _Answer(msgspec.Struct):
    trade: Trade | None


_answer = msgspec.json.Decoder(_Answer)


def read_trade(raw: msgspec.Raw, tid: str, method: str, as_of: datetime) -> Found | None:
    """Read the answer of `taobao.trade.fullinfo.get`; None where the trade is null.

    Raises:
        PermanentError: a field is missing or odd, or this is another order than the one asked for.

    """
    trade = read(_answer, raw, method).trade
    if trade is None:
        return None
    if str(trade.tid) != tid:
        raise strange(method)
    return Found(_order(trade, method, as_of), named(trade.buyer_open_uid, trade.buyer_nick))


def _order(trade: Trade, method: str, as_of: datetime) -> Order:
    paid_at = of_china_time(trade.pay_time, method)
    payment = of_yuan(trade.payment, method)
    return Order(
        order_id=str(trade.tid),
        state=trade.status,
        state_label=STATE_LABELS.get(trade.status, trade.status),
        total=needed(of_yuan(trade.total_fee, method), method),
        paid=needed(payment, method) if paid_at else Fen(0),
        created_at=moment(of_china_time(trade.created, method), method),
        as_of=as_of,
        source=Source(GATEWAY, method),
        lines=tuple(_line(each, method) for each in trade.orders.order),
        waybill=next((each.invoice_no for each in trade.orders.order if each.invoice_no), ""),
        paid_at=paid_at,
        finished_at=of_china_time(trade.end_time, method),
    )


def _line(line: _Line, method: str) -> OrderLine:
    return OrderLine(
        sku_id=str(line.sku_id or line.num_iid or ""),
        name=line.title or "",
        count=count(line.num, method),
        price=needed(of_yuan(line.price, method), method),
    )
