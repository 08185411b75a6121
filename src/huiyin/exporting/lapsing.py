"""Find exports that whoever asked may not look at any more: an engagement ended, or they left or do something else.

Who comes back after a pause does not have them again: what closed before it or meanwhile is not theirs to see.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from huiyin.exporting.store import export as table
from huiyin.exporting.views import visible
from huiyin.kernel.errors import NotFoundError
from huiyin.kernel.ids import PersonId
from huiyin.org.access import access_person

LAPSED = "export_lapsed"


def lapsed(connection: sa.Connection, asked: Mapping[str, Collection[str]], at: datetime) -> set[str]:
    """Return the exports that are not their askers' to see at `at`; `asked` holds exports by who asked for them."""
    gone: set[str] = set()
    for person, theirs in asked.items():
        gone |= set(theirs)
        try:
            actor = access_person(connection, PersonId(person), at)
        except NotFoundError:
            continue
        gone -= set(connection.execute(sa.select(table.c.id).where(table.c.id.in_(theirs), visible(actor))).scalars())
    return gone


def lapsed_files(connection: sa.Connection, at: datetime) -> set[str]:
    """Return the finished exports of which that holds."""
    asked: dict[str, list[str]] = {}
    for row in connection.execute(sa.select(table.c.id, table.c.person).where(table.c.state == "done")):
        asked.setdefault(row.person, []).append(row.id)
    return lapsed(connection, asked, at)
