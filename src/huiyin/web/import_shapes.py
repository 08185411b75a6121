"""The shapes of imports; see `shapes` for what holds for all of them."""

from datetime import datetime
from typing import Annotated

import msgspec

from huiyin.web.shapes import Named, Shape

Column = Annotated[str, msgspec.Meta(max_length=2000)]
Columns = Annotated[dict[Annotated[str, msgspec.Meta(max_length=40)], Column], msgspec.Meta(max_length=60)]
"""Which column of the file each field is read from."""


class FieldShape(Shape, frozen=True):
    """Something that can be read from a file; `unit` is a figure's, "" for other fields."""

    name: str
    required: bool
    unit: str


class RefusedShape(Shape, frozen=True):
    """Rows that would be refused: the field they are about ("" for the whole row), why, how many."""

    field: str
    code: str
    count: int


class PreviewShape(Shape, frozen=True):
    """What an offered file looks like, and how it would be read.

    `sample` holds the first rows' cells in the order of `columns`, personal data masked. `mapped` is the mapping it was
    tried with, `remembered` whether it was read so before, `gone` the columns of that time that are missing.
    Of the first `tried` rows `refused` would be refused; nobody knows while a required field has no column.
    `strangers` are accounts of agents nobody is named for: what they wrote would be recorded as nobody's, for good.
    """

    form: str
    encoding: str
    sheets: list[str]
    sheet: str
    columns: list[str]
    fields: list[FieldShape]
    mapped: dict[str, str]
    remembered: bool
    gone: dict[str, str]
    sample: list[list[str]]
    tried: int
    refused: list[RefusedShape]
    strangers: list[str]


class ImportShape(Shape, frozen=True):
    """An import and how far it is.

    `state` is offered, reading, feeding, done, stopped or failed; `trouble` says why it failed. Of `rows_read` rows so
    far `refused` were refused; of `records` that fit `fed` are in, `fresh` of them new. `same_as` is when the very same
    file was brought into this shop before.
    """

    id: str
    shop: Named
    kind: str
    source: str
    name: str
    bytes: int
    form: str
    person: str
    state: str
    trouble: str
    created_at: datetime
    ended_at: datetime | None
    rows_read: int
    refused: int
    records: int
    fed: int
    fresh: int
    first_at: datetime | None
    last_at: datetime | None
    same_as: datetime | None


class OfferedShape(Shape, frozen=True):
    """An offered file: the import, and what the file looks like."""

    file: ImportShape
    preview: PreviewShape


class Looked(Shape, frozen=True, forbid_unknown_fields=True):
    """How a file is to be tried: by which columns, as proposed where none are named; and which sheet."""

    columns: Columns | None = None
    sheet: Column = ""


class Mapping(Shape, frozen=True, forbid_unknown_fields=True):
    """How a file is to be read: which columns, and which sheet of a workbook ("" for the first)."""

    columns: Columns
    sheet: Column = ""


class RefusedRow(Shape, frozen=True):
    """A refused row: `place` counts them, `row` is its number in the file."""

    place: int
    row: int
    field: str
    code: str


class ImportPage(Shape, frozen=True):
    """Some imports, the newest first; `next_cursor` is None on the last page."""

    imports: list[ImportShape]
    next_cursor: str | None


class RefusedPage(Shape, frozen=True):
    """Some refused rows in their order; `next_cursor` is None on the last page."""

    rows: list[RefusedRow]
    next_cursor: str | None
