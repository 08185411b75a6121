"""Hold the keys: a master key with its keeper, a key per tenant under it, data keys per subject under that.

Every key has versions, and all of them may be in use at one moment: new things are sealed under the current one, old
things open under the one whose id they carry. Destroying all data keys of one subject makes every copy of what that
person wrote unreadable (`shredding`).
"""

from collections.abc import Iterable, Sequence
from functools import partial

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huiyin.eventlog.prepared import Row, insert
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Heard, Notice
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.ids import new_id
from huiyin.security.keeping import KeyKeeper
from huiyin.security.key_memory import KeyMemory
from huiyin.security.key_rows import (
    ABOVE,
    BY_IDS,
    CURRENT,
    OF_SUBJECTS,
    WRAP,
    check_not_erased,
    context_above,
    context_of,
    epoch_of,
    mac_of,
    raise_epoch,
)
from huiyin.security.store import data_key, tenant_key
from huiyin.security.wrapping import new_key, unwrap, wrap

HOUSE = ""
"""The tenant of what belongs to nobody in particular, such as the index of logins."""
HOUSE_INDEXES = ("login", "attempt", "address", "record", "visitor")
CHANGED = Heard("", "security.KeysChanged")
"""The notice that keys were rotated or destroyed: whoever keeps keys or opened words in memory lets go of them."""


def keys_changed(epoch: int) -> Heard:
    """Return the notice that keys changed, and the epoch is this: what was read before is kept by nobody who heard."""
    return Heard(str(epoch), CHANGED.kind)


