"""Examples: how shops are connected to platforms, and the programs of others that are told what happens."""

from collections.abc import Mapping

from huiyin.web.examples.afternoon import AT, CALL, ENDPOINT, LATER, ORDER, SHOP, Shown

CONNECTION = {
    "shop": SHOP, "platform": "jd", "category": "digital", "hours": "09:00-24:00",
    "state": "open", "tier": "live", "own": True, "changedAt": AT, "polled": False,
    "polledAt": AT, "callsToday": 108, "callsPerDay": 50000,
    "trouble": {"code": "platform_away", "since": AT, "lastAt": AT, "lasting": False},
    "accessTold": {"waiting": 0, "taken": 214, "takenAt": AT, "trouble": ""},
    "abilities": [
        {
            "capability": "near_realtime", "able": False, "gateway": "", "since": AT, "whyNot": "not_offered",
            "needs": "",
            "lack": {
                "reason": "平台没有推送", "instead": "每 20 秒读取一次", "why": "the platform does not push",
                "remedy": "it is read every 20 seconds",
            },
        }
    ],
    "settings": {"vender_id": "100101", "gateways": "jos"}, "secrets": ["access_token", "app_secret"],
}  # fmt: skip
PLATFORM = {
    "platform": "jd", "numbered": False,
    "asked": [{"name": "gateways", "kind": "choice", "required": True, "choices": ["jos", "sp-api,jos", "sp-api"]}],
}  # fmt: skip
BACKFILL = {
    "id": CALL, "since": "2026-03-03T16:00:00Z", "until": AT, "parts": 90, "done": 12, "state": "running",
    "trouble": "platform_away", "notBefore": LATER, "createdAt": AT, "endedAt": LATER, "messages": 8120, "fresh": 8044,
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

EXAMPLES: Mapping[str, Shown] = {
    "GET /api/connections": Shown([CONNECTION]),
    "GET /api/connections/platforms": Shown([PLATFORM]),
    "GET /api/connections/{shop:str}/backfills": Shown([BACKFILL]),
    "POST /api/connections/{shop:str}/test": Shown(
        {"ok": True, "code": "", "seconds": 0.21, "found": 1}, {"order": ORDER}
    ),
    "GET /api/webhooks": Shown([WEBHOOK]),
    "GET /api/webhooks/kinds": Shown(["conversation.opened", "conversation.closed"]),
    "POST /api/webhooks": Shown({"webhook": WEBHOOK, "secret": "whsec_…"}, {**HOOK, "shops": [SHOP["id"]]}, "201"),
    "POST /api/webhooks/{webhook:str}/test": Shown(DELIVERY, None, "201"),
    "GET /api/webhooks/{webhook:str}/deliveries": Shown({"deliveries": [DELIVERY], "nextCursor": CALL}),
}  # fmt: skip
