"""Look for known personal values where none may stand: in any bytes, in every form software is apt to write them.

Knows nothing of Huiyin but what a sealed field looks like (`reused`), so it can search any folder, dump or stream.
"""

import base64
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick

from huiyin.evals.pii import numbers, people, places

SHORTEST = 6
"""Bytes of a form that is looked for: shorter ones turn up in any ciphertext."""
CHUNK = 8 * 1024 * 1024
OVERLAP = 4096

KINDS = (
    ("phone", lambda dice: "".join(numbers.mobile(dice))),
    ("id_number", lambda dice: "".join(numbers.id_number(dice))),
    ("bank_card", lambda dice: "".join(numbers.bank_card(dice))),
    ("qq", lambda dice: "".join(numbers.qq(dice))),
    ("email", lambda dice: "".join(people.email(dice))),
    ("wechat", lambda dice: "".join(people.wechat(dice))),
    ("plate", lambda dice: "".join(people.plate(dice))),
    ("name", people.compound_name),
    ("address", places.full),
)
"""A value of each kind the detector claims; companies' numbers and codes are nobody's."""


class Canary(NamedTuple):
    """A personal value that stands nowhere but where it was let in."""

    kind: str
    value: str


class Hit(NamedTuple):
    """A canary found: where, at which byte, in which form."""

    where: str
    at: int
    form: str
    canary: Canary


def draw(number: int, seed: int) -> list[Canary]:
    """Return so many canaries of all kinds by turns, no two alike; the same seed gives the same ones."""
    dice, found = Random(seed), dict[str, Canary]()
    while len(found) < number:
        kind, make = KINDS[len(found) % len(KINDS)]
        value = make(dice)
        if len(value.encode()) > SHORTEST:
            found.setdefault(value, Canary(kind, value))
    return list(found.values())


def forms(value: str) -> Iterator[tuple[str, bytes]]:
    """Return the forms a value may be written in: as bytes of several encodings, and those as text once more."""
    raw = {name: value.encode(name, "ignore") for name in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")}
    yield from raw.items()
    yield "json", value.encode("ascii", "backslashreplace")
    quoted = urllib.parse.quote(value, safe="")
    yield "url", quoted.encode()
    yield "url, small", quoted.lower().encode()
    for name in ("utf-8", "utf-16-le"):
        yield f"hex of {name}", raw[name].hex().encode()
        yield f"HEX of {name}", raw[name].hex().upper().encode()
        for shift in range(3):
            for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
                # What stands around the value decides the first and last characters: only those in between are its own.
                text = alphabet(b"\0" * shift + raw[name])
                yield f"base64 of {name}", text[(shift * 8 + 5) // 6 : (shift + len(raw[name])) * 8 // 6]


class Search:
    """Looks for many canaries at once."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        """Write every canary in every form."""
        wanted: dict[bytes, tuple[str, Canary]] = {}
        for canary in canaries:
            for form, written in forms(canary.value):
                if len(written) >= SHORTEST:
                    wanted.setdefault(written, (form, canary))
        self._wanted = list(wanted.values())
        self._machine = BytesAhoCorasick(list(wanted))

    def in_bytes(self, where: str, written: bytes) -> list[Hit]:
        """Return what stands in some bytes."""
        found = self._machine.find_matches_as_indexes(written)
        return [Hit(where, start, *self._wanted[index]) for index, start, _ in found]

    def in_folder(self, folder: Path) -> list[Hit]:
        """Return what stands in any file under a folder, and in the names of the files."""
        hits: list[Hit] = []
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            hits += self.in_bytes(f"name of {name}", name.encode())
            if path.is_file() and not path.is_symlink():
                hits += self._in_file(name, path)
        return hits

    def _in_file(self, name: str, path: Path) -> list[Hit]:
        hits: dict[tuple[int, str], Hit] = {}
        with path.open("rb") as file:
            at, kept = 0, b""
            while chunk := file.read(CHUNK):
                for hit in self.in_bytes(name, kept + chunk):
                    here = at - len(kept) + hit.at
                    hits[here, hit.canary.value] = hit._replace(at=here)
                at += len(chunk)
                kept = chunk[-OVERLAP:]
        return list(hits.values())


KEY_ID, NONCE = slice(1, 17), slice(17, 29)
"""Where a sealed field names its key, and where its nonce stands."""


def reused(sealed: Sequence[bytes]) -> list[tuple[str, str]]:
    """Return the keys and nonces that stand in more than one sealed field: with AES-GCM, each one is a disaster."""
    seen: set[tuple[bytes, bytes]] = set()
    again: list[tuple[str, str]] = []
    for each in set(sealed):
        used = (each[KEY_ID], each[NONCE])
        if used in seen:
            again.append((used[0].hex(), used[1].hex()))
        seen.add(used)
    return again
