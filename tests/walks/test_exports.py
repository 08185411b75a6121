"""Sessions and messages leave as a file: masked, marked, written down, and gone when what stands in it must go."""

import asyncio
import contextlib
import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from huiyin.audit.store import audit_entry
from huiyin.exporting import rows as export_rows
from huiyin.exporting import sheets, working
from huiyin.exporting.store import export as export_table
from huiyin.kernel.actors import system
from huiyin.kernel.units import Seconds
from huiyin.retention import sweeping
from huiyin.security.shredding import shred
from huiyin.wiring import conversations_sealed, scrub

from .codes import App, with_second_factor
from .founding import NOON, PASSWORD
from .stage import Customer, Person, Stage
from .test_statements import Counter

PATH = "/api/exports"
PHONE = "13812345678"
TODAY = NOON.date().isoformat()
DAY = 24 * 3600


@pytest.fixture
async def owner(stage: Stage) -> Person:
    person = await stage.person("owner")
    person.app, _codes = await with_second_factor(person, PASSWORD)  # type: ignore[attr-defined]  # for those who come back
    return person


@pytest.fixture
def counter(stage: Stage) -> Iterator[Counter]:
    made = Counter()
    sa.event.listen(stage.house.reading, "before_cursor_execute", made.note)
    yield made
    sa.event.remove(stage.house.reading, "before_cursor_execute", made.note)


async def talks(stage: Stage, *said: str, place: int = 0, shop: str = "digital") -> Customer:
    """A customer writes, and the lead ends the conversation."""
    customer = stage.customer(shop, place=place)
    for words in said:
        await customer.says(words)
    await customer.ends()
    return customer


async def asks(who: Person, stage: Stage, **other: object) -> httpx.Response:
    wanted = {"shops": [stage.shops["digital"]], "first": TODAY, "last": TODAY, "content": "messages", "form": "csv"}
    return await who.http.post(PATH, json={**wanted, **other})


async def exports(who: Person, stage: Stage, **other: object) -> dict[str, Any]:
    """Ask, let it be worked at, and return how it stands then."""
    asked = await asks(who, stage, **other)
    assert asked.status_code == 201, asked.text
    await stage.worker.rounds.exporter.work()
    return dict(await who.get(f"{PATH}/{asked.json()['id']}"))


async def takes(who: Person, number: str) -> httpx.Response:
    return await who.http.post(f"{PATH}/{number}/download")


async def table(who: Person, number: str) -> list[list[str]]:
    answer = await takes(who, number)
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_an_owner_takes_the_days_sessions_and_messages_out(stage: Stage, owner: Person) -> None:
    await talks(stage, "请问什么时候发货", f"电话{PHONE}")
    await talks(stage, "在吗", place=1)
    done = await exports(owner, stage)
    assert {key: done[key] for key in ("state", "expected", "sessions", "taken", "person", "mine")} == {
        "state": "done", "expected": 2, "sessions": 2, "taken": 0, "person": "王店主", "mine": True,
    }  # fmt: skip
    mark, heading, *rows = await table(owner, done["id"])
    assert mark[:6] == ["导出编号", done["id"], "导出人", "王店主", "导出时间", "2026-06-01 12:00:00"], mark
    assert heading == ["店铺", "会话", "时间", "谁", "类型", "内容（已打码）", "发送状态", "已撤回", "来源", "导出编号"]
    assert len(rows) == done["rows"]
    assert {row[-1] for row in rows} == {done["id"]}
    said = [row[5] for row in rows if row[3] == "顾客"]
    assert said[0] == "请问什么时候发货"
    assert PHONE not in str(rows)
    assert {"顾客", "智能助手"} <= {row[3] for row in rows}
    session = rows[0][1].removeprefix("/sessions/")
    assert (await owner.opens(session))["messages"]
    sessions = await exports(owner, stage, content="sessions", language="en")
    _mark, heading, *rows = await table(owner, sessions["id"])
    told = [dict(zip(heading, row, strict=True)) for row in rows]
    assert [(each["State"], each["Closed as"], each["Source"]) for each in told] == [("Closed", "Solved", "Simulated")] * 2
    assert sorted(int(each["Messages of the customer"]) for each in told) == [1, 2]
    assert all(float(each["First response (s)"]) >= 0 for each in told)
    listed = await owner.get(PATH)
    assert [each["taken"] for each in listed["exports"]] == [1, 1]
