"""How words are cut and found: as a table, and for whatever people write."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.conversations.said import Words
from huiyin.finding import store
from huiyin.finding.indexing import hidden_in
from huiyin.finding.showing import show
from huiyin.finding.store import Said, Session
from huiyin.finding.tokens import BETWEEN, HAN, Phrase, cut, phrase, places, words
from huiyin.finding.wanted import Wanted, matching, read_wanted
from huiyin.kernel.errors import InvalidError

HAN_RUNS = st.text(st.sampled_from("的是不了在有我他这中货退款发快递价保𠮷㐀々〇"), min_size=2, max_size=12)
ANYTHING = st.text(max_size=60)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("退货", "退货 货"),
        ("货", "货"),
        ("七天无理由", "七天 天无 无理 理由 由"),
        ("iPhone 15 Pro", "iphone 15 pro"),
        ("ＡＢＣ１２３", "abc123"),
        ("用iPhone吗", "用 iphone 吗"),
        ("付款，后", "付款 款 后"),
        ("㎏", "kg"),
        ("", ""),
        ("！？…", ""),
        ("a_b", "a b"),
        (f"a{BETWEEN}b", "a b"),
        ("Ünï", "ünï"),
        ("인사", "인사"),
    ],
)
def test_words_are_cut(text: str, tokens: str) -> None:
    assert words(text) == tokens
    assert " ".join(each.text for each in cut(text)) == tokens


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("退", Phrase(("退",), begins=True)),
        ("退货", Phrase(("退货",))),
        ("退货款", Phrase(("退货", "货款"))),
        ("用iphone", Phrase(("用", "iphone"))),
        ("iphone壳", Phrase(("iphone", "壳"), begins=True)),
        ("付款，后", Phrase(("付款", "款", "后"), begins=True)),
        ("？", None),
    ],
)
def test_what_is_typed_becomes_a_phrase(typed: str, expected: Phrase | None) -> None:
    assert phrase(typed) == expected


def test_what_is_hidden_gives_no_token() -> None:
    assert words("电话138****9876吧", [(2, 13)]) == "电话 话 吧"
    assert [each.text for each in cut("张**说", [(0, 3)])] == ["说"]


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("退货", "我要退货，退货！", ["退货", "退货"]),
        ("退", "我要退货", ["退"]),
        ("ABC", "买了ａｂｃ和abcd", ["ａｂｃ"]),
        ("5kg", "一袋5㎏装", ["5㎏"]),
        ("货退", "退货", []),
        ("啊啊", "啊啊啊", ["啊啊"]),
    ],
)
def test_finds_are_told_in_the_texts_own_characters(typed: str, text: str, found: list[str]) -> None:
    wanted = phrase(typed)
    assert wanted is not None
    assert [text[start:end] for start, end in places(wanted, cut(text))] == found


@given(st.data(), HAN_RUNS, st.text(max_size=8), st.text(max_size=8))
def test_any_two_or_more_han_characters_in_a_row_are_found(data, run: str, before: str, after: str) -> None:
    start = data.draw(st.integers(0, len(run) - 2))
    end = data.draw(st.integers(start + 2, len(run)))
    wanted = phrase(run[start:end])
    text = before + run + after
    assert wanted is not None
    assert places(wanted, cut(text)), (run[start:end], text)


@given(ANYTHING)
def test_tokens_hold_nothing_the_index_would_cut_again(text: str) -> None:
    for each in cut(text):
        assert re.fullmatch(rf"[{HAN}]{{1,2}}|[^\W_{HAN}]+", each.text)
        assert 0 <= each.start < each.end <= len(text)
        assert BETWEEN not in each.text


def index(tmp_path: Path, *texts: str):
    """Return an index with one session for each text."""
    opened = store.connect(tmp_path / "index.db", b"k" * 32, writing=True)
    store.make(opened)
    for number, text in enumerate(texts):
        said = (Said("customer", 1, text), Said("agent", 2, "您好"))
        store.put(opened, Session(f"{number:032x}", "aa", 1_000 + number, 2**62, (), "live", "closed", "none", said))
    return opened


def asked(opened, wanted: Wanted, sides=store.SIDES) -> list[int]:
    found = opened.execute("SELECT rowid FROM words WHERE words MATCH ?", (matching(wanted, sides, []),))
    return [store.moment_of(place) - 1_000 for (place,) in found]


@settings(max_examples=400, deadline=None)
@given(typed=ANYTHING)
def test_whatever_is_typed_is_read_and_asked_without_an_error(typed: str, shared_index) -> None:
    wanted = read(typed)
    if isinstance(wanted, Wanted):
        asked(shared_index, wanted)
    else:
        assert (wanted.code in {"search_empty", "search_long"}, bool(wanted.remedy)) == (True, True)


def read(typed: str) -> Wanted | InvalidError:
    try:
        return read_wanted(typed)
    except InvalidError as error:
        return error


@settings(max_examples=200, deadline=None)
@given(typed=st.text(st.sampled_from("\"*^(){}:+-aNOTDRE '\\款退"), max_size=30))
def test_nothing_of_the_indexs_own_language_is_understood(typed: str, shared_index) -> None:
    try:
        wanted = read_wanted(typed)
    except InvalidError:
        return
    expression = matching(wanted, store.SIDES, [])
    outside = re.sub(r'"[^"]*"', "", expression)
    assert re.fullmatch(r"[(){}: *]*(?:(?:AND|OR|NOT|customer|agent|bot)[(){}: *]*)*", outside)
    asked(shared_index, wanted)


@pytest.fixture(scope="module")
def shared_index(tmp_path_factory: pytest.TempPathFactory):
    return index(tmp_path_factory.mktemp("index"), "我要退货 customer NOT", "付款后多久发货 a", "好的")


@settings(max_examples=60, deadline=None)
@given(run=HAN_RUNS, data=st.data())
def test_the_index_finds_what_the_rule_finds(run: str, data, tmp_path_factory) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    piece = run[start : data.draw(st.integers(start + 1, len(run)))]
    opened = index(tmp_path_factory.mktemp("one"), f"x{run}y", "没有这些字")
    assert 0 in asked(opened, read_wanted(piece))
    opened.close()


def test_a_session_put_again_stands_there_as_it_is_now_and_nowhere_else(tmp_path: Path) -> None:
    opened = index(tmp_path, "原来的话", "别的")
    before = opened.execute("SELECT * FROM session ORDER BY place").fetchall()
    said = (Said("customer", 1, "后来的话"),)
    store.put(opened, Session(f"{0:032x}", "aa", 1_000, 2**62, (), "live", "closed", "none", said))
    assert asked(opened, read_wanted("原来")) == []
    assert asked(opened, read_wanted("后来")) == [0]
    assert opened.execute("SELECT * FROM session ORDER BY place").fetchall() == before
    store.take_away(opened, f"{0:032x}")
    assert (asked(opened, read_wanted("后来")), asked(opened, read_wanted("别的"))) == ([], [1])
    opened.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_the_best_messages_are_shown_in_their_order_with_a_window_around_the_words() -> None:
    long = "一" * 200 + "退货运费" + "二" * 200
    said = [
        Said("customer", 1, "退货"),
        Said("agent", 2, long),
        Said("bot", 3, "运费退货怎么算"),
        Said("bot", 4, "运费"),
    ]
    shown = show(said, read_wanted("退货 运费"))
    assert shown.number == 4
    assert [each.at for each in shown.snippets] == [2, 3]
    one = shown.snippets[0]
    assert (len(one.text), one.begins, one.ends) == (90, False, False)
    assert [one.text[start:end] for start, end in one.marks] == ["退货运费"]
    assert show(said, read_wanted("退货"), "agent").number == 1


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("打138****9876吧", ["138****9876"]),
        ("w***@qq.com", ["w***@qq.com"]),
        ("5*3*2", []),
        ("", []),
        ("𠮷**𠮷", ["**"]),
    ],
)
def test_stars_hide_what_stands_beside_them_also_where_no_mask_was_noted(text: str, hidden: list[str]) -> None:
    assert [text[start:end] for start, end in hidden_in(Words("customer", "", 0, text, ()))] == hidden
