"""Read SP-API's orders, parcels, price-protection rows and after-sales cases. Money there is yuan in decimals.

Buyer fields besides the opaque `xidBuyer` are not even decoded.
"""

from datetime import datetime

import msgspec

from huiyin.channels.gateways import Source
from huiyin.channels.jd.answers import strange
from huiyin.channels.jd.records import STATE_LABELS
from huiyin.channels.jd.sp_fields import Count, Id, Moment, Money, count, fen, masked, surely_when, text, when
from huiyin.channels.port import Logistics, Order, OrderLine, PriceProtection, TraceStep
from huiyin.kernel.units import Fen


class _Sku(msgspec.Struct, rename="camel"):
    sku_id: Id = None
    sku_name: str | None = ""
    num: Count = None
    jd_price: Money = None


class _Payment(msgspec.Struct, rename="camel"):
    actual_pay_amount: Money = None
    payment_confirm_time: Moment = None


class _Transport(msgspec.Struct, rename="camel"):
    waybill_code: str | None = ""


class SpOrder(msgspec.Struct, rename="camel"):
    """JD's order, as far as we read it."""

    order_id: str | int
    order_status: Id = None
    order_status_desc: str | None = ""
    created_time: Moment = None
    finished_time: Moment = None
    xid_buyer: str | None = ""
    sku_item_info_list: list[_Sku] | None = None
    payment_info: _Payment | None = None
    transport_info: _Transport | None = None


class _Step(msgspec.Struct, rename="camel"):
    msg_time: Moment = None
    content: str | None = ""


class SpParcel(msgspec.Struct, rename="camel"):
    """One parcel of an order."""

    waybill_code: str | None = ""
    provider_name: str | None = ""
    trace_data_list: list[_Step] | None = None


class _OrderInfo(msgspec.Struct, rename="camel"):
    order_id: Id = None


class _SkuInfo(msgspec.Struct, rename="camel"):
    sku_id: Id = None
    sku_name: str | None = ""


class _Protection(msgspec.Struct, rename="camel"):
    order_info: _OrderInfo
    sku_info: _SkuInfo | None = None
    uuid: Id = None
    price_protect_apply_id: Id = None
    purchase_price: Money = None
    apply_price: Money = None
    apply_success_price: Money = None
    apply_time: Moment = None
    price_protect_status_desc: str | None = ""


orders = msgspec.json.Decoder(list[SpOrder])
order = msgspec.json.Decoder(SpOrder)
parcels = msgspec.json.Decoder(list[SpParcel])
protections = msgspec.json.Decoder(list[_Protection])


def order_of(info: SpOrder, as_of: datetime, source: Source) -> Order:
    """Turn JD's order into the port's. The total is that of its lines, as JOS counts it: before any discount.

    Raises:
        PermanentError: goods or payment are left out, or an amount or a date is written as JD never documented.

    """
    method = source.method
    payment, transport = info.payment_info, info.transport_info or _Transport()
    if payment is None or info.sku_item_info_list is None:
        raise strange(method)  # left out, they would read as nothing bought and nothing paid
    lines = tuple(_line(sku, method) for sku in info.sku_item_info_list)
    state = text(info.order_status)
    paid_at = when(payment.payment_confirm_time, method)
    return Order(
        order_id=str(info.order_id),
        state=state,
        state_label=STATE_LABELS.get(state) or masked(info.order_status_desc) or state,
        total=Fen(sum(line.price * line.count for line in lines)),
        paid=(fen(payment.actual_pay_amount, method) or Fen(0)) if paid_at else Fen(0),
        created_at=surely_when(info.created_time, method),
        as_of=as_of,
        lines=lines,
        waybill=transport.waybill_code or "",
        paid_at=paid_at,
        finished_at=when(info.finished_time, method),
        source=source,
    )


def _line(sku: _Sku, method: str) -> OrderLine:
    pieces, price = count(sku.num, method), fen(sku.jd_price, method)
    if pieces is None or price is None:
        raise strange(method)
    return OrderLine(sku_id=text(sku.sku_id), name=sku.sku_name or "", count=pieces, price=price)


def parcel_of(parcel: SpParcel, as_of: datetime, source: Source) -> Logistics:
    """Turn JD's parcel into the port's, oldest step first."""
    dated = [
        TraceStep(at, masked(step.content))
        for step in parcel.trace_data_list or ()
        if (at := when(step.msg_time, source.method)) is not None
    ]
    dated.sort(key=lambda step: step.at)
    return Logistics(
        waybill=parcel.waybill_code or "", carrier=parcel.provider_name or "", steps=tuple(dated), as_of=as_of,
        source=source,
    )  # fmt: skip


def protection_of(row: _Protection, as_of: datetime, source: Source) -> PriceProtection:
    """Turn JD's application into the port's."""
    method = source.method
    sku = row.sku_info or _SkuInfo()
    return PriceProtection(
        application_id=text(row.price_protect_apply_id or row.uuid),
        order_id=text(row.order_info.order_id),
        sku_id=text(sku.sku_id),
        sku_name=sku.sku_name or "",
        bought_at_price=fen(row.purchase_price, method) or Fen(0),
        applied_price=fen(row.apply_price, method) or Fen(0),
        refunded=fen(row.apply_success_price, method) or Fen(0),
        state_label=masked(row.price_protect_status_desc),
        applied_at=surely_when(row.apply_time, method),
        as_of=as_of,
        source=source,
    )
