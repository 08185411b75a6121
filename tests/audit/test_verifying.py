"""Every way to change what was written down is found, and told at its place."""

import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.audit.chaining import COLUMNS
from huiyin.audit.findings import WORDS
from huiyin.audit.signing import load_public_key, load_signing_key
from huiyin.audit.verifying import Against, verify
from huiyin.audit.witnessing import WITNESS_SECONDS, Places, Witness
from huiyin.eventlog.database import open_for_reading
from huiyin.kernel.units import Seconds

from .book import Book

Found = list[tuple[str, str]]


@pytest.fixture
def kept(book: Book) -> Book:
    """Twelve entries: checkpoint 1 after the fourth, 2 after the ninth (its predecessor's mention among them)."""
    book.note(4)
    book.witness.look()
    book.clock.advance(Seconds(WITNESS_SECONDS))
    book.note(4)
    book.witness.look()
    book.note(2)
    return book


def test_an_audit_nobody_touched_is_sound(kept: Book) -> None:
    verdict = kept.verify()
    assert (verdict.sound, verdict.findings, verdict.entries, verdict.checkpoints) == (True, [], 12, 2)
    assert (verdict.last.seq if verdict.last else 0, verdict.beyond) == (9, 2)


CHANGES: dict[str, Any] = {
    "at": 1, "tenant": "other", "actor_tenant": "other", "actor": "person:p-mei", "action": "account.seen",
    "subject": "shop-2", "outcome": "refused", "proof": "token", "proof_id": "s-2", "device": "Chrome",
    "second_factor_at": None, "detail": '{"to":"p-mei"}', "hash": bytes(32), "prev": bytes(32),
}  # fmt: skip


@pytest.mark.parametrize("column", [*CHANGES])
def test_an_edit_of_any_column_is_found_at_its_entry(kept: Book, column: str) -> None:
    kept.tamper(f"UPDATE audit_entry SET {column} = :value WHERE seq = 3", value=CHANGES[column])
    assert ("edited", "#3") in kept.found()
    assert not kept.verify().sound


def test_every_column_is_edited_above() -> None:
    assert {*CHANGES, "seq"} == {*COLUMNS, "prev", "hash"}


COPY = f"SELECT {{}}, {', '.join(COLUMNS[1:])}, prev, hash FROM audit_entry WHERE seq = {{}}"

TAMPERINGS: dict[str, tuple[tuple[str, ...], Found]] = {
    "deleted": (("DELETE FROM audit_entry WHERE seq = 6",), [("missing", "#6")]),
    "deleted in a row": (("DELETE FROM audit_entry WHERE seq BETWEEN 6 AND 8",), [("missing", "#6–8")]),
    "deleted, and the rest moved up": (
        ("DELETE FROM audit_entry WHERE seq = 11", "UPDATE audit_entry SET seq = 11 WHERE seq = 12"),
        [("out_of_place", "#11"), ("edited", "#11")],
    ),
    "two exchanged": (
        ("UPDATE audit_entry SET seq = -7 WHERE seq = 7", "UPDATE audit_entry SET seq = 7 WHERE seq = 8",
         "UPDATE audit_entry SET seq = 8 WHERE seq = -7"),
        [("out_of_place", "#7"), ("edited", "#7"), ("out_of_place", "#8"), ("edited", "#8"), ("out_of_place", "#9")],
    ),
    "inserted at the end": (
        (f"INSERT INTO audit_entry {COPY.format(13, 12)}",), [("out_of_place", "#13"), ("edited", "#13")],
    ),
    "inserted before the first": ((f"INSERT INTO audit_entry {COPY.format(0, 12)}",), [("out_of_place", "#0")]),
    "the end cut off": (("DELETE FROM audit_entry WHERE seq > 7",), [("tail_missing", "#8–9 ✓2")]),
    "all but the first cut off": (("DELETE FROM audit_entry WHERE seq > 1",), [("tail_missing", "#2–9 ✓1")]),
    "emptied": (("DELETE FROM audit_entry",), [("tail_missing", "#1–9 ✓1")]),
    "no text any more": (
        ("UPDATE audit_entry SET subject = CAST(x'ff' AS TEXT) WHERE seq = 4",), [("unreadable", "#4")],
    ),
    "a number for a text": (("UPDATE audit_entry SET subject = x'00' WHERE seq = 4",), [("edited", "#4")]),
}  # fmt: skip


