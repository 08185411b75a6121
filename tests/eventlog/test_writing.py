"""The one writer: neighbours are spared, nothing half is kept, everybody hears what became of their command."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.eventlog.database import open_for_writing
from huiyin.eventlog.prepared import Prepared
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.errors import TemporaryError

from .log import TESTS, Fell, Log, ring

T = TypeVar("T")


async def within_ten(answer: Awaitable[T]) -> T:
    """Wait for an answer, ten seconds at most: a writer that died answers never."""
    async with asyncio.timeout(10):
        return await answer


def ring_all(uow: UnitOfWork, numbers: Sequence[int]) -> list[int]:
    """Ring a batch of bells; 13 is refused, after it was recorded."""
    versions = []
    for number in numbers:
        versions.append(ring(uow, "tower", number))
        if number == 13:
            message = "planted: no bell has this number"
            raise ValueError(message)
    return versions


async def test_one_bad_command_in_a_batch_spares_the_rest_and_hears_of_it_alone(log: Log) -> None:
    with log.one_batch():
        asked = [asyncio.ensure_future(log.writer.do_with_others(ring_all, number)) for number in (1, 13, 2, 3)]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in answers] == [int, ValueError, int, int]
    assert sorted(each for each in answers if isinstance(each, int)) == [1, 2, 3]
    assert log.versions() == {"tower": [1, 2, 3]}
    assert [each.event.number for each in log.seen[-1]] == [1, 2, 3]


async def test_a_batch_without_a_bad_command_is_one_transaction(log: Log) -> None:
    with log.one_batch():
        asked = [asyncio.ensure_future(log.writer.do_with_others(ring_all, number)) for number in range(9)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*asked) == list(range(1, 10))
    assert [len(each) for each in log.seen] == [9]


def refuse_at_commit(uow: UnitOfWork) -> None:
    """Break a deferred foreign key: SQLite tells only at COMMIT."""
    uow.connection.exec_driver_sql("INSERT INTO child VALUES (7)")


async def test_a_transaction_that_fails_at_commit_answers_everybody_temporary_and_leaves_nothing(log: Log) -> None:
    with log.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (of INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
    log.engine.dispose()
    strict = open_for_writing(Path(log.engine.url.database), synchronous="OFF")
    sa.event.listen(strict, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys=ON"))
    log.writer.stop()
    log.writer = Writer(strict, log.catalogue, log.clock)
    log.writer.watch(log.seen.append)
    log.writer.start()
    told: list[str] = []
    with log.one_batch():
        asked = [
            asyncio.ensure_future(log.writer.do(ring, "tower", 1)),
            asyncio.ensure_future(log.writer.do(lambda uow: uow.on_commit(lambda: told.append("durable")))),
            asyncio.ensure_future(log.writer.do(refuse_at_commit)),
        ]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in answers] == [TemporaryError] * 3
    assert all(each.remedy for each in answers)
    assert (log.versions(), log.rows("SELECT * FROM child"), log.seen, told) == ({}, [], [], [])
    assert await log.writer.do(ring, "tower", 1) == 1


async def test_a_failure_of_the_database_is_temporary_also_where_a_prepared_statement_met_it(log: Log) -> None:
    nowhere = Prepared(sa.Table("nowhere", sa.MetaData(), sa.Column("id", sa.Text)).delete())
    with pytest.raises(TemporaryError, match="nothing was stored"):
        await log.writer.do(lambda uow: nowhere.run(uow.connection))


async def test_a_full_disk_answers_temporary_keeps_nothing_half_and_heals(log: Log) -> None:
    def fill(uow: UnitOfWork) -> None:
        ring(uow, "tower", 1)
        uow.connection.exec_driver_sql("INSERT INTO effect VALUES ('big', hex(randomblob(4000000)), 1)")

    def note(uow: UnitOfWork) -> None:
        uow.connection.exec_driver_sql("INSERT INTO effect VALUES ('small', 'tower', 1)")

    def limit(uow: UnitOfWork, pages: int) -> None:
        uow.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await log.writer.do(limit, 1)  # no lower than what is used already
    with log.one_batch():
        asked = [asyncio.ensure_future(log.writer.do(verb)) for verb in (note, fill, note)]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in answers] == [TemporaryError] * 3
    assert (log.versions(), log.rows("SELECT * FROM effect")) == ({}, [])
    await log.writer.do(limit, 1_000_000)
    await log.writer.do(fill)
    assert log.versions() == {"tower": [1]}


async def test_an_event_that_cannot_be_written_is_told_and_the_writer_goes_on(log: Log) -> None:
    def drop(uow: UnitOfWork) -> None:
        uow.record(Fell(object()), subject="tower", tenant="t", shop="s", actor=TESTS)

    with pytest.raises(TemporaryError):
        await within_ten(log.writer.do(drop))
    assert await within_ten(log.writer.do(ring, "tower", 1)) == 1


async def test_a_watcher_that_breaks_stops_neither_the_writer_nor_the_other_watchers(log: Log) -> None:
    def broken(_recorded: object) -> None:
        message = "planted: nobody is watching"
        raise ValueError(message)

    log.writer._watchers.insert(0, broken)
    for version in (1, 2):
        assert await within_ten(log.writer.do(ring, "tower", version)) == version
    assert len(log.seen) == 2


async def test_after_stopping_commands_are_refused_with_a_remedy(log: Log) -> None:
    log.writer.stop()
    with pytest.raises(TemporaryError) as refused:
        await log.writer.do(ring, "tower", 1)
    assert refused.value.remedy


command = st.tuples(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), st.booleans(), st.booleans())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(command, max_size=6), max_size=4))
async def test_versions_and_positions_have_no_gaps_whatever_rolls_back(
    log: Log, batches: list[list[tuple[list[str], bool, bool]]]
) -> None:
    def act(uow: UnitOfWork, subjects: list[str], breaks: bool) -> int:
        for each in subjects:
            ring(uow, each, 0)
        if breaks:
            message = "planted: rolled back"
            raise ValueError(message)
        return len(subjects)

    def act_all(uow: UnitOfWork, commands: Sequence[tuple[list[str], bool]]) -> list[int]:
        return [act(uow, subjects, breaks) for subjects, breaks in commands]

    before = Counter({subject: len(versions) for subject, versions in log.versions().items()})
    expected = Counter(before)
    for batch in batches:
        with log.one_batch():
            asked = [
                asyncio.ensure_future(
                    log.writer.do_with_others(act_all, (subjects, breaks))
                    if together
                    else log.writer.do(act, subjects, breaks)
                )
                for subjects, breaks, together in batch
            ]
            await asyncio.sleep(0)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        for (subjects, breaks, _), answer in zip(batch, answers, strict=True):
            assert isinstance(answer, ValueError) is breaks
            if not breaks:
                expected.update(subjects)
    assert log.versions() == {subject: list(range(1, number + 1)) for subject, number in expected.items()}
    positions = [position for (position,) in log.rows("SELECT position FROM event ORDER BY position")]
    assert positions == list(range(1, len(positions) + 1))


def test_nobody_else_on_the_machine_reads_what_is_written(log: Log, tmp_path: Path) -> None:
    log.writer.run(ring, "tower", 1)
    made = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.glob("log.db*")}
    assert {"log.db", "log.db-wal"} <= made.keys()
    assert set(made.values()) == {0o600}
