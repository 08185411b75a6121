"""
Write docs/roles.md: every right with the roles that hold it, and every route and topic with the right that opens it.

`python dev/roles.py` writes; a test compares.
"""

from __future__ import annotations

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


def rights() -> str:
    """Return a line for each row of the table, a column for each role."""
    lines = [_line(["right", "fields", "reaches", "2nd factor", *SHORT.values()])]
    lines.append(_line(["---"] * 4 + [":-:"] * len(SHORT)))
    for row in TABLE:
        fields = ", ".join(sorted(row.fields - {""})) or "–"
        marks = ["●" if role in row.roles else "" for role in SHORT]
        lines.append(_line([f"`{row.right}`", fields, str(row.scope), "yes" if row.strong else "", *marks]))
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
    for name, table in (("rights", rights()), ("doors", doors())):
        before, _, rest = page.partition(BEGIN.format(name))
        _, _, after = rest.partition(END.format(name))
        page = f"{before}{BEGIN.format(name)}\n{table}\n{END.format(name)}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
