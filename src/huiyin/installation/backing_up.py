"""Make an encrypted backup while everything runs: a consistent copy, verified, then sealed for those who may open it.

The copy is one read of the database: writers write on meanwhile. It lies beside the database for as long as it takes,
is verified there (SQLite's own check, and the audit's chain), and goes into the backup folder encrypted only.
"""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from importlib.metadata import version
from io import BufferedIOBase
from pathlib import Path

import msgspec
import sqlalchemy as sa

from huiyin.audit.verifying import verify
from huiyin.audit.views import WHOLE
from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.database import open_to_examine
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.installation.age_files import encrypt, read_recipients
from huiyin.installation.archive import DATABASE, WITNESS, Manifest, Part, part_of, witness_files, write_archive
from huiyin.installation.settings import Backup
from huiyin.kernel.actors import system
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import ConflictError, PermanentError, TemporaryError
from huiyin.wiring import TRACES, House

KEEPER = system("keeper")
COPY = "backup-copy"
ENDING = ".age"
TOLD = ".json"
ROOM = 2.5
"""Times the database's size that must be free: its copy, and the backup where that lies on the same disk."""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was made, as it is told beside it: whoever has no key still sees whether it is whole."""

    name: str
    bytes: int
    sha256: str
    made_at: int
    schema: str
    position: int
    audit_seq: int


def make_backup(house: House, settings: Backup) -> Made:
    """Make one backup, and let go of those beyond the number that is kept; blocks for as long as it takes.

    Raises:
        ConflictError: another backup is under way.
        PermanentError: the copy does not verify: the database itself is damaged.
        TemporaryError: the disk is full or cannot be written.

    """
    folder = Path(settings.folder)
    recipients = read_recipients(settings.recipients)
    now = house.clock.now()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _copied(house, folder) as copy:
            files = {DATABASE: copy / DATABASE, **witness_files(copy / WITNESS)}
            manifest = _manifest(house, copy, files, now)
            target = folder / f"huiyin-{now:%Y%m%dT%H%M%SZ}{ENDING}"
            part = target.with_name(f"{target.name}.part")
            with _fresh(part) as file:
                encrypt(lambda plain: write_archive(plain, manifest, files), file, recipients)
                file.flush()
                os.fsync(file.fileno())
            made = _made(target.name, part, manifest)
            part.replace(target)
            _tell(target, made)
    except OSError as error:
        message = f"the backup could not be written: {error.strerror}"
        raise TemporaryError(message, remedy="Check the disks' free space and who may write there.") from error
    house.writer.run(_write_down, made)
    shops = [(shop.id, shop.tenant) for shop in house.shops.all().values()]
    house.access_log.worked(KEEPER.label, "BACKUP DATABASE huiyin", shops)
    forget_oldest(folder, settings.keep)
    return made


def kept_backups(folder: Path) -> list[Made]:
    """Return the backups of a folder, newest first; one whose telling is unreadable is left out."""
    found = []
    for told in folder.glob(f"huiyin-*{ENDING}{TOLD}"):
        try:
            made = msgspec.json.decode(told.read_bytes(), type=Made)
        except (OSError, msgspec.MsgspecError):
            continue
        # A telling speaks for the file beside it alone: whoever may write here must not have others deleted.
        if f"{made.name}{TOLD}" == told.name and (folder / made.name).is_file():
            found.append(made)
    return sorted(found, key=lambda each: each.made_at, reverse=True)


def is_whole(folder: Path, made: Made) -> bool:
    """Tell whether a backup is still what was written, without a key."""
    return part_of(folder / made.name) == Part(made.bytes, made.sha256)


def forget_oldest(folder: Path, keep: int) -> None:
    """Delete the backups beyond the newest `keep`."""
    for each in kept_backups(folder)[keep:]:
        (folder / each.name).unlink(missing_ok=True)
        (folder / f"{each.name}{TOLD}").unlink(missing_ok=True)


@contextmanager
def _copied(house: House, folder: Path) -> Iterator[Path]:
    """Yield a folder with a consistent copy of database and checkpoints; it is gone afterwards."""
    home = house.settings.folder
    with (home / "backup-lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = "another backup is under way"
            raise ConflictError(message, remedy="Wait for it.") from error
        _check_room(house, folder)
        copy = home / COPY
        shutil.rmtree(copy, ignore_errors=True)  # what a backup that was cut off left behind
        copy.mkdir(mode=0o700)
        try:
            # Checkpoints first: the copy of the database then knows every entry they sign.
            if house.settings.audit.folder.is_dir():
                shutil.copytree(house.settings.audit.folder, copy / WITNESS)
            (copy / DATABASE).touch(mode=0o600)
            with (
                closing(sqlite3.connect(house.settings.database)) as source,
                closing(sqlite3.connect(copy / DATABASE)) as target,
            ):
                source.backup(target, pages=-1)  # in one step: in several, each write of others begins it anew
                target.execute("PRAGMA journal_mode=DELETE")  # one file, whole in itself
            yield copy
        finally:
            shutil.rmtree(copy, ignore_errors=True)


def _check_room(house: House, folder: Path) -> None:
    needed = int(house.settings.database.stat().st_size * ROOM)
    for each in (house.settings.folder, folder):
        free = shutil.disk_usage(each).free
        if free < needed:
            message = f"a backup needs {needed // 2**20} MiB, and {free // 2**20} MiB are free at {each}"
            raise TemporaryError(message, remedy="Make room, or put backups on another disk.")


def _manifest(house: House, copy: Path, files: Mapping[str, Path], now: datetime) -> Manifest:
    """Verify the copy, and say what it holds.

    Raises:
        PermanentError: it does not verify.

    """
    engine = open_to_examine(copy / DATABASE)
    try:
        with engine.connect() as connection:
            wrong = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
            places = house.settings.audit._replace(folder=copy / WITNESS)
            verdict = verify(connection, places.against(TRACES)._replace(backup=True))
            schema = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
            position = connection.execute(sa.text("SELECT coalesce(max(position), 0) FROM event")).scalar_one()
    except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
        raise _unsound(type(error).__name__) from error
    finally:
        engine.dispose()
    if wrong != "ok" or not verdict.sound:
        raise _unsound("the audit does not hold" if wrong == "ok" else "its pages are damaged")
    return Manifest(
        huiyin=version("huiyin"), schema=schema, made_at=to_ms(now), position=position, audit_seq=verdict.seq,
        parts={name: part_of(file) for name, file in files.items()},
    )  # fmt: skip


def _unsound(what: str) -> PermanentError:
    message = f"the database does not verify: {what}"
    return PermanentError(message, remedy="Look with `huiyin audit verify`; keep the earlier backups.")


@contextmanager
def _fresh(part: Path) -> Iterator[BufferedIOBase]:
    """Yield a new file, readable by its owner alone; it is gone if anything fails."""
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        with part.open("wb") as file:
            yield file
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _made(name: str, part: Path, manifest: Manifest) -> Made:
    whole = part_of(part)
    return Made(
        name=name, bytes=whole.bytes, sha256=whole.sha256, made_at=manifest.made_at, schema=manifest.schema,
        position=manifest.position, audit_seq=manifest.audit_seq,
    )  # fmt: skip


def _tell(target: Path, made: Made) -> None:
    told = target.with_name(f"{target.name}{TOLD}")
    told.touch(mode=0o600)
    told.write_bytes(msgspec.json.encode(made))


def _write_down(uow: UnitOfWork, made: Made) -> None:
    detail = {"position": made.position, "bytes": made.bytes, "sha256": made.sha256}
    entry = Entry(action="backup.made", actor=KEEPER, tenant="", subject=WHOLE, detail=detail)
    write_down(uow, entry)
