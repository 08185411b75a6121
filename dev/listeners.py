"""
Write the table "who listens to what" into docs/walk.md, from the house as wiring builds it.

`python dev/listeners.py` writes; a test compares.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from huiyin.eventlog.events import kind_of
from huiyin.wiring import EVENT_TYPES, Settings, build

PAGE = Path(__file__).resolve().parent.parent / "docs" / "walk.md"
BEGIN, END = "<!-- listeners:begin -->", "<!-- listeners:end -->"


def listeners() -> dict[str, frozenset[str]]:
    """Return each listener's name and the kinds it takes, in the order they run."""
    with tempfile.TemporaryDirectory(prefix="huiyin-listeners-") as folder:
        house = build(Settings(Path(folder)))
        try:
            return dict(house.subscriptions._kinds)  # noqa: SLF001  # the list is nobody's business but this page's
        finally:
            house.close()


def table() -> str:
    """Return the Markdown table of every event, who takes it, and what it says."""
    known = listeners()
    lines = ["| event | listeners | it says |", "|---|---|---|"]
    for each in EVENT_TYPES:
        kind = kind_of(each)
        takers = "<br>".join(f"`{name}`" for name, kinds in known.items() if kind in kinds) or "–"
        says = " ".join((each.__doc__ or "").split())
        lines.append(f"| `{kind}` | {takers} | {says} |")
    order = " → ".join(f"`{name}`" for name in known)
    return f"Order: {order}.\n\n" + "\n".join(lines)


def written(page: str) -> str:
    """Return the page with a fresh table between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
