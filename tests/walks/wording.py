"""What a story wrote into the audit must read well: the page has its own word for every code and key."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from huiyin.kernel.wire import decode

CONSOLE = Path(__file__).resolve().parents[2] / "console" / "src"
ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}|[0-9]+|withheld|")
OF_TESTS = re.compile(r"part-[0-9.]+")
"""Subjects that stories make up."""


@cache
def words() -> frozenset[str]:
    """Return every word the console has."""
    pages = sorted((CONSOLE / "i18n").glob("zh*.ts"))
    return frozenset(re.findall(r'^ +"([^"]+)":', "\n".join(page.read_text("utf-8") for page in pages), re.MULTILINE))


@cache
def groups(name: str) -> tuple[str, ...]:
    """Return in which groups of words the page looks for the value of a detail, as it says itself."""
    source = (CONSOLE / "features" / "audit" / "EntryDrawer.tsx").read_text("utf-8")
    listed = "FOR_REASONS" if name == "why" else "FOR_OTHERS"
    found = re.search(rf"const {listed}: CodeGroup\[\] = \[([^\]]+)\]", source)
    assert found, f"the page names no {listed}"
    return tuple(re.findall(r'"(\w+)"', found[1]))


def unworded(entries: Iterable[Any]) -> set[str]:
    """Return what of these entries the page would show as a raw code."""
    missing: set[str] = set()
    for entry in entries:
        kind, _, _ = entry.subject.rpartition(":")
        about = kind or entry.subject
        wanted = {f"outcome.{entry.outcome}"}
        wanted |= set() if entry.action.startswith("test.") else {f"action.{entry.action}"}
        if not ID.fullmatch(about) and not OF_TESTS.fullmatch(about):
            wanted.add(f"about.{about}")
        missing |= wanted - words()
        for name, value in decode(entry.detail).items():
            missing |= {f"auditkey.{name}"} - words()
            codes = value.split(",") if isinstance(value, str) else []
            missing |= {f"{name}: {code}" for code in codes if not _is_said(name, code)}
    return missing


def _is_said(name: str, code: str) -> bool:
    last = code.rpartition(":")[2]
    return bool(ID.fullmatch(last)) or any(f"{group}.{code}" in words() for group in groups(name))
