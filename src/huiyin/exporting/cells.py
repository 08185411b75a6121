"""Write rows of a table as CSV or as a sheet of a workbook. Pure; a cell is text, a number or nothing.

Whatever a customer typed may begin like a formula. In a workbook a cell says itself that it is text; in CSV, which
cannot, an apostrophe stands before it (OWASP, CSV injection).
"""

import csv
import io
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

import re2

Cell = str | int | float | None
Row = Sequence[Cell]
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""With what programs for tables begin a formula, or skip and then find one; the wide forms where Chinese is written."""
MOST_IN_CELL = 32_767
"""Characters a cell of a workbook may hold; programs that open one with more call the file broken."""

_NOT_XML = re2.compile(r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]")
_ESCAPE = re2.compile(r"_(x[0-9A-Fa-f]{4}_)")
"""What a workbook would take for a character's number; its underscore is written as a number itself."""


def plain(text: str) -> str:
    """Return text that no program takes for a formula."""
    return f"'{text}" if text[:1] in FORMULA and text else text


def csv_rows(rows: Iterable[Row]) -> bytes:
    """Return rows as CSV (RFC 4180) in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[plain(each) if isinstance(each, str) else each for each in row] for row in rows])
    return out.getvalue().encode("utf-8", "replace")


def sheet_rows(rows: Iterable[Row]) -> bytes:
    """Return rows as a sheet's XML (ECMA-376, SpreadsheetML); text stands in its cell."""
    return "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows).encode()


def _cell(value: Cell) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def _text(text: str) -> str:
    if len(text) > MOST_IN_CELL:
        text = f"{text[: MOST_IN_CELL - 1]}…"
    whole = text.encode("utf-8", "replace").decode()  # half a character, as a cut text may end with, is none
    lines = _NOT_XML.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))
    return escape(str(_ESCAPE.sub(r"_x005F_\1", lines)))
