"""Run the house's own rules: `python -m lint`. Prints each finding; exits 1 when there is one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from lint.findings import Finding, Source
from lint.rules import RULES
from lint.words import check_words

ROOT = Path(__file__).resolve().parent.parent


def check_sources(root: Path) -> Iterator[Finding]:
    """Parse each file of the package once and show it to every rule."""
    for path in sorted((root / "src" / "huiyin").rglob("*.py")):
        source = Source.read(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for rule in RULES:
            yield from rule(source)


def main() -> int:
    """Report and return the exit status."""
    findings = sorted([*check_sources(ROOT), *check_words(ROOT)])
    for finding in findings:
        print(finding)
    print(f"own rules: {len(findings)} findings" if findings else "own rules: nothing found")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
