"""Whatever a file does to its reader, and whoever loses an import to another process: it ends once, told, and whole."""

import asyncio
import contextlib
import errno
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from tests.imports.test_bounds import BROKEN, SHEET, altered

from huiyin.imports import feeding, jobs, offering, sorting
from huiyin.imports.jobs import Job
from huiyin.imports.keeping import Files
from huiyin.kernel.ids import new_id
from huiyin.kernel.units import Seconds

from .stage import Person, Stage
from .test_imports import HEADER, messages, offers, owner, table, workbook

__all__ = ["owner"]

COUNT = 60


def many(count: int) -> list[str]:
    return [
        f"2025-11-02 1{at // 3600}:{at // 60 % 60:02}:{at % 60:02},s{at},jd_{at},买家,,第{at}个," for at in range(count)
    ]


async def started(who: Person, stage: Stage, raw: bytes, what: str = "chats") -> str:
    offered = await offers(who, stage, raw, what)
    assert offered.status_code == 201, offered.text
    told = offered.json()
    begun = await who.http.post(
        f"/api/imports/{told['file']['id']}/start", json={"columns": told["preview"]["mapped"], "sheet": ""}
    )
    assert begun.status_code == 200, begun.text
    return str(told["file"]["id"])


async def state(who: Person) -> tuple[str, str, int, int]:
    [now] = (await who.get("/api/imports/"))["imports"]
    return now["state"], now["trouble"], now["fed"], now["refused"]


def left(stage: Stage) -> list[str]:
    return [path.name for path in (stage.folder / "imports").iterdir()]


@pytest.mark.parametrize("how", BROKEN)
async def test_a_broken_workbook_is_refused_at_the_door_with_its_reason(stage: Stage, owner: Person, how: str) -> None:
    refused = await offers(owner, stage, BROKEN[how]())
    assert (refused.status_code, refused.json()["code"]) == (400, "file_unreadable")
    assert left(stage) == []


async def test_a_workbook_that_breaks_where_no_preview_looked_ends_as_failed(stage: Stage, owner: Person) -> None:
    whole = workbook(HEADER.split(","), *(line.split(",") for line in many(1_100)))
    late = altered(SHEET, lambda sheet: sheet.replace(b'<row r="1101"', b'<row r="x"'), whole)
    await started(owner, stage, late)
    await stage.house.importer.work()
    assert await state(owner) == ("failed", "file_unreadable", 0, 0)
    assert left(stage) == []


@pytest.mark.parametrize(
    ("what", "raw", "fed", "code"),
    [
        ("chats", table(*many(1_001), "9999-12-31 23:59:59-08:00,s1,jd_old,买家,,请问,"), 1_001, "time_unreadable"),
        ("service_manager", table(f"2025-11-01,合计,{'9' * 20}", header="日期,客服,接待量"), 0, "number_too_large"),
    ],
)  # fmt: skip
async def test_a_cell_no_number_can_hold_is_a_refused_row(  # a table of cases
    stage: Stage, owner: Person, what: str, raw: bytes, fed: int, code: str
) -> None:
    file = await started(owner, stage, raw, what)
    await stage.house.importer.work()
    assert await state(owner) == ("done", "", fed, 1)
    assert [row["code"] for row in (await owner.get(f"/api/imports/{file}/refused"))["rows"]] == [code]


@pytest.mark.parametrize(
    ("raised", "trouble"), [(ZeroDivisionError(), "import_broke"), (OSError(errno.ENOSPC, "full"), "import_disk")]
)
async def test_what_nobody_foresaw_ends_an_import_once_and_is_told(
    stage: Stage, owner: Person, monkeypatch: pytest.MonkeyPatch, raised: Exception, trouble: str
) -> None:
    await started(owner, stage, table(*many(5)))

    def breaks(*_: object) -> None:
        raise raised

    monkeypatch.setattr(feeding, "sort_file", breaks)
    with contextlib.suppress(ZeroDivisionError):
        await stage.house.importer.work()
    stage.clock.advance(Seconds(61))
    assert await stage.house.importer.work() == 0
    assert await state(owner) == ("failed", trouble, 0, 0)
    assert left(stage) == []


