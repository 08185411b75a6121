"""Checkpoints: signed while there is something new, never over what does not hold, and a crash costs nothing."""

import stat
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from huiyin.audit.checkpoints import read_checkpoints
from huiyin.audit.signing import load_public_key
from huiyin.audit.verifying import OVERDUE_MS, SIGNED
from huiyin.audit.witnessing import Witness
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.units import Seconds

from .book import Book


def told(book: Book) -> list[tuple[str, str]]:
    """Let the witness look; return what it logged."""
    with capture_logs() as logs:
        book.witness.look()
    return [(each["event"], each.get("code", each.get("error", ""))) for each in logs]


def test_nothing_is_made_where_nothing_was_written_down(book: Book) -> None:
    assert book.witness.look() is None
    assert not book.places.folder.exists()
    assert not book.places.signing_key.exists()


def test_a_checkpoint_tells_how_far_the_chain_came_and_the_chain_names_it(book: Book) -> None:
    book.note(3)
    signed = book.witness.look()
    assert signed is not None
    assert (signed.number, signed.seq, signed.head) == (1, 3, book.rows()[2].hash.hex())
    assert (book.rows()[3].action, book.rows()[3].actor) == (SIGNED, "system:witness")
    assert signed.digest() in book.rows()[3].detail
    assert book.witness.look() is None, "its own mention is no activity"
    book.note()
    again = book.witness.look()
    assert again is not None
    assert (again.number, again.seq, again.prev) == (2, 5, signed.digest())
    key = load_public_key(book.places.public_key)
    assert read_checkpoints(book.places.checkpoints, key) == ([signed, again], [], [])
    assert stat.S_IMODE(book.places.signing_key.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_a_crash_before_the_checkpoint_loses_nothing_and_the_next_one_covers_it(book: Book) -> None:
    book.note(2)
    assert (book.verify().beyond, book.found()) == (2, [("unwitnessed", "")])
    book.witness.look()
    book.note(5)
    assert (book.verify().beyond, book.verify().sound) == (5, True)
    book.witness.look()
    assert (book.verify().beyond, book.found()) == (0, [])


def test_a_crash_between_the_file_and_its_mention_in_the_chain_is_no_finding(book: Book) -> None:
    book.note(2)
    book.writer.stop()
    assert told(book) == [("audit.witness_stopped", "TemporaryError")]
    assert [book.verify().checkpoints, book.found()] == [1, []]


def test_a_crash_in_the_middle_of_a_line_is_mended_by_the_next(book: Book) -> None:
    book.note()
    book.witness.look()
    with book.places.checkpoints.open("ab") as file:
        file.write(b'{"number":2,"se')
    book.note()
    assert book.found() == [("checkpoint_torn", "✓2")]
    assert book.verify().sound
    signed = book.witness.look()
    assert signed is not None
    assert (signed.number, book.found()) == (2, [])


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE audit_entry SET actor = 'person:p-mei' WHERE seq = 7", "edited"),
        ("DELETE FROM audit_entry WHERE seq = 6", "missing"),
        ("UPDATE audit_entry SET hash = x'00' WHERE seq = 4", "rewritten"),
        ("DELETE FROM audit_entry WHERE seq >= 4", "tail_missing"),
    ],
)
def test_the_witness_never_signs_what_does_not_hold_and_says_so(book: Book, statement: str, code: str) -> None:
    book.note(4)
    book.witness.look()
    book.note(3)
    before = book.checkpoint_lines()
    book.tamper(statement)
    assert told(book) == [("audit.chain_broken", code)]
    assert book.checkpoint_lines() == before
    book.clock.advance(Seconds(1))
    book.note()
    assert not book.verify().sound


def test_how_it_stands_is_told_without_following_the_chain(book: Book) -> None:
    book.note(4)
    assert [each.code for each in book.witness.standing().findings] == ["unwitnessed"]
    book.witness.look()
    book.note(2)
    standing = book.witness.standing()
    assert (standing.seq, standing.beyond, standing.findings) == (7, 2, [])
    assert standing.last is not None
    book.tamper("UPDATE audit_entry SET hash = x'00' WHERE seq = 4")
    assert [each.code for each in book.witness.standing().findings] == ["rewritten"]


@pytest.mark.parametrize("spoil", ["gone", "broken", "another"])
def test_a_wrong_signing_key_stops_the_witness_alone_and_is_told(book: Book, spoil: str) -> None:
    book.note()
    book.witness.look()
    kept = book.places.signing_key.read_text()
    if spoil == "gone":
        book.places.signing_key.unlink()
    else:
        book.places.signing_key.write_text("half a key" if spoil == "broken" else "ab" * 32)
    book.note()
    assert told(book)[0][0] == "audit.witness_stopped"
    assert [each.code for each in book.witness.standing().findings] == ["signing_stopped"]
    assert len(book.checkpoint_lines()) == 1
    book.places.signing_key.write_text(kept)
    assert told(book) == []
    assert [book.verify().beyond, book.found()] == [0, []]


def test_a_checkpoint_file_that_was_cut_is_not_silently_begun_anew(book: Book) -> None:
    book.note()
    book.witness.look()
    book.places.checkpoints.unlink()
    book.note()
    assert told(book) == [("audit.chain_broken", "checkpoints_missing")]
    assert next(each.code for each in book.witness.standing().findings) == "checkpoints_missing"


def test_a_witness_that_stopped_is_missed(book: Book) -> None:
    book.note()
    book.witness.look()
    book.note()
    book.clock.advance(Seconds(OVERDUE_MS / 1000 + 1))
    book.note()
    assert book.found() == [("overdue", "#3–4")]


def test_two_processes_stopping_at_once_sign_one_chain(book: Book) -> None:
    other = Witness(book.places, book.reading, book.writer, book.clock)
    for witness in (book.witness, other, other, book.witness):
        book.note()
        witness.look()
    assert (book.verify().checkpoints, book.found()) == (4, [])


def test_a_key_that_is_none_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("not a key")
    for name in ("no.pem", "absent.pem"):
        with pytest.raises(InvalidError) as refused:
            load_public_key(tmp_path / name)
        assert refused.value.remedy
