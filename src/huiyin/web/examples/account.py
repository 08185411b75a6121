"""Examples: one's own account, the people, what waits for a second person, how long things are kept."""

from collections.abc import Mapping

from huiyin.web.examples.afternoon import AT, CALL, LATER, LEAD, PERSON, SHOP, SOON, Shown

TOKEN = {"name": "大屏", "may": ["own_scopes:read", "wall:read"], "shops": [SHOP], "expiresAt": LATER}
ME = {
    **LEAD, "roles": ["agent", "team_lead"], "may": ["conversation:read", "wall:read"], "organisation": "青禾客服",
    "shops": [{**SHOP, "platform": "jd"}], "presence": "online", "capacity": 6, "load": 2,
    "secondFactor": {"setUp": True, "needed": False, "recoveryCodes": 8, "freshUntil": LATER},
}  # fmt: skip
SESSION = {
    "id": CALL, "device": "Chrome, Windows", "createdAt": AT, "seenAt": SOON, "secondFactorAt": AT, "current": False,
}  # fmt: skip
SOMEBODY = {
    **PERSON, "login": "xiaolin", "roles": ["agent"], "skills": ["价保"], "capacity": 6, "presence": "online",
    "standing": "active", "secondFactor": True, "linkUntil": AT, "lastInAt": AT, "sessions": 1, "lockedUntil": AT,
}  # fmt: skip
APPROVAL = {
    "id": CALL, "kind": "roles", "person": PERSON, "held": ["agent"], "roles": ["agent", "auditor"], "subject": "",
    "asker": LEAD, "askedAt": AT, "expiresAt": LATER, "approvable": True,
}  # fmt: skip
PERIOD = {
    "kind": "originals", "days": 180, "nextDays": 90, "nextFrom": LATER, "due": 0, "nextDue": 1200, "most": 100000,
    "least": 30, "advised": 180, "paused": False,
}  # fmt: skip

EXAMPLES: Mapping[str, Shown] = {
    "GET /api/account/tokens/own": Shown(TOKEN),
    "GET /api/account/sessions": Shown([SESSION]),
    "GET /api/account/changes": Shown([{"action": "password.changed", "at": AT, "by": LEAD}]),
    "GET /api/session": Shown(ME),
    "PUT /api/desk/presence": Shown(ME, {"state": "online"}),
    "GET /api/people": Shown(
        {"people": [SOMEBODY], "roles": ["agent", "team_lead", "inspector"], "alone": ["auditor", "security_officer"]}
    ),
    "GET /api/approvals": Shown([APPROVAL]),
    "GET /api/retention": Shown([PERIOD]),
    "GET /api/first-steps": Shown(
        {"shops": 1, "connected": 1, "agents": 2, "invited": 1, "vendors": 1, "begun": True}
    ),
}  # fmt: skip
