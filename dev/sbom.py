"""
Write docs/sbom.json: every locked package, of Python and of the console, as CycloneDX 1.6.

It is written from the two locks alone: no clock, no machine, no network, so the same locks give the same file.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import uuid
from pathlib import Path

import places

SBOM = places.ROOT / "docs" / "sbom.json"
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
ALGORITHMS = {"sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


def python_components(lock: str) -> list[dict[str, object]]:
    """Read requirements.lock."""
    found = []
    for entry in re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE):
        named = re.match(r"([a-z0-9._-]+)==([^\s;\\]+)", entry)
        if named:
            hashes = sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry))
            found.append(component("pypi", named[1], named[2], [("sha256", each) for each in hashes]))
    return found


def console_components(lock: dict[str, dict[str, dict[str, str]]]) -> list[dict[str, object]]:
    """Read package-lock.json."""
    found = {}
    for path, package in lock["packages"].items():
        if path:
            name = path.rpartition("node_modules/")[2]
            hashes = [each.partition("-") for each in package.get("integrity", "").split()]
            pairs = [(kind, base64.b64decode(value).hex()) for kind, _, value in hashes]
            made = component("npm", name, package["version"], pairs)
            made["scope"] = "excluded" if package.get("dev") else "required"
            found[str(made["purl"])] = made
    return list(found.values())


def component(kind: str, name: str, version: str, hashes: list[tuple[str, str]]) -> dict[str, object]:
    """Describe one package."""
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    told = [{"alg": ALGORITHMS[each], "content": value} for each, value in hashes]
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": told}


def text() -> str:
    """Compose the document."""
    lock = (places.ROOT / "requirements.lock").read_text(encoding="utf-8")
    console = json.loads((places.CONSOLE / "package-lock.json").read_text(encoding="utf-8"))
    components = sorted([*python_components(lock), *console_components(console)], key=lambda each: str(each["purl"]))
    version = re.search(
        r'^version = "(.+)"', (places.ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, json.dumps(components))}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "huiyin", "version": version[1] if version else ""}},
        "components": components,
    }
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def main(target: Path = SBOM) -> int:
    """Write the file."""
    target.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
