"""The locks pin everything and name no place: any registry that holds the same files will do."""

import json
import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import licences

ROOT = Path(__file__).resolve().parents[2]


LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PACKAGE_LOCK = json.loads((ROOT / "console" / "package-lock.json").read_text(encoding="utf-8"))
PINNED = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", LOCK, re.MULTILINE))


def wanted() -> dict[str, str]:
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(one.name): str(one) for one in found}


def runtime() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = [Requirement(line) for line in project["project"]["dependencies"]]
    return {canonicalize_name(one.name): str(one) for one in found}


def test_no_lock_names_a_place() -> None:
    for name, text in (("requirements.lock", LOCK), ("package-lock.json", json.dumps(PACKAGE_LOCK))):
        assert "://" not in text, f"{name} holds an address: write it with `make lock`"
        assert not re.search(r"(^|\s)-(-find-links|-index-url|-extra-index-url|f|i)\b", text, re.MULTILINE)
        assert not re.search(r"""[\s"']/[a-z]+/""", text), f"{name} holds a folder of some machine"


def test_every_python_package_has_a_hash() -> None:
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)
    bare = [entry.splitlines()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
    assert not bare


def test_every_console_package_has_a_hash() -> None:
    bare = [
        path
        for path, package in PACKAGE_LOCK["packages"].items()
        if path and not package.get("integrity") and not package.get("inBundle")
    ]
    assert not bare


def test_what_is_asked_for_is_locked() -> None:
    assert not set(wanted()) - set(PINNED), "run `make lock`"


def test_the_runtime_list_is_the_same_in_both_files() -> None:
    names = wanted()
    assert {name: names.get(name) for name in runtime()} == runtime()


def test_the_licence_page_is_true() -> None:
    expected = licences.page()
    assert licences.PAGE.read_text(encoding="utf-8") == expected, "run `make lock`"
    listed = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \|$", expected.split("## Console")[0], re.MULTILINE)
    for name, version, licence in listed[1:]:
        assert PINNED[name] == version
        assert not licences.REFUSED.search(licence), f"{name} is under {licence}; find another package"
