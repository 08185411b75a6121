"""Read text as a table: what parts its columns, and where a quote was meant as one.

A cell that begins with a quote goes on to the next one, over lines and other customers' rows. Words may begin with a
quote in a file that never quotes, so a cell that holds lines looking like rows of their own is taken apart again.
"""

import contextlib
import csv
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

import re2

from huiyin.imports.encodings import NEITHER, Line
from huiyin.imports.values import Cell

DELIMITERS = ",\t;|"
MOST_CELL = 100_000
LEAST_WIDTH = 2
"""A line of one cell is no row of a table."""
OPEN = "quote_open"
Numbered = tuple[int, Sequence[Cell], str]
"""The number of a row's last line, its cells, and why it cannot be read, as a code; "" where it can."""
_DAY = re2.compile(r"\s*\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}[^,]{0,24}")


class Told:
    """Text lines for a parser, and the lines of the record at hand."""

    def __init__(self, lines: Iterator[Line]) -> None:
        """Tell these lines."""
        self._lines, self._again = lines, deque[Line]()
        self.held: list[Line] = []

    def __iter__(self) -> Iterator[str]:
        """Yield each line's text; it is held until somebody lets go of it."""
        while (line := self._again.popleft() if self._again else next(self._lines, None)) is not None:
            self.held.append(line)
            yield line.text

    def again(self, lines: Sequence[Line]) -> None:
        """Have some lines told once more, before those that follow."""
        self._again.extendleft(reversed(lines))


def delimiter_of(first: Sequence[str], best: Mapping[str, int]) -> str:
    """Return what parts columns: what makes a row of names we know, else what there is most of.

    `best` tells of each delimiter how many known names its best row has.
    """
    return max(DELIMITERS, key=lambda each: (best.get(each, 0), sum(text.count(each) for text in first)))


def cells_of(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    """Return the rows of a few lines, as far as they can be parsed."""
    csv.field_size_limit(MOST_CELL)
    rows = csv.reader(iter(lines), delimiter=delimiter)
    found: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        found.extend(rows)
    return found


def records(told: Told, delimiter: str) -> Iterator[Numbered]:
    """Yield the rows of a table, each with the number of its last line."""
    csv.field_size_limit(MOST_CELL)
    number, width, held = 0, 0, told.held
    reader = csv.reader(iter(told), delimiter=delimiter)
    while True:
        held.clear()
        cells: Sequence[str] = ()
        code = ""
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            code = "row_broken"
        if len(held) > 1 and (code or _swallowed(held, delimiter, width)):
            rows = list(_apart(held, delimiter, width))
            told.again(held[len(rows) :])
            reader = csv.reader(iter(told), delimiter=delimiter)
            yield from ((number + place, *row) for place, row in enumerate(rows, start=1))
            number += len(rows)
            continue
        number += len(held)
        code = code or next((trouble for each in held if (trouble := _trouble(each))), "")
        if len(held) == 1 and not code:
            width = len(cells)
        yield number, cells, code


def _trouble(line: Line) -> str:
    if line.cut:
        return "row_too_large"
    return "row_undecodable" if line.encoding == NEITHER else ""


def _swallowed(held: Sequence[Line], delimiter: str, width: int) -> bool:
    """Tell whether a record of several lines holds one that looks like a row, or is open at the end of the file."""
    alike = any(_like_a_row(line.text, delimiter, width) for line in held[1:])
    return alike or _strictly(held, delimiter) == "unexpected end of data"


def _like_a_row(text: str, delimiter: str, width: int) -> bool:
    """Tell whether a line has as many cells as the rows around it, one of them with a day in it."""
    if width < LEAST_WIDTH or text.count(delimiter) < width - 1:
        return False
    rows = cells_of([text], delimiter)
    return bool(rows) and len(rows[0]) == width and any(_DAY.fullmatch(cell) for cell in rows[0])


def _apart(held: Sequence[Line], delimiter: str, width: int) -> Iterator[tuple[Sequence[Cell], str]]:
    """Yield what becomes of the first lines of such a record, row by row; those that follow are read anew.

    If its quotes are right all the same, nobody can tell what was meant, and all its lines are refused.
    """
    if not _strictly(held, delimiter):
        yield from (((), OPEN) for _ in held)
        return
    [cells] = csv.reader([held[0].text], delimiter=delimiter, quoting=csv.QUOTE_NONE)
    yield (cells, _trouble(held[0])) if len(cells) == width else ((), OPEN)


def _strictly(held: Sequence[Line], delimiter: str) -> str:
    """Return what is wrong with a record's quotes, "" where they are right."""
    try:
        list(csv.reader((line.text for line in held), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return str(error)
    return ""
