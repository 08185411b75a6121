"""Files as they come: every encoding and form, headers under titles, rows that cannot be read, sealed copies."""

import contextlib
import io
from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from huiyin.imports.chats import FIELDS
from huiyin.imports.columns import check, propose, score_of
from huiyin.imports.files import open_file
from huiyin.imports.keeping import Files
from huiyin.kernel.errors import HuiyinError, InvalidError
from huiyin.security.sealed_files import FRAME

CHAT = "时间,顾客,发送方,内容\n2026-10-01 10:00:00,jd_a,顾客,在吗\n2026-10-01 10:00:09,jd_a,客服,在的\n"


def opened(raw: bytes, sheet: str = ""):
    return open_file(io.BytesIO(raw), lambda names: score_of(FIELDS, names), sheet)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_table_is_read_in_every_encoding_exports_use(encoding: str) -> None:
    sheet = opened(CHAT.encode(encoding))
    assert sheet.columns == ("时间", "顾客", "发送方", "内容")
    assert [row.cells["内容"] for row in sheet.rows] == ["在吗", "在的"]


def test_a_file_put_together_from_two_encodings_is_read_line_by_line() -> None:
    lines = CHAT.splitlines(keepends=True)
    sheet = opened(lines[0].encode() + lines[1].encode("gb18030") + lines[2].encode())
    assert [row.cells["内容"] for row in sheet.rows] == ["在吗", "在的"]
    assert sheet.encoding == "gb18030+utf-8"


def test_a_line_in_no_encoding_is_told_by_its_number_and_the_rest_is_read() -> None:
    lines = CHAT.encode().splitlines(keepends=True)
    rows = list(opened(lines[0] + b"2026-10-01 10:00:00,jd_a,\xff\xff\xff,x\n" + lines[2]).rows)
    assert [(row.number, row.broken) for row in rows] == [(2, "row_undecodable"), (3, "")]


def test_words_with_line_breaks_and_separators_stay_one_cell() -> None:
    rows = list(opened('时间;顾客;发送方;内容\n2026-10-01 10:00:00;jd_a;顾客;"一；二;三\n四"\n'.encode()).rows)
    assert [row.cells["内容"] for row in rows] == ["一；二;三\n四"]


def workbook(*rows, sheet: str = "整体数据") -> bytes:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.create_sheet("说明").append(["只是说明"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_has_its_header_under_a_title_and_typed_cells() -> None:
    at = datetime.fromisoformat("2026-10-01T10:00:00")
    raw = workbook(["接待明细"], [], ["时间", "顾客", "发送方", "内容"], [at, "jd_a", "顾客", 12345])
    sheet = opened(raw)
    assert (sheet.form, sheet.sheet, sheet.sheets) == ("xlsx", "整体数据", ("整体数据", "说明"))
    assert [(row.number, dict(row.cells)) for row in sheet.rows] == [
        (4, {"时间": at, "顾客": "jd_a", "发送方": "顾客", "内容": 12345})
    ]
    assert opened(raw, "说明").columns == ("只是说明",)


def test_objects_may_hold_their_turns() -> None:
    session = {
        "sid": "s1",
        "客户": "jd_a",
        "turns": [{"role": "customer", "text": "在吗"}, {"role": "agent", "text": "在的"}],
    }
    raw = b"\n".join([msgspec.json.encode(session), b"", b"not json", msgspec.json.encode({"sid": "s2", "text": "嗯"})])
    rows = list(opened(raw).rows)
    assert [row.cells.get("text") for row in rows] == ["在吗", "在的", None, "嗯"]
    assert rows[0].cells["sid"] == "s1"
    assert [row.broken for row in rows] == ["", "", "row_broken", ""]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "file_empty"), (b"  \n ", "file_empty"), (b"PK\x03\x04 no zip", "file_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "file_locked"), (b"{ not json", "file_unreadable"),
        (b",,,\n,,\n", "header_missing"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_by_its_reason(raw: bytes, code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        opened(raw)
    assert refused.value.code == code
    assert refused.value.remedy


def test_a_sheet_that_is_not_there_is_told() -> None:
    with pytest.raises(InvalidError) as refused:
        opened(workbook(["时间"]), "别的")
    assert refused.value.code == "sheet_missing"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_and_never_anything_else(raw: bytes) -> None:
    with contextlib.suppress(InvalidError):
        for row in opened(raw).rows:
            assert row.number > 0


def test_columns_of_one_name_are_kept_apart() -> None:
    sheet = opened("时间,内容,内容,\n1,2,3,4\n".encode())
    assert sheet.columns == ("时间", "内容", "内容 (2)", "#4")


def test_a_remembered_mapping_is_used_again_and_a_renamed_column_is_told() -> None:
    first = propose(FIELDS, ("时间", "买家昵称", "发送方", "消息内容"), None)
    assert first.mapped == {"time": "时间", "customer": "买家昵称", "sender": "发送方", "text": "消息内容"}
    odd = {"time": "时间", "customer": "甲", "sender": "乙", "text": "丙"}
    again = propose(FIELDS, ("时间", "甲", "乙", "丙"), odd)
    assert (again.mapped, again.remembered) == (odd, True)
    renamed = propose(FIELDS, ("时间", "甲", "乙", "聊天内容"), odd)
    assert renamed.mapped == {**odd, "text": "聊天内容"}
    assert (renamed.remembered, renamed.gone) == (False, {"text": "丙"})


@pytest.mark.parametrize(
    ("mapped", "code"),
    [
        ({"time": "a", "text": "b", "customer": "c"}, "field_missing"),
        ({"time": "a", "text": "b", "customer": "c", "sender": "z"}, "column_missing"),
        ({"time": "a", "text": "b", "customer": "c", "sender": "c"}, "column_twice"),
        ({"time": "a", "wish": "b"}, "field_unknown"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapped, code) -> None:
    with pytest.raises(InvalidError) as refused:
        check(FIELDS, ("a", "b", "c", "d"), mapped)
    assert refused.value.code == code


@given(st.binary(max_size=3 * 64), st.integers(0, 200), st.integers(0, 80))
def test_a_sealed_copy_reads_like_the_file_from_anywhere(tmp_path_factory, plain: bytes, at: int, size: int) -> None:
    files = Files(tmp_path_factory.mktemp("copies"))
    incoming = files.incoming()
    incoming.write(plain)
    copy = incoming.finish()
    with files.reader(copy.id, "copy", copy.key) as reader:
        reader.seek(at)
        assert reader.read(size) == plain[at : at + size]


def test_a_sealed_copy_holds_no_word_in_the_clear_and_does_not_open_once_it_was_touched(tmp_path) -> None:
    files = Files(tmp_path)
    incoming = files.incoming()
    plain = "我的电话是13712348765。".encode() * 30_000
    for start in range(0, len(plain), 100_000):
        incoming.write(plain[start : start + 100_000])
    copy = incoming.finish()
    path = files.path(copy.id, "copy")
    sealed = path.read_bytes()
    assert b"13712348765" not in sealed
    with files.reader(copy.id, "copy", copy.key) as reader:
        assert reader.read() == plain
    frame = FRAME + 28
    for touched in (
        sealed[:-1],
        sealed[: frame * 2],
        sealed[frame : frame * 2] + sealed[:frame] + sealed[frame * 2 :],
        sealed[:50] + bytes([sealed[50] ^ 1]) + sealed[51:],
    ):
        path.write_bytes(touched)
        with pytest.raises(HuiyinError), files.reader(copy.id, "copy", copy.key) as reader:
            reader.read()
    files.remove(copy.id)
    assert list(tmp_path.iterdir()) == []
