"""Read JD's orders, parcels and price-protection rows into the port's types.

Field names and the two misspellings are JD's. Buyer fields (name, phone, address) are never even decoded. What JD
writes in sentences, such as who delivers a parcel and under which number, is masked here, before anybody reads it.
"""

from datetime import datetime

import msgspec

from huiyin.channels.gateways import Source
from huiyin.channels.jd.answers import decode, inside, moment
from huiyin.channels.jd.moments import read_moment
from huiyin.channels.jd.refusals import ApiResult, check_success
from huiyin.channels.jd.settings import GatewayName
from huiyin.channels.port import Logistics, Order, OrderLine, PriceProtection, TraceStep
from huiyin.channels.service_records import PlacedOrder
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.units import Fen, fen_of_yuan
from huiyin.security.masking import mask

STATE_LABELS = {
    "WAIT_SELLER_STOCK_OUT": "等待出库",
    "WAIT_GOODS_RECEIVE_CONFIRM": "等待确认收货",
    "WAIT_SELLER_DELIVERY": "等待发货",
    "PAUSE": "已暂停",
    "POP_ORDER_PAUSE": "已暂停",
    "FINISHED_L": "已完成",
    "TRADE_CANCELED": "已取消",
    "LOCKED": "已锁定",
    "WAIT_SEND_CODE": "等待发码",
}
CANCELLED = "TRADE_CANCELED"
ORDER_FIELDS = (
    "orderId,venderId,orderTotalPrice,orderPayment,actualPay,orderState,orderStateRemark,orderStartTime,"
    "orderEndTime,paymentConfirmTime,itemInfoList,waybill,logisticsId,pin,open_id_buyer,xid_buyer"
)
"""What we ask JD to send: nothing about who lives where."""

PARCEL_CARRIER = "京东物流"
"""The trace call answers for JD's own parcels only."""


class _Item(msgspec.Struct, rename={"sku_id": "skuId", "name": "skuName", "price": "jdPrice", "count": "itemTotal"}):
    sku_id: str | int = ""
    name: str = ""
    price: str = "0"
    count: str | int = "1"


class OrderInfo(msgspec.Struct, rename="camel"):
    """JD's order, as far as we read it."""

    order_id: str | int
    order_state: str = ""
    order_state_remark: str | None = None
    order_total_price: str = "0"
    order_payment: str | None = None
    actual_pay: str | None = None
    order_start_time: str | None = None
    order_end_time: str | None = None
    payment_confirm_time: str | None = None
    item_info_list: list[_Item] | None = None
    waybill: str | None = None
    pin: str | None = None
    open_id_buyer: str | None = msgspec.field(default=None, name="open_id_buyer")
    xid_buyer: str | None = msgspec.field(default=None, name="xid_buyer")

    @property
    def buyers(self) -> set[str]:
        """Return the names JD gives the buyer; an unnamed buyer has none."""
        return {name for name in (self.pin, self.open_id_buyer, self.xid_buyer) if name}

    def bought_by(self, customer_ref: str) -> bool:
        """Tell whether `customer_ref` is one of the names JD gives the buyer; unnamed buyers match nobody."""
        return customer_ref in self.buyers


class _Detail(msgspec.Struct):
    apiResult: ApiResult | None = None  # noqa: N815  # JD's name
    orderInfo: OrderInfo | None = None  # noqa: N815  # JD's name


class _OrderGet(msgspec.Struct):
    orderDetailInfo: _Detail  # noqa: N815  # JD's name


class _Found(msgspec.Struct):
    apiResult: ApiResult | None = None  # noqa: N815  # JD's name
    orderTotal: int | str = 0  # noqa: N815  # JD's name
    orderInfoList: list[OrderInfo] | None = None  # noqa: N815  # JD's name


class _OrderSearch(msgspec.Struct):
    searchorderinfo_result: _Found


class _Step(msgspec.Struct, rename="camel"):
    ope_time: str | None = None
    ope_title: str | None = None
    ope_remark: str | None = None


class _Trace(msgspec.Struct):
    messsage: str | None = ""  # three s: JD's spelling
    data: list[_Step] | None = None


class _TraceGet(msgspec.Struct):
    querytrace_result: _Trace


class _Protection(msgspec.Struct, rename="camel"):
    order_id: str | int
    sku_id: str | int = ""
    sku_name: str | None = ""
    purchase_price: str | None = None
    apply_price: str | None = None
    succ_amount: str | None = None
    apply_date: str | int | None = None
    apply_status_desc: str | None = ""
    pro_sku_apply_id: str | int | None = None
    pro_apply_id: str | int | None = None
    uuid: str | int | None = None


class _ProtectionPage(msgspec.Struct, rename="camel"):
    total_items: int | str
    result: list[_Protection] | None = None
    total_pages: int | str = 1


_order_get = msgspec.json.Decoder(_OrderGet)
_order_search = msgspec.json.Decoder(_OrderSearch)
_trace_get = msgspec.json.Decoder(_TraceGet)
_protection_page = msgspec.json.Decoder(_ProtectionPage)


