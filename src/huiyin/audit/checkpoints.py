"""Checkpoints: how far the chain had come at a moment, signed, one line of JSON each, in a file outside the database.

Each carries the digest of the one before it. What is signed is one MessagePack array: the mark, 1, number, seq, head,
at, prev, key (hashes as bytes); the digest is SHA-256 over that and the signature.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from string import hexdigits
from typing import BinaryIO, NamedTuple

import msgspec

from huiyin.audit.chaining import GENESIS
from huiyin.audit.findings import Finding
from huiyin.audit.signing import PublicKey, SigningKey, sync

MARK = "huiyin.audit.checkpoint"
LONGEST_LINE = 4096
KEY_NAME = 16
"""Hex digits of a key's name; a forger may write anything there."""

_pack = msgspec.msgpack.Encoder().encode


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The entry `seq` had the hash `head`. Entries count from 1 without gaps, so `seq` is also how many there were."""

    number: int
    seq: int
    head: str
    at: int
    prev: str
    key: str
    signature: str = ""

    def payload(self) -> bytes:
        """Return what is signed."""
        head, prev = bytes.fromhex(self.head), bytes.fromhex(self.prev)
        return _pack((MARK, 1, self.number, self.seq, head, self.at, prev, self.key))

    def digest(self) -> str:
        """Return what the next checkpoint is tied to."""
        return hashlib.sha256(self.payload() + bytes.fromhex(self.signature)).hexdigest()


_read = msgspec.json.Decoder(Checkpoint, strict=True)


class Witnessed(NamedTuple):
    """The checkpoints of a file that can be trusted, what is wrong with the others, and those of another key."""

    checkpoints: list[Checkpoint]
    findings: list[Finding]
    foreign: list[Checkpoint]


def read_checkpoints(path: Path, key: PublicKey | None) -> Witnessed:
    """Read and check every checkpoint of a file; an absent file has none. Each other key is told of once."""
    good: list[Checkpoint] = []
    foreign: list[Checkpoint] = []
    findings: list[Finding] = []
    number, prev = 0, GENESIS.hex()
    for line, whole in _lines(path):
        each = _decoded(line) if whole else None
        if not whole:
            findings.append(Finding("checkpoint_torn", checkpoint=number + 1))
            break
        if each is None:
            findings.append(Finding("checkpoint_unreadable", checkpoint=number + 1))
            number, prev = number + 1, ""
            continue
        wrong = _wrong(each, key)
        if wrong == "wrong_key":
            foreign.append(each)
        elif wrong:
            findings.append(Finding(wrong, seq=each.seq, checkpoint=each.number))
        if each.number != number + 1 or prev not in {"", each.prev}:
            findings.append(Finding("checkpoint_out_of_place", seq=each.seq, checkpoint=each.number))
        if not wrong:
            good.append(each)
        number, prev = each.number, each.digest()
    return Witnessed(good, findings + _by_key(foreign), foreign)


def last_checkpoint(file: BinaryIO) -> Checkpoint | None:
    """Return the last whole checkpoint of an open file, None for an empty one.

    Raises:
        ValueError: the last line is no checkpoint.

    """
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 2 * LONGEST_LINE))
    lines = file.read().split(b"\n")[:-1]
    if not lines:
        return None
    found = _decoded(lines[-1])
    if found is None:
        message = "the last line is no checkpoint"
        raise ValueError(message)
    return found


def append_checkpoint(
    file: BinaryIO, last: Checkpoint | None, came: tuple[int, bytes], at: int, key: SigningKey
) -> Checkpoint:
    """Sign how far the chain came (seq and hash), and return once that is on disk."""
    seq, head = came
    bare = Checkpoint(
        number=last.number + 1 if last else 1, seq=seq, head=head.hex(), at=at,
        prev=last.digest() if last else GENESIS.hex(), key=key.public.name,
    )  # fmt: skip
    signed = msgspec.structs.replace(bare, signature=key.sign(bare.payload()).hex())
    _drop_torn(file)
    file.write(msgspec.json.encode(signed) + b"\n")
    file.flush()
    os.fsync(file.fileno())
    return signed


def open_checkpoints(path: Path) -> BinaryIO:
    """Open the file for adding to it, making it and its folder."""
    fresh = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+b")
    if fresh:
        sync(path.parent)
    return file


def _drop_torn(file: BinaryIO) -> None:
    """Cut off what a crash left of a line: it was never a checkpoint, and nobody was told of it."""
    end = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, end - 2 * LONGEST_LINE))
    tail = file.read()
    whole = start + tail.rfind(b"\n") + 1
    if whole < end:
        file.truncate(whole)
    file.seek(0, os.SEEK_END)


def _lines(path: Path) -> Iterator[tuple[bytes, bool]]:
    """Yield each line and whether it is whole."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            yield line.rstrip(b"\n"), line.endswith(b"\n")


def _decoded(line: bytes) -> Checkpoint | None:
    try:
        found = _read.decode(line)
        found.digest()  # its hashes are hex
    except (msgspec.MsgspecError, ValueError, OverflowError):
        return None
    return found


def _by_key(foreign: list[Checkpoint]) -> list[Finding]:
    """Tell of each key that is not ours once: from which entry to which it signed, and its first checkpoint."""
    by_key: dict[str, list[Checkpoint]] = {}
    for each in foreign:
        by_key.setdefault(each.key, []).append(each)
    return [
        Finding("wrong_key", theirs[0].seq, theirs[-1].seq, theirs[0].number, _told(key))
        for key, theirs in by_key.items()
    ]


def _told(key: str) -> str:
    """Return the name of a key, "" if it is none: it is shown to people."""
    return key if len(key) == KEY_NAME and set(key) <= set(hexdigits) else ""


def _wrong(each: Checkpoint, key: PublicKey | None) -> str:
    if key is None:
        return ""
    if each.key != key.name:
        return "wrong_key"
    return "" if key.vouches(each.key, each.payload(), each.signature) else "checkpoint_forged"
