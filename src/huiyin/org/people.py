"""Hold the people at hand: names are sealed in the database and opened once; logins are found by an index."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from huiyin.eventlog.events import kind_of
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Notice
from huiyin.kernel.ids import PersonId
from huiyin.org import store
from huiyin.org.events import PersonRegistered
from huiyin.org.logins import folded
from huiyin.security.keys import CHANGED, KeyRing
from huiyin.security.sealing import Place, Sealer

ERASED = "（已删除）"
"""Shown for a person whose key was destroyed."""
_CHANGES = {kind_of(PersonRegistered), CHANGED.kind}


def sealed_person(
    uow: UnitOfWork, sealer: Sealer, tenant: str, person: str, named: tuple[str, str]
) -> dict[str, bytes | str]:
    """Return the columns that hold a person's name and login; `named` is both."""
    name, login = named
    key_id = sealer.ring.for_writing(uow, tenant, [person])[person]
    connection = uow.connection
    return {
        "name_sealed": sealer.seal(connection, key_id, Place(tenant, "person", person, "name"), name.encode()),
        "login_sealed": sealer.seal(connection, key_id, Place(tenant, "person", person, "login"), login.encode()),
        "login_index": login_index(sealer.ring, login),
    }


def login_index(ring: KeyRing, login: str) -> str:
    """Return what a login is found by, however it is typed; no two logins share one, and nobody can go back from it."""
    return ring.house_index("login", folded(login))


def login_indexes(ring: KeyRing, login: str) -> tuple[str, str]:
    """Return by what a login may be found: as it is kept now, and as it was before widths and forms were one."""
    return login_index(ring, login), ring.house_index("login", login.strip().casefold())


def find_person(connection: sa.Connection, sealer: Sealer, login: str) -> PersonId | None:
    """Return whom a login belongs to, None for nobody."""
    columns = store.person.c
    query = sa.select(columns.id).where(columns.login_index.in_(login_indexes(sealer.ring, login)))
    found = connection.execute(query).scalar()
    return None if found is None else PersonId(found)


def opened_person(connection: sa.Connection, sealer: Sealer, row: Any) -> tuple[str, str]:  # noqa: ANN401  # a row of the table
    """Return the name and login of a person's row: id, tenant and what is sealed."""
    fields = (("name", row.name_sealed), ("login", row.login_sealed))
    opened = (sealer.open(connection, Place(row.tenant, "person", row.id, name), sealed) for name, sealed in fields)
    name, login = (ERASED if plain is None else plain.decode() for plain in opened)
    return name, login


class PeopleBook:
    """Names by id, opened when first asked for. There are few people, and their names stand on every screen."""

    def __init__(self, sealer: Sealer) -> None:
        """Begin with nobody known."""
        self._sealer = sealer
        self._names: dict[str, str] = {}

    def names(self, connection: sa.Connection, people: Iterable[str]) -> dict[str, str]:
        """Return people's names by id; ids of nobody are left out."""
        wanted, known = set(people), self._names
        missing = wanted - known.keys()
        if missing:
            known = {**known, **self._opened(connection, missing)}
        return {each: known[each] for each in wanted if each in known}

    def name(self, connection: sa.Connection, person: str) -> str:
        """Return one person's name, "" for nobody."""
        return self.names(connection, (person,)).get(person, "")

    def watch(self, notices: Sequence[Notice]) -> None:
        """Forget the names when somebody joined, or a key was destroyed."""
        if any(each.kind in _CHANGES for each in notices):
            self._names = {}

    def _opened(self, connection: sa.Connection, people: set[str]) -> Mapping[str, str]:
        kept = self._names
        columns = store.person.c
        query = sa.select(columns.id, columns.tenant, columns.name_sealed).where(columns.id.in_(sorted(people)))
        rows = connection.execute(query).all()
        self._sealer.learn(connection, (row.name_sealed for row in rows))
        found = {}
        for row in rows:
            epoch, plain = self._sealer.open_at(
                connection, Place(row.tenant, "person", row.id, "name"), row.name_sealed
            )
            found[row.id] = ERASED if plain is None else plain.decode()
            # Kept in the very book that was asked: one that was emptied meanwhile stays empty.
            if epoch == self._sealer.ring.memory.epoch:
                kept[row.id] = found[row.id]
        return found


def seal_plain_people(uow: UnitOfWork, sealer: Sealer) -> None:
    """Seal the names and logins that an earlier version of Huiyin left plain; a part of migration 0007."""
    rows = uow.connection.execute(sa.text("SELECT id, tenant, name, login FROM person")).all()
    for row in rows:
        columns = sealed_person(uow, sealer, row.tenant, row.id, (row.name, row.login))
        uow.connection.execute(store.person.update().where(store.person.c.id == row.id).values(**columns))
