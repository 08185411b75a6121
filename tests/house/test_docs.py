"""The documents are true: what exists is named in them, and what they name exists."""

import re
from pathlib import Path

import pytest

import listeners
import roles
from huiyin.cli.entry import app
from huiyin.eventlog.events import kind_of
from huiyin.insight.figures import REGISTRY, Figure
from huiyin.wiring import EVENT_TYPES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "huiyin"
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
READMES = ("README.md", "README.zh-CN.md")
COMMANDS = [
    *(command.name or command.callback.__name__ for command in app.registered_commands if command.callback),
    *(group.name for group in app.registered_groups if group.name),
]
SOURCES = (ROOT, PACKAGE, ROOT / "src")
HEADINGS = ("## Context", "## Decision", "## Consequences", "## Security")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def exists(name: str) -> bool:
    return any((folder / name).exists() for folder in SOURCES)


@pytest.mark.parametrize("event", EVENT_TYPES, ids=kind_of)
def test_every_event_is_in_the_walk(event: type) -> None:
    assert f"`{kind_of(event)}`" in read("docs/walk.md"), "run `python dev/listeners.py`"


def test_who_listens_to_what_is_current() -> None:
    page = read("docs/walk.md")
    assert listeners.written(page) == page, "run `python dev/listeners.py`"


def test_who_may_do_what_is_current() -> None:
    page = read("docs/roles.md")
    assert roles.written(page) == page, "run `python dev/roles.py`"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_in_the_readme(readme: str, command: str) -> None:
    assert f"`huiyin {command}" in read(readme), f"{readme} does not name `huiyin {command}`: add it to the commands"


@pytest.mark.parametrize("figure", REGISTRY, ids=lambda figure: figure.key)
def test_every_figure_has_its_formula(figure: Figure) -> None:
    page = read(f"docs/formulas/{figure.formula}")
    assert f"`{figure.key}`" in page.partition("## Formula")[0], f"{figure.formula} does not open with the key"
    assert re.search(rf"^{figure.key} += ", page, re.MULTILINE), f"{figure.formula} has no formula line for the key"
    line = re.search(rf"^\| `{figure.key}` \|.*$", read("docs/formulas/README.md"), re.MULTILINE)
    assert line, f"docs/formulas/README.md does not list {figure.key}"
    target = "–" if figure.target is None else str(figure.target)
    assert f"| {target} | [{figure.formula}]" in line[0]


@pytest.mark.parametrize("readme", READMES)
def test_every_room_is_on_the_map(readme: str) -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    doors = {path.name for path in PACKAGE.glob("*.py") if path.stem != "__init__"}
    missing = sorted(room for room in rooms | doors if f"| `{room}` |" not in read(readme))
    assert not missing, f"{readme} does not show {missing}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_named_files_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?![a-z]+:|#)([^)#]+)", text)
    dead = [link for link in links if not (page.parent / link).exists()]
    paths = re.findall(r"`((?:[\w.-]+/)+[\w-]+\.(?:py|yaml|yml|ts|md|toml|json))`", text)
    gone = [path for path in paths if not exists(path)]
    assert not dead + gone, f"{name_of(page)} names what is not there: {dead + gone}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_named_functions_exist(page: Path) -> None:
    """`room/file.py` `name` promises that the file defines the name."""
    pairs = re.findall(r"`((?:\w+/)*\w+\.py)` `(\w+)`", page.read_text(encoding="utf-8"))
    for path, name in pairs:
        file = next((folder / path for folder in SOURCES if (folder / path).is_file()), None)
        source = file.read_text(encoding="utf-8") if file else ""
        assert re.search(rf"(?:def|class) {name}\b|^{name}\b", source, re.MULTILINE), f"{path} has no {name}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_named_commands_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    unknown = {f"make {one}" for one in re.findall(r"`make ([a-z-]+)", text)} - {f"make {one}" for one in targets}
    unknown |= {f"huiyin {one}" for one in re.findall(r"`huiyin ([a-z-]+)", text) if one not in COMMANDS}
    assert not unknown, f"{name_of(page)} names commands that are not there: {sorted(unknown)}"


def test_decisions_are_numbered_and_complete() -> None:
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    index = read("docs/decisions/README.md")
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert [line for line in text.splitlines() if line.startswith("## ")] == list(HEADINGS), page.name
        assert f"({page.name})" in index
