"""
Build the console into every wheel, so that whoever installs the wheel needs no Node.js.

An editable install skips this: there `make setup` builds the console, and only when its sources changed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "dev"))


class ConsoleBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own example leaves it open
    """Run npm with the Node.js that the build requirements brought along."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        """Install the console's packages from its lock and build it, for wheels only."""
        if version == "editable":
            return
        import places
        from steps import RERUN, run

        for arguments, remedy in (
            (("ci", "--ignore-scripts"), RERUN),
            (("run", "build"), "The console does not build."),
        ):
            command = places.npm_command(*arguments, "--loglevel=error")
            run(command, places.node_environment(), folder=places.CONSOLE, remedy=remedy)