@pytest.mark.parametrize("name", [*TAMPERINGS])
def test_a_tampering_is_found_where_it_is(kept: Book, name: str) -> None:
    statements, expected = TAMPERINGS[name]
    kept.tamper(*statements)
    found = kept.found()
    assert [each for each in found if each in expected] == expected
    assert not kept.verify().sound


@pytest.mark.parametrize("since", [1, 4, 6, 9])
def test_a_chain_written_anew_with_right_hashes_is_found_by_its_checkpoints(kept: Book, since: int) -> None:
    kept.tamper("UPDATE audit_entry SET actor = 'person:p-mei' WHERE seq = :seq", seq=since)
    kept.rechain(since)
    span, number = ("#1–4", 1) if since <= 4 else ("#5–9", 2)
    assert kept.found() == [("rewritten", f"{span} ✓{number}")]


def test_what_lies_beyond_the_last_checkpoint_only_the_next_one_protects(kept: Book) -> None:
    kept.witness.look()
    kept.tamper("UPDATE audit_entry SET actor = 'person:p-mei' WHERE seq = 11")
    kept.rechain(11)
    assert kept.found() == [("rewritten", "#10–12 ✓3")]


def test_a_database_without_an_audit_is_told(kept: Book) -> None:
    kept.writer.run(lambda uow: uow.connection.exec_driver_sql("DROP TABLE audit_entry"))
    assert kept.found() == [("table_missing", "")]


def test_a_guard_that_was_removed_is_missed(kept: Book) -> None:
    kept.writer.run(lambda uow: uow.connection.exec_driver_sql("DROP TRIGGER audit_entry_is_never_deleted"))
    assert kept.found() == [("guard_missing", "")]


def test_a_trigger_that_was_added_is_told(kept: Book) -> None:
    silent = "CREATE TRIGGER silent BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(IGNORE); END"
    kept.writer.run(lambda uow: uow.connection.exec_driver_sql(silent))
    assert kept.found() == [("guard_missing", "")]


def _edited(lines: list[bytes]) -> list[bytes]:
    return [lines[0].replace(b'"seq":4', b'"seq":3'), *lines[1:]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda lines: lines[:-1], ("checkpoint_cut", "✓2"), id="the last one cut off"),
        pytest.param(lambda lines: lines[1:], ("checkpoint_out_of_place", "#9 ✓2"), id="the first one removed"),
        pytest.param(lambda lines: lines[::-1], ("checkpoint_out_of_place", "#9 ✓2"), id="exchanged"),
        pytest.param(lambda lines: [lines[0], *lines], ("checkpoint_out_of_place", "#4 ✓1"), id="one twice"),
        pytest.param(_edited, ("checkpoint_forged", "#3 ✓1"), id="edited"),
        pytest.param(lambda lines: [b"not a line\n", lines[1]], ("checkpoint_unreadable", "✓1"), id="overwritten"),
        pytest.param(lambda _: [], ("checkpoint_cut", "✓1"), id="emptied"),
    ],
)
def test_a_changed_checkpoint_file_is_found(kept: Book, change: Any, expected: tuple[str, str]) -> None:
    kept.places.checkpoints.write_bytes(b"".join(change(kept.checkpoint_lines())))
    assert expected in kept.found()
    assert not kept.verify().sound


def test_a_checkpoint_file_that_is_gone_is_missed(kept: Book) -> None:
    kept.places.checkpoints.unlink()
    assert kept.found() == [("checkpoints_missing", "✓2")]


