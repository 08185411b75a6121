"""Answer the 咚咚 calls: sessions, logs, verdicts, and the one that sends."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from huiyin.kernel.clock import to_ms
from huiyin.simulator import asked
from huiyin.simulator.asked import Fields
from huiyin.simulator.jdtime import day_of, written
from huiyin.simulator.refusing import refuse
from huiyin.simulator.world import Said, Shop, World

LONGEST = timedelta(days=7)
KEPT = timedelta(days=92)  # three calendar months at their longest
REMEMBERED = timedelta(minutes=3)
MOST_ROWS = 50


def list_sessions(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.im.pop.sessionlist.get`."""
    begin, end = window(world, fields)
    rows = [
        {
            "customer": session.customer,
            "waiter": session.waiter,
            "beginTime": written(session.begin),
            "replyTime": written(session.replied),
            "endTime": written(session.last),
            "sessionType": 1,
            "transfer": 0,
            "sid": session.sid,
            "skuId": "",
        }
        for session in shop.sessions
        if begin <= session.begin < end
    ]
    return _paged(world, "chatSessionList", rows, fields)


def read_log(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.im.pop.chatlog.get`: rows carry no message id."""
    begin, end = window(world, fields)
    customer = asked.text(fields, "customer")
    waiter = asked.maybe_text(fields, "waiter")
    rows = [
        {
            "customer": session.customer,
            "waiter": session.waiter,
            "content": words_of(said),
            "sid": said.sid,
            "skuId": said.sku_id,
            "time": written(said.at),
            "channel": "1",
            "waiterSend": said.by_waiter,
        }
        for session in shop.sessions
        if session.customer == customer and waiter in ("", session.waiter)
        for said in session.said
        if begin <= said.at < end
    ]
    return _paged(world, "chatLogList", rows, fields)


def read_session(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.im.out.merchant.chatmessage.openapi.get`: a session's messages with their ids."""
    if asked.text(fields, "appId") != world.settings.dd_app_id:
        refuse("SIM-APPID", "咚咚appId不存在", "Unknown Dongdong app id")
    sid = asked.text(fields, "sid")
    rows = [
        {
            "sid": said.sid,
            "mid": said.mid,
            "uuid": said.mid,
            "waiter": said.waiter,
            "customer": said.customer,
            "content": words_of(said),
            "created": to_ms(said.at),
            "channel": "1",
            "waiterSend": int(said.by_waiter),
            "mt": said.mt,
            "url": said.url,
        }
        for session in shop.sessions
        if session.sid == sid
        for said in session.said
    ]
    failed = world.settings.faults.strike("failures_inside")
    shown, page, size = _page(world, [] if failed else rows, fields)
    body = {
        "isSuccess": not failed,
        "totalCount": 0 if failed else len(rows),
        "pageSize": size,
        "currentPage": page,
        "result": shown,
    }
    return {"code": "0", "returnType": body}


def list_verdicts(world: World, shop: Shop, fields: Fields) -> dict[str, object]:
    """Answer `jingdong.im.pop.evaluationlist.get`."""
    begin, end = window(world, fields)
    rows = [
        {
            "customer": verdict.customer,
            "waiter": verdict.waiter,
            "desc": verdict.desc,
            "score": verdict.score,
            "evaTime": written(verdict.at),
        }
        for verdict in shop.verdicts
        if begin <= verdict.at < end
    ]
    return _paged(world, "evaluationList", rows, fields)


def take_message(world: World, shop: Shop, fields: Fields) -> tuple[dict[str, object], Said | None]:
    """Take `pushChatTextMessage`; return the answer and the new record, None for one seen before."""
    now = world.clock.now()
    right = (shop.seed.dd_token, world.settings.aspid)
    if (asked.text(fields, "accessToken"), asked.text(fields, "aspid")) != right:
        return _failed("咚咚授权无效"), None
    access_id, waiter = asked.text(fields, "accessid"), asked.text(fields, "fromPin")
    customer, content = asked.text(fields, "toPin"), asked.text(fields, "content")
    if customer not in shop.customers:
        return _failed("顾客不存在"), None
    if shop.seed.waiters and waiter not in shop.seed.waiters:
        return _failed("客服账号不属于本店"), None
    for name in ("fromApp", "fromClientType", "toApp", "toClientType"):
        asked.text(fields, name)
    _forget(shop, now)
    if access_id in shop.sent:
        at, mid = shop.sent[access_id]
        return _sent(mid, at), None
    said = Said(f"m{world.new_number(15)}", "", customer, waiter, by_waiter=True, content=content, at=now)
    world.record(shop, said)
    shop.sent[access_id] = (now, said.mid)
    return _sent(said.mid, now), said


def _forget(shop: Shop, now: datetime) -> None:
    # Insertion order is time order, so the old ones are in front.
    for access_id, (at, _) in list(shop.sent.items()):
        if now - at <= REMEMBERED:
            return
        del shop.sent[access_id]


def _sent(mid: str, at: datetime) -> dict[str, object]:
    return {"code": "0", "errmsg": "", "msgid": mid, "accid": "", "sendTimestamp": to_ms(at)}


def _failed(words: str) -> dict[str, object]:
    return {"code": "1", "errmsg": words, "msgid": "", "accid": "", "sendTimestamp": 0}


def words_of(said: Said) -> str:
    """Return a record's words as 咚咚 shows them."""
    if said.mt == "recall":
        return "[撤回了一条消息]"
    return said.content or {"image": "[图片]", "voice": "[语音]"}.get(said.mt, "")


def window(world: World, fields: Fields) -> tuple[datetime, datetime]:
    """Return the days a chat call asks for; JD allows seven at once, and three months back."""
    begin, end = asked.moment(fields, "startTime"), asked.moment(fields, "endTime")
    if not timedelta(0) <= end - begin <= LONGEST:
        refuse("SIM-SPAN", "查询时间跨度不超过7天", "At most 7 days")
    if world.clock.now() - begin > KEPT:
        refuse("SIM-OLD", "只能查询三个月内的数据", "Older than 3 months")
    return day_of(begin), day_of(end) + timedelta(days=1)


def _page(world: World, rows: Sequence[object], fields: Fields) -> tuple[Sequence[object], int, int]:
    page = asked.number(fields, "page", 1, 100_000)
    size = asked.number(fields, "pageSize", 1, MOST_ROWS)
    first = 1 if page > 1 and world.settings.faults.strike("repeated_pages") else page
    return rows[(first - 1) * size : first * size], page, size


def _paged(world: World, name: str, rows: Sequence[object], fields: Fields) -> dict[str, object]:
    if world.settings.faults.strike("failures_inside"):
        return {"code": "SIM-INSIDE", "result": {"totalRecord": 0, name: []}}
    shown, _, _ = _page(world, rows, fields)
    return {"code": "0", "result": {"totalRecord": len(rows), name: shown}}
