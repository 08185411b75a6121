"""An export that another process went on with is that one's alone, whatever the first still has in hand."""

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from huiyin.exporting import jobs, working
from huiyin.exporting.keeping import Draft, Parts
from huiyin.kernel.actors import system
from huiyin.kernel.ids import new_id
from huiyin.kernel.units import Seconds

from .stage import Person, Stage
from .test_exports import PATH, asks, exports, lying, owner, small, table, talks

__all__ = ["owner", "small"]  # fixtures


def oversleeps(stage: Stage, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object], part: int = 1) -> None:
    """Have a part wait before it is written: over a minute passes, something happens, another process works."""
    inner, loop, waiting = Parts.write, asyncio.get_running_loop(), [meanwhile]

    def write(parts: Parts, draft: Draft, *rest: Any) -> None:
        if waiting and draft.number == part:
            happens = waiting.pop()
            stage.clock.advance(Seconds(61))
            happens()
            asyncio.run_coroutine_threadsafe(stage.worker.rounds.exporter.work(), loop).result()
        inner(parts, draft, *rest)

    monkeypatch.setattr(Parts, "write", write)


async def begun(stage: Stage, owner: Person) -> str:
    """Four sessions are asked for; return the export's number."""
    for place in range(4):
        await talks(stage, f"第{place}个", place=place)
    return str((await asks(owner, stage)).json()["id"])


async def said(owner: Person, number: str) -> list[str]:
    return [row[5] for row in (await table(owner, number))[2:] if row[3] == "客户"]


async def test_who_comes_back_late_overwrites_and_removes_nothing(
    stage: Stage, owner: Person, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await begun(stage, owner)
    # The other's parts are other parts.
    oversleeps(stage, monkeypatch, lambda: monkeypatch.setattr(working, "BATCHES_A_PART", 3))
    await stage.worker.rounds.exporter.work()
    assert (await owner.get(f"{PATH}/{number}"))["state"] == "done"
    assert await said(owner, number) == [f"第{place}个" for place in range(4)]
    assert [path.name for path in lying(stage)] == [f"{number}.1", f"{number}.2"], "nor is anything left over"


async def test_who_comes_back_late_and_fails_ends_nothing(
    stage: Stage, owner: Person, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await begun(stage, owner)
    held = stage.house.writer.run(jobs.take_on, stage.house.sealer, new_id())
    assert held is not None
    stage.clock.advance(Seconds(61))
    await stage.worker.rounds.exporter.work()

    async def full(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(working.Exporter, "_part", full)
    await stage.worker.rounds.exporter._turn(held)
    assert len(await said(owner, number)) == 4


async def test_of_one_that_is_cancelled_while_a_part_is_written_nothing_is_left(
    stage: Stage, owner: Person, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await begun(stage, owner)
    cancels = partial(stage.house.writer.run, jobs.end, number, "cancelled", actor=system("tests"))
    oversleeps(stage, monkeypatch, cancels, part=2)
    await stage.worker.rounds.exporter.work()
    assert (await owner.get(f"{PATH}/{number}"))["state"] == "cancelled"
    assert lying(stage) == []


async def test_what_a_process_that_ended_had_in_hand_is_swept(stage: Stage, owner: Person) -> None:
    await talks(stage, "在吗")
    done = await exports(owner, stage)
    left = stage.folder / "exports" / f"{done['id']}.2.{new_id()}"
    left.write_bytes(b"half a part")
    for minutes, there in ((1, True), (10, False)):
        written = stage.clock.now() - timedelta(minutes=minutes)  # the disc has a clock of its own
        os.utime(left, (written.timestamp(), written.timestamp()))
        await stage.worker.rounds.exporter.sweep()
        assert left.exists() == there, "it may be on its way"
    assert [path.name for path in lying(stage)] == [f"{done['id']}.1"]
