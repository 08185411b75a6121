"""Hold the keys: a master key in a file, a key per tenant under it, a data key per subject under that.

Destroying one subject's data key makes every copy of what that person wrote unreadable, backups included.
"""

import secrets
import stat
from collections import OrderedDict
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from huiyin.eventlog.prepared import Prepared, Row, insert
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.ids import new_id
from huiyin.security.store import data_key, tenant_key

_OF_SUBJECTS = Prepared(sa.select(data_key).where(data_key.c.subject.in_(sa.bindparam("subjects", expanding=True))))
_BY_IDS = Prepared(sa.select(data_key).where(data_key.c.id.in_(sa.bindparam("keys", expanding=True))))
_BY_ID = Prepared(sa.select(data_key).where(data_key.c.id == sa.bindparam("key")))

NONCE = 12
KEY = 32
MOST_CACHED = 50_000


def load_master_key(path: Path) -> bytes:
    """Read the master key, making it on first use, readable by its owner alone.

    Raises:
        PermanentError: if the file is not a key; restoring the right file is the only remedy.

    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
        path.write_text(secrets.token_hex(KEY) + "\n")
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != KEY:
        message = f"{path} does not hold a master key of {KEY} bytes in hex"
        raise PermanentError(message, remedy="Restore the key file from its backup; without it nothing can be read.")
    return key


def _wrap(wrapping: bytes, key: bytes, context: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(wrapping).encrypt(nonce, key, context.encode())


def _unwrap(wrapping: bytes, wrapped: bytes, context: str) -> bytes:
    try:
        return AESGCM(wrapping).decrypt(wrapped[:NONCE], wrapped[NONCE:], context.encode())
    except InvalidTag as error:
        message = f"the key of {context} cannot be opened with this master key"
        raise PermanentError(message, remedy="Start with the key file this database was written with.") from error


class KeyRing:
    """Finds and makes keys. Cached keys are always committed ones."""

    def __init__(self, master: bytes) -> None:
        """Start with only the master key known."""
        self._master = master
        self._tenants: dict[str, bytes] = {}
        self._ciphers: OrderedDict[str, AESGCM] = OrderedDict()
        self._of_subject: OrderedDict[str, str] = OrderedDict()

    def index(self, tenant: str, kind: str, value: str) -> str:
        """Return a blind index: equal values of one tenant and kind give equal hex, and nobody can go back.

        Formula: HMAC-SHA256(HKDF(master, "index|tenant|kind"), value), first 16 bytes.
        """
        cached = self._tenants.get(f"index|{tenant}|{kind}")
        if cached is None:
            cached = HKDF(hashes.SHA256(), KEY, salt=None, info=f"index|{tenant}|{kind}".encode()).derive(self._master)
            self._tenants[f"index|{tenant}|{kind}"] = cached
        mac = hmac.HMAC(cached, hashes.SHA256())
        mac.update(value.encode())
        return mac.finalize()[:16].hex()

    def for_writing(self, uow: UnitOfWork, tenant: str, subjects: Iterable[str]) -> dict[str, str]:
        """Return the data key id of each subject, making the missing ones in this unit of work."""
        wanted = set(subjects)
        found = {each: self._of_subject[each] for each in wanted if each in self._of_subject}
        missing = wanted - found.keys()
        if not missing:
            return found
        rows = _OF_SUBJECTS.rows(uow.connection, subjects=list(missing))
        for row in rows:
            found[row.subject] = row.id
            self._remember(row.id, row.subject, AESGCM(self._open(uow.connection, row)))
        fresh = missing - found.keys()
        if fresh:
            found.update(self.make(uow, tenant, fresh))
        return found

    def cipher(self, connection: sa.Connection, key_id: str) -> AESGCM | None:
        """Return the cipher of a data key, or None once the key was destroyed."""
        known = self._ciphers.get(key_id)
        if known is not None:
            return known
        row = _BY_ID.one(connection, key=key_id)
        if row is None:
            return None
        cipher = AESGCM(self._open(connection, row))
        self._remember(key_id, row.subject, cipher)
        return cipher

    def learn(self, connection: sa.Connection, key_ids: Iterable[str]) -> None:
        """Load the data keys of many fields in one query, before they are opened one by one."""
        missing = [each for each in set(key_ids) if each not in self._ciphers]
        if missing:
            for row in _BY_IDS.rows(connection, keys=missing):
                self._remember(row.id, row.subject, AESGCM(self._open(connection, row)))

    def make(self, uow: UnitOfWork, tenant: str, subjects: Iterable[str]) -> dict[str, str]:
        """Make data keys for subjects that have none yet; return their ids."""
        wrapping = self._tenant(uow, tenant)
        rows, made = [], {}
        for subject in subjects:
            key_id, key = new_id(), secrets.token_bytes(KEY)
            made[subject] = key_id
            cipher = AESGCM(key)
            self._ciphers[key_id] = cipher
            # Only the cipher is kept before commit: an id nobody committed can never be found again.
            uow.on_commit(partial(self._remember, key_id, subject, cipher))
            rows.append(
                {
                    "id": key_id,
                    "tenant": tenant,
                    "subject": subject,
                    "wrapped": _wrap(wrapping, key, f"data|{tenant}|{subject}"),
                    "created_at": uow.now_ms(),
                }
            )
        insert(uow.connection, data_key, rows)
        return made

    def _tenant(self, uow: UnitOfWork, tenant: str) -> bytes:
        known = self._tenants.get(tenant)
        if known is not None:
            return known
        stored = uow.connection.execute(
            sa.select(tenant_key.c.wrapped).where(tenant_key.c.tenant == tenant)
        ).scalar_one_or_none()
        if stored is None:
            key = secrets.token_bytes(KEY)
            uow.connection.execute(
                tenant_key.insert().values(
                    tenant=tenant, wrapped=_wrap(self._master, key, f"tenant|{tenant}"), created_at=uow.now_ms()
                )
            )
        else:
            key = _unwrap(self._master, stored, f"tenant|{tenant}")
        uow.on_commit(lambda: self._tenants.__setitem__(tenant, key))
        return key

    def _open(self, connection: sa.Connection, row: Row) -> bytes:
        wrapping = self._tenants.get(row.tenant)
        if wrapping is None:
            stored = connection.execute(
                sa.select(tenant_key.c.wrapped).where(tenant_key.c.tenant == row.tenant)
            ).scalar_one()
            wrapping = self._tenants[row.tenant] = _unwrap(self._master, stored, f"tenant|{row.tenant}")
        return _unwrap(wrapping, row.wrapped, f"data|{row.tenant}|{row.subject}")

    def _remember(self, key_id: str, subject: str, cipher: AESGCM) -> None:
        self._ciphers[key_id] = cipher
        self._of_subject[subject] = key_id
        while len(self._of_subject) > MOST_CACHED:
            self._of_subject.popitem(last=False)
        while len(self._ciphers) > MOST_CACHED:
            self._ciphers.popitem(last=False)
