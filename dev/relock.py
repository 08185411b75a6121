"""
Write the two locks anew: `make lock`.

A lock names packages, versions and hashes, and nothing about the machine that wrote it: no registry address,
no folder. tests/house/test_lock.py keeps it so.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import places
from steps import RERUN, run

# `resolved` names the registry that happened to answer; `funding` holds web addresses nobody here needs.
STRIPPED = ("resolved", "funding")


def lock_python() -> None:
    """Resolve requirements.in for every platform at once, with hashes."""
    command = [str(places.UV), "pip", "compile", "requirements.in", "--output-file", "requirements.lock"]
    command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]
    command += ["--no-emit-index-url", "--no-emit-find-links", *sys.argv[1:]]
    run(command, places.uv_environment(), folder=places.ROOT, remedy=RERUN)


def lock_console() -> None:
    """Resolve console/package.json without installing anything."""
    command = places.npm_command("install", "--package-lock-only", "--ignore-scripts", "--loglevel=error")
    run(command, places.node_environment(), folder=places.CONSOLE, remedy=RERUN)
    path = places.CONSOLE / "package-lock.json"
    lock: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        for key in STRIPPED:
            package.pop(key, None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Write both locks; extra arguments go to uv, for example --upgrade."""
    for title, work in (("requirements.lock", lock_python), ("console/package-lock.json", lock_console)):
        print(f"{title} …", end="", flush=True)
        work()
        print(" ok", flush=True)


if __name__ == "__main__":
    main()
