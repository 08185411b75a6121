"""Read a file as rows: which form it has, how it is encoded, where its header stands, then row after row.

Rows are read one at a time however many there are. Nothing is understood here; cells are handed on as they stand.
"""

import csv
import io
import itertools
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

import msgspec
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from huiyin.imports.values import Cell, text_of
from huiyin.kernel.errors import InvalidError

XLSX, CSV, JSONL = "xlsx", "csv", "jsonl"
HEADER_WITHIN = 10
"""Reports carry a title and a note over their header, never more lines than this."""
MOST_COLUMNS = 300
MOST_CELL = 100_000
MOST_UNPACKED = 4 * 1024**3
"""What a workbook may take unpacked: 1,000,000 rows take about a tenth."""
ENCODINGS = ("utf-8", "gb18030")
"""Tried in this order for each line: text in GB18030 is hardly ever valid UTF-8."""
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
BOM = b"\xef\xbb\xbf"


class Row(NamedTuple):
    """One row: its number as the file's reader sees it, from 1, and its cells by column."""

    number: int
    cells: Mapping[str, Cell]
    broken: str = ""
    """Why it cannot be read at all, as a code; "" where it can."""


class Sheet(NamedTuple):
    """A file as rows. `encoding` is "" where the form has none of its own; `sheets` are a workbook's."""

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
        InvalidError: file_empty, file_unreadable, file_locked, sheet_missing, header_missing.

    """
    head = file.read(8)
    file.seek(0)
    if not head.strip():
        raise _bad("file_empty", "the file is empty", "Export it again and look into it first.")
    if head.startswith(b"PK"):
        return _workbook(file, score, sheet)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        # An old workbook, or a new one under a password: both are kept in this container.
        raise _bad("file_locked", "an .xls or a locked workbook", "Save it as .xlsx without a password.")
    lines = _lines(file)
    if head.lstrip(BOM).lstrip().startswith((b"{", b"[")):
        return _objects(lines)
    return _table(lines, score)


class _Line(NamedTuple):
    text: str
    encoding: str


def _lines(file: BinaryIO) -> Iterator[_Line]:
    """Decode line after line: files that were put together from several hold several encodings."""
    wide = _WIDE.get(file.read(2))
    file.seek(0)
    if wide is not None:
        for text in io.TextIOWrapper(file, wide, errors="replace", newline=""):
            yield _Line(text, wide)
        return
    for number, raw in enumerate(file):
        yield _decoded(raw.removeprefix(BOM) if number == 0 else raw)


def _decoded(raw: bytes) -> _Line:
    for encoding in ENCODINGS:
        try:
            return _Line(raw.decode(encoding), "" if raw.isascii() else encoding)
        except UnicodeDecodeError:
            continue
    return _Line(raw.decode("utf-8", "replace"), "?")


class _Told:
    """Text lines for a parser, with which encodings were met."""

    def __init__(self, lines: Iterator[_Line]) -> None:
        self._lines = lines
        self.met: set[str] = set()
        self.undecodable = False

    def __iter__(self) -> Iterator[str]:
        for text, encoding in self._lines:
            self.undecodable |= encoding == "?"
            if encoding:
                self.met.add(encoding)
            yield text

    @property
    def encoding(self) -> str:
        return "+".join(sorted(self.met - {"?"})) or ENCODINGS[0]


def _table(lines: Iterator[_Line], score: Score) -> Sheet:
    first = list(itertools.islice(lines, HEADER_WITHIN * 2))
    delimiter = max(",\t;|", key=lambda each: sum(line.text.count(each) for line in first))
    told = _Told(itertools.chain(first, lines))
    csv.field_size_limit(MOST_CELL)
    reader = csv.reader(iter(told), delimiter=delimiter)

    def numbered() -> Iterator[tuple[int, Sequence[Cell], str]]:
        while True:
            told.undecodable = False
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield reader.line_num, (), "row_broken"
                continue
            yield reader.line_num, cells, "row_undecodable" if told.undecodable else ""

    columns, rows = _below_header(numbered(), score)
    return Sheet(CSV, told.encoding, (), "", columns, rows)


def _workbook(file: BinaryIO, score: Score, wanted: str) -> Sheet:
    try:
        with zipfile.ZipFile(file) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise _bad("file_too_large", "unpacked it is too large", "Export fewer days at a time.")
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise _bad("file_unreadable", "this is no workbook", "Open it in Excel and save it as .xlsx.") from error
    names = tuple(each.title for each in book.worksheets)
    if not names or (wanted and wanted not in names):
        raise _bad("sheet_missing", "there is no such sheet", "Choose one of the file's sheets.")
    sheet = book[wanted or names[0]]
    sheet.reset_dimensions()  # some exporters write a wrong size, and rows beyond it would be lost

    def numbered() -> Iterator[tuple[int, Sequence[Cell], str]]:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, cells, ""

    columns, rows = _below_header(numbered(), score)
    return Sheet(XLSX, "", names, sheet.title, columns, rows)


def _below_header(
    rows: Iterator[tuple[int, Sequence[Cell], str]], score: Score
) -> tuple[tuple[str, ...], Iterator[Row]]:
    first = list(itertools.islice(rows, HEADER_WITHIN))
    filled = [place for place, (_, cells, _) in enumerate(first) if any(text_of(each) for each in cells)]
    if not filled:
        raise _bad("header_missing", "there is no header", "The first row names the columns.")
    names = [[text_of(each) for each in cells] for _, cells, _ in first]
    # One known name may be a word in a row; two beside each other are a header.
    place = next((each for each in filled if score(names[each]) > 1), filled[0])
    columns = _unlike(names[place])

    def below() -> Iterator[Row]:
        for number, cells, broken in itertools.chain(first[place + 1 :], rows):
            if broken or any(text_of(each) for each in cells):
                yield Row(number, dict(zip(columns, cells, strict=False)), broken)

    return columns, below()


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


def _objects(lines: Iterator[_Line]) -> Sheet:
    """Read one JSON object a line; a list of objects in it (turns, messages) gives a row each."""
    told = _Told(lines)
    texts = iter(told)
    first = list(itertools.islice(texts, 50))
    columns: dict[str, None] = {}
    for text in first:
        for cells in _rows_of(text):
            columns.update(dict.fromkeys(cells or ()))
    if not columns:
        raise _bad("file_unreadable", "no line is a JSON object", "Give one JSON object a line.")

    def rows() -> Iterator[Row]:
        for number, text in enumerate(itertools.chain(first, texts), start=1):
            for cells in _rows_of(text) if text.strip() else ():
                yield Row(number, cells or {}, "" if cells is not None else "row_broken")

    return Sheet(JSONL, told.encoding, (), "", tuple(columns)[:MOST_COLUMNS], rows())


def _rows_of(text: str) -> list[dict[str, Cell] | None]:
    try:
        told = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return [None]
    if isinstance(told, list):
        return [each for one in told for each in (_turned(one) if isinstance(one, dict) else [None])]
    return _turned(told) if isinstance(told, dict) else [None]


def _turned(told: dict[str, object]) -> list[dict[str, Cell] | None]:
    outer = {str(name): _cell(value) for name, value in told.items() if not _turns(value)}
    turns = next((value for value in told.values() if isinstance(value, list) and _turns(value)), None)
    if turns is None:
        return [outer]
    return [{**outer, **{str(name): _cell(value) for name, value in turn.items()}} for turn in turns]


def _turns(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _cell(value: object) -> Cell:
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return msgspec.json.encode(value).decode()


def _bad(code: str, message: str, remedy: str) -> InvalidError:
    return InvalidError(message, remedy=remedy, code=code)