class KeyRing:
    """Finds and makes keys. Cached keys are always committed ones; the writer's are checked in each transaction."""

    def __init__(self, keeper: KeyKeeper) -> None:
        """Start with nothing known."""
        self.keeper = keeper
        self.memory = KeyMemory()
        self._looked: UnitOfWork | None = None
        self._uncommitted: set[str] = set()
        self._house: dict[str, bytes] = {}

    def index(self, uow: UnitOfWork, tenant: str, kind: str, value: str) -> str:
        """Return a blind index: equal values of one tenant and kind give equal hex, and nobody can go back.

        Formula: HMAC-SHA256(the tenant's key for that kind, value), first 16 bytes.
        """
        self._look(uow)
        return mac_of(self.for_tenant(uow, tenant, f"index|{kind}")[1], value)

    def settle_in(self, uow: UnitOfWork) -> None:
        """Open every tenant's key once, so that a wrong master key is refused before anything is written.

        The house's own indexes are made at the very first start: whoever signs in is no tenant's yet.

        Raises:
            PermanentError: a key does not open; the message says what to do.

        """
        self._look(uow)
        self.check(uow.connection)
        for kind in HOUSE_INDEXES:
            self._house[kind] = self.for_tenant(uow, HOUSE, f"index|{kind}")[1]

    def house_index(self, kind: str, value: str) -> str:
        """Return a blind index that belongs to no tenant; its key is never rotated, so it is kept once learned."""
        return mac_of(self._house[kind], value)

    def look_up(self, connection: sa.Connection, tenant: str, kind: str, value: str) -> str:
        """Return the blind index of a value one looks for; "", which nothing has, where there is no index yet."""
        known = self._known(connection, tenant, f"index|{kind}")
        return "" if known is None else mac_of(known[1], value)

    def for_writing(self, uow: UnitOfWork, tenant: str, subjects: Iterable[str]) -> dict[str, str]:
        """Return the current data key's id of each subject, making missing ones; ErasedError for the shredded."""
        self._look(uow)
        wanted = set(subjects)
        known = self.memory.kept.of_subject
        found = {each: known[each] for each in wanted if each in known}
        missing = wanted - found.keys()
        if not missing:
            return found
        for row in OF_SUBJECTS.rows(uow.connection, subjects=list(missing), state="current"):
            found[row.subject] = row.id
            # Known from the commit on: the row may be of this very transaction, and go with it.
            uow.on_commit(partial(self.memory.at(row.epoch).of_subject.__setitem__, row.subject, row.id))
            self.memory.keep_cipher(row.epoch, row.id, self._open(uow.connection, row))
        fresh = missing - found.keys()
        if fresh:
            check_not_erased(uow.connection, fresh)
            found.update(self.make(uow, tenant, fresh))
        return found

    def make(self, uow: UnitOfWork, tenant: str, subjects: Iterable[str]) -> dict[str, str]:
        """Make the first data keys of subjects that are new; return their ids."""
        self._look(uow)
        above, wrapping = self.for_tenant(uow, tenant, WRAP)
        rows, made, kept = [], {}, self.memory.kept
        for subject in subjects:
            key_id, key = new_id(), new_key()
            made[subject] = key_id
            # The cipher is kept before commit: an id nobody committed can never be found again.
            self.memory.keep_cipher(kept.epoch, key_id, AESGCM(key))
            uow.on_commit(partial(kept.of_subject.__setitem__, subject, key_id))
            rows.append(
                {
                    "id": key_id,
                    "tenant": tenant,
                    "subject": subject,
                    "wrapping": above,
                    "wrapped": wrap(wrapping, key, context_of(tenant, subject)),
                    "state": "current",
                    "created_at": uow.now_ms(),
                }
            )
        insert(uow.connection, data_key, rows)
        return made

    def cipher(self, connection: sa.Connection, key_id: str) -> AESGCM | None:
        """Return the cipher of a data key, or None once the key was destroyed.

        Raises:
            PermanentError: the key is missing, which is not the same as destroyed.

        """
        return self.cipher_at(connection, key_id)[1]

    def cipher_at(self, connection: sa.Connection, key_id: str) -> tuple[int, AESGCM | None]:
        """Return the cipher of a data key as `cipher` does, after the epoch it is of: what it opens is no newer.

        Raises:
            PermanentError: as `cipher`.

        """
        kept = self.memory.kept
        if key_id in kept.ciphers:
            return kept.epoch, kept.ciphers.get(key_id)
        loaded = self._load(connection, (key_id,))
        if key_id not in loaded:
            message = f"data key {key_id} is missing"
            raise PermanentError(message, remedy="Put the newest copy of the keys back: huiyin keys restore FILE.")
        return loaded[key_id]

    def learn(self, connection: sa.Connection, key_ids: Iterable[str]) -> None:
        """Load the data keys of many fields in one query, before they are opened one by one."""
        known = self.memory.kept.ciphers
        missing = [each for each in set(key_ids) if each not in known]
        if missing:
            self._load(connection, missing)

    def check(self, connection: sa.Connection) -> None:
        """Open every tenant's key once, or raise what is wrong with one."""
        for row in connection.execute(sa.select(tenant_key).where(tenant_key.c.state != "destroyed")):
            self._above(connection, row.id)
            if row.state == "current":
                self._known(connection, row.tenant, row.purpose)

    def for_tenant(self, uow: UnitOfWork, tenant: str, purpose: str) -> tuple[str, bytes]:
        """Return the id and bytes of a tenant's current key for a purpose, making it if there is none."""
        return self._known(uow.connection, tenant, purpose) or self.make_for_tenant(uow, tenant, purpose)

    def make_for_tenant(
        self, uow: UnitOfWork, tenant: str, purpose: str, key: bytes | None = None
    ) -> tuple[str, bytes]:
        """Make a tenant's current key for a purpose; an earlier one must have been set to `old` before."""
        key_id, key = new_id(), key or new_key()
        master, wrapped = self.keeper.wrap(key, context_above(tenant, purpose))
        insert(
            uow.connection,
            tenant_key,
            [
                {
                    "id": key_id,
                    "tenant": tenant,
                    "purpose": purpose,
                    "master": master,
                    "wrapped": wrapped,
                    "state": "current",
                    "created_at": uow.now_ms(),
                }
            ],
        )
        self._uncommitted.add(key_id)
        uow.on_commit(partial(self._made, (tenant, purpose), (key_id, key)))
        return key_id, key

    def open_above(self, row: Row) -> bytes:
        """Return the bytes of a tenant's key from its row."""
        return self.keeper.unwrap(row.master, row.wrapped, context_above(row.tenant, row.purpose))

    def changed(self, uow: UnitOfWork) -> None:
        """Note that keys change in this unit of work: everybody lets go of what is in memory, here and elsewhere."""
        epoch = raise_epoch(uow.connection)
        self.memory.change(epoch)
        self._looked = uow
        uow.on_commit(partial(self.memory.learn, epoch))

    def forget(self) -> None:
        """Let go of every key in memory; they are read again when needed."""
        self.memory.forget()
        self._looked = None

    def watch(self, notices: Sequence[Notice]) -> None:
        """Look at notices for keys that changed, here or in another process."""
        epochs = [int(each.subject or 0) for each in notices if each.kind == CHANGED.kind]
        if epochs:
            self.memory.learn(max(epochs))
            self.memory.forget()

    def _made(self, what: tuple[str, str], made: tuple[str, bytes]) -> None:
        self._uncommitted.discard(made[0])
        self.memory.kept.current[what] = made

    def _look(self, uow: UnitOfWork) -> None:
        """Let go of everything if another process changed keys: asked once in each transaction, under its lock."""
        if uow is self._looked:
            return
        self.memory.settle(epoch_of(uow.connection))
        self._looked = uow

    def _known(self, connection: sa.Connection, tenant: str, purpose: str) -> tuple[str, bytes] | None:
        known = self.memory.kept.current.get((tenant, purpose))
        if known is not None:
            return known
        row = CURRENT.one(connection, tenant=tenant, purpose=purpose, state="current")
        if row is None:
            return None
        kept = self.memory.at(row.epoch)
        key = kept.wrapping.get(row.id) or self._unwrapped(connection, row)
        if row.id not in self._uncommitted:
            kept.current[tenant, purpose] = (row.id, key)
            kept.wrapping[row.id] = key
        return row.id, key

    def _load(self, connection: sa.Connection, key_ids: Sequence[str]) -> dict[str, tuple[int, AESGCM | None]]:
        found: dict[str, tuple[int, AESGCM | None]] = {}
        for row in BY_IDS.rows(connection, keys=key_ids):
            cipher = self._open(connection, row)
            self.memory.keep_cipher(row.epoch, row.id, cipher)
            found[row.id] = (row.epoch, cipher)
        return found

    def _open(self, connection: sa.Connection, row: Row) -> AESGCM | None:
        try:
            return self._opened(connection, row)
        except PermanentError:
            # Rotated between two reads: what wrapped it then is gone by now.
            fresh = BY_IDS.one(connection, keys=[row.id])
            if fresh is None or fresh.wrapping == row.wrapping:
                raise
            return self._opened(connection, fresh)

    def _opened(self, connection: sa.Connection, row: Row) -> AESGCM | None:
        if row.state == "destroyed":
            return None
        return AESGCM(unwrap(self._above(connection, row.wrapping), row.wrapped, context_of(row.tenant, row.subject)))

    def _above(self, connection: sa.Connection, key_id: str) -> bytes:
        known = self.memory.kept.wrapping.get(key_id)
        if known is not None:
            return known
        row = ABOVE.one(connection, id=key_id)
        if row is None or row.state == "destroyed":
            message = f"tenant key {key_id} is {'missing' if row is None else 'destroyed'}"
            raise PermanentError(message, remedy="Put the newest copy of the keys back: huiyin keys restore.")
        key = self._unwrapped(connection, row)
        self.memory.at(row.epoch).wrapping[key_id] = key
        return key

    def _unwrapped(self, connection: sa.Connection, row: Row) -> bytes:
        try:
            return self.open_above(row)
        except PermanentError:
            # As in `_open`: the master key may have been renewed since the row was read.
            fresh = ABOVE.one(connection, id=row.id)
            if fresh is None or fresh.master == row.master:
                raise
            return self.open_above(fresh)
