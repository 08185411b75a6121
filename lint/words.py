"""Refuse words that tie the project to one machine or one registry, in any file that git knows."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from lint.findings import Finding

# Written in pieces, so that this list does not find itself.
REGISTRIES = tuple(
    "".join(parts)
    for parts in (
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("registry.", "npmjs"),
        ("npm", "mirror.com"),
        ("registry.", "yarnpkg"),
        ("deb.", "debian.org"),
        ("security.", "debian.org"),
        ("mirrors.", "aliyun"),
        ("mirrors.", "tuna"),
        ("pypi.", "tuna"),
        ("proxy.", "golang.org"),
    )
)
PLACES = tuple("".join(parts) for parts in (("/wo", "rk/"), ("../sha", "red/"), ("/opt/", "pypi"), ("/opt/", "wheels")))
WHOLE_FILES_SKIPPED = {".png", ".ico", ".woff2", ".gz", ".zip", ".db"}


def project_files(root: Path) -> list[Path]:
    """List what git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode()  # noqa: S603  # fixed
    return sorted(root / name for name in set(listed.split("\0")) if name and (root / name).is_file())


def find_words(path: str, text: str) -> Iterator[Finding]:
    """Find registry addresses and machine folders in one file."""
    lowered = text.lower()
    for words, lesson in (
        (REGISTRIES, "names a registry; every machine has its own, leave it to pip, uv and npm"),
        (PLACES, "names a folder of one machine; the project must be the same everywhere"),
    ):
        for word in words:
            at = lowered.find(word)
            if at >= 0:
                yield Finding(path, lowered.count("\n", 0, at) + 1, "no-machine-words", f"{word!r} {lesson}")


def check_words(root: Path) -> Iterator[Finding]:
    """Look through every file of the project."""
    for path in project_files(root):
        if path.suffix in WHOLE_FILES_SKIPPED:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        yield from find_words(path.relative_to(root).as_posix(), text)
