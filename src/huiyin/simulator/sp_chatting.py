"""Answer SP-API's 咚咚 calls over the same world as JOS's: moments in milliseconds, one id a message."""

from datetime import datetime

from huiyin.kernel.clock import to_ms
from huiyin.simulator.chatting import words_of
from huiyin.simulator.reckoning import mean_wait
from huiyin.simulator.refusing import refuse
from huiyin.simulator.sp_asked import Fields, chat_span, listed
from huiyin.simulator.world import Said, Session, Shop, World

NEVER = ("0001-01-01 00:00:00", -28_800_000, 0)
"""Ways to write "never": as a text, as 1970 in China in milliseconds, as nought."""


def stamp(world: World, moment: datetime | None, way: int = 0) -> object:
    """Write a moment; "never" is left empty, or one of JD's ways where that fault is planted."""
    if moment is not None:
        return to_ms(moment)
    return NEVER[way % len(NEVER)] if world.settings.faults.empty_dates else None


def sessions(world: World, shop: Shop, fields: Fields) -> list[object]:
    """Answer `dongdong-sessions`."""
    return [_session(world, session) for session in _found(world, shop, fields)]


def chat_details(world: World, shop: Shop, fields: Fields) -> list[object]:
    """Answer `dongdong-chat-details`: sessions with their lines."""
    rows: list[object] = []
    for session in _found(world, shop, fields):
        lines = _lines(world, session)
        shown = lines[-1:] if world.settings.faults.short_chats else lines
        rows.append({"dongdongSession": _session(world, session), "dongdongChatLogList": shown})
    return rows


def chat_logs(world: World, shop: Shop, fields: Fields) -> list[object]:
    """Answer the log of one session; another shop's is as empty as none."""
    return [line for session in shop.sessions if session.sid == fields["sid"] for line in _lines(world, session)]


def performance(world: World, shop: Shop, fields: Fields) -> list[object]:
    """Answer `dongdong-waiter-performance`."""
    begin, end = chat_span(world, fields)
    rows: list[object] = []
    for waiter in listed(fields.get("waiterList", "")) or shop.waiters:
        mine = [each for each in shop.sessions if each.waiter == waiter and begin <= each.begin < end]
        replied = sum(session.replied is not None for session in mine)
        scores = [each.score for each in shop.verdicts if each.waiter == waiter and begin <= each.at < end]
        rows.append(
            {
                "waiter": waiter, "consultCount": len(mine), "replyCount": replied,
                "unReplyCount": len(mine) - replied, "avgWaitTime": mean_wait(mine), "onlineTotalTime": 28800,
                "serviceTotalTime": 7200, "evaluationCount": len(scores), "verySatisfiedCount": scores.count(5),
                "satisfiedCount": scores.count(4), "middleSatisfiedCount": scores.count(3),
                "unsatisfiedCount": scores.count(2), "veryUnSatisfiedCount": scores.count(1),
            }
        )  # fmt: skip
    return rows


def evaluations(world: World, shop: Shop, fields: Fields) -> list[object]:
    """Answer `dongdong-waiter-evaluations`."""
    begin, end = chat_span(world, fields)
    wanted = listed(fields.get("waiterList", "")) or shop.waiters
    return [
        {
            "sid": verdict.sid, "waiter": verdict.waiter, "customer": verdict.customer, "degree": verdict.score,
            "evaluation": verdict.score, "evaluationLabel": verdict.desc, "evaluationTime": to_ms(verdict.at),
            "inviteTime": stamp(world, None),
        }
        for verdict in shop.verdicts
        if begin <= verdict.at < end and verdict.waiter in wanted
    ]  # fmt: skip


def waiters(_world: World, shop: Shop, _fields: Fields) -> list[object]:
    """Answer `dongdong-waiters`."""
    return [
        {"waiter": waiter, "shopName": shop.seed.name, "level": 1, "leader": int(waiter == shop.seed.main_waiter),
         "yn": 1}
        for waiter in shop.waiters
    ]  # fmt: skip


def _found(world: World, shop: Shop, fields: Fields) -> list[Session]:
    begin, end = chat_span(world, fields)
    customers, waiters_asked = listed(fields.get("customerList", "")), listed(fields.get("waiterList", ""))
    if len(customers) > 1:
        refuse("SIM-RANGE", "customerList最多1个", "One customer at most")
    return [
        session
        for session in shop.sessions
        if begin <= session.begin < end
        and (not customers or session.customer in customers)
        and (not waiters_asked or session.waiter in waiters_asked)
    ]


def _session(world: World, session: Session) -> dict[str, object]:
    said = [each for each in session.said if each.mt != "recall"]
    by_customer = [each.at for each in said if not each.by_waiter]
    by_waiter = [each.at for each in said if each.by_waiter]
    return {
        "sid": session.sid, "customer": session.customer, "xidCustomer": f"o*{session.customer}",
        "waiter": session.waiter, "sessionType": 1, "createdTime": to_ms(session.begin),
        "replyTime": stamp(world, session.replied), "closeTime": to_ms(session.last),
        "customerMsgNum": len(by_customer), "waiterMsgNum": len(by_waiter),
        "lastCustomerMsgTime": stamp(world, max(by_customer, default=None), 1),
        "lastWaiterMsgTime": stamp(world, max(by_waiter, default=None), 2),
        "transferTime": stamp(world, None, 1), "evaluationTime": stamp(world, None, 2),
    }  # fmt: skip


def _lines(world: World, session: Session) -> list[dict[str, object]]:
    recalled = {each.recall_of: each.at for each in session.said if each.mt == "recall"}
    return [_line(world, said, recalled.get(said.mid)) for said in session.said if said.mt != "recall"]


def _line(world: World, said: Said, revoked: datetime | None) -> dict[str, object]:
    return {
        "sid": said.sid, "uuid": said.mid, "waiter": said.waiter, "customer": said.customer,
        "xidCustomer": f"o*{said.customer}", "content": words_of(said), "contentType": 1, "msgType": 1,
        "waiterSend": int(said.by_waiter), "imgUrl": said.url if said.mt == "image" else "", "skuId": said.sku_id,
        "createdTime": to_ms(said.at), "revokeFlag": int(revoked is not None), "revokeTime": stamp(world, revoked, 1),
    }  # fmt: skip
