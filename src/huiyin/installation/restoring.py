"""Go back to a backup: opened, verified and tried beside the data first; only what stands takes their place.

Keys are not in a backup: the master key of this folder, or a copy of it put there, must open what was restored.
What stood there before is moved aside, never deleted.
"""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from huiyin.audit.verifying import verify
from huiyin.eventlog.database import MIGRATIONS, empty_wal, open_to_examine
from huiyin.eventlog.presence import ASIDE, cut_off, nobody_in
from huiyin.installation.after_restore import After, settle
from huiyin.installation.age_files import decrypted, read_identities
from huiyin.installation.archive import DATABASE, WITNESS, Manifest, read_archive
from huiyin.installation.serving import alone
from huiyin.kernel.errors import ConflictError, HuiyinError, InvalidError, PermanentError, TemporaryError
from huiyin.wiring import TRACES, House, Settings, build

STAGING = "restore.staging"
DERIVED = ("search", "exports", "imports")
"""What was made beside the database that goes: the index finds, and the files hold, what the restored one never had."""


class Restored(NamedTuple):
    """What was restored, and where what stood there before lies now, None where nothing did."""

    manifest: Manifest
    aside: Path | None
    after: After


class Wish(NamedTuple):
    """Which backup, opened with which identity file, into which house; `replace` lets it take a house's place."""

    backup: Path
    identity: Path
    settings: Settings
    replace: bool


def restore(wish: Wish, now: datetime, said: Callable[[str], None]) -> Restored:
    """Restore a backup; `said` hears of each step before it begins.

    Raises:
        InvalidError: no such backup or identity, something of Huiyin runs over the folder, or a newer Huiyin made it.
        ConflictError: a house stands there, and nobody said that it may be replaced.
        PermanentError: the backup does not open, is damaged, or its keys do not open.
        TemporaryError: the disk is full or cannot be written.

    """
    folder = wish.settings.folder
    identities = read_identities(wish.identity)
    if not wish.backup.is_file():
        message = f"there is no backup {wish.backup}"
        raise InvalidError(message, remedy="Name a file that `huiyin backup list` shows.")
    with alone(folder), nobody_in(wish.settings.database):
        _undo_cut_off(wish.settings, said)
        if wish.settings.database.exists() and not wish.replace:
            message = f"a house stands in {folder}"
            raise ConflictError(message, remedy="Add --replace; what stands there is moved aside, not deleted.")
        staging = folder / STAGING
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        try:
            said("解密并核对 / opening and checking")
            with wish.backup.open("rb") as source, decrypted(source, identities) as plain:
                manifest = read_archive(plain, staging)
            _check_schema(manifest)
            said("核对审计 / verifying its audit")
            _check_audit(wish.settings, staging)
            said("试开 / trying its keys")
            after = _try(wish.settings, staging)
            empty_wal(staging / DATABASE)
            said("就位 / putting in place")
            return Restored(manifest, _put_in_place(wish.settings, staging, now), after)
        except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
            message = "what this backup holds is no sound database"
            raise PermanentError(message, remedy="Use an earlier backup.") from error
        except OSError as error:
            message = f"the backup could not be restored: {error.strerror}"
            raise TemporaryError(message, remedy="Check the disk's free space, then give the command again.") from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def look_into(backup: Path, identity: Path, scratch: Path) -> Manifest:
    """Open a backup and hold all of it against its hashes; nothing of it is kept.

    Raises:
        InvalidError: no such backup or identity.
        PermanentError: it does not open, or is damaged.

    """
    identities = read_identities(identity)
    if not backup.is_file():
        message = f"there is no backup {backup}"
        raise InvalidError(message, remedy="Name a file that `huiyin backup list` shows.")
    with backup.open("rb") as source, decrypted(source, identities) as plain:
        return read_archive(plain, scratch)


def _check_schema(manifest: Manifest) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    if manifest.schema not in known:
        message = f"a newer Huiyin ({manifest.huiyin}) made this backup"
        raise InvalidError(message, remedy="Install that version first; then restore.")


def _check_audit(settings: Settings, staging: Path) -> None:
    """Hold the staged audit against the checkpoints that stand here, or against its own on a new machine.

    Before the house is opened: from then on it writes entries of its own.

    Raises:
        PermanentError: it does not hold: these are not our data, or not as they were.

    """
    places = (
        settings.audit if settings.audit.checkpoints.exists() else settings.audit._replace(folder=staging / WITNESS)
    )
    engine = open_to_examine(staging / DATABASE)
    try:
        with engine.connect() as connection:
            verdict = verify(connection, places.against(TRACES)._replace(backup=True))
    finally:
        engine.dispose()
    if not verdict.sound:
        message = "the audit of this backup does not hold against the checkpoints"
        raise PermanentError(message, remedy="Look whether it is this house's; else use an earlier one.")


def _try(settings: Settings, staging: Path) -> After:
    """Open the staged database with the keys of the folder, bringing it up to date; settle what was under way in it.

    Raises:
        PermanentError: its keys do not open.

    """
    keys = settings.keys or f"file:{settings.master_key}"
    if keys == f"file:{settings.master_key}" and not settings.master_key.exists():
        message = f"there is no master key at {settings.master_key}: a backup holds none"
        raise PermanentError(message, remedy="Put the copy of master.key that you kept there, then try again.")
    house: House | None = None
    try:
        house = build(Settings(staging, keys=keys, witness=staging / WITNESS))
        return settle(house, settings.database)
    except HuiyinError as error:
        message = "the keys at hand do not open this backup"
        raise PermanentError(message, remedy=f"Put the master key of its time in place. {error.remedy}") from error
    finally:
        if house is not None:
            house.writer.stop()
            house.turn.close()
            house.reading.dispose()
            house.presence.close()


def _put_in_place(settings: Settings, staging: Path, now: datetime) -> Path | None:
    """Move what stands there aside and the restored files in; a newer witness folder stays, for it knows more."""
    folder, aside = settings.folder, None
    old = sorted(folder.glob(f"{DATABASE}*"))
    try:
        if old:
            aside = folder / f"{ASIDE}{now:%Y%m%dT%H%M%SZ}"
            aside.mkdir(mode=0o700)
            for each in [*old, *(folder / name for name in DERIVED if (folder / name).exists())]:
                each.rename(aside / each.name)
        # One file, in one step: where a database stands, all of it does.
        (staging / DATABASE).rename(folder / DATABASE)
    except OSError:
        _undo_cut_off(settings, lambda _step: None)
        raise
    witness = settings.audit.folder
    if not witness.exists() and (staging / WITNESS).is_dir():
        shutil.copytree(staging / WITNESS, witness)
    return aside


def _undo_cut_off(settings: Settings, said: Callable[[str], None]) -> None:
    """Put back what an earlier restore moved aside and had nothing to put in its place for: what it knew is asked."""
    aside = cut_off(settings.database)
    if aside is None:
        return
    said("上次恢复中断，先放回原来的数据 / putting back what a restore that was cut off moved aside")
    for each in sorted(aside.iterdir(), reverse=True):  # the database itself last: until it stands, this is done again
        target = settings.folder / each.name
        if target.is_dir():
            shutil.rmtree(target)
        each.rename(target)
    aside.rmdir()
