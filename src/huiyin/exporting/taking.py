"""Take a finished export out of the house: whoever asked for it alone, written down each time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.exporting import words
from huiyin.exporting.cells import Row, csv_rows, sheet_rows
from huiyin.exporting.jobs import key_place
from huiyin.exporting.keeping import Parts
from huiyin.exporting.sheets import Extent, Sheet, divided, workbook
from huiyin.exporting.store import export as table
from huiyin.exporting.store import export_part
from huiyin.exporting.views import Export, access_export
from huiyin.exporting.words import Language, say, word
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import ConflictError, NotFoundError
from huiyin.security.sealing import Sealer

BYTE_ORDER = "\ufeff".encode()
"""Tells programs for tables that a CSV is UTF-8."""
Marks = Mapping[str, str]
"""What the file says of itself, by the keys of `words.MARKS`."""


class Taken(NamedTuple):
    """An export that may be taken: its key, and how large each part is."""

    export: Export
    key: bytes
    extents: tuple[Extent, ...]


def take(uow: UnitOfWork, sealer: Sealer, export: str, *, actor: Actor) -> Taken:
    """Note that the actor takes the export they asked for.

    Raises:
        NotFoundError: there is none of theirs.
        ConflictError: it is not done, or gone by now.

    """
    found = access_export(uow.connection, export, actor=actor)
    if found.person != actor.id:
        message = "somebody else asked for this export"
        raise NotFoundError(message, remedy="Ask for one of your own.", code="export_gone")
    query = sa.select(table.c.key_sealed).where(table.c.id == export, table.c.state == "done")
    sealed = uow.connection.execute(query.where(table.c.expires_at > uow.now_ms())).scalar()
    key = None if sealed is None else sealer.open(uow.connection, key_place(found.tenant, export), sealed)
    if key is None:
        message = "nothing can be taken of this export now"
        raise ConflictError(message, remedy="Wait until it is done, or ask for it again.", code="export_not_done")
    uow.connection.execute(table.update().where(table.c.id == export).values(taken=table.c.taken + 1))
    detail = {"kind": found.content, "form": found.form, "rows": found.rows, "shops": len(found.shops)}
    write_down(uow, Entry(action="export.taken", actor=actor, tenant=found.tenant, subject=export, detail=detail))
    parts = sa.select(export_part.c.rows, export_part.c.bytes).where(export_part.c.export == export)
    rows = uow.connection.execute(parts.order_by(export_part.c.number)).all()
    return Taken(found, key, tuple(Extent(*row) for row in rows))


def stands(connection: sa.Connection, export: str) -> bool:
    """Tell whether an export may be taken still: it may be withdrawn while it is on its way."""
    return connection.execute(sa.select(table.c.state).where(table.c.id == export)).scalar() == "done"


def pieces(parts: Parts, taken: Taken, marks: Marks, still: Callable[[], bool]) -> Iterator[bytes]:
    """Return the file piece by piece; it breaks off where `still` says no.

    Raises:
        ConflictError: it was withdrawn meanwhile.

    """
    export = taken.export
    language: Language = "en" if export.language == "en" else "zh"
    heading = [say(each, language) for each in words.HEADINGS[export.content]]
    told = [[say(both, language), marks[key]] for key, both in words.MARKS.items()]

    def part(place: int) -> Iterator[bytes]:
        if not still():
            message = "the export was withdrawn meanwhile"
            raise ConflictError(message, remedy="Ask for it again.", code="export_not_done")
        yield from parts.read(export.id, place + 1, taken.key)

    if export.form == "csv":
        yield BYTE_ORDER + csv_rows([[each for pair in told for each in pair], heading])
        for place in range(len(taken.extents)):
            yield from part(place)
        return
    yield from workbook(
        [Sheet(say(words.ABOUT, language), [sheet_rows(told)], 2, len(told)), *_sheets(taken, heading, part)]
    )


def _sheets(taken: Taken, heading: Row, part: Callable[[int], Iterator[bytes]]) -> Iterator[Sheet]:
    language: Language = "en" if taken.export.language == "en" else "zh"
    name = word(words.CONTENTS, taken.export.content, language)
    for number, places in enumerate(divided(taken.extents), start=1):
        length = 1 + sum(taken.extents[place].rows for place in places)
        title = name if number == 1 else f"{name} {number}"
        yield Sheet(title, _rows(heading, places, part), len(heading), length)


def _rows(heading: Row, places: Sequence[int], part: Callable[[int], Iterator[bytes]]) -> Iterator[bytes]:
    yield sheet_rows([heading])
    for place in places:
        yield from part(place)
