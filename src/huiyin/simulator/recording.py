"""Take records of access, as JD's log address does: every field it names must be there, and nothing else."""

import msgspec

from huiyin.kernel.wire import UNREADABLE
from huiyin.simulator import asked
from huiyin.simulator.asked import Fields
from huiyin.simulator.refusing import refuse
from huiyin.simulator.world import Shop, World

MOST_ORDERS = 100
COMMON = frozenset({"user_ip", "app_name", "josAppKey", "user_id", "time_stamp"})
MAYBE = frozenset({"device_id", "url", "file_md5", "jd_id"})
LOGIN, ORDER, SEND_ORDER, SQL = "login", "order", "sendOrder", "sql"
OWN = {
    LOGIN: frozenset({"result", "message", "jd_id"}),
    ORDER: frozenset({"order_ids", "operation", "jd_id"}),
    SEND_ORDER: frozenset({"order_ids", "sendto_url"}),
    SQL: frozenset({"db", "sql"}),
}
_batch = msgspec.json.Decoder(list[dict[str, str]])


def login(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.isv.uploadLoginLog`."""
    return _one(world, shop, fields, LOGIN)


def order(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.isv.uploadOrderInfoLog`."""
    return _one(world, shop, fields, ORDER)


def send_order(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.isv.uploadThirdAppTransmitOrderInfoLog`."""
    return _one(world, shop, fields, SEND_ORDER)


def sql(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.isv.uploadDBOperationLog`."""
    return _one(world, shop, fields, SQL)


def batch(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.isv.uploadBatchLog`; a planted fault refuses it, as JD may."""
    if world.settings.faults.strike("refused_batches"):
        refuse("24")
    kind = asked.text(fields, "type")
    if kind not in OWN or asked.text(fields, "josAppKey") != world.settings.app_key:
        refuse("SIM-LOG", "日志类型或应用不对", "No such type of log, or another app")
    asked.number(fields, "time_stamp", 1, 10**14)
    try:
        records = _batch.decode(asked.text(fields, "data"))
    except UNREADABLE:
        refuse("SIM-LOG", "日志内容不是JSON", "The data is no list of records")
    for each in records:
        _check(world, each, kind)
    shop.told += [(kind, dict(each)) for each in records]
    return {"code": "0", "c": 0}


def _one(world: World, shop: Shop, fields: Fields, kind: str) -> dict[str, object]:
    _check(world, fields, kind)
    shop.told.append((kind, {name: str(value) for name, value in fields.items()}))
    return {"code": "0", "c": 0}


def _check(world: World, fields: Fields, kind: str) -> None:
    needed = COMMON | OWN[kind]
    odd = sorted((fields.keys() - needed - MAYBE) | (needed - fields.keys()))
    if odd:
        refuse("SIM-LOG", f"日志字段不对：{odd[0]}", f"Missing or unknown field: {odd[0]}")
    for name in fields:
        asked.text(fields, name)
    if fields["josAppKey"] != world.settings.app_key:
        refuse("SIM-LOG", "日志属于另一个应用", "A log of another app")
    asked.number(fields, "time_stamp", 1, 10**14)
    if "result" in fields:
        asked.number(fields, "result", 0, 1)
    if "operation" in fields:
        asked.number(fields, "operation", 1, 9)
    if len(str(fields.get("order_ids", "")).split(",")) > MOST_ORDERS:
        refuse("SIM-LOG", "订单号超过100个", "More than 100 orders")
