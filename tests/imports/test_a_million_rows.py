"""A file of a million rows, shuffled and in GB18030: every record comes out, in order, in memory that stays small."""

import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huiyin.imports import sorting
from huiyin.imports.columns import Kind
from huiyin.imports.jobs import Job, Refused
from huiyin.imports.keeping import Files

ROWS, BAD_EVERY = 1_000_000, 1_000
NOW = datetime(2026, 6, 1, tzinfo=UTC)
MAPPED = {"time": "时间", "customer": "顾客", "sender": "发送方", "text": "内容"}
MOST_KIB = 256 * 1024
"""Twice what it takes; the records held at once would be eight times as much."""
PART = 10_000


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a program's peak of memory")
@pytest.mark.timeout(300)
def test_all_of_it_comes_out_in_order_in_little_memory(tmp_path: Path) -> None:
    ended = subprocess.run(  # in a process of its own, whose peak of memory is nobody else's
        [sys.executable, "-m", "tests.imports.test_a_million_rows", str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    records, refused, out_of_order, peak_kib = map(int, ended.stdout.split())
    assert (records, refused) == (ROWS - ROWS // BAD_EVERY, ROWS // BAD_EVERY)
    assert out_of_order == 0
    assert peak_kib < MOST_KIB


def _written(files: Files) -> Job:
    """Write the file as somebody would upload it: every thousandth row without a moment."""
    incoming, chance = files.incoming(), random.Random(7)
    incoming.write("时间,顾客,发送方,内容\n".encode("gb18030"))
    places = list(range(ROWS))
    chance.shuffle(places)
    for start in range(0, ROWS, PART):
        lines = [_line(start + row, place) for row, place in enumerate(places[start : start + PART])]
        incoming.write("".join(lines).encode("gb18030"))
    copy = incoming.finish()
    return Job(copy.id, "tenant", "shop", Kind.CHATS, "", "reading", "", MAPPED, copy.key, 0, "mine")


def _line(row: int, place: int) -> str:
    at = (
        "没有时间"
        if row % BAD_EVERY == 0
        else f"{NOW - timedelta(days=80) + timedelta(seconds=place):%Y-%m-%d %H:%M:%S}"
    )
    return f"{at},顾客{place % 50_000},顾客,第{place}句：付款后多久发货？\n"


def _sort(folder: Path) -> tuple[int, int, int]:
    files = Files(folder)
    job, refused = _written(files), list[Refused]()

    def told(_rows: int, latest: list[Refused]) -> bool:
        refused.extend(latest)
        return True

    found = sorting.sort_file(files, job, sorting.reader_of(job, NOW, "本店"), str, told)
    files.settle(job.id, "sorted", job.lease)
    records = out_of_order = last = 0
    for record in sorting.sorted_records(files, job, 0):
        records, out_of_order, last = records + 1, out_of_order + (record.at < last), record.at
    assert found is not None
    assert found[0] == records
    return records, len(refused), out_of_order


def _peak_kib() -> int:
    """Return the most memory this program had; what `getrusage` tells includes whoever started it."""
    told = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(told.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    figures = _sort(Path(sys.argv[1]))
    sys.stdout.write(" ".join(map(str, (*figures, _peak_kib()))))
