"""Answer JOS's calls about service: waiters and their statistics, presence, after-sales cases, comments."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from huiyin.simulator import asked
from huiyin.simulator.asked import Fields
from huiyin.simulator.chatting import window
from huiyin.simulator.jdtime import CHINA, day_of, written
from huiyin.simulator.refusing import refuse
from huiyin.simulator.world import Case, Session, Shop, World

MOST_ROWS = 50
MOST_ORDERS = 50
WISHES = {10: "退货", 20: "换货", 30: "维修"}


def group(_world: World, shop: Shop, _fields: Fields) -> dict[str, object]:
    """Answer `jingdong.im.pop.groupinfo.get`."""
    waiters = [{"waiter": waiter, "yn": 1, "leader": int(waiter == shop.seed.main_waiter), "level": 1}
               for waiter in shop.waiters]  # fmt: skip
    return {
        "code": "0",
        "POPGroup": {"shopName": shop.seed.name, "shopUrl": "", "waiterCount": len(waiters), "waiterList": waiters},
    }


def served(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.im.pop.replystat.get`."""
    return _daily(world, shop, fields, lambda session: session.replied is not None)


def unanswered(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.im.pop.unreplystat.get`."""
    return _daily(world, shop, fields, lambda session: session.replied is None)


def ask_rate(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.im.pop.askRate.get`."""
    begin, end = window(world, fields)
    found = [session for session in shop.sessions if begin <= session.begin < end]
    replied = sum(session.replied is not None for session in found)
    return {"code": "0", "askRate": f"{100 * replied / len(found):.2f}" if found else "0.00"}


def average_wait(_world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.im.pop.consult.avgwaittime.get`."""
    waiter, day = asked.text(fields, "waiter"), day_of(asked.moment(fields, "date"))
    found = [
        session
        for session in shop.sessions
        if session.waiter == waiter and day <= session.begin < day + timedelta(days=1)
    ]  # fmt: skip
    return {"code": "0", "avgTime": mean_wait(found)}


def mean_wait(sessions: Sequence[Session]) -> float:
    """Return the mean seconds to the first reply."""
    waits = [(session.replied - session.begin).total_seconds() for session in sessions if session.replied]
    return round(sum(waits) / len(waits), 2) if waits else 0.0


def presence(_world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.im.pop.waiterpresence.openapi.get`: one slot of five minutes."""
    if asked.text(fields, "dataType") != "1":
        refuse("SIM-FIELD", "dataType应为1", "dataType must be 1")
    begin = asked.moment(fields, "startTime").astimezone(CHINA)
    asked.moment(fields, "endTime")
    if asked.text(fields, "timeNo") != f"{begin.hour},{begin.minute // 5}":
        refuse("SIM-FIELD", "timeNo与startTime不符", "timeNo does not match startTime")
    slot = begin.replace(minute=begin.minute // 5 * 5, second=0, microsecond=0)
    rows = [
        {"waiter": move.waiter, "status": move.state, "time": written(move.at)}
        for move in shop.moves
        if move.waiter in _waiters(fields) and slot <= move.at < slot + timedelta(minutes=5)
    ]
    return {"code": "0", "waiterPresenceList": rows}


def changed_cases(_world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.asc.sync.list`."""
    begin, end = asked.moment(fields, "updateTimeBegin"), asked.moment(fields, "updateTimeEnd")
    return _cases(shop, fields, [case for case in shop.cases if begin <= case.changed < end])


def find_cases(_world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.asc.query.list`."""
    wanted = asked.text(fields, "serviceId")
    return _cases(shop, fields, [case for case in shop.cases if case.case_id == wanted])


def comments(_world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `getVenderCommentsForJos`, asked by orders."""
    wanted = asked.text(fields, "orderIds").split(",")
    if len(wanted) > MOST_ORDERS:
        refuse("SIM-RANGE", "orderIds最多50个", "At most 50 orders")
    page, size = asked.number(fields, "page", 1, 10_000), asked.number(fields, "pageSize", 1, MOST_ROWS)
    rows = [
        {
            "commentId": remark.remark_id, "orderId": remark.order_id, "skuId": remark.sku.sku_id,
            "skuName": remark.sku.name, "score": remark.score, "content": remark.text, "replyCount": 0,
            "creationTime": written(remark.at), "nickname": "j***d",
        }
        for remark in shop.remarks
        if remark.order_id in wanted
    ]  # fmt: skip
    return {"code": "0", "comments": rows[(page - 1) * size : page * size]}


def _waiters(fields: Fields) -> list[str]:
    named = fields.get("waiter")
    if not isinstance(named, list) or not named:
        refuse("SIM-FIELD", "缺少参数 waiter", "Missing field waiter")
    return [str(each) for each in named]


def _daily(
    world: World, shop: Shop, fields: Fields, counts: Callable[[Session], bool]
) -> dict[str, object]:  # fmt: skip
    begin, end = window(world, fields)
    rows = [
        {"date": written(day), "waiter": waiter, "result": sum(
            counts(session) for session in shop.sessions
            if session.waiter == waiter and day <= session.begin < day + timedelta(days=1)
        )}
        for waiter in _waiters(fields)
        for day in _days(begin, end)
    ]  # fmt: skip
    return {"code": "0", "WaiterDailyStat": rows}


def _days(begin: datetime, end: datetime) -> Iterator[datetime]:
    while begin < end:
        yield begin
        begin += timedelta(days=1)


def _cases(shop: Shop, fields: Fields, found: Sequence[Case]) -> dict[str, object]:
    if asked.text(fields, "buId") != shop.seed.vender_id:
        refuse("24")
    asked.text(fields, "operatePin")
    asked.text(fields, "operateNick")
    page, size = asked.number(fields, "pageNumber", 1, 10_000), asked.number(fields, "pageSize", 1, MOST_ROWS)
    rows = [
        {
            "serviceId": int(case.case_id), "orderId": int(case.order_id), "buId": shop.seed.vender_id,
            "customerExpect": case.wish, "customerExpectName": WISHES[case.wish], "serviceStatus": case.main,
            "serviceStatusName": "完成" if case.finished else "处理中", "applyTime": written(case.applied),
            "updateDate": written(case.changed), "skuId": int(case.sku.sku_id), "customerPin": "",
        }
        for case in found[(page - 1) * size : page * size]
    ]  # fmt: skip
    result = {"success": True, "code": "200", "msg": "", "pageNumber": page, "pageSize": size,
              "totalCount": len(found), "data": rows}  # fmt: skip
    return {"code": "0", "pageResult": result}
