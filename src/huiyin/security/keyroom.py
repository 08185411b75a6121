"""Do key work from beginning to end, step by step beside everything else, telling how far it came.

Each method that yields may be cut off at any step; called again it goes on.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.eventlog.database import empty_wal
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import ConflictError, TooManyError
from huiyin.security import copying, resealing, rotating, shredding
from huiyin.security.keys import keys_changed
from huiyin.security.resealing import SealedColumn
from huiyin.security.sealing import Sealer
from huiyin.security.store import data_key, legal_hold, tenant_key


class Progress(NamedTuple):
    """How far a piece of work came; `of` is how much there was to do, as far as was known."""

    done: int
    of: int


class Hold(NamedTuple):
    """A hold that stands; `subject` "" keeps everything of the tenant, `until` None is until further notice."""

    id: str
    tenant: str
    subject: str
    reason: str
    actor: str
    until: int | None


class KeyState(NamedTuple):
    """The keys there are: versions of the master key, then how many of each sort, by purpose and state."""

    master: list[str]
    tenants: list[tuple[str, str, str, str, int]]
    """Tenant, purpose, master version, state, how many."""
    data: list[tuple[str, str, int]]
    """Tenant, state, how many."""
    holds: list[Hold]
    to_bury: list[str]
    """Tenants whose shredded subjects can still be read in earlier backups."""

    @property
    def lost(self) -> list[str]:
        """Return the versions of the master key that keys stand under and that are gone: an earlier backup's."""
        return sorted({master for *_, master, state, _ in self.tenants if state != "destroyed"} - set(self.master))


class Tools(NamedTuple):
    """What key work needs: what the rooms keep sealed, and what they say and do when somebody is shredded."""

    writer: Writer
    reading: sa.Engine
    sealer: Sealer
    clock: Clock
    database: Path
    columns: Sequence[SealedColumn]
    rooms: shredding.Rooms


