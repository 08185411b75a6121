"""Examples: the wall, the reports, the sessions behind a figure, the time before outsourcing."""

from collections.abc import Mapping

from huiyin.web.examples.afternoon import AT, CALL, FIGURE, FIRST, LAST, LATER, PERSON, SHOP, TALK, Shown

REPORT = {
    "since": FIRST, "until": LAST, "asOf": LATER, "history": False, "recounting": 0, "figures": [FIGURE],
    "shops": [{**SHOP, "figures": [FIGURE]}], "agents": [{**PERSON, "figures": [FIGURE]}], "compared": [], "apart": [],
    "readings": [],
}  # fmt: skip
WALL = {
    "asOf": AT, "day": FIRST, "figures": [FIGURE], "shops": [{**SHOP, "figures": [FIGURE]}],
    "agents": [{**PERSON, "figures": [FIGURE]}],
    "course": [{"at": "2026-06-01T03:45:00Z", "opened": 25, "within30": 24, "within120": 25}],
}  # fmt: skip
ROW = {
    "conversation": TALK, "shop": SHOP["name"], "customer": "j***8", "agent": PERSON["name"], "origin": "live",
    "state": "closed", "openedAt": AT, "firstResponseSeconds": 8.4, "answeredBy": "human", "findings": 0,
    "counted": True, "why": "", "outsideHours": "", "firstResponseOpenSeconds": 8.4,
}  # fmt: skip
ROWS = {
    "figure": FIGURE["key"], "definition": "30 秒应答率：第一条回复不超过 30 秒的会话 ÷ 计入考核的会话。",
    "rows": [ROW], "nextCursor": TALK,
}  # fmt: skip
FROZEN = {
    "source": "", "figure": FIGURE["key"], "unit": "share", "value": 0.71, "part": 710, "whole": 1000, "why": "",
    "days": 30, "asOf": LATER,
}  # fmt: skip
BASELINE = {
    "id": CALL, "shop": SHOP["id"], "name": "外包前一个月", "since": FIRST, "until": LAST, "history": True,
    "definition": 3, "frozenBy": "马店主", "frozenAt": LATER, "digest": "9f2c41d07be8", "sound": True,
    "figures": [FROZEN],
}  # fmt: skip

EXAMPLES: Mapping[str, Shown] = {
    "GET /api/wall": Shown(WALL),
    "GET /api/wall/rows": Shown(ROWS),
    "GET /api/reports": Shown(REPORT),
    "GET /api/reports/rows": Shown(ROWS),
    "GET /api/reports/baselines": Shown([BASELINE]),
}
