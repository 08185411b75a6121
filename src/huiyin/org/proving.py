"""Hold somebody's password against the stored one, with every attempt counted and every failure written down.

Hashing is slow on purpose: call this off the event loop. It runs between two commands of the writer, never inside one.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, Value, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import Actor, Proof, system
from huiyin.kernel.errors import NotSignedInError
from huiyin.kernel.ids import PersonId, TenantId
from huiyin.org import attempts, store
from huiyin.org.people import login_indexes, opened_person
from huiyin.security.passwords import hash_password, needs_rehash, password_matches
from huiyin.security.sealing import Sealer

DOOR = system("door")
"""Whoever has not proved yet who they are acts as nobody but the door."""


def at_door(device: str) -> Actor:
    """Return whoever stands at the door, with the browser they came by."""
    return msgspec.structs.replace(DOOR, proof=Proof(device=device))


class Account(NamedTuple):
    """What signing in needs to know of a person."""

    id: PersonId
    tenant: TenantId
    name: str
    login: str
    password: str


class Proving:
    """Checks passwords."""

    def __init__(self, writer: Writer, reading: sa.Engine, sealer: Sealer) -> None:
        """Read with `reading`, count with `writer`, under blind indexes; open names with `sealer`."""
        self._writer = writer
        self._reading = reading
        self.sealer = sealer
        self._ring = sealer.ring

    def account(self, person: str) -> Account:
        """Return the account of somebody who is signed in."""
        found = self._account(store.person.c.id == person)
        if found is None:
            message = "nobody is signed in"
            raise NotSignedInError(message, remedy="Sign in.")
        return found

    def keys(self, login: str, address: str = "") -> tuple[str, ...]:
        """Return what attempts at a login, from an address, are counted under."""
        login_key = attempts.login_key(self._ring, login)
        return (login_key, attempts.address_key(self._ring, address)) if address else (login_key,)

    def begin(self, keys: Sequence[str]) -> dict[str, int]:
        """Count an attempt, as `attempts.begin`."""
        return self._writer.run(attempts.begin, keys)

    def give_back(self, keys: Sequence[str]) -> None:
        """Take an attempt back that was right as far as it went."""
        self._writer.run(attempts.give_back, keys)

    def check_password(  # what an entry says
        self, login: str, password: str, numbers: dict[str, int], who: Actor, action: str = "session.opened"
    ) -> Account:
        """Return whose login and password these are.

        `numbers` are what the attempt was counted as; `who` asks, and wants to do `action`.

        Raises:
            NotSignedInError: an unknown login and a wrong password answer alike, in text and in time.

        """
        _, as_before = indexes = login_indexes(self._ring, login)
        found = self._account(store.person.c.login_index.in_(indexes), as_before)
        if not password_matches(found.password if found else None, password) or found is None:
            self.refuse(action, found, numbers, "wrong_password", who)
            message = "login or password is wrong"
            raise NotSignedInError(message, remedy="Check both and try again.", code="wrong_password")
        if needs_rehash(found.password):
            self._writer.run(set_password, found.id, hash_password(password))
        return found

    def refuse(  # what an entry says
        self, action: str, found: Account | None, numbers: dict[str, int], why: str, who: Actor
    ) -> None:
        """Write a failed attempt down, and the lock if it was one too many."""
        self._writer.run(_write_refusal, action, found, numbers, why, who)

    def _account(self, condition: sa.ColumnElement[bool], first: str = "") -> Account | None:
        """Return the account that fits; of two the one whose login is kept as `first`."""
        order = sa.case((store.person.c.login_index == first, 0), else_=1)
        query = sa.select(store.person).where(condition, store.person.c.active).order_by(order)
        with self._reading.connect() as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            name, login = opened_person(connection, self.sealer, row)
        return Account(row.id, row.tenant, name, login, row.password)


def set_password(uow: UnitOfWork, person: str, stored: str) -> None:
    """Store a hashed password."""
    uow.connection.execute(store.person.update().where(store.person.c.id == person).values(password=stored))


def _write_refusal(
    uow: UnitOfWork, action: str, found: Account | None, numbers: dict[str, int], why: str, actor: Actor
) -> None:
    tenant, subject = (found.tenant, found.id) if found else (TenantId(""), next(iter(numbers)))
    detail: dict[str, Value] = {"why": why, "attempt": max(numbers.values(), default=0)}
    write_down(uow, Entry(action=action, actor=actor, tenant=tenant, subject=subject, outcome="refused", detail=detail))
    for key, number in numbers.items():
        if attempts.locks(key, number):
            entry = Entry(action="login.locked", actor=actor, tenant=tenant, subject=key, detail={"attempt": number})
            write_down(uow, entry)
