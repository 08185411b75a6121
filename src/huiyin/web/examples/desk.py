"""Examples: conversations, what is done with them, and what a shop's platform tells beside them."""

from collections.abc import Mapping

from huiyin.web.examples.afternoon import (
    AT,
    BEFORE,
    CALL,
    LATER,
    LEAD,
    MESSAGE,
    ORDER,
    PERSON,
    REPLY,
    SHOP,
    SOON,
    TALK,
    Shown,
)  # fmt: skip

SAID = {"text": "您好，已为您催单，保证今天发出。"}
CITED = {
    "kind": "clause", "ref": "digital.shipping@3", "title": "店规·发货时间", "quote": "付款后 24 小时内发出",
    "asOf": BEFORE,
}  # fmt: skip
FINDING = {
    "rule": "promises.guarantee", "title": "绝对保证", "severity": "warn", "start": 9, "end": 15,
    "reason": "没有依据支持“保证今天发出”。",
}  # fmt: skip
ASKED = {
    "id": MESSAGE, "version": 2, "sender": "customer", "author": "", "kind": "text",
    "text": "什么时候发货？电话 138****5678", "data": {}, "at": AT, "receivedAt": AT, "delivery": "", "flags": [],
    "citations": [], "findings": [], "hidden": [{"start": 10, "end": 21, "kind": "phone"}], "note": "",
}  # fmt: skip
ANSWERED = {
    "id": REPLY, "version": 6, "sender": "agent", "author": PERSON["name"], "kind": "text", "text": SAID["text"],
    "data": {}, "at": SOON, "receivedAt": SOON, "delivery": "delivered", "flags": [], "citations": [CITED],
    "findings": [FINDING], "hidden": [], "note": "",
}  # fmt: skip
APPROVED = {**ANSWERED, "delivery": "approved"}
LINE = {
    "id": TALK, "version": 6,
    "shop": {**SHOP, "platform": "jd", "tier": "live", "capabilities": ["receive_live", "send_message", "orders"]},
    "customer": "j***8", "state": "human", "origin": "live", "skill": "", "agent": PERSON, "openedAt": AT,
    "waitingSince": AT, "closedAt": LATER, "lastText": SAID["text"], "lastSender": "agent", "lastAt": SOON,
    "unread": 0, "findings": 1, "risk": "watch", "outsideHours": False,
}  # fmt: skip
CLOSED = {**LINE, "version": 7, "state": "closed"}
SUGGESTION = {
    "id": CALL, "text": "付款后 24 小时内发出。", "basedOn": MESSAGE, "citations": [CITED], "reason": "按店规回答",
}  # fmt: skip
DETAIL = {"conversation": LINE, "messages": [ASKED, ANSWERED], "earlier": False, "suggestions": [SUGGESTION]}
HAPPENING = {
    "version": 6, "kind": "conversations.ReplyDelivered", "at": SOON, "by": "person", "agent": PERSON["name"],
    "message": REPLY, "sender": "agent", "code": "delivered", "because": "", "degree": 5,
}  # fmt: skip
STRETCH = {
    "side": "vendor", "platform": False, "startsAt": AT, "endsAt": LATER, "organisation": "青禾客服", "agent": PERSON,
    "account": "", "shift": "早班",
}  # fmt: skip
COLLEAGUE = {**LEAD, "presence": "online", "load": 2, "capacity": 6, "skills": ["价保"]}
BOUGHT = {
    "orderId": ORDER, "state": "WAIT_SELLER_STOCK_OUT", "stateLabel": "等待出库", "totalFen": 15900, "paidFen": 15900,
    "createdAt": BEFORE, "paidAt": BEFORE, "waybill": "", "plus": True, "asOf": AT,
    "lines": [{"skuId": "100010000020", "name": "存储卡 256GB", "count": 1, "priceFen": 15900}],
}  # fmt: skip
PARCEL = {
    "waybill": "JDX000000001", "carrier": "京东快递", "asOf": AT,
    "steps": [{"at": BEFORE, "text": "包裹已由商家交给快递"}],
}  # fmt: skip
PROTECTION = {
    "applicationId": "88120043", "orderId": ORDER, "skuName": "存储卡 256GB", "boughtAtFen": 15900, "appliedFen": 2000,
    "refundedFen": 2000, "stateLabel": "已退款", "appliedAt": AT, "asOf": SOON,
}  # fmt: skip
UNSETTLED = {
    "message": REPLY, "conversation": TALK, "shop": SHOP, "customer": "j***8", "agent": PERSON, "sender": "agent",
    "author": PERSON["name"], "at": SOON, "text": SAID["text"],
}  # fmt: skip
STUCK = {
    "listener": "quality.inspects", "subject": TALK, "event": "conversations.MessageReceived",
    "shop": SHOP, "conversation": TALK, "about": "j***8", "at": AT, "state": "retrying", "tries": 3,
    "nextTry": LATER, "error": "TimeoutError", "behind": 0,
}  # fmt: skip
TALKS = "/api/desk/conversations"
ONE = TALKS + "/{conversation:str}"

EXAMPLES: Mapping[str, Shown] = {
    f"GET {TALKS}": Shown(
        {"conversations": [LINE], "counts": {"mine": 1, "waiting": 0, "bot": 4, "closed": 12}, "nextCursor": TALK}
    ),
    f"GET {ONE}": Shown(DETAIL),
    f"GET {ONE}/messages": Shown(DETAIL),
    f"GET {ONE}/timeline": Shown({"happenings": [HAPPENING], "messages": [ASKED, ANSWERED], "nextAfter": 6}),
    f"GET {ONE}/attribution": Shown([STRETCH]),
    f"GET {ONE}/colleagues": Shown([COLLEAGUE]),
    f"GET {ONE}/orders": Shown([BOUGHT]),
    f"GET {ONE}/orders/{{order:str}}/logistics": Shown(PARCEL),
    f"GET {ONE}/orders/{{order:str}}/price-protection": Shown([PROTECTION]),
    f"POST {ONE}/take-over": Shown(LINE),
    f"POST {ONE}/check": Shown({"outcome": "warn", "findings": [FINDING]}, SAID),
    f"POST {ONE}/send": Shown(
        {"outcome": "approved", "message": APPROVED, "findings": [FINDING]},
        {"text": SAID["text"], "key": "draft-20260601-0001", "acknowledged": True},
    ),
    f"POST {ONE}/copied/{{message:str}}": Shown({**ANSWERED, "delivery": "copied"}),
    f"POST {ONE}/settle/{{message:str}}": Shown(
        {"message": ANSWERED, "resent": {**ANSWERED, "id": CALL, "delivery": "approved"}}, {"outcome": "resent"}
    ),
    f"POST {ONE}/transfer": Shown({**LINE, "agent": LEAD}, {"person": LEAD["id"], "note": "客户要求组长回复"}),
    f"POST {ONE}/close": Shown(CLOSED, {"reason": "solved"}),
    "GET /api/desk/polls": Shown([{"shop": SHOP["id"], "at": AT}]),
    "GET /api/desk/unsettled": Shown({"replies": [UNSETTLED], "total": 1}),
    "GET /api/stuck": Shown([STUCK]),
    "POST /api/stuck/{listener:str}/{subject:str}/retry": Shown({"healed": 1, "left": STUCK}),
}  # fmt: skip
