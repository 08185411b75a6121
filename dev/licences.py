"""
Write docs/licences.md: every package that runs inside Huiyin, and the licence it comes under.

The licence is read from the installed package. A runtime package under the GPL or the AGPL stops the work: a
company that installs Huiyin must be able to ship it.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import places

PAGE = places.ROOT / "docs" / "licences.md"
HEAD = """# Licences of what runs inside Huiyin

Written by `make lock` from the installed packages; `tests/house/test_lock.py` keeps it equal to the lock.
Tools that only build or test are not listed: they are not shipped. The console's packages are in the second
table. No package here is under the GPL or the AGPL.

"""
REFUSED = re.compile(r"\b(A?GPL|Affero)", re.IGNORECASE)
# Packages that say their licence only in a file of theirs, read by a person.
READ_BY_HAND: dict[str, str] = {"pyrage": "MIT", "sqlcipher3": "Zlib"}
# The lock is made for the oldest Python we run on, so the page is too, whoever writes it.
MACHINES = tuple(
    {"sys_platform": system, "python_version": "3.11", "python_full_version": "3.11.0"}
    for system in ("linux", "darwin")
)


def closure(names: list[str]) -> list[str]:
    """Follow dependencies from the runtime list down to the last package."""
    waiting = [Requirement(name) for name in names]
    seen: dict[tuple[str, str], None] = {}
    while waiting:
        parent = waiting.pop()
        for extra in {"", *parent.extras}:
            key = (canonicalize_name(parent.name), extra)
            if key in seen:
                continue
            seen[key] = None
            for line in metadata.requires(parent.name) or []:
                child = Requirement(line)
                marker = child.marker
                if marker is None or any(marker.evaluate({**at, "extra": extra}) for at in MACHINES):
                    waiting.append(child)
    return sorted({name for name, _ in seen})


def licence_of(name: str) -> str:
    """Read the licence a package declares: its expression, its classifiers, or its free text."""
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    about = metadata.metadata(name)
    expression = about.get("License-Expression")
    if expression:
        return expression
    classified = [
        line.rsplit(" :: ", 1)[-1]
        for line in about.get_all("Classifier") or []
        if line.startswith("License ::") and line != "License :: OSI Approved"
    ]
    free_text = (about.get("License") or "").strip().splitlines()
    return " / ".join(classified) or (free_text[0] if free_text else "")


def runtime_names() -> list[str]:
    """Read the runtime list from pyproject.toml."""
    project = tomllib.loads((places.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names: list[str] = project["project"]["dependencies"]
    return names


def table(rows: list[tuple[str, str, str]]) -> str:
    """Lay rows out as a Markdown table."""
    lines = ["| package | version | licence |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {version} | {licence} |" for name, version, licence in rows)]) + "\n"


def console_rows() -> list[tuple[str, str, str]]:
    """List the packages that end up in the console, from its lock."""
    lock = json.loads((places.CONSOLE / "package-lock.json").read_text(encoding="utf-8"))
    rows = {
        (path.rpartition("node_modules/")[2], package["version"], str(package.get("license", "")))
        for path, package in lock["packages"].items()
        if path and not package.get("dev") and not package.get("optional")
    }
    return sorted(rows)


def page() -> str:
    """Compose the page."""
    python = [(name, metadata.version(name), licence_of(name)) for name in closure(runtime_names())]
    return HEAD + "## Python\n\n" + table(python) + "\n## Console\n\n" + table(console_rows())


def main() -> int:
    """Write the page, or with --check only say whether it is true."""
    text = page()
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if line.startswith("| ") and (not cells[3] or REFUSED.search(cells[3].replace("LGPL", ""))):
            print(f"not acceptable: {line}", file=sys.stderr)
            return 1
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
