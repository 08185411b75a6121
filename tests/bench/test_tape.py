"""What a power cut leaves, step by step."""

from pathlib import Path
from random import Random

import pytest

from huiyin.bench.tape import HEAD, Disk, Kept, Step, steps

DICE = Random(1)


def write(at: int, data: bytes) -> Step:
    return Step("W", "a.db", at, data, 0.0)


def sync(kind: str, pair: int) -> Step:
    return Step(kind, "a.db", pair, b"", 0.0)


def left(*taken: Step) -> bytes:
    kept = Kept(bytearray(b"base"))
    for step in taken:
        kept.take(step)
    return bytes(kept.left(DICE, torn=False))


@pytest.mark.parametrize(
    ("taken", "remains"),
    [
        pytest.param([write(0, b"B")], b"base", id="never synced"),
        pytest.param([write(0, b"B"), sync("B", 1), sync("E", 1)], b"Base", id="synced"),
        pytest.param([write(0, b"B"), sync("B", 1)], b"base", id="the sync did not end"),
        pytest.param([sync("B", 1), write(0, b"B"), sync("E", 1)], b"base", id="written while the sync ran"),
        pytest.param([write(6, b"!"), sync("B", 1), sync("E", 1)], b"base\0\0!", id="beyond the end"),
        pytest.param([Step("T", "a.db", 2, b"", 0), sync("B", 1), sync("E", 1)], b"ba", id="shortened"),
        pytest.param([Step("T", "a.db", 2, b"", 0)], b"base", id="shortened, not synced"),
        pytest.param(
            [write(0, b"B"), sync("B", 1), write(1, b"A"), sync("B", 2), sync("E", 2), sync("E", 1)],
            b"BAse",
            id="two syncs at once",
        ),
    ],
)
def test_only_what_was_synced_is_safe(taken: list[Step], remains: bytes) -> None:
    assert left(*taken) == remains


def test_a_torn_write_arrives_in_whole_sectors() -> None:
    kept = Kept(bytearray(4096))
    kept.take(write(0, b"x" * 4096))
    images = {bytes(kept.left(Random(seed), torn=True)) for seed in range(40)}
    assert bytes(4096) in images
    assert b"x" * 4096 in images
    torn = [image for image in images if len(set(image)) == 2]
    assert torn
    assert all(len(set(image[at : at + 512])) == 1 for image in torn for at in range(0, 4096, 512))


def test_a_tape_cut_short_is_read_up_to_its_last_whole_record(tmp_path: Path) -> None:
    record = HEAD.pack(ord("W"), 7, 3, 5, 1_000_000_000) + b"/f/a.db" + b"abc"
    tape = tmp_path / "tape"
    tape.write_bytes(record + record[:-1])
    assert list(steps(tape, Path("/f"))) == [Step("W", "a.db", 5, b"abc", 1.0)]


def test_a_disk_begins_with_what_was_there(tmp_path: Path) -> None:
    base, image = tmp_path / "base", tmp_path / "image"
    base.mkdir()
    (base / "a.db").write_bytes(b"base")
    (base / "a.db-shm").write_bytes(b"shared")
    disk = Disk(base)
    disk.take(Step("W", "b.db", 0, b"new", 0.0))
    disk.write(image, DICE, torn=False)
    assert {path.name: path.read_bytes() for path in image.iterdir()} == {"a.db": b"base", "b.db": b""}
    assert {path.stat().st_mode & 0o777 for path in image.iterdir()} == {0o600}, "a key others may read is refused"
