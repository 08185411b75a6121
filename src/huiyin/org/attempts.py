"""Count attempts to prove who one is, and make guessing slow: growing delays, then a lock.

An attempt is counted before it is judged, so that a hundred guesses at once are a hundred attempts. One that was right
is forgotten. Unknown logins are counted like known ones. A login is kept as a blind index only: people type passwords
into the wrong field.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.errors import TooManyError
from huiyin.kernel.units import Seconds
from huiyin.org import store
from huiyin.org.logins import folded
from huiyin.security.keys import KeyRing

LOCK_MS = 15 * 60 * 1000
FREE = {"login": 3, "code": 3, "address": 50}
"""How many attempts cost nothing. Many people of one company share an address."""
LOCKS_AT = {"login": 10, "code": 10, "address": 80}
"""Which attempt, and each one after it, locks for `LOCK_MS`."""
FORGOTTEN_MS = {"login": 24 * 3600 * 1000, "code": 24 * 3600 * 1000, "address": LOCK_MS}
"""After how much quiet the count begins anew."""
CODES = {"login": "login_locked", "code": "code_locked", "address": "address_locked"}


def login_key(ring: KeyRing, login: str) -> str:
    """Return what attempts at a login are counted under."""
    return f"login:{ring.house_index('attempt', folded(login))}"


def address_key(ring: KeyRing, address: str) -> str:
    """Return what attempts from a network address are counted under."""
    return f"address:{ring.house_index('address', address)}"


def code_key(person: str) -> str:
    """Return what a person's second-factor codes are counted under."""
    return f"code:{person}"


def delay_ms(kind: str, number: int) -> int:
    """Return how long nothing more is taken after the attempt with this number: 0, then 1, 2, 4 … s, then the lock."""
    if number <= FREE[kind]:
        return 0
    if number >= LOCKS_AT[kind]:
        return LOCK_MS
    return int(min(LOCK_MS, 1000 * 2 ** (number - FREE[kind] - 1)))


def begin(uow: UnitOfWork, keys: Sequence[str]) -> dict[str, int]:
    """Count an attempt under every key and return its number there, or refuse it.

    Raises:
        TooManyError: too many before; says how long to wait.

    """
    now = uow.now_ms()
    rows = uow.connection.execute(sa.select(store.attempt).where(store.attempt.c.key.in_(keys)))
    known = {row.key: row for row in rows}
    for key, row in known.items():
        if row.blocked_until > now:
            wait = Seconds((row.blocked_until - now) / 1000)
            message = "too many attempts"
            remedy = "Wait, then try again; a security officer can unlock a login."
            raise TooManyError(message, retry_after=wait, remedy=remedy, code=CODES[_kind(key)])
    numbers: dict[str, int] = {}
    for key in keys:
        before = known.get(key)
        kind = _kind(key)
        fresh = before is None or now - before.last_at > FORGOTTEN_MS[kind]
        number = numbers[key] = 1 if before is None or fresh else before.number + 1
        values = {"number": number, "last_at": now, "blocked_until": now + delay_ms(kind, number)}
        if before is None:
            uow.connection.execute(store.attempt.insert().values(key=key, **values))
        else:
            uow.connection.execute(store.attempt.update().where(store.attempt.c.key == key).values(values))
    return numbers


def locks(key: str, number: int) -> bool:
    """Tell whether the attempt with this number locks."""
    return number >= LOCKS_AT[_kind(key)]


def give_back(uow: UnitOfWork, keys: Sequence[str]) -> None:
    """Take one attempt back: it was right as far as it went. The count of those before stays."""
    columns = store.attempt.c
    uow.connection.execute(
        store.attempt.update()
        .where(columns.key.in_(keys), columns.number > 0)
        .values(number=columns.number - 1, blocked_until=0)
    )


def forget(uow: UnitOfWork, key: str) -> bool:
    """Begin a count anew, after a success or because an officer unlocks; tell whether there was one."""
    return uow.connection.execute(store.attempt.delete().where(store.attempt.c.key == key)).rowcount > 0


def _kind(key: str) -> str:
    return key.partition(":")[0]
