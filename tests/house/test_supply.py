"""What we are made of is known to the last package, and no secret of anybody's lies in the repository."""

import json
import math
import re
from collections import Counter
from pathlib import Path

import pytest

import advisories
import sbom
from lint.words import project_files

from .test_lock import PACKAGE_LOCK, PINNED

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
    "a cloud key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bLTAI[0-9A-Za-z]{12,20}\b|\bAKID[0-9A-Za-z]{32}\b",
    "a token of a forge": r"\bgh[pousr]_[0-9A-Za-z]{36}\b|\bglpat-[0-9A-Za-z_-]{20}\b",
    "a token of a chat": r"\bxox[abpr]-[0-9A-Za-z-]{10,}\b",
    "a web token": r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}\b",
    "a password in an address": r"\b[a-z][a-z0-9+.-]*://[^/\s:@'\"`{}]+:[^/\s:@'\"`{}]{6,}@",
}
NAMED = re.compile(
    r"(?i)(?:secret|passw(?:or)?d|token|api_?key|private_?key)[\w\"']*\s*[:=]\s*[\"']([0-9A-Za-z+/=_-]{20,})[\"']"
)
ENTROPY_BITS = 3.6
"""Bits a character: what is drawn by lot has more, words in a language have less."""
ALLOWED = {
    "tests/house/test_setup.py": "a made-up address, to see that it is not printed",
    "tests/house/test_supply.py": "the patterns and their examples",
}
LOCKS = {"requirements.lock", "console/package-lock.json", "docs/sbom.json", "openapi.json"}
"""Hashes, all of them."""


def entropy(text: str) -> float:
    counted = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counted.values())


def secrets_in(text: str) -> list[str]:
    found = [name for name, pattern in KNOWN.items() if re.search(pattern, text)]
    return found + ["a drawn value under a telling name" for one in NAMED.findall(text) if entropy(one) > ENTROPY_BITS]


def test_no_secret_lies_in_the_repository() -> None:
    found = {}
    for path in project_files(ROOT):
        name = path.relative_to(ROOT).as_posix()
        if name in LOCKS or name in ALLOWED:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if here := secrets_in(text):
            found[name] = here
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        "-----BEGIN PRIVATE KEY-----",
        "key = AKIAIOSFODNN7EXAMPLE",
        "ghp_" + "a1B2" * 9,
        'JD_APP_SECRET = "9f86d081884c7d659a2feaa0c55ad015"',
        "password: 'Zk3vQp81LmXw27TtRb90'",
        "postgresql://huiyin:hunter2hunter2@db/huiyin",
    ],
)
def test_the_search_finds_a_planted_secret(planted: str) -> None:
    assert secrets_in(planted)


@pytest.mark.parametrize("harmless", ['password="a-password-of-these-tests"', "token = secrets.token_urlsafe(32)"])
def test_the_search_knows_words_from_secrets(harmless: str) -> None:
    assert not secrets_in(harmless)


def test_the_bill_of_materials_names_every_locked_package() -> None:
    kept = sbom.SBOM.read_text(encoding="utf-8")
    assert kept == sbom.text(), "the locks changed: run make sbom"
    document = json.loads(kept)
    named = {each["purl"] for each in document["components"]}
    assert {f"pkg:pypi/{name}@{version}" for name, version in PINNED.items()} <= named
    packages = {
        (path.rpartition("node_modules/")[2], each["version"])
        for path, each in PACKAGE_LOCK["packages"].items()
        if path
    }
    assert {f"pkg:npm/{name.replace('@', '%40')}@{version}" for name, version in packages} <= named
    assert all(each["hashes"] for each in document["components"] if each["purl"].startswith("pkg:pypi"))
    assert not re.search(r"timestamp|://(?!$)", kept.replace("urn:uuid:", ""))


def test_an_audit_that_could_not_ask_says_so_and_one_that_found_something_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(advisories, "find_spec", lambda _name: None)
    assert advisories.ask_python() == 0
    assert advisories.UNASKED in capsys.readouterr().out
    assert advisories.told("Python", 80, ["left-pad 1.0 PYSEC-0"]) == 1
    assert "PYSEC-0" in capsys.readouterr().out
