"""Answer SP-API's calls on orders, parcels, price protection and after-sales: yuan in decimals, times in ms."""

import msgspec

from huiyin.kernel.clock import to_ms
from huiyin.kernel.units import Fen, yuan_of_fen
from huiyin.simulator.reckoning import WISHES
from huiyin.simulator.sp_asked import LONGEST, LONGEST_ORDERS, Fields, span
from huiyin.simulator.sp_chatting import stamp
from huiyin.simulator.world import Case, Protected, Shop, SimOrder, World


def orders(world: World, shop: Shop, fields: Fields) -> list[object]:
    """Answer `orders`."""
    begin, end = span(fields, "startTime", "endTime", LONGEST_ORDERS)
    buyer = fields.get("xidBuyer", "")
    found = [
        order
        for order in shop.orders.values()
        if begin <= order.created <= end and buyer in ("", f"o*{order.pin}")
    ]  # fmt: skip
    return [_order(world, shop, order) for order in found]


def order(world: World, shop: Shop, fields: Fields) -> object:
    """Answer one order; another shop's is as absent as none."""
    found = shop.orders.get(fields["orderId"])
    return None if found is None else _order(world, shop, found)


def traces(world: World, shop: Shop, fields: Fields) -> list[object]:
    """Answer `waybill-traces`, asked by the order."""
    found = shop.orders.get(fields.get("orderId", ""))
    if found is None or not found.waybill:
        return []
    now = world.clock.now()
    steps = [{"msgTime": to_ms(at), "content": f"{title} {remark}"} for at, title, remark in found.trace if at <= now]
    return [{"waybillCode": found.waybill, "providerId": 2087, "providerName": "京东快递", "traceDataList": steps}]


def protections(_world: World, shop: Shop, fields: Fields) -> list[object]:
    """Answer `price-protect-orders`."""
    wanted = fields.get("orderId", "")
    return [_protected(row) for row in shop.protected if wanted in ("", row.order_id)]


def cases(world: World, shop: Shop, fields: Fields) -> list[object]:
    """Answer `afs-orders`: the list, which does not tell the money."""
    found = [case for case in shop.cases if fields.get("afsOrderId", "") in ("", case.case_id)]
    if "updateStartTime" in fields or "updateEndTime" in fields:
        begin, end = span(fields, "updateStartTime", "updateEndTime", LONGEST)
        found = [case for case in found if begin <= case.changed < end]
    return [{**_case(world, case), "afsOrderBaseInfo": _base(world, case, shop.seed.vender_id)} for case in found]


def case(world: World, shop: Shop, fields: Fields) -> object:
    """Answer one case: with its money where `scopeSet` asks for it, without saying whose it is."""
    found = next((each for each in shop.cases if each.case_id == fields["afsOrderId"]), None)
    if found is None:
        return None
    told = {**_case(world, found), "afsOrderBaseInfo": _base(world, found, "")}
    if "refundInfo" in fields.get("scopeSet", "").split(","):
        told["refundInfo"] = {
            "refundType": 1, "refundStatus": found.refund, "applyRefundAmount": _yuan(found.asked),
            "actualRefundAmount": _yuan(found.refunded),
        }  # fmt: skip
    return told


def _yuan(fen: int) -> msgspec.Raw:
    return msgspec.Raw(yuan_of_fen(Fen(fen)).encode())


def _order(world: World, shop: Shop, order: SimOrder) -> dict[str, object]:
    buyer = shop.customers[order.pin]
    return {
        "orderId": int(order.order_id), "orderStatus": order.state, "orderStatusDesc": "", "orderType": 22,
        "createdTime": to_ms(order.created), "modifiedTime": to_ms(order.finished or order.paid or order.created),
        "finishedTime": stamp(world, order.finished), "outboundTime": stamp(world, None, 1),
        "xidBuyer": f"o*{order.pin}",
        "consigneeInfo": {"fullName": buyer.name, "mobile": buyer.phone, "fullAddress": buyer.address},
        "skuItemInfoList": [
            {"skuId": int(sku.sku_id), "skuName": sku.name, "num": count, "jdPrice": _yuan(sku.price), "skuType": 1}
            for sku, count in order.lines
        ],
        "paymentInfo": {
            "shouldPayAmount": _yuan(order.total), "actualPayAmount": _yuan(order.total if order.paid else 0),
            "payDiscountAmount": _yuan(0), "freightFee": _yuan(0),
            "paymentConfirmTime": stamp(world, order.paid, 1),
        },
        "transportInfo": {"waybillCode": order.waybill, "logisticsId": "2087" if order.waybill else ""},
    }  # fmt: skip


def _protected(row: Protected) -> dict[str, object]:
    return {
        "uuid": row.application_id, "priceProtectApplyId": int(row.application_id), "realApplyId": 0,
        "orderInfo": {"orderId": int(row.order_id)},
        "skuInfo": {"skuId": int(row.sku.sku_id), "skuName": row.sku.name, "skuNum": 1},
        "purchasePrice": _yuan(row.bought), "applyPrice": _yuan(row.now), "applySuccessPrice": _yuan(row.refunded),
        "applyTime": to_ms(row.applied), "priceProtectStatusDesc": row.state, "priceProtectTypeDesc": "",
    }  # fmt: skip


def _base(world: World, case: Case, vender_id: str) -> dict[str, object]:
    base = {
        "applyTime": to_ms(case.applied), "createTime": to_ms(case.applied), "modifiedTime": to_ms(case.changed),
        "afsOrderFinishTime": stamp(world, case.finished, 1), "xidBuyer": "", "applyName": "",
    }  # fmt: skip
    return {**base, "buId": vender_id} if vender_id else base


def _case(world: World, case: Case) -> dict[str, object]:
    return {
        "afsOrderId": int(case.case_id), "orderId": int(case.order_id), "orderInfo": {"orderId": int(case.order_id)},
        "skuInfoList": [{"skuId": int(case.sku.sku_id), "skuName": case.sku.name, "skuNum": 1}],
        "afsOrderStatusInfo": {
            "mainStatus": case.main, "mainStatusDesc": "已完成" if case.finished else "处理中", "subStatusDesc": "",
        },
        "afsOrderOvertimeInfo": {"overTime": stamp(world, case.deadline)},
        "customerApplyInfo": {"customerExpect": case.wish, "customerExpectDesc": WISHES[case.wish]},
    }  # fmt: skip
