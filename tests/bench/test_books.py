"""Lost, doubled, reordered: told apart on books written by hand."""

import sqlite3

import pytest

from huiyin.bench.books import Wrong, compare_with
from huiyin.bench.chat import Line, Message, Talk
from huiyin.bench.ingest import WallWatch
from huiyin.bench.report import Report, percentile

TALK = Talk("jd_1", 0, 8)
NAMES = {"k1": "m1", "k2": "m2"}
GOOD = [("s:k1", "c", 1, "i1"), ("s:k2", "c", 2, "i2")]


def message(mid: str) -> Message:
    return Message(mid, TALK, "/hooks/jd/s", b"", opening=False, line=Line("", ""))


def books(rows: list[tuple[str, str, int, str]], events: list[str]) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE message (source_key, conversation, version, id, sender DEFAULT 'customer')")
    database.executemany("INSERT INTO message (source_key, conversation, version, id) VALUES (?, ?, ?, ?)", rows)
    database.execute("CREATE TABLE event (kind DEFAULT 'conversations.MessageReceived', body)")
    bodies = [(f'{{"message":"{each}","sender":"customer"}}',) for each in events]
    database.executemany("INSERT INTO event (body) VALUES (?)", bodies)
    return database


@pytest.mark.parametrize(
    ("rows", "events", "wrong"),
    [
        pytest.param(GOOD, ["i1", "i2"], Wrong(0, 0, 0), id="as acknowledged"),
        pytest.param(GOOD[:1], ["i1"], Wrong(1, 0, 0), id="one is lost"),
        pytest.param([("s:k1", "c", 2, "i1"), ("s:k2", "c", 1, "i2")], ["i2", "i1"], Wrong(0, 0, 1), id="reordered"),
        pytest.param(GOOD, ["i1", "i1", "i2"], Wrong(0, 2, 0), id="one event too many, for the same message"),
        pytest.param([*GOOD, ("s:k2", "c", 3, "i3")], ["i1", "i2", "i3"], Wrong(0, 1, 0), id="stored twice"),
    ],
)
def test_what_is_wrong_is_counted(rows: list[tuple[str, str, int, str]], events: list[str], wrong: Wrong) -> None:
    assert compare_with(books(rows, events), [message("m1"), message("m2")], NAMES) == wrong


def test_a_session_is_on_the_wall_when_the_count_reaches_it() -> None:
    watch = WallWatch([(1.0, 5), (2.0, 6), (3.0, 8)])
    assert watch.delays(5, [1.5, 1.6, 1.7, 1.8]) == [0.5, 1.4, pytest.approx(1.3), float("inf")]


@pytest.mark.parametrize(
    ("figures", "held"),
    [
        ({"a": 1.0, "b": 0}, True),
        ({"a": 0.5, "b": 0}, False),
        ({"a": 1.0, "b": 1}, False),
        ({"a": 1.0}, False),
        ({"a": float("inf"), "b": 0}, False),
    ],
)
def test_a_report_holds_if_every_target_does(figures: dict[str, float], held: bool) -> None:
    report = Report("x", figures, {"a": (">=", 1.0), "b": ("==", 0.0)}, 1)
    assert report.held is held
    assert bool(report.missed()) is not held


def test_the_99th_percentile_of_a_hundred_is_the_worst_but_one_or_worse() -> None:
    assert percentile([float(each) for each in range(100)], 0.99) == 99.0
    assert percentile([], 0.99) == float("inf")
