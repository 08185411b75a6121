"""The form of a backup: a tar stream whose first member says what follows, with a hash of each file.

Inside: `manifest.json`, `huiyin.db` (a consistent copy), the audit's checkpoints with their public key. Never the
master key, never the signing key: their copies are kept apart, or the backup alone would open everything.
"""

import hashlib
import io
import tarfile
from collections.abc import Mapping, Sequence
from io import BufferedIOBase
from pathlib import Path

import msgspec

from huiyin.kernel.errors import InvalidError, PermanentError

MANIFEST = "manifest.json"
DATABASE = "huiyin.db"
WITNESS = "witness/"
MOST_MANIFEST = 1024 * 1024
CHUNK = 1024 * 1024
FORM = 1


class Part(msgspec.Struct, frozen=True):
    """One file of a backup."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds: up to which event and which entry of the audit, under which schema, made when by what."""

    form: int = FORM
    huiyin: str
    schema: str
    made_at: int
    position: int
    audit_seq: int
    parts: dict[str, Part]


def part_of(file: Path) -> Part:
    """Return size and hash of a file."""
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Part(size, digest.hexdigest())


def write_archive(target: BufferedIOBase, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write a backup into a stream."""
    with tarfile.open(fileobj=target, mode="w|") as archive:
        told = msgspec.json.encode(manifest)
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(told)
        archive.addfile(head, io.BytesIO(told))
        for name, file in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime = manifest.parts[name].bytes, manifest.made_at // 1000
            with file.open("rb") as source:
                archive.addfile(member, source)


def read_archive(source: BufferedIOBase, into: Path) -> Manifest:
    """Read a backup from a stream into a folder, and hold every file against its hash.

    Raises:
        PermanentError: it is damaged, or no backup of ours.
        InvalidError: a newer Huiyin made it.

    """
    try:
        with tarfile.open(fileobj=source, mode="r|") as archive:
            manifest = _manifest(archive)
            found = list[str]()
            while (member := archive.next()) is not None:  # to iterate would begin with the manifest again
                found.append(_take(archive, member, manifest, into))
    except (tarfile.TarError, msgspec.MsgspecError, EOFError) as error:
        raise _damaged(type(error).__name__) from error
    missing = sorted(manifest.parts.keys() - set(found))
    if missing:
        raise _damaged(f"without {', '.join(missing)}")
    return manifest


def _manifest(archive: tarfile.TarFile) -> Manifest:
    head = archive.next()
    source = archive.extractfile(head) if head is not None and head.name == MANIFEST else None
    if source is None:
        raise _damaged("without its manifest")
    said = source.read(MOST_MANIFEST)
    if msgspec.json.decode(said, type=dict[str, object]).get("form") != FORM:
        message = "this backup has a form that this Huiyin does not know"
        raise InvalidError(message, remedy="Restore it with the Huiyin that made it, or a newer one.")
    return msgspec.json.decode(said, type=Manifest)


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, manifest: Manifest, into: Path) -> str:
    """Take one file out; nothing is written that the manifest does not name, or outside the folder."""
    part = manifest.parts.get(member.name)
    source = archive.extractfile(member) if member.isreg() else None
    if part is None or source is None or not _is_ours(member.name):
        raise _damaged("a file it does not tell of")
    target = into / member.name
    target.parent.mkdir(mode=0o700, exist_ok=True)
    target.touch(mode=0o600)
    with target.open("wb") as fresh:
        while chunk := source.read(CHUNK):
            fresh.write(chunk)
    if part_of(target) != part:
        raise _damaged(f"{member.name} differs")
    return member.name


def _is_ours(name: str) -> bool:
    return name == DATABASE or (name.startswith(WITNESS) and "/" not in name[len(WITNESS) :] and name != WITNESS)


def _damaged(what: str) -> PermanentError:
    message = f"the backup is damaged: {what}"
    return PermanentError(message, remedy="Use an earlier backup, or another copy of this one.")


def witness_files(folder: Path) -> Mapping[str, Path]:
    """Return the files of the witness folder as they are named in a backup: checkpoints and public keys."""
    files: Sequence[Path] = sorted(each for each in folder.glob("*") if each.is_file()) if folder.is_dir() else []
    return {f"{WITNESS}{each.name}": each for each in files}
