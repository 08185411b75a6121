"""
Ask whether a locked package has a known weakness: `make audit`.

The first two questions go to the advisories of whichever index and registry this machine is set to use. Where those
have none, or there is no network, that half says so and does not fail: "not asked" is not "sound", and it is printed
as such.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import places

PATIENCE_SECONDS = 120
LOCKED = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)
UNASKED = "没有问到 / not asked"


def ask_python() -> int:
    """Ask about requirements.lock with pip-audit, which resolves and installs nothing here."""
    if find_spec("pip_audit") is None:
        print(f"Python: {UNASKED}: pip-audit is not installed (.venv/bin/uv pip install pip-audit)")
        return 0
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(places.ROOT / "requirements.lock")]
    command += ["--require-hashes", "--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    command += ["--timeout", "10"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print(f"Python: {UNASKED}: no advisories could be reached from here; ask again with a network")
        return 0
    found = [(each["name"], each["version"], one["id"]) for each in packages for one in each.get("vulns", [])]
    return told("Python", len(packages), [" ".join(each) for each in found])


def ask_console() -> int:
    """Ask about package-lock.json with npm."""
    command = places.npm_command("audit", "--json", "--package-lock-only")
    with tempfile.TemporaryFile("w+") as out:
        try:
            subprocess.run(
                command, cwd=str(places.CONSOLE), env=places.node_environment(), stdout=out,
                stderr=subprocess.DEVNULL, timeout=PATIENCE_SECONDS, check=False,
            )  # fmt: skip
            out.seek(0)
            answer = json.loads(out.read())
            asked = answer["metadata"]["dependencies"]["total"]
        except (subprocess.TimeoutExpired, ValueError, KeyError):
            print(f"Console: {UNASKED}: no advisories could be reached from here; ask again with a network")
            return 0
    found = [f"{name} {one['severity']}" for name, one in answer["vulnerabilities"].items()]
    return told("Console", asked, found)


def ask_newest() -> int:
    """
    Say which locked packages have a newer release: where no advisory is to be had, the next best question.

    A package at its newest release has every repair that was published. One that is behind is no finding, only older.
    """
    command = [str(Path(sys.executable).with_name("uv")), "pip", "list", "--outdated", "--format", "json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
        newer = {each["name"]: each["latest_version"] for each in json.loads(done.stdout)}
    except (subprocess.TimeoutExpired, OSError, ValueError, KeyError):
        print(f"Newest: {UNASKED}: the package index did not answer")
        return 0
    locked = LOCKED.findall((places.ROOT / "requirements.lock").read_text(encoding="utf-8"))
    behind = [f"{name} {version} → {newer[name]}" for name, version in locked if name in newer]
    print(f"Newest: {len(locked)} locked packages, {len(behind)} behind their newest release")
    for each in behind:
        print(f"  {each}")
    return 0


def told(what: str, asked: int, found: list[str]) -> int:
    """Say what was found; 1 if anything was."""
    print(f"{what}: {asked} packages, {len(found)} known weaknesses")
    for each in found:
        print(f"  {each}")
    return 1 if found else 0


def main() -> int:
    """Ask all; fail if an advisory tells of a weakness."""
    return max([ask_python(), ask_console(), ask_newest()])


if __name__ == "__main__":
    sys.exit(main())
