"""Copy the wrapped keys into a file of their own, and put such a copy back under a database that came from a backup.

Once somebody was shredded, earlier backups hold keys that nothing opens any more, other people's too. The newest copy
holds everybody else's as they are wrapped now. It is worth nothing without the master key.
"""

import base64
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import ConflictError, InvalidError
from huiyin.policy.terms import Action
from huiyin.security.keys import HOUSE, KeyRing
from huiyin.security.rights import check_keys
from huiyin.security.store import data_key, tenant_key, tombstone

TABLES = (tenant_key, data_key, tombstone)
FORM = "huiyin keys 1"


class Copy(msgspec.Struct):
    """What stands in a copy: the rows of each table, bytes in base64.

    `buried` is 0, or up to which moment those shredded are unreadable in earlier backups once the older versions of the
    master key are gone: a burial writes its copy just before it destroys them.
    """

    form: str
    taken_at: int
    tables: dict[str, list[dict[str, Any]]]
    buried: int = 0


def copy_keys(connection: sa.Connection, file: Path, taken_at: int, *, buried: int = 0) -> int:
    """Write all wrapped keys and tombstones into `file`, on disk when this returns; return how many data keys."""
    copy = copy_of(connection, taken_at, buried=buried)
    fresh = file.with_name(file.name + ".new")
    fresh.touch(mode=0o600)
    with fresh.open("wb") as opened:
        opened.write(msgspec.json.encode(copy))
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
    return len(copy.tables[data_key.name])


def copy_of(connection: sa.Connection, taken_at: int, *, buried: int = 0) -> Copy:
    """Return all wrapped keys and tombstones of a database."""
    tables = {table.name: [_plain(row._asdict()) for row in connection.execute(sa.select(table))] for table in TABLES}
    return Copy(FORM, taken_at, tables, buried)


def check_place(file: Path, *, replace: bool = False) -> None:
    """Refuse a place for a copy where something else would be lost; with `replace` an earlier copy may stand there.

    Raises:
        ConflictError: something is there.

    """
    if replace and file.is_file():
        with suppress(InvalidError):
            read_copy(file)
            return
    if file.exists() or file.is_symlink():
        message = f"{file} is there already"
        raise ConflictError(message, remedy="Name another file: nothing is overwritten. Move it away if it is old.")
    if not file.parent.is_dir():
        message = f"there is no folder {file.parent}"
        raise InvalidError(message, remedy="Make the folder first, or name another file.")


def note_copy(uow: UnitOfWork, taken_at: int, *, actor: Actor) -> None:
    """Write down that all wrapped keys leave the house in a file.

    Raises:
        NotFoundError: the house's keys are not the actor's to copy.

    """
    check_keys(actor, Action.READ, HOUSE)
    detail = {"taken_at": taken_at}
    write_down(uow, Entry(action="keys.copied", actor=actor, tenant=HOUSE, subject=HOUSE, detail=detail))


def read_copy(file: Path) -> Copy:
    """Read a copy.

    Raises:
        InvalidError: it is none.

    """
    try:
        copy = msgspec.json.decode(file.read_bytes(), type=Copy)
    except (OSError, msgspec.MsgspecError) as error:
        message = f"{file} is no copy of keys"
        raise InvalidError(
            message, remedy="Name a file that `huiyin keys copy` or `huiyin keys bury` wrote."
        ) from error
    if copy.form != FORM or copy.tables.keys() != {table.name for table in TABLES}:
        message = f"{file} is a copy of another form"
        raise InvalidError(message, remedy="Read it with the version of Huiyin that wrote it.")
    return copy


def restore_keys(uow: UnitOfWork, ring: KeyRing, copy: Copy, *, actor: Actor) -> int:
    """Put a copy over the keys in the database; return how many data keys it holds. Nothing is changed if it fails.

    Raises:
        ConflictError: the database has keys that are younger than the copy.
        PermanentError: the copy does not open with the master key at hand.

    """
    check_keys(actor, Action.ERASE, HOUSE)
    for table in (tenant_key, data_key):
        youngest = uow.connection.execute(sa.select(sa.func.max(table.c.created_at))).scalar() or 0
        if youngest > copy.taken_at:
            message = "this database has keys that are younger than the copy"
            raise ConflictError(message, remedy="Use a copy taken after this database's backup: the newest one.")
    for table in TABLES:
        # Ids rise with time: a key that was replaced comes before the one that replaced it.
        for row in sorted(copy.tables[table.name], key=lambda each: str(each["id"])):
            values = _with_bytes(table, row)
            if table is tenant_key and values["state"] != "destroyed":
                ring.open_above(SimpleNamespace(**values))
            if not uow.connection.execute(table.update().where(table.c.id == values["id"]).values(**values)).rowcount:
                uow.connection.execute(table.insert().values(**values))
    if copy.buried and len(ring.keeper.versions()) == 1:
        # The burial that wrote this copy was finished: what its tombstones wait for has happened.
        waiting = sa.and_(tombstone.c.copies_gone_at.is_(None), tombstone.c.at <= copy.buried)
        uow.connection.execute(tombstone.update().where(waiting).values(copies_gone_at=copy.taken_at))
    ring.changed(uow)
    detail = {"taken_at": copy.taken_at}
    write_down(uow, Entry(action="keys.restored", actor=actor, tenant=HOUSE, subject=HOUSE, detail=detail))
    return len(copy.tables[data_key.name])


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: base64.b64encode(value).decode() if isinstance(value, bytes) else value for key, value in row.items()}


def _with_bytes(table: sa.Table, row: Mapping[str, Any]) -> dict[str, Any]:
    raw = {column.name for column in table.columns if isinstance(column.type, sa.LargeBinary)}
    return {key: base64.b64decode(value) if key in raw else value for key, value in row.items()}