def test_checkpoints_forged_with_another_key_do_not_pass(kept: Book, tmp_path: Path) -> None:
    forger = Places(tmp_path / "forger", tmp_path / "forger.key")
    key = kept.verify().last
    kept.tamper("DELETE FROM audit_entry WHERE action = 'audit.checkpoint_signed'")
    for place, row in enumerate(kept.rows(), start=1):
        kept.tamper("UPDATE audit_entry SET seq = :new WHERE seq = :old", new=place, old=row.seq)
    kept.rechain(1)
    Witness(forger, kept.reading, kept.writer, kept.clock).look()
    assert key is not None
    forged = {code for code, _ in kept.found(checkpoints=forger.checkpoints)}
    assert "wrong_key" in forged
    assert not kept.verify(checkpoints=forger.checkpoints).sound


def test_another_key_is_told_of_once_and_nothing_false_follows_from_it(kept: Book, tmp_path: Path) -> None:
    first = kept.checkpoint_lines()[0]
    other = load_signing_key(tmp_path / "other.key", make=True).public
    ours = load_public_key(kept.places.public_key)
    kept.clock.advance(Seconds(3600))
    kept.note()
    kept.witness.look()
    (found,) = kept.verify(key=other).findings
    assert (found.code, found.checkpoint, found.key) == ("wrong_key", 1, ours.name)
    assert (found.seq, found.until) == (4, kept.verify().last.seq)  # type: ignore[union-attr]
    assert (kept.verify(key=other).sound, kept.verify(key=other).key) == (False, other.name)
    kept.places.checkpoints.write_bytes(first)
    assert {code for code, _ in kept.found(key=other)} == {"wrong_key", "checkpoint_cut"}, "a cut file is still found"


def test_a_key_from_beside_the_checkpoints_vouches_for_little_and_that_is_told(kept: Book) -> None:
    assert kept.found(beside=True) == [("key_from_beside", "")]
    assert kept.verify(beside=True).sound
    assert kept.found(key=None) == [("key_missing", "")]


def test_a_clock_that_went_back_is_told_and_nothing_is_refused(kept: Book) -> None:
    kept.clock.advance(Seconds(-3600))
    kept.note()
    verdict = kept.verify()
    assert [(each.code, each.where) for each in verdict.findings] == [("clock_went_back", "#13")]
    assert verdict.sound


def test_an_older_backup_put_in_its_place_is_found_and_a_backup_may_be_verified_as_one(
    kept: Book, tmp_path: Path
) -> None:
    shutil.copytree(kept.folder, tmp_path / "backup", ignore=shutil.ignore_patterns("backup"))
    kept.witness.look()
    kept.note()
    kept.witness.look()
    old = open_for_reading(tmp_path / "backup" / "huiyin.db")
    key = load_public_key(kept.places.public_key)
    with old.connect() as connection:
        restored = verify(connection, Against(kept.places.checkpoints, key))
        backup = verify(connection, Against(kept.places.checkpoints, key, backup=True))
    old.dispose()
    assert ([each.code for each in restored.findings], restored.sound) == (["tail_missing"], False)
    assert ([each.code for each in backup.findings], backup.sound) == (["tail_in_backup"], True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_random_edit_passes(kept: Book, data: st.DataObject) -> None:
    before = {row.seq: tuple(row) for row in kept.rows()}
    seq = data.draw(st.integers(1, 9))
    column = data.draw(st.sampled_from([*COLUMNS[1:], "prev", "hash"]))
    value = data.draw(st.one_of(st.none(), st.integers(-5, 5), st.text(max_size=4), st.binary(max_size=33)))
    stood = next(row for row in kept.rows() if row.seq == seq)._mapping[column]
    with suppress(sqlite3.IntegrityError):  # what not even the database takes
        kept.tamper(f"UPDATE audit_entry SET {column} = :value WHERE seq = :seq", value=value, seq=seq)
    changed = {row.seq: tuple(row) for row in kept.rows()} != before
    assert kept.verify().sound is not changed
    kept.tamper(f"UPDATE audit_entry SET {column} = :value WHERE seq = :seq", value=stood, seq=seq)
    assert kept.verify().sound


def test_every_finding_has_words_and_a_way_out() -> None:
    assert all(all(words[1:]) for words in WORDS.values())
