"""Put rows together to a workbook while it is being sent: nothing of it lies anywhere in the clear.

The library this house writes its workbooks with lays its sheets into temporary files, which an export's words must not;
so the few files a workbook is made of (ECMA-376, part 1, 12.3) are written here, into a zip nobody has to seek in.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from openpyxl.utils import get_column_letter

MOST_ROWS = 1_048_576
MOST_BYTES = 1024**3
"""A sheet's XML; a zip entry above two GiB would need a form that not every program reads."""
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WIDTHS = '<cols><col min="1" max="40" width="18" customWidth="1"/></cols>'
"""One width for all columns, in characters: a moment and most names fit."""
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Sheet(NamedTuple):
    """A sheet: what it is called, its rows' XML, piece by piece, and how many columns and rows that is."""

    name: str
    rows: Iterable[bytes]
    columns: int
    length: int


class Extent(NamedTuple):
    """How many rows and bytes a part has."""

    rows: int
    bytes: int


def divided(extents: Sequence[Extent]) -> list[list[int]]:
    """Return which parts, by their place, stand on which sheet; each sheet has a row of headings besides."""
    sheets: list[list[int]] = [[]]
    rows = size = 0
    for place, each in enumerate(extents):
        if sheets[-1] and (rows + each.rows > MOST_ROWS - 1 or size + each.bytes > MOST_BYTES):
            sheets.append([])
            rows = size = 0
        sheets[-1].append(place)
        rows, size = rows + each.rows, size + each.bytes
    return sheets


def workbook(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """Return a workbook, piece by piece."""
    out = _Out()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _around([each.name for each in sheets]).items():
            book.writestr(_entry(name), text)
        for number, sheet in enumerate(sheets, start=1):
            with book.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w") as inside:
                # Without its extent, programs read a sheet to its end before they show its first row.
                extent = f"A1:{get_column_letter(sheet.columns)}{max(sheet.length, 1)}"
                inside.write(
                    f'{_HEAD}<worksheet xmlns="{_MAIN}"><dimension ref="{extent}"/>{_WIDTHS}<sheetData>'.encode()
                )
                for piece in sheet.rows:
                    inside.write(piece)
                    yield out.taken()
                inside.write(b"</sheetData></worksheet>")
    yield out.taken()


class _Out(io.RawIOBase):
    """Collects what was written until it is sent; it cannot be sought in, so a zip needs nothing before it."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]  # any buffer; the zip gives bytes
        self._waiting += piece
        return len(piece)

    def taken(self) -> bytes:
        piece = bytes(self._waiting)
        self._waiting.clear()
        return piece


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry that says nothing of when or where it was written."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _around(names: Sequence[str]) -> dict[str, str]:
    """Return what stands around the sheets: which files there are, and which sheet is called what."""
    numbers = range(1, len(names) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{each}.xml" ContentType="{_KIND}.worksheet+xml"/>' for each in numbers
    )
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{each}" r:id="rId{each}"/>'
        for each, name in zip(numbers, names, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{each}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{each}.xml"/>'
        for each in numbers
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        f'PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
    }
