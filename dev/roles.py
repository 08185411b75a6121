"""
Write docs/roles.md: the roles, every right with who holds it, every route and topic with the right that opens it.

`python dev/roles.py` writes; a test compares.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from litestar import Litestar
from litestar.routes import HTTPRoute

from huiyin.kernel.actors import Role
from huiyin.policy.table import TABLE
from huiyin.web.app import create_app
from huiyin.web.changes import TOPICS
from huiyin.web.guarding import RIGHTS
from huiyin.wiring import Settings, build
from places import CONSOLE

PAGE = Path(__file__).resolve().parent.parent / "docs" / "roles.md"
BEGIN, END = "<!-- {}:begin -->", "<!-- {}:end -->"
SHORT = {
    Role.MERCHANT_OWNER: "owner",
    Role.MERCHANT_VIEWER: "viewer",
    Role.VENDOR_MANAGER: "manager",
    Role.TEAM_LEAD: "lead",
    Role.AGENT: "agent",
    Role.INSPECTOR: "inspector",
    Role.TRAINER: "trainer",
    Role.SECURITY_OFFICER: "security",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "admin",
}


def words(language: str) -> dict[str, str]:
    """Return the console's words of a language: the page says what the screens say."""
    pages = sorted((CONSOLE / "src" / "i18n").glob(f"{language}.*.ts"))
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    return dict(re.findall(r'^ +"([^"]+)": "([^"]*)"', text, re.MULTILINE))


def roles() -> str:
    """Return a line for each role: its column below, its names, and what the people page says of it."""
    zh, en = words("zh"), words("en")
    lines = [_line(["column", "中文", "English", "说明"]), _line(["---"] * 4)]
    for role, short in SHORT.items():
        lines.append(_line([short, zh[f"role.{role}"], en[f"role.{role}"], zh[f"rolewhy.{role}"]]))
    return "\n".join(lines)


def rights() -> str:
    """Return a line for each row of the table, a column for each role."""
    zh = words("zh")
    lines = [_line(["right", "中文", "fields", "reaches", "2nd factor", *SHORT.values()])]
    lines.append(_line(["---"] * 5 + [":-:"] * len(SHORT)))
    for row in TABLE:
        fields = ", ".join(sorted(row.fields - {""})) or "–"
        marks = ["●" if role in row.roles else "" for role in SHORT]
        named = zh.get(f"right.{row.right}") or zh[f"scope.{row.right}"]
        lines.append(_line([f"`{row.right}`", named, fields, str(row.scope), "yes" if row.strong else "", *marks]))
    return "\n".join(lines)


def doors() -> str:
    """Return a line for each route and each topic of the socket, with what opens it."""
    with tempfile.TemporaryDirectory(prefix="huiyin-roles-") as folder:
        house = build(Settings(Path(folder)))
        try:
            routes = _routes(create_app(house))
        finally:
            house.close()
    topics = [(f"socket: {topic}", f"`{right}`") for topic, right in TOPICS.items()]
    return "\n".join([_line(["route or topic", "opened by"]), _line(["---"] * 2), *map(_line, [*routes, *topics])])


def _routes(app: Litestar) -> list[tuple[str, str]]:
    return sorted(
        (f"{method} {route.path}", " or ".join(f"`{each}`" for each in handler.opt[RIGHTS]))
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
        if handler.opt.get(RIGHTS) and method != "OPTIONS"
    )


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def written(page: str) -> str:
    """Return the page with fresh tables between their marks."""
    for name, table in (("roles", roles()), ("rights", rights()), ("doors", doors())):
        before, _, rest = page.partition(BEGIN.format(name))
        _, _, after = rest.partition(END.format(name))
        page = f"{before}{BEGIN.format(name)}\n{table}\n{END.format(name)}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
