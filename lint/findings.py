"""Say what a finding is, and hand every rule the same parsed source."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One place that breaks one rule, and what to do about it."""

    path: str
    line: int
    rule: str
    lesson: str

    def __str__(self) -> str:
        """Write the finding the way editors jump to."""
        return f"{self.path}:{self.line}: {self.rule}: {self.lesson}"


@dataclass(frozen=True, slots=True)
class Source:
    """A file of ours: where it is below src/huiyin, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def read(cls, path: str, text: str) -> Source:
        """Parse a file once for all rules."""
        return cls(path, text, ast.parse(text, filename=path))

    @property
    def inside(self) -> str:
        """Return the path below the package: `web/errors.py`."""
        parts = PurePosixPath(self.path).parts
        return "/".join(parts[parts.index("huiyin") + 1 :]) if "huiyin" in parts else self.path


Rule = Callable[[Source], Iterator[Finding]]
