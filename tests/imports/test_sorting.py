"""However a file's rows stand, and however few fit into memory: what comes out is all of it, in order, named once."""

import io
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.imports import sorting
from huiyin.imports.chats import Said
from huiyin.imports.columns import Kind
from huiyin.imports.jobs import Job, Refused
from huiyin.imports.keeping import Files

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MAPPED = {"time": "time", "customer": "customer", "sender": "sender", "text": "text"}
ROWS = st.lists(st.tuples(st.integers(0, 5_000), st.sampled_from("abc"), st.sampled_from(["在吗", "好"])), max_size=60)


def brought(folder: Path, rows: list[tuple[int, str, str]], stop_at: int = 0) -> tuple[list[Said], list[Refused]]:
    """Sort rows of (minute, customer, words) that come from a file, seven at a time in memory."""
    files = Files(folder)
    incoming = files.incoming()
    lines = ["time,customer,sender,text", "不是时间,a,客户,坏的一行"]
    for minute, customer, words in rows:
        at = NOW - timedelta(days=30) + timedelta(minutes=minute)
        lines.append(f"{at:%Y-%m-%dT%H:%M:%SZ},{customer},客户,{words}")
    incoming.write("\n".join(lines).encode())
    copy = incoming.finish()
    job = Job(copy.id, "tenant", "shop", Kind.CHATS, "", "reading", "", MAPPED, copy.key, 0, "mine")
    refused: list[Refused] = []

    def told(read: int, latest: list[Refused]) -> bool:
        refused.extend(latest)
        return not stop_at or read < stop_at

    found = sorting.sort_file(files, job, sorting.reader_of(job, NOW, "本店"), str, told)
    if found is None:
        return [], refused
    files.settle(job.id, "sorted", job.lease)
    files.discard(job.id, job.lease)
    said = list(sorting.sorted_records(files, job, 0))
    assert found[0] == len(said)
    assert list(sorting.sorted_records(files, job, 3)) == said[3:]
    left = {path.name.partition(".")[2] for path in folder.iterdir() if path.name.startswith(copy.id)}
    assert left == {"copy", "sorted"}
    return [each for each in said if isinstance(each, Said)], refused


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "RUN", 7)
    monkeypatch.setattr(sorting, "TOLD_EVERY", 5)


@given(ROWS)
def test_all_of_it_comes_out_in_order_whatever_the_order_it_stood_in(tmp_path_factory, rows) -> None:
    said, refused = brought(tmp_path_factory.mktemp("files"), rows)
    assert sorted((each.customer, each.text) for each in said) == sorted((customer, text) for _, customer, text in rows)
    assert [each.at for each in said] == sorted(each.at for each in said)
    assert len({each.message for each in said}) == len(rows), "equal words at one moment are told apart"
    assert [(each.row, each.code) for each in refused] == [(2, "time_unreadable")]


@given(ROWS, st.randoms(use_true_random=False))
def test_the_same_rows_in_another_order_are_the_same_messages(tmp_path_factory, rows, random) -> None:
    other = random.sample(rows, len(rows))
    first, again = (brought(tmp_path_factory.mktemp("files"), each)[0] for each in (rows, other))
    assert {(each.message, each.session) for each in first} == {(each.message, each.session) for each in again}


@given(ROWS)
def test_a_session_ends_where_somebody_is_silent_for_half_an_hour(tmp_path_factory, rows) -> None:
    said, _ = brought(tmp_path_factory.mktemp("files"), rows)
    for customer in "abc":
        mine = [each for each in said if each.customer == customer]
        for earlier, later in pairwise(mine):
            silent = later.at - earlier.at > sorting.SESSION_GAP.total_seconds() * 1000
            assert (earlier.session != later.session) == silent


def test_it_stops_in_the_middle_when_told_to(tmp_path: Path) -> None:
    assert brought(tmp_path, [(minute, "a", "在吗") for minute in range(50)], stop_at=20)[0] == []


def test_a_header_further_down_is_no_header(tmp_path: Path) -> None:
    titled = "一份导出\n\n时间,顾客,发送方,内容\n2026-05-01 10:00:00,a,顾客,时间"
    opened = sorting.open_as(Kind.CHATS, io.BytesIO(titled.encode()))
    assert opened.columns[:4] == ("时间", "顾客", "发送方", "内容")
    assert [row.cells["内容"] for row in opened.rows] == ["时间"]