def read_order(body: bytes, method: str) -> OrderInfo | None:
    """Read the answer of `jingdong.pop.order.get`; None when JD knows no such order."""
    detail = decode(_order_get, body, method).orderDetailInfo
    check_success(detail.apiResult, method)
    return detail.orderInfo


def read_orders(body: bytes, method: str) -> tuple[list[OrderInfo], int]:
    """Read one page of `jingdong.pop.order.search` and how many orders there are in all."""
    found = decode(_order_search, body, method).searchorderinfo_result
    check_success(found.apiResult, method)
    return found.orderInfoList or [], int(found.orderTotal)


def order_of(info: OrderInfo, as_of: datetime, method: str) -> Order:
    """Turn JD's order into the port's.

    Raises:
        PermanentError: an amount or a date is written in a way JD never documented.

    """
    try:
        paid_at = read_moment(info.payment_confirm_time)
        created_at = read_moment(info.order_start_time)
        return Order(
            order_id=str(info.order_id),
            state=info.order_state,
            state_label=STATE_LABELS.get(info.order_state) or _masked(info.order_state_remark) or info.order_state,
            total=fen_of_yuan(info.order_total_price),
            paid=_paid(info, paid_at),
            created_at=created_at or as_of,
            as_of=as_of,
            lines=tuple(_line(item) for item in info.item_info_list or ()),
            waybill=info.waybill or "",
            paid_at=paid_at,
            finished_at=read_moment(info.order_end_time),
            source=Source(GatewayName.JOS, method),
        )
    except ValueError as error:
        message = f"order {info.order_id}: {error}"
        raise PermanentError(message, remedy="report the order number; JD changed a field's form") from error


def placed_order_of(info: OrderInfo, as_of: datetime, method: str) -> PlacedOrder:
    """Turn JD's order into what a conversation may have led to.

    A cancelled order of which JD tells no end counts as cancelled when it was seen to be.

    Raises:
        PermanentError: a date is missing, or written in a way JD never documented.

    """
    placed_at = moment(info.order_start_time, method)
    if placed_at is None:
        message = f"order {info.order_id}: no moment it was placed at"
        raise PermanentError(message, remedy="report the order number; JD changed a field's form")
    ended = moment(info.order_end_time, method) or as_of
    return PlacedOrder(
        order_id=str(info.order_id),
        customer_refs=tuple(sorted(info.buyers)),
        skus=tuple(sorted({str(item.sku_id) for item in info.item_info_list or () if item.sku_id})),
        placed_at=placed_at,
        cancelled_at=ended if info.order_state == CANCELLED else None,
        as_of=as_of,
        source=Source(GatewayName.JOS, method),
    )


def _paid(info: OrderInfo, paid_at: datetime | None) -> Fen:
    if info.actual_pay:
        return fen_of_yuan(info.actual_pay)
    return fen_of_yuan(info.order_payment) if paid_at and info.order_payment else Fen(0)


def _line(item: _Item) -> OrderLine:
    return OrderLine(sku_id=str(item.sku_id), name=item.name, count=int(item.count), price=fen_of_yuan(item.price))


def _masked(text: str | None) -> str:
    return mask(text).text if text else ""


def read_trace(body: bytes, method: str, waybill: str, as_of: datetime) -> Logistics:
    """Read the answer of `jingdong.ldop.receive.trace.get`, oldest step first."""
    steps = decode(_trace_get, body, method).querytrace_result.data or []
    dated = []
    for step in steps:
        at = moment(step.ope_time, method)
        if at is not None:
            text = " ".join(part for part in (step.ope_title, step.ope_remark) if part)
            dated.append(TraceStep(at, _masked(text)))
    dated.sort(key=lambda step: step.at)
    source = Source(GatewayName.JOS, method)
    return Logistics(waybill=waybill, carrier=PARCEL_CARRIER, steps=tuple(dated), as_of=as_of, source=source)


def read_protections(body: bytes, method: str, as_of: datetime) -> tuple[list[PriceProtection], int]:
    """Read one page of `jingdong.pop.afs.priceprotect.page` and the number of pages.

    How deep JD puts the page inside the wrapper is not verified: at its top, or one key below.
    """
    page = decode(_protection_page, inside(body, "totalItems", method), method)
    try:
        source = Source(GatewayName.JOS, method)
        return [_protection(row, as_of, source) for row in page.result or ()], int(page.total_pages)
    except ValueError as error:
        message = f"{method}: {error}"
        raise PermanentError(message, remedy="report the order number; JD changed a field's form") from error


def _protection(row: _Protection, as_of: datetime, source: Source) -> PriceProtection:
    return PriceProtection(
        application_id=str(row.pro_sku_apply_id or row.pro_apply_id or row.uuid or ""),
        order_id=str(row.order_id),
        sku_id=str(row.sku_id),
        sku_name=row.sku_name or "",
        bought_at_price=fen_of_yuan(row.purchase_price or "0"),
        applied_price=fen_of_yuan(row.apply_price or "0"),
        refunded=fen_of_yuan(row.succ_amount or "0"),
        state_label=_masked(row.apply_status_desc),
        applied_at=read_moment(row.apply_date) or as_of,
        as_of=as_of,
        source=source,
    )
