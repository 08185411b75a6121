"""Text as tables: one encoding for a whole file where there is one, quotes that were none, and what parts columns."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.imports.columns import Kind
from huiyin.imports.files import Sheet
from huiyin.imports.sorting import open_as
from huiyin.imports.tables import OPEN

HEAD = "时间,顾客,发送方,内容"
AT = "2025-11-02 10:00:00"


def opened(raw: bytes) -> Sheet:
    return open_as(Kind.CHATS, io.BytesIO(raw))


def said(raw: bytes) -> list[object]:
    return [row.broken or row.cells.get("内容") for row in opened(raw).rows]


def line(words: str, encoding: str = "utf-8") -> bytes:
    return f"{AT},jd_a,buyer,{words}\n".encode(encoding)


BOTH = "谢谢"
"""In GB18030 it is valid UTF-8 as well, two Cyrillic letters."""


def test_a_file_in_gb18030_is_so_in_every_line_of_it() -> None:
    for header in (HEAD, "time,customer,sender,内容"):
        raw = f"{header}\n".encode("gb18030") + line(BOTH, "gb18030") + line("发货了吗", "gb18030")
        assert said(raw) == [BOTH, "发货了吗"]
        assert opened(raw).encoding == "gb18030"


@given(st.lists(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=4), min_size=1))
def test_what_was_written_is_what_is_read_in_either_encoding(words: list[str]) -> None:
    for encoding in ("utf-8", "gb18030"):
        raw = f"{HEAD}\n".encode(encoding) + b"".join(line(each, encoding) for each in words)
        assert said(raw) == words


@pytest.mark.parametrize("broken", [b"\xff\xff\xff", b"\x80"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_broken_line_changes_nothing_about_the_others(encoding: str, broken: bytes) -> None:
    head = f"{HEAD}\n".encode(encoding)
    raw = head + line(BOTH, encoding) + line("x").replace(b"x", broken) + line(BOTH, encoding)
    assert said(raw) == [BOTH, "row_undecodable", BOTH]


def test_a_file_of_both_is_read_line_by_line_and_a_doubtful_one_like_those_before() -> None:
    raw = f"{HEAD}\n".encode() + line("什么时候发货") + line("在吗") + line("Спасибо")
    raw += line("有货吗", "gb18030") + line(BOTH, "gb18030") + line("在吗") + line("今天发")
    assert said(raw) == ["什么时候发货", "在吗", "Спасибо", "有货吗", BOTH, "在吗", "今天发"]


def test_a_text_of_tabs_is_one_however_many_commas_it_holds() -> None:
    raw = f"{HEAD}\n".replace(",", "\t") + "".join(
        f'{AT}\tjd_a\tbuyer\t{{"a":1,"b":2,"c":3,"d":4,"e":{n}}}\n' for n in "123"
    )
    assert opened(raw.encode()).columns == ("时间", "顾客", "发送方", "内容")
    assert said(raw.encode())[-1] == '{"a":1,"b":2,"c":3,"d":4,"e":3}'


def test_columns_nobody_knows_are_parted_by_what_there_is_most_of() -> None:
    assert opened("甲;乙;丙\n1;2;3,4\n".encode()).columns == ("甲", "乙", "丙")


def rows(*lines: str) -> list[tuple[int, object]]:
    found = opened("\n".join((HEAD, *lines)).encode()).rows
    return [(row.number, row.broken or row.cells.get("内容")) for row in found]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        # Words that begin with a quote in a file that never quotes.
        ((f'{AT},a,买家,"在吗', f"{AT},b,买家,你好"), [(2, '"在吗'), (3, "你好")]),
        ((f'{AT},a,买家,"在吗', f'{AT},b,买家,"你好', f"{AT},c,买家,好"), [(2, '"在吗'), (3, '"你好'), (4, "好")]),
        ((f'{AT},a,买家,"在吗', f'{AT},b,买家,说"好"', f"{AT},c,买家,好"), [(2, '"在吗'), (3, '说"好"'), (4, "好")]),
        # A cell in the middle that was left open: the row does not fit, the next ones do.
        ((f'{AT},"a,b,买家,在吗', f"{AT},b,买家,你好"), [(2, OPEN), (3, "你好")]),
        # Quotes that are right and still hold a row: nobody can tell, so all of it is refused.
        ((f'{AT},a,买家,"在吗', f'{AT},b,买家,好的"', f"{AT},c,买家,好"), [(2, OPEN), (3, OPEN), (4, "好")]),
        # Cells of several lines, as they should be.
        ((f'{AT},a,买家,"一,二', "三,四,五,六", '七"', f"{AT},b,买家,好"), [(4, "一,二\n三,四,五,六\n七"), (5, "好")]),
        ((f'{AT},a,买家,"他说""好""', '2025-11-02"', f"{AT},b,买家,好"), [(3, '他说"好"\n2025-11-02'), (4, "好")]),
        ((f'{AT},a,买家,"地址', '上海"', f'{AT},b,买家,"电话', '1"'), [(3, "地址\n上海"), (5, "电话\n1")]),
    ],
)  # fmt: skip
def test_a_quote_holds_what_was_quoted_and_no_row_of_anybody_else(lines, found) -> None:
    assert rows(*lines) == found


def test_a_quote_left_open_costs_one_row_of_very_many() -> None:
    lines = [f"{AT},b,买家,第{each}句" for each in range(5_000)]
    found = rows(f'{AT},a,买家,"在吗', *lines, f'{AT},"a,b,买家,在吗', *lines)
    assert [each for each in found if each[1] == OPEN] == [(5_003, OPEN)]
    assert len(found) == 10_002
    assert found[-1] == (10_003, "第4999句")


@given(st.lists(st.text(st.sampled_from('",\n;a好2'), max_size=8), max_size=8))
def test_whatever_quotes_and_breaks_there_are_a_row_is_told_by_a_line_there_is(words: list[str]) -> None:
    raw = "".join(f"{AT},jd_{place},买家,{each}\n" for place, each in enumerate(words))
    end = max((row.number for row in opened(f"{HEAD}\n{raw}".encode()).rows), default=0)
    assert end <= len(f"{HEAD}\n{raw}".splitlines())
