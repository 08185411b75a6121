"""Answer the order, parcel and price-protection calls in JD's words: money and ids are strings."""

from datetime import datetime, timedelta

from huiyin.kernel.units import Fen, yuan_of_fen
from huiyin.simulator import asked
from huiyin.simulator.asked import Fields
from huiyin.simulator.jdtime import written, written_with_slashes
from huiyin.simulator.refusing import refuse
from huiyin.simulator.world import Protected, Shop, SimOrder, World

LONGEST_SEARCH = timedelta(days=31)
SUCCESS = {"success": "true", "numberCode": "0", "chineseErrCode": "", "englishErrCode": ""}
ORDER_STATES = frozenset(
    {
        "WAIT_SELLER_STOCK_OUT",
        "WAIT_GOODS_RECEIVE_CONFIRM",
        "WAIT_SELLER_DELIVERY",
        "PAUSE",
        "POP_ORDER_PAUSE",
        "FINISHED_L",
        "TRADE_CANCELED",
        "LOCKED",
        "WAIT_SEND_CODE",
    }
)


def get_order(_world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.pop.order.get`; an order of another shop is as absent as none."""
    wanted = asked.text(fields, "optional_fields").split(",")
    order = shop.orders.get(asked.text(fields, "order_id"))
    info = None if order is None else _shown(_order(shop, order), wanted)
    return {"code": "0", "orderDetailInfo": {"apiResult": SUCCESS, "orderInfo": info}}


def search_orders(_world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.pop.order.search`."""
    state = asked.text(fields, "order_state")
    if state not in ORDER_STATES:
        failed = {"success": "false", "numberCode": "10100021", "chineseErrCode": "order_state错误"}
        return {"code": "0", "searchorderinfo_result": {"apiResult": failed, "orderTotal": 0}}
    wanted = asked.text(fields, "optional_fields").split(",")
    page = asked.number(fields, "page", 1, 10_000)
    size = asked.number(fields, "page_size", 1, 100)
    found = [order for order in _spanned(shop, fields) if order.state == state]
    found.sort(key=lambda order: order.created, reverse=asked.maybe_text(fields, "sortType") == "1")
    return {
        "code": "0",
        "searchorderinfo_result": {
            "apiResult": {**SUCCESS, "success": True},
            "orderTotal": len(found),
            "orderInfoList": [_shown(_order(shop, order), wanted) for order in found[(page - 1) * size : page * size]],
        },
    }


def get_trace(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.ldop.receive.trace.get`: by waybill, not by order."""
    if asked.text(fields, "customerCode") != world.settings.customer_code:
        refuse("SIM-CUSTOMER", "青龙业主号不存在", "Unknown customer code")
    waybill = asked.text(fields, "waybillCode")
    order = next((order for order in shop.orders.values() if order.waybill == waybill), None)
    now = world.clock.now()
    data = [
        {
            "opeTitle": title,
            "opeRemark": remark,
            "opeName": "京东快递",
            "opeTime": written_with_slashes(at),
            "waybillCode": waybill,
            "courier": "",
            "courierTel": "",
        }
        for at, title, remark in (order.trace if order else ())
        if at <= now
    ]
    return {"code": "0", "querytrace_result": {"code": 100, "messsage": "成功", "data": data}}


def page_protections(_world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.pop.afs.priceprotect.page`."""
    page = asked.number(fields, "pageIndex", 1, 1000)
    size = asked.number(fields, "pageSize", 1, 50)
    order_id = asked.maybe_text(fields, "orderId")
    rows = [row for row in shop.protected if order_id in ("", row.order_id)]
    return {
        "code": "0",
        "returnType": {
            "result": [_protected(row) for row in rows[(page - 1) * size : page * size]],
            "totalItems": len(rows),
            "totalPages": -(-len(rows) // size),
            "pageIndex": page,
            "pageSize": size,
            "totalAmount": _yuan(sum(row.refunded for row in rows)),
            "errorCode": "0",
            "errorMsg": "",
            "remark": "",
        },
    }


def _spanned(shop: Shop, fields: Fields) -> list[SimOrder]:
    begin, end = asked.moment(fields, "start_date"), asked.moment(fields, "end_date")
    if not timedelta(0) <= end - begin <= LONGEST_SEARCH:
        refuse("SIM-SPAN", "订单查询时间跨度不超过一个月", "At most one month")
    return [order for order in shop.orders.values() if begin <= _touched(order, fields) <= end]


def _touched(order: SimOrder, fields: Fields) -> datetime:
    created = asked.maybe_text(fields, "dateType") == "1"
    return order.created if created else order.finished or order.paid or order.created


def _yuan(fen: int) -> str:
    return yuan_of_fen(Fen(fen))


def _shown(order: dict[str, object], wanted: list[str]) -> dict[str, object]:
    return {name: value for name, value in order.items() if name in wanted}


def _order(shop: Shop, order: SimOrder) -> dict[str, object]:
    buyer = shop.customers[order.pin]
    return {
        "orderId": order.order_id,
        "venderId": shop.seed.vender_id,
        "orderType": "22",
        "payType": "4",
        "orderTotalPrice": _yuan(order.total),
        "orderSellerPrice": _yuan(order.total),
        "orderPayment": _yuan(order.total),
        "actualPay": _yuan(order.total if order.paid else 0),
        "freightPrice": "0.00",
        "orderState": order.state,
        "orderStateRemark": "",
        "orderStartTime": written(order.created),
        "orderEndTime": "0001-01-01 00:00:00" if order.finished is None else written(order.finished),
        "paymentConfirmTime": written(order.paid),
        "consigneeInfo": {
            "fullname": buyer.name,
            "mobile": buyer.phone,
            "telephone": buyer.phone,
            "fullAddress": buyer.address,
        },
        "itemInfoList": [
            {"skuId": sku.sku_id, "skuName": sku.name, "jdPrice": _yuan(sku.price), "itemTotal": str(count)}
            for sku, count in order.lines
        ],
        "waybill": order.waybill,
        "logisticsId": "2087" if order.waybill else "",
        "pin": order.pin,
        "open_id_buyer": "",
        "xid_buyer": f"o*{order.pin}",
        "returnOrder": "0",
    }


def _protected(row: Protected) -> dict[str, object]:
    return {
        "orderId": row.order_id,
        "skuId": row.sku.sku_id,
        "skuName": row.sku.name,
        "wareNum": "1",
        "purchasePrice": _yuan(row.bought),
        "applyPrice": _yuan(row.now),
        "succAmount": _yuan(row.refunded),
        "applyDate": written(row.applied),
        "applyStatusDesc": row.state,
        "venderUndertakeAmount": _yuan(row.refunded),
        "subsidyRateAmount": "0.00",
        "popPlatformCouponRateAmount": "0.00",
        "proApplyId": row.application_id,
        "proSkuApplyId": row.application_id,
    }
