"""Writing down: chained in the order of the commits, in the deed's own transaction, or the deed does not happen."""

import asyncio

import pytest
import sqlalchemy as sa

from huiyin.audit.chaining import COLUMNS, GENESIS, hash_of
from huiyin.audit.writing import write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.errors import RefusedError, TemporaryError

from .book import LIN, Book, entry


def test_an_entry_says_who_did_what_and_how_they_proved_who_they_are(book: Book) -> None:
    book.note(subject="shop-9", detail={"to": "p-mei", "from": None, "days": 3})
    row = book.rows()[0]
    assert (row.seq, row.tenant, row.actor_tenant, row.actor) == (1, "merchant", "vendor", "person:p-lin")
    assert (row.action, row.subject, row.outcome) == ("account.mapped", "shop-9", "done")
    assert (row.proof, row.proof_id, row.device, row.second_factor_at) == ("session", "s-1", "Firefox", 7)
    assert row.detail == '{"days":3,"from":null,"to":"p-mei"}'
    assert LIN.name not in str(row)


def test_every_entry_hangs_on_the_one_before_it(book: Book) -> None:
    def twice(uow: UnitOfWork) -> None:
        write_down(uow, entry(subject="a"))
        write_down(uow, entry(subject="b"))

    book.note()
    book.writer.run(twice)
    book.note()
    prev = GENESIS
    for seq, row in enumerate(book.rows(), start=1):
        assert (row.seq, row.prev) == (seq, prev)
        assert row.hash == hash_of(prev, [row._mapping[name] for name in COLUMNS])
        prev = row.hash


async def test_what_is_undone_was_never_written_down_and_its_neighbours_were(book: Book) -> None:
    def act(uow: UnitOfWork, subject: str, refused: bool) -> None:
        write_down(uow, entry(subject=subject))
        if refused:
            message = "not today"
            raise RefusedError(message)

    orders = [("a", False), ("b", True), ("c", False), ("d", True)]
    asked = [book.writer.do(act, *each) for each in orders]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(each, RefusedError) for each in answers] == [refused for _, refused in orders]
    assert [(row.seq, row.subject) for row in book.rows()] == [(1, "a"), (2, "c")]


def test_a_deed_that_cannot_be_written_down_does_not_happen(book: Book) -> None:
    def deed(uow: UnitOfWork) -> None:
        uow.connection.exec_driver_sql("INSERT INTO request_key VALUES ('k', 'm', 1)")
        write_down(uow, entry())

    broken = "CREATE TRIGGER planted BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'planted'); END"
    book.writer.run(lambda uow: uow.connection.exec_driver_sql(broken))
    with pytest.raises(TemporaryError, match="nothing was stored") as told:
        book.writer.run(deed)
    assert told.value.remedy
    assert book.rows() == []
    with book.reading.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM request_key").scalar() == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET actor = 'person:p-mei' WHERE seq = 2",
        "UPDATE audit_entry SET seq = 9 WHERE seq = 3",
        "DELETE FROM audit_entry WHERE seq = 2",
        "DELETE FROM audit_entry",
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE seq = 2",
        "INSERT INTO audit_entry SELECT 9, at, tenant, actor_tenant, actor, action, subject, outcome, proof, proof_id,"
        " device, second_factor_at, detail, prev, hash FROM audit_entry WHERE seq = 3",
    ],
)
def test_the_table_itself_refuses_every_change(book: Book, change: str) -> None:
    book.note(3)
    before = book.rows()
    with pytest.raises(sa.exc.IntegrityError, match="audit entries are"):
        book.writer.run(lambda uow: uow.connection.exec_driver_sql(change))
    assert book.rows() == before


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"action": "Mapped the account"}, "names no action"),
        ({"detail": {"words": "字" * 201}}, "never words"),
        ({"subject": "x" * 201}, "never words"),
        ({"detail": {"at": 1.5}}, "whole numbers"),
        ({"detail": {"Two words": 1}}, "no plain name"),
    ],
)
def test_words_are_not_written_down(book: Book, wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        book.note(**wrong)
    assert book.rows() == []


ID = "01a203e41e087612b70f7b29973255e1"


@pytest.mark.parametrize(
    "text",
    [
        "", ID, f"person:{ID}", f"login:{ID}", ID * 2, "team_lead", "auditor,security_officer", "reset_all",
        "wall:read", "insight.figures", "p-lin", "shop-9", "2", "v12", "k1.0",
    ],
)  # fmt: skip
def test_ids_and_codes_stand_as_they_are(book: Book, text: str) -> None:
    book.note(subject=text, detail={"what": text})
    assert [(row.subject, row.detail) for row in book.rows()] == [(text, f'{{"what":"{text}"}}')]


@pytest.mark.parametrize(
    "text",
    [
        "13812345678", "张三13812345678", "delivery 13812345678", "a13812345678", "tel-138-1234-5678", "x1.3812.345678",
        "６２２２０２", "١٣٨", "zhang@example.com", "Zhang San", "11010519491231002x", "a,13812345678", "person:张三",
        "京A12345", "a\nb", " a", "a ", "0755-1234567",
    ],
)  # fmt: skip
def test_whatever_somebody_typed_is_withheld(book: Book, text: str) -> None:
    book.note(subject=text, tenant=text, detail={"what": text})
    (row,) = book.rows()
    assert (row.subject, row.tenant, row.detail) == ("withheld", "withheld", '{"what":"withheld"}')
    assert text not in str(row)
