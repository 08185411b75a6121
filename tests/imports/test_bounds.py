"""A file of some KiB takes neither the memory nor the time of everybody: what it may unpack to has an end."""

import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from itertools import pairwise

import pytest
from openpyxl import Workbook

from huiyin.imports import workbooks
from huiyin.imports.columns import Kind
from huiyin.imports.files import Row
from huiyin.imports.sorting import open_as
from huiyin.kernel.errors import InvalidError

NAMES = ["时间", "顾客", "发送方", "内容"]
SAID = ["2025-11-02 10:00:00", "jd_a", "买家", "请问"]
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
QUICK_SECONDS = 10.0
MIB = 1024 * 1024


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def altered(part: str, change: Callable[[bytes], bytes], raw: bytes | None = None) -> bytes:
    """Return a workbook of two rows, or another, with one of its parts changed."""
    out = io.BytesIO()
    before = io.BytesIO(raw or workbook(NAMES, SAID, SAID))
    with zipfile.ZipFile(before) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.namelist():
            target.writestr(each, change(source.read(each)) if each == part else source.read(each))
    return out.getvalue()


def exchanged(part: str, old: bytes, new: bytes) -> bytes:
    return altered(part, lambda body: body.replace(old, new, 1))


def read(raw: bytes) -> list[Row]:
    return list(open_as(Kind.CHATS, io.BytesIO(raw)).rows)


def refused(raw: bytes) -> str:
    began = time.monotonic()
    with pytest.raises(InvalidError) as error:
        read(raw)
    assert time.monotonic() - began < QUICK_SECONDS
    assert error.value.remedy
    return error.value.code


def with_strings(*strings: bytes) -> bytes:
    """Return a workbook whose shared texts are these."""
    return sharing(
        b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>" + b"".join(strings) + b"</sst>"
    )


def sharing(body: bytes) -> bytes:
    named = b'<Override PartName="/%s" ContentType="application/%s.sharedStrings+xml"/></Types>'
    named %= STRINGS.encode(), b"vnd.openxmlformats-officedocument.spreadsheetml"
    raw = altered("[Content_Types].xml", lambda part: part.replace(b"</Types>", named))
    out = io.BytesIO(raw)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr(STRINGS, body)
    return out.getvalue()


@pytest.mark.parametrize("number", [b"1048577", b"30000000", b"999999999999"])
def test_a_row_beyond_excels_own_ends_the_reading(number: bytes) -> None:
    raw = altered(SHEET, lambda sheet: sheet.replace(b'<row r="3"', b'<row r="' + number + b'"'))
    assert refused(raw) == "file_too_large"


def test_rows_a_workbook_leaves_out_take_no_time_and_keep_their_numbers() -> None:
    raw = altered(SHEET, lambda sheet: sheet.replace(b'<row r="3"', b'<row r="1048576"'))
    began = time.monotonic()
    assert [row.number for row in read(raw)] == [2, 1_048_576]
    assert time.monotonic() - began < QUICK_SECONDS


@pytest.mark.parametrize("inside", [b"<c/>", b"<c r='A1'><v>1</v></c>", b"<x/>"])
def test_a_row_of_endless_cells_is_not_held_in_memory(inside: bytes) -> None:
    rows = b"<row>" + inside * 2_000_000 + b"</row></sheetData>"
    raw = altered(SHEET, lambda sheet: sheet.replace(b"</sheetData>", rows))
    assert refused(raw) == "file_too_large"


def test_texts_that_were_made_to_be_many_are_not_read_into_memory() -> None:
    assert refused(with_strings(b"<si><t>a</t></si>" * 400_000)) == "file_too_large"


def test_more_texts_than_memory_is_meant_for_are_refused_before_they_are_parsed(monkeypatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_TAGS", 400_000)
    few = with_strings(*(b"<si><t>%d</t></si>" % each for each in range(90_000)))
    assert [len(row.cells) for row in read(few)] == [4, 4]
    assert refused(with_strings(*(b"<si><t>%d</t></si>" % each for each in range(110_000)))) == "file_too_large"


def test_a_text_of_hundreds_of_mib_is_refused() -> None:
    raw = exchanged(SHEET, b"</c>", b"</c><c t='str'><v>" + b"9" * 40 * MIB + b"</v></c>")
    assert refused(raw) == "file_too_large"


def test_what_stands_beside_turns_is_not_copied_without_end() -> None:
    names = ",".join(f'"k{each}":1' for each in range(2_000))
    turns = ",".join(['{"text":"a"}'] * 2_000)
    lines = f'{{{names},"turns":[{turns}]}}\n{{"time":"2025-11-02 10:00:00","text":"b"}}\n'.encode()
    tracemalloc.start()
    try:
        rows = read(lines)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [(row.number, row.broken) for row in rows] == [(1, "row_too_large"), (2, "")]
    assert peak < 20 * MIB


def test_a_line_without_an_end_is_refused_and_the_next_is_read() -> None:
    long = b'{"text":"' + b"a" * (9 * MIB) + b'"}\n'
    rows = read(b'{"text":"b"}\n' + long + b'{"text":"c"}\n')
    assert [(row.number, row.broken, row.cells.get("text")) for row in rows] == [
        (1, "", "b"), (2, "row_too_large", None), (3, "", "c"),
    ]  # fmt: skip


def _with_flags(raw: bytes, offset: int, signature: bytes, value: int) -> bytes:
    changed = bytearray(raw)
    place = -1
    while (place := raw.find(signature, place + 1)) >= 0:
        struct.pack_into("<H", changed, place + offset, value)
    return bytes(changed)


def _with_bad_bytes() -> bytes:
    raw = bytearray(workbook(NAMES, *[SAID] * 300))
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as packed:
        part = packed.getinfo(SHEET)
    middle = part.header_offset + 30 + len(SHEET) + part.compress_size // 2
    for place in range(middle, middle + 8):
        raw[place] ^= 0xFF
    return bytes(raw)


BROKEN = {
    "workbook cut off": lambda: altered("xl/workbook.xml", lambda part: part[:50]),
    "sheet cut off": lambda: altered(SHEET, lambda part: part[:-40]),
    "name nobody knows": lambda: exchanged("xl/workbook.xml", b"<workbookPr", b"<workbookPr a='1'"),
    "column nobody has": lambda: exchanged(SHEET, b'r="A2"', b'r="ZZZZZ2"'),
    "row without number": lambda: exchanged(SHEET, b'<row r="2"', b'<row r="x"'),
    "number that is none": lambda: exchanged(SHEET, b"</c>", b"</c><c t='n'><v>abc</v></c>"),
    "text that is not there": lambda: exchanged(SHEET, b"</c>", b"</c><c t='s'><v>99</v></c>"),
    "bytes that rotted": _with_bad_bytes,
    "locked": lambda: _with_flags(_with_flags(workbook(NAMES, SAID), 6, b"PK\x03\x04", 1), 8, b"PK\x01\x02", 1),
    "packed in a way nobody knows": lambda: _with_flags(workbook(NAMES, SAID), 10, b"PK\x01\x02", 97),
    "swelling": lambda: sharing(
        b"<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (to, (b"&%c;" % of) * 10) for of, to in pairwise(b"abcdefghij"))
        + b"]><sst><si><t>&j;</t></si></sst>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_workbook_is_refused_as_unreadable_wherever_it_breaks(how: str) -> None:
    assert refused(BROKEN[how]()) == "file_unreadable"
