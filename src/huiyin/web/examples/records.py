"""Examples: what was said, found again; files that come in and go out; who sat behind a platform account."""

from collections.abc import Mapping

from huiyin.web.examples.afternoon import AT, CALL, FIRST, LAST, LATER, PERSON, SHOP, TALK, Shown

SEARCH = {"words": "退款 -测试", "shop": SHOP["id"], "risk": "high", "first": FIRST, "last": LAST}
FOUND = {
    "sessions": [
        {
            "id": TALK, "shop": SHOP, "customer": "jd_5****8", "agents": [PERSON], "openedAt": AT, "state": "closed",
            "origin": "live", "risk": "high", "hits": 2,
            "snippets": [
                {
                    "sender": "customer", "at": AT, "text": "想要退款", "marks": [{"start": 2, "end": 4}],
                    "begins": True, "ends": True,
                }
            ],
        }
    ],
    "nextCursor": f"1780286400000.{TALK}", "total": 1, "more": False,
    "shops": [{"value": SHOP["id"], "name": SHOP["name"], "number": 1}],
    "agents": [{"value": PERSON["id"], "name": PERSON["name"], "number": 1}],
    "states": [{"value": "closed", "name": "", "number": 1}], "origins": [{"value": "live", "name": "", "number": 1}],
    "risks": [{"value": "high", "name": "", "number": 1}], "indexed": 0, "toIndex": 0, "behind": 0,
}  # fmt: skip
IMPORT = {
    "id": CALL, "shop": SHOP, "kind": "chats", "source": "", "name": "五月聊天记录.csv", "bytes": 48210,
    "form": "csv", "person": "马店主", "state": "done", "trouble": "", "createdAt": AT, "endedAt": AT, "rowsRead": 812,
    "refused": 1, "records": 811, "fed": 811, "fresh": 790, "firstAt": AT, "lastAt": AT, "sameAs": AT,
}  # fmt: skip
REFUSED = {"rows": [{"place": 1, "row": 2, "field": "time", "code": "time_empty"}], "nextCursor": "1"}
EXPORT = {
    "id": CALL, "shops": [SHOP], "content": "messages", "form": "xlsx", "language": "zh", "first": FIRST, "last": LAST,
    "person": PERSON["name"], "mine": True, "state": "done", "trouble": "", "createdAt": AT, "endedAt": AT,
    "expiresAt": LATER, "expected": 120, "sessions": 120, "rows": 1640, "bytes": 98304, "taken": 1,
}  # fmt: skip
SITTING = {"shop": SHOP["id"], "account": "客服01", "person": PERSON["id"], "effectiveFrom": AT}
ACCOUNT = {
    "shop": SHOP, "account": "客服01", "person": PERSON, "messages": 12, "firstAt": AT, "lastAt": AT,
    "sittings": [
        {
            "id": CALL, "person": PERSON, "effectiveFrom": AT, "effectiveTo": LATER, "recordedAt": AT,
            "replacedAt": LATER,
        }
    ],
}  # fmt: skip

EXAMPLES: Mapping[str, Shown] = {
    "POST /api/sessions/search": Shown(FOUND, SEARCH),
    "GET /api/imports": Shown({"imports": [IMPORT], "nextCursor": CALL}),
    "GET /api/imports/{file:str}/refused": Shown(REFUSED),
    "GET /api/exports": Shown({"exports": [EXPORT], "nextCursor": CALL}),
    "GET /api/exports/{export:str}": Shown(EXPORT),
    "GET /api/accounts": Shown([ACCOUNT]),
    "GET /api/accounts/people": Shown([PERSON]),
    "POST /api/accounts": Shown(ACCOUNT, SITTING),
}
