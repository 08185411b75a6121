"""How finds are held against answers, by hand."""

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from huiyin.cli.entry import app
from huiyin.evals.pii.judging import BARS, KINDS, Text, judge, overlaps, wilson
from huiyin.evals.pii.reading import kinds_of, read_texts, seeded_texts
from huiyin.kernel.errors import InvalidError
from huiyin.security.detecting.finding import find_personal


@pytest.mark.parametrize(
    ("answer", "find", "hit"),
    [
        ((0, 10), (0, 10), True),
        ((0, 10), (5, 10), True),
        ((0, 10), (6, 10), False),
        ((0, 10), (0, 20), True),
        ((0, 10), (0, 21), False),
        ((0, 10), (5, 15), True),
        ((0, 10), (10, 20), False),
    ],
)
def test_a_hit_shares_half_of_the_longer_one(answer: tuple[int, int], find: tuple[int, int], hit: bool) -> None:
    assert overlaps((*answer, "phone"), (*find, "phone")) is hit


def test_precision_recall_and_f1_of_a_worked_example() -> None:
    texts = [
        Text("aaaaaaaaaa", ((0, 4, "phone"), (5, 9, "phone"))),  # one exact, one half found
        Text("bbbbbbbbbb", ((0, 4, "phone"),)),  # found as something else
        Text("cccccccccc", ()),  # and a false alarm
    ]
    finds = {
        "aaaaaaaaaa": [(0, 4, "phone"), (5, 7, "phone")],
        "bbbbbbbbbb": [(0, 4, "qq")],
        "cccccccccc": [(1, 3, "phone")],
    }
    judged = judge(texts, finds.__getitem__)
    phone = judged.figures["phone"]
    assert (phone.hits, phone.finds, phone.answers, phone.exact) == (2, 3, 3, 1)
    assert phone.precision.share == phone.recall.share == phone.f1 == pytest.approx(2 / 3)
    assert phone.exact_f1 == pytest.approx(1 / 3)
    assert judged.figures["qq"].precision.share == 0
    assert judged.figures["qq"].recall.share is None
    assert [(each.kind, each.what) for each in judged.misses] == [
        ("phone", "missed"), ("qq", "wrong"), ("phone", "wrong"),
    ]  # fmt: skip


def test_a_find_hits_one_answer_only() -> None:
    judged = judge([Text("x" * 20, ((0, 6, "name"), (6, 10, "name")))], lambda _: [(0, 10, "name")])
    assert judged.figures["name"].hits == 1


@pytest.mark.parametrize(("hits", "of", "low", "high"), [(0, 0, 0, 1), (9, 10, 0.596, 0.982), (100, 100, 0.963, 1)])
def test_wilsons_interval(hits: int, of: int, low: float, high: float) -> None:
    interval = wilson(hits, of)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_every_bar_holds_on_the_seeded_set() -> None:
    texts = list(seeded_texts(11))
    assert len(texts) >= 5000
    judged = judge(texts, find_personal)
    assert [bar for each in judged.figures.values() for bar in each.misses_bar()] == []
    assert all(judged.figures[kind].answers > 100 for kind in KINDS)


def test_a_detector_that_sees_nothing_misses_every_bar() -> None:
    judged = judge(seeded_texts(1, 2000), lambda _: [])
    assert len([bar for each in judged.figures.values() for bar in each.misses_bar()]) == 2 * len(BARS)


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_a_file_judges_the_types_it_speaks_of(tmp_path: Path, suffix: str) -> None:
    lines = [
        {"text": "电话13812345678", "spans": [[2, 13, "PHONE"]], "sid": "1"},
        {"text": "收件人李小雨", "spans": []},
        {"text": "京A12345", "spans": [[0, 7, "PLATE"]]},
    ]
    file = tmp_path / f"texts{suffix}"
    packed = "\n".join(map(json.dumps, lines)).encode()
    file.write_bytes(gzip.compress(packed) if suffix.endswith("gz") else packed)
    texts = read_texts(file)
    assert kinds_of(texts) == ("phone", "plate")
    told = CliRunner().invoke(app, ["eval", "pii", "--data", str(file), "--json"])
    assert told.exit_code == 0
    figures = json.loads(told.stdout)["figures"]
    assert (
        figures["phone_precision"] == figures["phone_recall"] == figures["phone_f1"] == figures["phone_exact_f1"] == 1
    )
    assert figures["phone_recall_low"] < 1
    assert "name_precision" not in figures


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: Input data was truncated"),
        ('{"text": "a"}', "line 2: Object missing required field `spans`"),
        ('{"text": "a", "spans": [[0, 2, "PHONE"]]}', r"line 2: the span \[0, 2\] does not lie in a text of 1 char"),
        ('{"text": "a", "spans": [[0, 1, "FAX"]]}', "line 2: there is no type 'FAX'"),
        ('{"text": "a", "spans": []}', "holds no span"),
    ],
)
def test_a_bad_file_is_told_with_its_line_and_a_remedy(tmp_path: Path, line: str, says: str) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(f'{{"text": "b", "spans": []}}\n{line}\n', encoding="utf-8")
    with pytest.raises(InvalidError, match=says) as told:
        read_texts(file)
    assert told.value.remedy


@pytest.mark.parametrize("name", ["absent.jsonl", "folder", "no.gz"])
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "no.gz").write_bytes(b"not packed")
    with pytest.raises(InvalidError, match="cannot be read"):
        read_texts(tmp_path / name)
