"""
Remember what a finished step was made from, so that the same step is not done twice.

A stamp is a hash of content, never of dates: a fresh clone, a branch switch or a copied cache all tell the
truth. Each stamp lies inside the thing that the step makes, so deleting the thing deletes its stamp.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterable

SKIPPED_FOLDERS = {"node_modules", "__pycache__", "dist", "coverage"}


def files_below(folder: Path) -> list[Path]:
    """List a folder's own files in a stable order, without what tools left there."""
    found: list[Path] = []
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            if entry.name not in SKIPPED_FOLDERS:
                found += files_below(entry)
        elif entry.is_file():
            found.append(entry)
    return found


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Hash the content of files, and a few words that matter as much (a version, a place)."""
    digest = hashlib.sha256()
    for word in words:
        digest.update(word.encode() + b"\0")
    for path in paths:
        digest.update(str(path).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"absent")
    return digest.hexdigest()


def is_current(stamp: Path, mark: str) -> bool:
    """Tell whether the stamp was left by a step that was made from the same content."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == mark


def leave(stamp: Path, mark: str) -> None:
    """Leave the stamp once the step is done, never before."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark, encoding="utf-8")
