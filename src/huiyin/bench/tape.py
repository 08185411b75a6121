"""Read the shim's tape and rebuild the files as a power cut would leave them."""

import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

HEAD = struct.Struct("=BxHIqq")
SECTOR = 512
"""What a disk writes whole or not at all; a torn write is torn between sectors."""

NANOSECONDS = 1e-9


class Step(NamedTuple):
    """One thing the process did to a file. `moment` is in the seconds of the monotonic clock."""

    kind: str
    path: str
    number: int
    data: bytes
    moment: float


def steps(tape: Path, folder: Path) -> Iterator[Step]:
    """Read the tape; a record cut short at its end is left out."""
    with tape.open("rb") as source:
        while len(head := source.read(HEAD.size)) == HEAD.size:
            kind, path_length, data_length, number, nanoseconds = HEAD.unpack(head)
            path = source.read(path_length).decode()
            data = source.read(data_length)
            if len(data) == data_length:
                yield Step(chr(kind), str(Path(path).relative_to(folder)), number, data, nanoseconds * NANOSECONDS)


@dataclass(slots=True)
class Kept:
    """A file: what is safe, and what was written since."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[Step] = field(default_factory=list)
    begun: dict[int, int] = field(default_factory=dict)

    def take(self, step: Step) -> None:
        """Follow one step."""
        if step.kind in {"W", "T"}:
            self.since.append(step)
        elif step.kind == "B":
            self.begun[step.number] = len(self.since)
        elif step.kind == "E":
            covered = self.begun.pop(step.number, 0)
            for each in self.since[:covered]:
                apply(self.safe, each)
            del self.since[:covered]
            self.begun = {pair: max(0, at - covered) for pair, at in self.begun.items()}

    def left(self, dice: Random, *, torn: bool) -> bytearray:
        """Return the file after a cut: what was not synced is gone, or arrived in part and torn."""
        image = bytearray(self.safe)
        if torn:
            for each in self.since:
                luck = dice.random()
                if luck < 0.4:
                    apply(image, each)
                elif luck < 0.6:
                    tear(image, each, dice)
        return image


class Disk:
    """All files of the folder."""

    def __init__(self, base: Path) -> None:
        """Begin with the files of `base`, all of them safe."""
        self.files = {
            str(path.relative_to(base)): Kept(bytearray(path.read_bytes()))
            for path in base.rglob("*")
            if path.is_file() and not path.name.endswith("-shm")
        }

    def take(self, step: Step) -> None:
        """Follow one step. Names are taken to be safe at once: SQLite syncs the folder when it matters."""
        if step.kind == "U":
            self.files.pop(step.path, None)
        elif step.kind == "R":
            to = Path(step.path).with_name(Path(step.data.decode()).name)
            self.files[str(to)] = self.files.pop(step.path)
        elif step.kind in {"W", "T"} or step.path in self.files:  # a folder is synced, too, and is no file
            self.files.setdefault(step.path, Kept()).take(step)

    def write(self, folder: Path, dice: Random, *, torn: bool) -> None:
        """Write the files as a cut at this moment would leave them."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, kept in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            # The tape knows no modes, and a key that others may read is refused.
            (folder / name).touch(mode=0o600)
            (folder / name).write_bytes(kept.left(dice, torn=torn))


def apply(image: bytearray, step: Step) -> None:
    """Do to the image what the step did to the file."""
    if step.kind == "T":
        _resize(image, step.number)
    else:
        end = step.number + len(step.data)
        if end > len(image):
            _resize(image, end)
        image[step.number : end] = step.data


def tear(image: bytearray, step: Step, dice: Random) -> None:
    """Let some sectors of a write arrive."""
    if step.kind == "T":
        return
    for start in range(0, len(step.data), SECTOR):
        if dice.random() < 0.5:
            apply(image, step._replace(number=step.number + start, data=step.data[start : start + SECTOR]))


def _resize(image: bytearray, length: int) -> None:
    if length < len(image):
        del image[length:]
    else:
        image.extend(bytes(length - len(image)))
