"""Read one JSON object a line; a list of objects in it (turns, messages) gives a row each."""

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from huiyin.imports.encodings import Line
from huiyin.imports.values import Cell

MOST_NAMES = 300
"""Names of an object that are read."""
MOST_CELLS = 200_000
"""Cells one object may give: what stands beside its turns is told with each of them."""


class Object(NamedTuple):
    """A row: the number of its line, from 1, its cells, and why it cannot be read, as a code; "" where it can."""

    number: int
    cells: Mapping[str, Cell]
    broken: str = ""


def objects(lines: Iterator[Line]) -> Iterator[Object]:
    """Yield a row for every object, or every turn of it."""
    for number, (text, _, cut) in enumerate(lines, start=1):
        if cut:
            yield Object(number, {}, "row_too_large")
        elif text.strip():
            yield from (Object(number, cells, broken) for cells, broken in _rows_of(text))


def _rows_of(text: str) -> Iterator[tuple[Mapping[str, Cell], str]]:
    try:
        told = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        yield {}, "row_broken"
        return
    for one in told if isinstance(told, list) else [told]:
        if isinstance(one, dict):
            yield from _turned(one)
        else:
            yield {}, "row_broken"


def _turned(told: dict[str, object]) -> Iterator[tuple[Mapping[str, Cell], str]]:
    outer = _cells({name: value for name, value in told.items() if not _turns(value)})
    turns = next((value for value in told.values() if isinstance(value, list) and _turns(value)), None)
    if turns is None:
        yield outer, ""
    elif len(outer) * len(turns) > MOST_CELLS:
        yield {}, "row_too_large"
    else:
        yield from (({**outer, **_cells(turn)}, "") for turn in turns)


def _cells(told: Mapping[str, object]) -> dict[str, Cell]:
    return {str(name): _cell(value) for name, value in itertools.islice(told.items(), MOST_NAMES)}


def _turns(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _cell(value: object) -> Cell:
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return msgspec.json.encode(value).decode()
