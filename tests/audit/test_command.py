"""`huiyin audit`: plain words, a place and a way out; over a live house, a backup, and what is no audit at all."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from huiyin.audit.signing import load_public_key
from huiyin.cli.entry import app
from huiyin.kernel.errors import InvalidError, PermanentError
from huiyin.wiring import Settings, build

from .book import Book

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def kept(book: Book) -> Book:
    book.note(4)
    book.witness.look()
    return book


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """A command turns the log to the stderr of its process, which here ends with the command."""
    yield
    structlog.reset_defaults()


def asks(*words: object) -> Result:
    """Give a command."""
    return CliRunner().invoke(app, ["audit", *map(str, words)])


def test_a_sound_audit_is_told_while_the_house_lives(kept: Book, tmp_path: Path) -> None:
    key = asks("public-key", "--folder", kept.folder).stdout
    (tmp_path / "given.pem").write_text(key)
    fingerprint = load_public_key(tmp_path / "given.pem").name
    told = asks("verify", "--folder", kept.folder, "--public-key", tmp_path / "given.pem")
    assert told.exit_code == 0
    assert "sound" in told.output
    assert f"fingerprint: {fingerprint}" in told.output
    kept.note()
    plain = asks("verify", "--folder", kept.folder, "--public-key", tmp_path / "given.pem", "--json")
    said = json.loads(plain.stdout.splitlines()[-1])
    assert (said["sound"], said["entries"], said["beyond"], said["findings"]) == (True, 6, 1, [])


def test_what_is_wrong_is_told_with_its_place_and_what_to_do(kept: Book) -> None:
    kept.tamper("DELETE FROM audit_entry WHERE seq = 2")
    told = asks("verify", "--folder", kept.folder)
    assert told.exit_code == 1
    assert "#2 条目缺失" in told.output
    assert "→" in told.output
    said = json.loads(asks("verify", "--folder", kept.folder, "--json").stdout.splitlines()[-1])
    assert (said["findings"][0]["code"], said["findings"][0]["grave"]) == ("missing", True)
    assert said["findings"][0]["todo"]


def test_a_copy_that_cannot_be_written_is_verified_and_left_as_it_was(kept: Book, tmp_path: Path) -> None:
    kept.writer.stop()
    kept.reading.dispose()
    kept.engine.dispose()
    copy = tmp_path / "copy"
    copy.mkdir()
    with sqlite3.connect(kept.folder / "huiyin.db") as live:
        live.execute(f"VACUUM INTO '{copy / 'huiyin.db'}'")
    shutil.copytree(kept.places.folder, copy / "witness")
    before = (copy / "huiyin.db").read_bytes()
    copy.chmod(0o500)
    try:
        assert asks("verify", "--folder", copy, "--backup").exit_code == 0
    finally:
        copy.chmod(0o700)
    assert (copy / "huiyin.db").read_bytes() == before


@pytest.mark.parametrize("option", ["--folder", "--public-key", "--checkpoints"])
def test_a_file_that_is_not_there_is_refused_with_a_remedy(kept: Book, option: str, tmp_path: Path) -> None:
    folder = () if option == "--folder" else ("--folder", kept.folder)
    refused = asks("verify", *folder, option, tmp_path / "nothing")
    assert isinstance(refused.exception, InvalidError)
    assert refused.exception.remedy
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("command", ["resume", "public-key", "verify"])
def test_a_folder_that_is_no_house_is_refused_and_stays_as_it_was(command: str, tmp_path: Path) -> None:
    place = tmp_path / "mistyped"
    for _ in ("no such folder", "an empty one"):
        refused = asks(command, "--folder", place)
        assert isinstance(refused.exception, InvalidError)
        assert "no database" in str(refused.exception)
        assert "--folder" in refused.exception.remedy
        assert not place.exists() or not list(place.iterdir())
        place.mkdir(exist_ok=True)


def test_a_database_that_is_none_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "huiyin.db").write_bytes(b"this is not a database at all" * 99)
    refused = asks("verify", "--folder", tmp_path)
    assert isinstance(refused.exception, PermanentError)
    assert refused.exception.remedy


def test_after_an_older_backup_was_restored_the_audit_goes_on_and_says_so(kept: Book, tmp_path: Path) -> None:
    place = tmp_path / "restored"
    place.mkdir()
    with sqlite3.connect(kept.folder / "huiyin.db") as live:
        live.execute(f"VACUUM INTO '{place / 'huiyin.db'}'")
    kept.note(2)
    kept.witness.look()
    shutil.copytree(kept.places.folder, place / "witness")
    shutil.copy(kept.places.signing_key, place / "audit.key")
    build(Settings(tmp_path / "fresh")).close()
    shutil.copy(tmp_path / "fresh" / "master.key", place / "master.key")
    whole = kept.places.checkpoints.read_bytes()
    assert asks("verify", "--folder", place).exit_code == 1
    told = asks("resume", "--folder", place)
    assert told.exit_code == 0, told.output
    (evidence,) = (place / "witness").glob("checkpoints-until-*.jsonl")
    assert evidence.read_bytes() == whole
    said = json.loads(asks("verify", "--folder", place, "--json").stdout.splitlines()[-1])
    assert (said["sound"], said["checkpoints"], said["beyond"]) == (True, 2, 0)
    again = asks("resume", "--folder", place)
    assert again.exit_code == 0
    assert "nothing to do" in again.output


KILLED = """
import sys
from pathlib import Path
from huiyin.audit.writing import Entry, write_down
from huiyin.kernel.actors import system
from huiyin.wiring import Settings, build

house = build(Settings(Path(sys.argv[1])))
entry = Entry(action="test.done", actor=system("tests"), tenant="t", subject="s")
while True:
    house.writer.run(write_down, entry)
    if house.witness.standing().seq == 20:
        house.witness.look()
    print(house.witness.standing().seq, flush=True)
"""


def test_a_kill_between_commit_and_checkpoint_loses_nothing_that_was_told(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    told = 0
    while told < 40:
        told = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    rest = [int(line) for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    told = max([told, *rest])
    said = json.loads(asks("verify", "--folder", tmp_path, "--json").stdout.splitlines()[-1])
    assert said["sound"]
    assert said["entries"] >= told
    assert (said["last"]["seq"], said["beyond"]) == (20, said["entries"] - 21)
