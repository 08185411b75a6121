"""
Run npm with the Node.js from the lock: `.venv/bin/python dev/npm.py run check`.

The system's node, if there is one, is never used: everybody builds the console with the same version.
"""

from __future__ import annotations

import subprocess
import sys

import places


def main() -> int:
    """Pass the arguments on to npm in the console's folder."""
    command = places.npm_command(*sys.argv[1:])
    if sys.argv[1:2] == ["run"]:
        command.insert(2, "--silent")
    environment = places.node_environment()
    return subprocess.run(command, cwd=str(places.CONSOLE), env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
