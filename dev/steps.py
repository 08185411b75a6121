"""Show numbered steps as they happen, and explain a failed one in terms of what to do next."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Callable

from places import private_values

HEARTBEAT_SECONDS = 10
LINES_SHOWN = 30
CREDENTIALS = re.compile(r"://[^/\s@]+@")

RERUN = (
    "这一步需要联网; 已完成的步骤会保留, 再次运行同一命令会接着做。\n"
    "This step needs the network. Finished steps are kept: run the same command again and it goes on."
)


class StepFailed(Exception):  # noqa: N818  # it is a report to a person, not a bug
    """Carry what a person should read and do."""

    def __init__(self, remedy: str, output: str = "") -> None:
        super().__init__(remedy)
        self.remedy = remedy
        self.output = output


def cleaned(output: str, environment: dict[str, str]) -> str:
    """Take index addresses and passwords out of a tool's output, and keep its end."""
    for value in private_values(environment):
        output = output.replace(value, "<index>")
    output = CREDENTIALS.sub("://***@", output)
    return "\n".join(output.rstrip().splitlines()[-LINES_SHOWN:])


def run(command: list[str], environment: dict[str, str], *, folder: Path, remedy: str) -> None:
    """Run a tool quietly; when it fails, its last lines and the remedy are all that is shown."""
    done = subprocess.run(
        command,
        cwd=str(folder),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        raise StepFailed(remedy, cleaned(done.stdout.decode("utf-8", "replace"), environment))


class Steps:
    """Count steps, print one line for each, and keep quiet about those with nothing to do."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0
        self.worked = False
        self._shown = False

    def step(self, title: str, work: Callable[[], bool]) -> None:
        """Do one step. The work returns False when everything was in place already."""
        self.number += 1
        label = f"[{self.number}/{self.total}] {title} …"
        started = time.monotonic()
        beat = threading.Event()
        self._shown = False
        printer = threading.Thread(target=self._print_while, args=(label, beat), daemon=True)
        printer.start()
        try:
            changed = work()
        except StepFailed as failure:
            beat.set()
            printer.join()
            print(" 失败 / failed" if self._shown else f"{label} 失败 / failed", flush=True)
            explain(failure)
            raise SystemExit(1) from None
        beat.set()
        printer.join()
        if changed:
            print(f" {time.monotonic() - started:.1f} s" if self._shown else label + " ok", flush=True)
            self.worked = True
        elif self._shown:
            print(" 无变化 / unchanged", flush=True)

    def _print_while(self, label: str, beat: threading.Event) -> None:
        """Print the label once the step proves to be real work, then a dot now and then."""
        if beat.wait(0.2):
            return
        self._shown = True
        print(label, end="", flush=True)
        while not beat.wait(HEARTBEAT_SECONDS):
            print(".", end="", flush=True)


def explain(failure: StepFailed) -> None:
    """Print the tool's last words and the remedy."""
    if failure.output:
        print("\n" + failure.output, file=sys.stderr)
    print("\n" + failure.remedy + "\n", file=sys.stderr)