def takes_on(stage: Stage, file: str) -> None:
    """Another process takes the file on, once its lease has run out."""
    stage.clock.advance(Seconds(61))
    taken = stage.house.writer.run(jobs.take_on, stage.house.sealer, new_id())
    assert taken is not None
    assert taken.id == file


async def test_whoever_loses_an_import_while_feeding_leaves_it_to_the_other(
    stage: Stage, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await started(owner, stage, table(*many(COUNT)))
    inner, turns = feeding._next, 0  # where a process may sleep

    def sleeps(records: Iterator[object]) -> list[object]:
        nonlocal turns
        turns += 1
        if turns == 3:
            takes_on(stage, file)
        return inner(records)  # type: ignore[arg-type,return-value]  # records, whatever they are

    monkeypatch.setattr(feeding, "_next", sleeps)
    await stage.house.importer.work()
    assert await state(owner) == ("feeding", "", 10, 0)
    stage.clock.advance(Seconds(61))
    assert await stage.house.importer.work() == COUNT - 10
    assert await state(owner) == ("done", "", COUNT, 0)
    assert len(messages(stage)) == COUNT
    assert left(stage) == []


async def test_whoever_loses_an_import_while_reading_takes_nothing_away(
    stage: Stage, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await started(owner, stage, table(*many(COUNT)))
    inner = feeding.sort_file

    def slow(files: Files, job: Job, *other: object) -> object:
        found = inner(files, job, *other)  # type: ignore[arg-type]  # as it was called
        takes_on(stage, file)
        return found

    monkeypatch.setattr(feeding, "sort_file", slow)
    await stage.house.importer.work()
    assert left(stage) == [f"{file}.copy"]
    monkeypatch.setattr(feeding, "sort_file", inner)
    stage.clock.advance(Seconds(61))
    await stage.house.importer.work()
    assert await state(owner) == ("done", "", COUNT, 0)


async def test_a_lease_is_renewed_while_a_large_file_is_put_in_order(
    stage: Stage, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await started(owner, stage, table(*many(COUNT)))
    monkeypatch.setattr(sorting, "TOLD_EVERY", 10)
    inner = sorting._framed  # what is done once for every record

    def slow(record: sorting.Record) -> bytes:
        stage.clock.advance(Seconds(5))
        assert stage.house.writer.run(jobs.take_on, stage.house.sealer, new_id()) is None
        return inner(record)

    monkeypatch.setattr(sorting, "_framed", slow)
    assert await stage.house.importer.work() == COUNT


async def test_a_stopped_import_leaves_nothing_behind(
    stage: Stage, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await started(owner, stage, table(*many(COUNT)))
    inner = feeding.sort_file

    def stopped_meanwhile(files: Files, job: Job, *other: object) -> object:
        stage.house.writer.run(jobs.end, file, "stopped", "", actor=feeding.IMPORTER)
        return inner(files, job, *other)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(feeding, "sort_file", stopped_meanwhile)
    assert await stage.house.importer.work() == 0
    assert (await state(owner))[0] == "stopped"
    assert left(stage) == []


async def test_many_who_look_into_slow_files_leave_threads_to_everybody_else(
    stage: Stage, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, most = 0, 0
    go_on, busy, loop = threading.Event(), asyncio.Event(), asyncio.get_running_loop()
    inner = offering.preview

    def slow(*args: Any) -> offering.Preview:
        nonlocal looking, most
        looking += 1
        most = max(most, looking)
        if looking == feeding.LOOKS_AT_ONCE:
            loop.call_soon_threadsafe(busy.set)
        assert go_on.wait(10)
        looking -= 1
        return inner(*args)

    monkeypatch.setattr(offering, "preview", slow)
    offered = [asyncio.create_task(offers(owner, stage, table(*many(3)))) for _ in range(20)]
    await busy.wait()
    async with asyncio.timeout(5):
        await asyncio.to_thread(lambda: None)  # as carrying events and whatever else the house does
    go_on.set()
    assert {answer.status_code for answer in await asyncio.gather(*offered)} == {201}
    assert most == feeding.LOOKS_AT_ONCE
