"""Examples of the chief operations for the API document: what a program sends, and what it is answered.

Each is held against the document's own shape by tests/walks/test_examples.py. Made up, all of them. A value that may be
null is shown with one: the document's writer leaves nulls out.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from litestar.openapi.spec import Operation


class Shown(NamedTuple):
    """What is sent (None for nothing) and what is answered with which status."""

    answered: object
    sent: Mapping[str, object] | None = None
    status: str = "200"


SHOP = {"id": "0197291c6d7a7b0e9a3c2f5d8e1b4a60", "name": "远山数码旗舰店"}
PERSON = {"id": "0197291c70117c42b5d09e6a1f3c8d24", "name": "小林"}
TALK = "0197293f5a2b7d18a6e47c0b9f21d385"
ENDPOINT = "0197294b11c07a93be582d46f0a97c1e"
CALL = "0197294c3f847b21a0d5937e68c1b4f2"
AT, LATER = "2026-06-01T04:00:00Z", "2026-06-02T04:00:00Z"
FIGURE = {
    "key": "answered_within_30", "unit": "share", "value": 0.96, "part": 96, "whole": 100, "target": 0.9, "why": "",
}  # fmt: skip
HOOK = {"url": "https://hooks.example.com/huiyin", "description": "工单系统", "kinds": ["conversation.closed"]}
WEBHOOK = {
    **HOOK, "id": ENDPOINT, "shops": [SHOP], "state": "failing", "offWhy": "", "registeredBy": "马店主",
    "createdAt": AT, "failingSince": AT, "formerUntil": LATER, "waiting": 1, "lastAt": AT,
}  # fmt: skip
DELIVERY = {
    "id": CALL, "kind": "conversation.closed", "state": "waiting", "attempts": 1, "createdAt": AT, "dueAt": LATER,
    "lastAt": AT, "status": 503, "error": "",
}  # fmt: skip
SEARCH = {"words": "退款 -测试", "shop": SHOP["id"], "risk": "high", "first": "2026-06-01", "last": "2026-06-30"}
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
REPORT = {
    "since": "2026-06-01", "until": "2026-06-30", "asOf": LATER, "history": False, "recounting": 0, "figures": [FIGURE],
    "shops": [{**SHOP, "figures": [FIGURE]}], "agents": [{**PERSON, "figures": [FIGURE]}], "compared": [], "apart": [],
    "readings": [],
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
TOKEN = {"name": "大屏", "may": ["own_scopes:read", "wall:read"], "shops": [SHOP], "expiresAt": LATER}
REFUSED = {"rows": [{"place": 1, "row": 2, "field": "time", "code": "time_empty"}], "nextCursor": "1"}
REPLY = {"text": "您好，已为您催单。"}

EXAMPLES: Mapping[str, Shown] = {
    "GET /api/account/tokens/own": Shown(TOKEN),
    "POST /api/sessions/search": Shown(FOUND, SEARCH),
    "GET /api/reports": Shown(REPORT),
    "GET /api/imports/{file:str}/refused": Shown(REFUSED),
    "GET /api/accounts": Shown([ACCOUNT]),
    "POST /api/accounts": Shown(ACCOUNT, SITTING),
    "POST /api/desk/conversations/{conversation:str}/check": Shown(
        {"outcome": "pass", "findings": []}, REPLY
    ),
    "GET /api/webhooks": Shown([WEBHOOK]),
    "POST /api/webhooks": Shown({"webhook": WEBHOOK, "secret": "whsec_…"}, {**HOOK, "shops": [SHOP["id"]]}, "201"),
    "POST /api/webhooks/{webhook:str}/test": Shown(DELIVERY, None, "201"),
    "GET /api/webhooks/{webhook:str}/deliveries": Shown({"deliveries": [DELIVERY], "nextCursor": CALL}),
}  # fmt: skip


def show(operation: Operation, shown: Shown) -> None:
    """Write an example into an operation."""
    answers: dict[str, Any] = operation.responses or {}
    for media in answers[shown.status].content.values():
        media.example = shown.answered
    asked: Any = operation.request_body
    if shown.sent is not None:
        for media in asked.content.values():
            media.example = shown.sent