class KeyRoom:
    """Rotates and destroys keys of a house."""

    def __init__(self, tools: Tools) -> None:
        """Work with `tools`."""
        self._tools = tools
        self._ring = tools.sealer.ring

    def state(self) -> KeyState:
        """Return the keys there are."""
        above, below = tenant_key.c, data_key.c
        with self._tools.reading.connect() as connection:
            by_tenant = (above.tenant, above.purpose, above.master, above.state)
            tenants = connection.execute(
                sa.select(*by_tenant, sa.func.count()).group_by(*by_tenant).order_by(*by_tenant)
            )
            data = connection.execute(
                sa.select(below.tenant, below.state, sa.func.count()).group_by(below.tenant, below.state)
            )
            return KeyState(
                self._ring.keeper.versions(), [tuple(row) for row in tenants], [tuple(row) for row in data],
                self._holds(connection), shredding.tenants_to_bury(connection),
            )  # fmt: skip

    def holds(self) -> list[Hold]:
        """Return the holds that stand."""
        with self._tools.reading.connect() as connection:
            return self._holds(connection)

    def _holds(self, connection: sa.Connection) -> list[Hold]:
        hold, now = legal_hold.c, to_ms(self._tools.clock.now())
        query = sa.select(hold.id, hold.tenant, hold.subject, hold.reason, hold.actor, hold.until).where(
            hold.lifted_at.is_(None), sa.or_(hold.until.is_(None), hold.until > now)
        )
        return [Hold(*row) for row in connection.execute(query)]

    def rotate_master(self, *, actor: Actor) -> Iterator[Progress]:
        """Renew the master key and wrap every tenant's keys under it. Older versions stay until `bury`."""
        tools, done = self._tools, 0
        with tools.reading.connect() as connection:
            rotating.begin_master(connection, self._ring, actor=actor)
            of = len(rotating.under_older_master(connection, self._ring))
        while True:
            with tools.reading.connect() as connection:
                found = rotating.rewrap(connection, self._ring)
            if not found:
                break
            done += tools.writer.run(rotating.keep_rewrapped, found, actor=actor)
            yield Progress(done, of)
        self._announce()

    def rotate_tenant(self, tenant: str, *, actor: Actor) -> Iterator[Progress]:
        """Renew a tenant's key and wrap its data keys under it."""
        tools, done = self._tools, 0
        tools.writer.run(rotating.begin_tenant, self._ring, tenant, actor=actor)
        with tools.reading.connect() as connection:
            of = rotating.left_under_older(connection, tenant)
        while moved := tools.writer.run(rotating.rewrap_data_keys, self._ring, tenant, actor=actor):
            done += moved
            yield Progress(done, of)
        self._announce()

    def rotate_data(self, tenant: str, subject: str = "", *, actor: Actor) -> Iterator[Progress]:
        """Renew the data keys of a tenant's people, or of one of them, and seal anew what stands under older ones."""
        tools = self._tools
        now = to_ms(tools.clock.now()) + 1
        while tools.writer.run(rotating.retire_data_keys, self._ring, tenant, now, subject, actor=actor):
            pass
        self._announce()
        yield from self.reseal(tenant, actor=actor)

    def reseal(self, tenant: str, *, actor: Actor) -> Iterator[Progress]:
        """Seal anew whatever of a tenant stands under keys that only open."""
        tools, looked = self._tools, 0
        with tools.reading.connect() as connection:
            of = sum(_number(connection, each, tenant) for each in tools.columns)
        for column in tools.columns:
            after: tuple[str, ...] | None = None
            while True:
                with tools.reading.connect() as connection:
                    step = resealing.look(connection, column, tenant, after)
                if step.found:
                    tools.writer.run(resealing.reseal, tools.sealer, step, actor=actor)
                looked += step.looked
                yield Progress(looked, of)
                after = step.after
                if after is None:
                    break

    def shred(self, subject: str, reason: str, *, actor: Actor) -> shredding.Tombstone:
        """Destroy a subject's data keys: unreadable in this database from here on, in every process.

        Should a reader keep the log of recent changes from being emptied now, the worker does it when that is over.
        """
        tools = self._tools
        try:
            stone = tools.writer.run(shredding.shred, self._ring, subject, reason, tools.rooms, actor=actor)
        except (ConflictError, TooManyError) as error:
            tools.writer.run(shredding.write_refused, subject, error.code, actor=actor)
            raise
        self._announce()
        empty_wal(tools.database)
        return stone

    def _announce(self) -> None:
        self._tools.writer.announce([keys_changed(self._ring.memory.epoch)])

    def has_to_bury(self) -> bool:
        """Tell whether `bury` has anything to do: somebody was shredded since, or it was cut off."""
        with self._tools.reading.connect() as connection:
            tenants = shredding.tenants_to_bury(connection)
        return bool(tenants) or len(self._ring.keeper.versions()) > 1

    def bury(self, copy: Path, *, actor: Actor) -> Iterator[Progress]:
        """Make those shredded unreadable in every earlier backup, and leave a copy of everybody else's keys in `copy`.

        The copy is on disk before the older versions of the master key are destroyed: without it an earlier backup
        would be lost for everybody.
        """
        copying.check_place(copy, replace=True)
        tools, before = self._tools, to_ms(self._tools.clock.now())
        if not self.has_to_bury():
            return
        with tools.reading.connect() as connection:
            tenants = shredding.tenants_to_bury(connection)
        for tenant in tenants:
            yield from self.rotate_tenant(tenant, actor=actor)
        yield from self.rotate_master(actor=actor)
        with tools.reading.connect() as connection:
            copying.copy_keys(connection, copy, to_ms(tools.clock.now()), buried=before)
        for version in self._ring.keeper.versions()[:-1]:
            self._ring.keeper.destroy(version)
        tools.writer.run(shredding.bury, self._ring, before, actor=actor)
        empty_wal(tools.database)

    def copy(self, file: Path, *, actor: Actor) -> int:
        """Copy all wrapped keys into a new file, written down before it is made; return how many data keys."""
        tools, taken_at = self._tools, to_ms(self._tools.clock.now())
        copying.check_place(file)
        tools.writer.run(copying.note_copy, taken_at, actor=actor)
        with tools.reading.connect() as connection:
            return copying.copy_keys(connection, file, taken_at)

    def restore(self, copy: copying.Copy, *, actor: Actor) -> int:
        """Put a copy of the keys back under this database, which came from a backup."""
        number = self._tools.writer.run(self._restored, copy, actor=actor)
        self._announce()
        return number

    def _restored(self, uow: UnitOfWork, copy: copying.Copy, *, actor: Actor) -> int:
        number = copying.restore_keys(uow, self._ring, copy, actor=actor)
        shredding.scrub_again(uow, self._tools.rooms)
        return number

    def check(self) -> list[shredding.Checked]:
        """Return all tombstones, checked."""
        with self._tools.reading.connect() as connection:
            return shredding.tombstones(connection, self._ring)


def _number(connection: sa.Connection, column: SealedColumn, tenant: str) -> int:
    query = sa.select(sa.func.count()).select_from(column.table).where(column.table.c.tenant == tenant)
    return int(connection.execute(query).scalar_one())
