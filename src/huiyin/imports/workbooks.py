"""Read a workbook's rows, and stop where a file is made to take all memory or time there is.

A workbook is a zip of XML: some KiB may unpack to GiB, and name a row a million million. What is parsed is counted as
it is read, so nothing depends on what a file says of itself.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, Any, BinaryIO, NamedTuple, Self
from xml.etree.ElementTree import ParseError

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS

from huiyin.imports.unreadable import bad
from huiyin.imports.values import Cell
from huiyin.kernel.errors import InvalidError

MOST_UNPACKED = 2 * 1024**3
"""What a workbook may take unpacked: 1,000,000 rows take about a fifth."""
MOST_ROWS = 1_048_576
"""Excel's own."""
MOST_TAGS = 6_000_000
"""Of a part that is kept in memory; a million different texts take two thirds."""
MOST_PACKED, FEW = 100, 1024 * 1024
"""Texts that all differ are packed to a twentieth; what is packed to less, beyond some bytes, was made to be large."""
PART = 256 * 1024
MOST_PART = 256 * 1024**2
MOST_TAGS_A_ROW, TAGS_IN_HAND = 4_000, 500_000
"""Of a sheet: so many for each row, and some for what stands before and behind the rows."""
MOST_TEXT_A_ROW = 32 * 1024**2
"""Bytes; Excel itself takes 32,767 characters a cell."""
DAYS_TO_1904 = 1462
"""Workbooks from old Macintoshes count their days from 1904 (ECMA-376 part 1, 18.17.4.1)."""
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, InvalidFileException, ParseError, EOFError, LookupError, ValueError,
    TypeError, AttributeError, ArithmeticError, AssertionError, RuntimeError,
)  # fmt: skip
"""What reading a broken, altered or locked workbook raises, by way of Python's zip and XML and of openpyxl."""


class Book(NamedTuple):
    """A workbook: its sheets, the one that is read, its rows by number, and how many days its serial dates are off."""

    sheets: tuple[str, ...]
    sheet: str
    rows: Iterator[tuple[int, Sequence[Cell], str]]
    days_off: int


def open_book(file: BinaryIO, wanted: str) -> Book:
    """Open a workbook at the sheet that is wanted, "" for the first.

    Raises:
        InvalidError: file_unreadable, file_too_large, sheet_missing; the first two while rows are read, as well.

    """
    try:
        reader = _Reader(file)
        reader.read()
    except (*BROKEN, OSError) as error:
        raise _unreadable() from error
    names = tuple(each.title for each in reader.wb.worksheets)
    if not names or (wanted and wanted not in names):
        raise bad("sheet_missing", "there is no such sheet", "Choose one of the file's sheets.")
    sheet = reader.wb[wanted or names[0]]
    sheet.reset_dimensions()  # some exporters write a wrong size, and rows beyond it would be lost
    days_off = DAYS_TO_1904 if reader.wb.epoch == CALENDAR_MAC_1904 else 0
    return Book(names, sheet.title, _rows(sheet, reader.packed), days_off)


def _rows(sheet: Any, packed: "_Packed") -> Iterator[tuple[int, Sequence[Cell], str]]:  # noqa: ANN401  # openpyxl's
    rows, number = sheet.iter_rows(values_only=True), 0
    while True:
        try:
            cells = next(rows, None)
        except BROKEN as error:
            raise _unreadable() from error
        number += 1
        if cells is None:
            return
        if number > MOST_ROWS:
            raise _too_large()
        if cells:  # rows a file leaves out are told as empty ones
            packed.row_was_read()
            yield number, cells, ""


class _Packed(zipfile.ZipFile):
    """A zip whose parts are counted while they are read."""

    most_tags, most_bytes = TAGS_IN_HAND, MOST_TEXT_A_ROW
    latest: "_Part | None" = None

    def open(self, name: Any, mode: Any = "r", pwd: Any = None, **other: Any) -> IO[bytes]:  # noqa: ANN401  # as there
        """Open a part."""
        self.latest = _Part(super().open(name, mode, pwd, **other), self.most_tags, self.most_bytes)
        return self.latest  # type: ignore[return-value]  # as much of a file as is asked of it

    def row_was_read(self) -> None:
        """Allow what is read now what one more row may take."""
        if self.latest is not None:
            self.latest.row_was_read()


class _Part:
    """A part of a zip that is given up when it grows beyond what memory is meant for it."""

    def __init__(self, file: IO[bytes], most_tags: int, most_bytes: int) -> None:
        self._file, self._tags, self._bytes = file, most_tags, most_bytes

    def row_was_read(self) -> None:
        self._tags, self._bytes = min(self._tags + MOST_TAGS_A_ROW, TAGS_IN_HAND), MOST_TEXT_A_ROW

    def read(self, size: int = -1) -> bytes:
        part = self._file.read(min(size, self._bytes + 1) if size >= 0 else self._bytes + 1)
        self._bytes -= len(part)
        self._tags -= part.count(b"<")
        if self._bytes < 0 or self._tags < 0:
            raise _too_large()
        return part

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Reader(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    """Opens a workbook as `openpyxl.load_workbook(read_only=True, data_only=True)` does, from a zip that is counted."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, read_only=True, data_only=True)
        self.archive = self.packed = _Packed(file)
        if sum(each.file_size for each in self.packed.infolist()) > MOST_UNPACKED:
            raise _too_large()

    def read_strings(self) -> None:
        """Read the texts cells share, once it is known that they fit into memory: counting them is quick."""
        self.packed.most_tags, self.packed.most_bytes = MOST_TAGS, MOST_PART
        shared = self.package.find(SHARED_STRINGS)
        if shared is not None:
            told = self.packed.getinfo(shared.PartName[1:])
            if told.file_size > FEW and told.file_size > MOST_PACKED * told.compress_size:
                raise _too_large()
            with self.packed.open(shared.PartName[1:]) as part:
                while part.read(PART):
                    pass
        super().read_strings()
        self.packed.most_tags, self.packed.most_bytes = TAGS_IN_HAND, MOST_TEXT_A_ROW


def _unreadable() -> InvalidError:
    return bad("file_unreadable", "this is no workbook, or a broken one", "Open it in Excel and save it as .xlsx.")


def _too_large() -> InvalidError:
    return bad("file_too_large", "unpacked it is too large", "Export fewer days at a time.")
