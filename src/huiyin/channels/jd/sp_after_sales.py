"""Read SP-API's after-sales cases: the list with whose case it is, the one case with what is known of its money.

Only `refundStatus` 20 says that money went back. `mainStatus` 100 says that a case is over, and no more.
"""

from datetime import datetime

import msgspec

from huiyin.channels.gateways import Source
from huiyin.channels.jd.answers import strange
from huiyin.channels.jd.sp_fields import Id, Moment, Money, fen, masked, text, when
from huiyin.channels.service_records import AfterSale
from huiyin.kernel.errors import PermanentError

REFUNDED = "20"
DETAIL_SCOPES = ("refundInfo", "skuExtInfo")
EXPECTATIONS = {"10": "退货", "20": "换货", "30": "维修"}


class _Base(msgspec.Struct, rename="camel"):
    bu_id: Id = None
    apply_time: Moment = None
    create_time: Moment = None
    modified_time: Moment = None
    afs_order_finish_time: Moment = None


class _Status(msgspec.Struct, rename="camel"):
    main_status: Id = None
    main_status_desc: str | None = ""
    sub_status_desc: str | None = ""


class _Apply(msgspec.Struct, rename="camel"):
    customer_expect: Id = None
    customer_expect_desc: str | None = ""


class _Overtime(msgspec.Struct, rename="camel"):
    over_time: Moment = None


class _OrderInfo(msgspec.Struct, rename="camel"):
    order_id: Id = None


class _SkuInfo(msgspec.Struct, rename="camel"):
    sku_id: Id = None


class _Refund(msgspec.Struct, rename="camel"):
    refund_status: Id = None
    apply_refund_amount: Money = None
    actual_refund_amount: Money = None


class SpCase(msgspec.Struct, rename="camel"):
    """JD's case, as far as we read it."""

    afs_order_id: str | int
    order_id: Id = None
    order_info: _OrderInfo | None = None
    relation_info: _OrderInfo | None = None
    sku_info_list: list[_SkuInfo] | None = None
    afs_order_base_info: _Base | None = None
    afs_order_status_info: _Status | None = None
    afs_order_overtime_info: _Overtime | None = None
    customer_apply_info: _Apply | None = None
    refund_info: _Refund | None = None


cases = msgspec.json.Decoder(list[SpCase])
case = msgspec.json.Decoder(SpCase)


def check_owner(row: SpCase, vender_id: str, method: str, *, needed: bool) -> None:
    """Refuse a case of another shop, and in a list also one that names no shop.

    Raises:
        PermanentError: it is not shown to be this shop's.

    """
    owner = text(row.afs_order_base_info.bu_id) if row.afs_order_base_info else ""
    if owner == vender_id or not (owner or needed):
        return
    message = f"{method}: JD named another shop's after-sales case"
    raise PermanentError(message, remedy="check the vender id and the token of this shop")


def after_sale_of(row: SpCase, as_of: datetime, source: Source) -> AfterSale:
    """Turn JD's case into the port's.

    Raises:
        PermanentError: it names no order, or two, or an amount or a date nobody documented.

    """
    method = source.method
    base = row.afs_order_base_info or _Base()
    status = row.afs_order_status_info or _Status()
    wish = row.customer_apply_info or _Apply()
    refund = row.refund_info
    refunded = None if refund is None else text(refund.refund_status) == REFUNDED
    expect = text(wish.customer_expect)
    return AfterSale(
        after_sale_id=str(row.afs_order_id),
        order_id=order_id_of(row, method),
        expectation=EXPECTATIONS.get(expect) or masked(wish.customer_expect_desc) or expect,
        state=text(status.main_status),
        state_label=" · ".join(filter(None, map(masked, (status.main_status_desc, status.sub_status_desc)))),
        applied_at=when(base.apply_time, method) or when(base.create_time, method),
        changed_at=when(base.modified_time, method),
        as_of=as_of,
        source=source,
        sku_ids=tuple(text(sku.sku_id) for sku in row.sku_info_list or ()),
        finished_at=when(base.afs_order_finish_time, method),
        deadline=when(row.afs_order_overtime_info.over_time, method) if row.afs_order_overtime_info else None,
        refunded=refunded,
        refund_state=text(refund.refund_status) if refund else "",
        asked_amount=fen(refund.apply_refund_amount, method) if refund else None,
        refunded_amount=fen(refund.actual_refund_amount, method) if refund and refunded else None,
    )


def order_id_of(row: SpCase, method: str) -> str:
    """Return the one order a case is of: JD writes it in up to three places, which must agree."""
    places = (
        row.order_id,
        row.order_info and row.order_info.order_id,
        row.relation_info and row.relation_info.order_id,
    )
    named = {str(place) for place in places if place}
    if len(named) != 1:
        raise strange(method)
    return named.pop()
