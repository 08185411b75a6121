"""Say at a terminal what somebody else wrote: names, reasons, accounts; and what roles are called."""

from huiyin.kernel.actors import Role

ROLES = {
    Role.MERCHANT_OWNER: "商家负责人",
    Role.MERCHANT_VIEWER: "商家只读",
    Role.VENDOR_MANAGER: "服务商经理",
    Role.TEAM_LEAD: "组长",
    Role.AGENT: "客服",
    Role.INSPECTOR: "质检",
    Role.TRAINER: "培训",
    Role.SECURITY_OFFICER: "安全管理员",
    Role.AUDITOR: "审计员",
    Role.ADMINISTRATOR: "系统管理员",
}
"""As on the screens (tests/house/test_words.py)."""


def plain(text: str) -> str:
    """Return a text without signs that move the cursor, colour or break lines: those are for terminals, not people."""
    return "".join(each if each.isprintable() else "�" for each in text)
