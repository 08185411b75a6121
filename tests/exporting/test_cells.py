"""Whatever somebody typed is text in a file that leaves the house, and comes back from it as it was."""

import csv
import io
import zipfile
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from huiyin.exporting.cells import FORMULA, MOST_IN_CELL, csv_rows, plain, sheet_rows
from huiyin.exporting.sheets import Extent, Sheet, divided, workbook

TYPED = st.one_of(
    st.text(max_size=40), st.builds("{}{}".format, st.sampled_from(sorted(FORMULA)), st.text(max_size=40))
)
READABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40)


def read(rows: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(rows.decode(), newline="")))


@settings(deadline=None)
@given(st.lists(st.lists(TYPED, min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_cell_of_a_csv_begins_like_a_formula_and_nothing_typed_is_lost(rows: list[list[str]]) -> None:
    found = read(csv_rows([["x", *row] for row in rows]))
    assert not [cell for row in found for cell in row if cell and cell[0] in FORMULA]
    told = [[cell[1:] if typed[:1] in FORMULA and typed else cell for cell, typed in zip(row[1:], asked, strict=True)]
            for row, asked in zip(found, rows, strict=True)]  # fmt: skip
    assert told == [[each.encode("utf-8", "replace").decode() for each in row] for row in rows]


@settings(deadline=None)
@given(TYPED)
def test_a_cell_of_a_sheet_is_text_and_no_formula(typed: str) -> None:
    [cell] = ET.fromstring(b"<s>" + sheet_rows([[typed]]) + b"</s>").iter("c")  # our own words
    assert cell.find("f") is None
    assert cell.get("t") == ("inlineStr" if typed else None)


@settings(deadline=None)
@given(READABLE.filter(lambda typed: "_x" not in typed))
def test_what_was_typed_reads_the_same_in_a_workbook(typed: str) -> None:
    out = b"".join(workbook([Sheet("一", [sheet_rows([["a", typed, 3, 2.5, None]])], 5, 1)]))
    [row] = load_workbook(io.BytesIO(out)).active.iter_rows(values_only=True)
    assert row == ("a", typed or None, 3, 2.5, None)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("=1", "'=1"), ("＝1", "'＝1"), ("\t=1", "'\t=1"), ("-", "'-"), ("@我", "'@我"), ("a=1", "a=1"), ("", ""),
    ],
)  # fmt: skip
def test_what_begins_like_a_formula_has_an_apostrophe_before_it(typed: str, kept: str) -> None:
    assert plain(typed) == kept


def test_a_workbook_takes_no_text_for_a_characters_number_and_no_cell_too_long() -> None:
    assert b"_x005F_x0041_" in sheet_rows([["_x0041_"]])
    assert b'<t xml:space="preserve">ab</t>' in sheet_rows([["a\x00b"]])
    assert sheet_rows([["x" * (MOST_IN_CELL + 9)]]).count(b"x") == MOST_IN_CELL - 1 + sheet_rows([["y"]]).count(b"x")


def test_parts_are_laid_on_as_many_sheets_as_they_need() -> None:
    assert divided([]) == [[]]
    assert divided([Extent(1_048_575, 1)]) == [[0]]
    assert divided([Extent(600_000, 1), Extent(500_000, 1), Extent(1, 1)]) == [[0], [1, 2]]
    assert divided([Extent(1, 700 * 2**20), Extent(1, 700 * 2**20)]) == [[0], [1]]


def test_a_workbook_is_a_sound_zip_that_tells_no_time() -> None:
    out = b"".join(workbook([Sheet("一", [sheet_rows([["a"]])], 1, 1), Sheet("二", [], 1, 0)]))
    with zipfile.ZipFile(io.BytesIO(out)) as book:
        assert book.testzip() is None
        assert {each.date_time for each in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
