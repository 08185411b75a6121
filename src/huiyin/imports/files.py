"""Read a file as rows: which form it has, how it is encoded, where its header stands, then row after row.

Rows are read one at a time however many there are. Nothing is understood here; cells are handed on as they stand.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

import re2

from huiyin.imports.encodings import NEITHER, UTF8, Line, lines_of
from huiyin.imports.objects import objects
from huiyin.imports.tables import DELIMITERS, Numbered, Told, cells_of, delimiter_of, records
from huiyin.imports.unreadable import bad
from huiyin.imports.values import Cell, text_of
from huiyin.imports.workbooks import open_book
from huiyin.security.masking import mask

XLSX, CSV, JSONL = "xlsx", "csv", "jsonl"
HEADER_WITHIN = 10
"""Reports carry a title and a note over their header, never more lines than this."""
OBJECTS_LOOKED_AT = 500
MOST_COLUMNS = 300
_MOMENT = re2.compile(r"\s*\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T]+\d{1,2}:\d{2}.*")
"""A day with a clock: something a row of data holds, and no column is called."""


class Row(NamedTuple):
    """One row: its number as the file's reader sees it, from 1, and its cells by column."""

    number: int
    cells: Mapping[str, Cell]
    broken: str = ""
    """Why it cannot be read at all, as a code; "" where it can."""
    days_off: int = 0
    """How many days later than elsewhere the file's serial dates begin."""


class Sheet(NamedTuple):
    """A file as rows. `encoding` is "" where the form has none of its own; `sheets` are a workbook's.

    Reading rows on may end in an InvalidError, as opening does: a workbook is known as broken only where it is.
    """

    form: str
    encoding: str
    sheets: tuple[str, ...]
    sheet: str
    columns: tuple[str, ...]
    rows: Iterator[Row]


Score = Callable[[Sequence[str]], int]
"""Tells how many names of a row are known; by it the header is told from a title over it."""


def open_file(file: BinaryIO, score: Score, sheet: str = "") -> Sheet:
    """Open a file by what is in it, whatever it is called.

    Raises:
        InvalidError: file_empty, file_unreadable, file_locked, file_too_large, sheet_missing, header_missing,
            header_data.

    """
    head = file.read(8)
    file.seek(0)
    if not head.strip():
        raise bad("file_empty", "the file is empty", "Export it again and look into it first.")
    if head.startswith(b"PK"):
        book = open_book(file, sheet)
        columns, rows = _below_header(book.rows, score, book.days_off)
        return Sheet(XLSX, "", book.sheets, book.sheet, columns, rows)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        # An old workbook, or a new one under a password: both are kept in this container.
        raise bad("file_locked", "an .xls or a locked workbook", "Save it as .xlsx without a password.")
    lines = lines_of(file)
    first = list(itertools.islice(lines, HEADER_WITHIN * 2))
    lines = itertools.chain(first, lines)
    if next((line.text for line in first if line.text.strip()), "").lstrip().startswith(("{", "[")):
        return _objects(first, lines)
    return _table(first, lines, score)


def _table(first: Sequence[Line], lines: Iterator[Line], score: Score) -> Sheet:
    texts = [line.text for line in first]
    best = {
        each: max((score([text_of(cell) for cell in row]) for row in cells_of(texts, each)), default=0)
        for each in DELIMITERS
        if any(each in text for text in texts)
    }
    columns, rows = _below_header(records(Told(lines), delimiter_of(texts, best)), score, 0)
    return Sheet(CSV, _met(first), (), "", columns, rows)


def _met(first: Sequence[Line]) -> str:
    """Return which encodings the first lines are in."""
    return "+".join(sorted({line.encoding for line in first} - {"", NEITHER})) or UTF8


def _below_header(rows: Iterator[Numbered], score: Score, days_off: int) -> tuple[tuple[str, ...], Iterator[Row]]:
    first = list(itertools.islice(rows, HEADER_WITHIN))
    filled = [place for place, (_, cells, _) in enumerate(first) if any(text_of(each) for each in cells)]
    if not filled:
        raise bad("header_missing", "there is no header", "The first row names the columns.")
    names = [[text_of(each) for each in cells] for _, cells, _ in first]
    # One known name may be a word in a row; two beside each other are a header.
    place = next((each for each in filled if score(names[each]) > 1), filled[0])
    if _is_data(names[place]):
        raise bad("header_data", "the first row is data", "Put a row above it that names the columns.")
    columns = _unlike(names[place])

    def below() -> Iterator[Row]:
        for number, cells, broken in itertools.chain(first[place + 1 :], rows):
            if broken or any(text_of(each) for each in cells):
                yield Row(number, dict(zip(columns, cells, strict=False)), broken, days_off)

    return columns, below()


def _is_data(names: Sequence[str]) -> bool:
    """Tell whether a row is somebody's words and no header: what they are would stand on screens and in our tables."""
    return any(_MOMENT.fullmatch(each) or mask(each).spans for each in names[:MOST_COLUMNS] if each)


def _unlike(names: Iterable[str]) -> tuple[str, ...]:
    """Name every column otherwise than the others; those without a name by their place."""
    found: list[str] = []
    for place, name in enumerate(itertools.islice(names, MOST_COLUMNS), start=1):
        one, again = name or f"#{place}", 1
        while one in found:
            again += 1
            one = f"{name or f'#{place}'} ({again})"
        found.append(one)
    return tuple(found)


def _objects(first: Sequence[Line], lines: Iterator[Line]) -> Sheet:
    found = objects(lines)
    looked_at = list(itertools.islice(found, OBJECTS_LOOKED_AT))
    columns: dict[str, None] = {}
    for each in looked_at:
        columns.update(dict.fromkeys(each.cells))
    if not columns:
        raise bad("file_unreadable", "no line is a JSON object", "Give one JSON object a line.")
    if _is_data(tuple(columns)):
        raise bad("header_data", "a name in an object is data", "Name what a value is, and put the value behind it.")
    rows = (Row(*each) for each in itertools.chain(looked_at, found))
    return Sheet(JSONL, _met(first), (), "", tuple(columns)[:MOST_COLUMNS], rows)
