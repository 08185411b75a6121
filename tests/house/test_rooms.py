"""A room introduces itself: what walks in, what walks out, what is not here."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "huiyin"
HEADINGS = ("Walks in:", "Walks out:", "Not here:")


def rooms() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("__init__.py") if "static" not in path.parts)


def name_of(room: Path) -> str:
    return room.parent.relative_to(PACKAGE.parent).as_posix()


@pytest.mark.parametrize("room", rooms(), ids=name_of)
def test_a_room_introduces_itself(room: Path) -> None:
    words = ast.get_docstring(ast.parse(room.read_text(encoding="utf-8"))) or ""
    missing = [heading for heading in HEADINGS if heading not in words]
    assert not missing, (
        f"{room.relative_to(ROOT)} does not say {missing}: open the file with one sentence on what the room "
        "is for, then 'Walks in:', 'Walks out:', 'Not here:' (src/huiyin/kernel/__init__.py is an example)"
    )


def test_every_folder_with_sources_is_a_package() -> None:
    strays = sorted(
        {
            path.parent.relative_to(ROOT).as_posix()
            for path in PACKAGE.rglob("*.py")
            if not (path.parent / "__init__.py").is_file() and path.parent.name != "versions"
        }
    )
    assert not strays, f"no __init__.py, so neither the floors nor the introduction cover these: {strays}"
