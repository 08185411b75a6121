"""Sessions and messages leave as a file: masked, marked, written down, and gone when what stands in it must go."""

import asyncio
import contextlib
import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from huiyin.audit.store import audit_entry
from huiyin.exporting import asking, rows, sheets, taking, views, words, working
from huiyin.exporting.store import export as export_table
from huiyin.exporting.store import export_part
from huiyin.kernel.actors import Actor, Role, person, system
from huiyin.kernel.errors import ConflictError
from huiyin.kernel.ids import PersonId, ShopId, TenantId
from huiyin.kernel.units import Seconds
from huiyin.security.shredding import Rooms, shred
from huiyin.wiring import conversations_sealed, scrub

from .codes import with_second_factor
from .founding import NOON, PASSWORD
from .stage import Customer, Person, Stage
from .test_imports import CHATS, brings_in
from .test_imports import table as chats
from .test_query_plans import plans
from .test_retention import Merchant, merchant
from .test_statements import Counter

__all__ = ["merchant"]  # a fixture
PATH = "/api/exports"
PHONE = "13812345678"
TODAY = NOON.date().isoformat()
DAY = 24 * 3600
LOOKS = 3
"""Statements by which it is asked, before a part and before the end, whether whoever wants it may look still."""


@pytest.fixture
async def owner(stage: Stage) -> Person:
    person = await stage.person("owner")
    await with_second_factor(person, PASSWORD)
    return person


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a part be of one session, so that few sessions are many parts."""
    monkeypatch.setattr(working, "BATCHES_A_PART", 1)
    monkeypatch.setattr(rows, "AT_ONCE", {"sessions": 1, "messages": 1})


@pytest.fixture
def counter(stage: Stage) -> Iterator[Counter]:
    made = Counter()
    sa.event.listen(stage.house.reading, "before_cursor_execute", made.note)
    yield made
    sa.event.remove(stage.house.reading, "before_cursor_execute", made.note)


async def talks(stage: Stage, *said: str, place: int = 0, shop: str = "digital") -> Customer:
    """A customer writes, and the lead ends the conversation."""
    customer = stage.customer(shop, place=place)
    for each in said:
        await customer.says(each)
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
        "state": "done", "expected": 2, "sessions": 2, "taken": 0, "person": "马店主", "mine": True,
    }  # fmt: skip
    mark, heading, *told = await table(owner, done["id"])
    assert mark[:6] == ["导出编号", done["id"], "导出人", "马店主", "导出时间", "2026-06-01 12:00:00"], mark
    assert heading == ["店铺", "会话", "时间", "谁", "类型", "内容（已打码）", "发送状态", "已撤回", "来源", "导出编号"]
    assert len(told) == done["rows"]
    assert {row[-1] for row in told} == {done["id"]}
    said = [row[5] for row in told if row[3] == "客户"]
    assert said[0] == "请问什么时候发货"
    assert PHONE not in str(told)
    assert {"客户", "智能助手"} <= {row[3] for row in told}
    session = told[0][1].removeprefix("/sessions/")
    assert (await owner.opens(session))["messages"]
    sessions = await exports(owner, stage, content="sessions", language="en")
    _mark, heading, *told = await table(owner, sessions["id"])
    told = [dict(zip(heading, row, strict=True)) for row in told]
    assert {(each["State"], each["Closed as"], each["Source"]) for each in told} == {("Closed", "Solved", "Simulated")}
    assert sorted(int(each["Messages of the customer"]) for each in told) == [1, 2]
    assert any(each["First answered by"] == "Bot" and float(each["First response (s)"]) >= 0 for each in told)
    listed = await owner.get(PATH)
    assert [each["taken"] for each in listed["exports"]] == [1, 1]


def lying(stage: Stage) -> list[Path]:
    return sorted((stage.folder / "exports").glob("*"))


def parts(stage: Stage) -> int:
    return len(stage.rows(sa.select(export_part)))


def whoever(stage: Stage, login: str) -> Actor:
    """Return somebody as the rooms know them, with the shop they are asked about."""
    shop = stage.house.shops.all()[stage.shops["digital"]]
    who, since = PersonId(str(stage.founded.people[login])), {ShopId(shop.id): 0}
    return person(who, login, TenantId(shop.tenant), frozenset({Role.MERCHANT_OWNER}), since)


def stands(stage: Stage, number: str) -> bool:
    with stage.house.reading.connect() as connection:
        return taking.stands(connection, number)


async def shredded(stage: Stage, customer: Customer) -> None:
    """Destroy the key of a customer, as the security officer's deed does."""
    [subject] = {each.event.customer for each in stage.events(customer.conversation) if hasattr(each.event, "customer")}
    ring = stage.house.ring
    rooms = Rooms(conversations_sealed.check_at_rest, lambda uow, whose, who: scrub(uow, ring, whose, who))
    await stage.house.writer.do(shred, ring, subject, "来信 2026-17", rooms, actor=system("terminal"))


async def test_what_a_customer_typed_is_text_and_no_formula(stage: Stage, owner: Person) -> None:
    evil = ["=1+1", "+86", "-3", "@SUM(A1)", '=HYPERLINK("http://evil.invalid","点我")', "一行\n两行"]
    await talks(stage, *evil)
    done = await exports(owner, stage)
    said = [row[5] for row in await table(owner, done["id"]) if len(row) == 10 and row[3] == "客户"]
    assert said == [*(f"'{each}" for each in evil[:5]), *evil[5:]]
    book = load_workbook(io.BytesIO((await takes(owner, (await exports(owner, stage, form="xlsx"))["id"])).content))
    assert book.sheetnames == ["说明", "消息"]
    found = [cells[5] for cells in book["消息"].iter_rows() if cells[3].value == "客户"]
    assert [cell.value for cell in found] == evil
    assert {cell.data_type for cell in found} == {"s"}
    assert ("导出人", "马店主") in [tuple(cell.value for cell in cells) for cells in book["说明"].iter_rows()]


async def test_what_does_not_fit_on_one_sheet_goes_on_on_the_next(
    stage: Stage, owner: Person, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in range(3):
        await talks(stage, "在吗", place=place)
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    done = await exports(owner, stage, form="xlsx", content="sessions", language="en")
    file = (await takes(owner, done["id"])).content
    book = load_workbook(io.BytesIO(file))
    assert book.sheetnames == ["About", "Sessions", "Sessions 2"]
    told = load_workbook(io.BytesIO(file), read_only=True)
    assert [sheet.calculate_dimension() for sheet in told.worksheets] == ["A1:B7", "A1:W3", "A1:W2"]
    assert [sheet.max_row for sheet in book.worksheets[1:]] == [3, 2]
    assert {sheet.cell(1, 1).value for sheet in book.worksheets[1:]} == {"Shop"}


async def test_after_an_end_in_the_middle_every_row_is_there_once(stage: Stage, owner: Person, small: None) -> None:
    for place in range(4):
        await talks(stage, f"第{place}个", "还在吗", place=place)
    whole = await table(owner, (await exports(owner, stage))["id"])
    broken = (await asks(owner, stage)).json()["id"]
    exporter, before = stage.worker.rounds.exporter, parts(stage)
    half_way = asyncio.create_task(exporter.work())
    while parts(stage) < before + 2:
        assert not half_way.done()
        await asyncio.sleep(0)
    half_way.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await half_way
    [under_way] = [each for each in (await owner.get(PATH))["exports"] if each["id"] == broken]
    assert (under_way["state"], 0 < under_way["sessions"] < 4) == ("working", True)
    assert (await takes(owner, broken)).json()["code"] == "export_not_done"
    again = stage.folder / "exports" / f"{broken}.{parts(stage) - before + 1}"
    again.write_bytes(b"half a part")
    assert await exporter.work() == 0, "somebody else has it"
    stage.clock.advance(Seconds(61))
    await exporter.work()
    assert [row[:-1] for row in (await table(owner, broken))[1:]] == [row[:-1] for row in whole[1:]]


async def test_each_reading_costs_the_same_however_many_sessions_there_are(
    stage: Stage, owner: Person, counter: Counter
) -> None:
    for content, expected in (("messages", 3), ("sessions", 4)):
        for number in (1, 3):
            for place in range(number):
                await talks(stage, "在吗", "还在吗", place=place)
            assert (await asks(owner, stage, content=content)).status_code == 201
            with counter.counting(expected + 2 * LOOKS):
                await stage.worker.rounds.exporter.work()


async def test_no_reading_scans_a_table_that_grows(stage: Stage, owner: Person) -> None:
    await talks(stage, "在吗")
    with plans() as found:
        for content in ("messages", "sessions"):
            assert (await exports(owner, stage, content=content))["rows"]
    reading = next(statement for statement in found if "ORDER BY conversation.opened_at" in statement)
    wrong = {statement: steps for statement, steps in found.items() if steps}
    assert not wrong
    with plans("SEARCH conversation USING (COVERING )?INDEX ix_conversation_shop_opened") as found:
        await exports(owner, stage)
    assert found[reading]


async def test_whoever_is_erased_stands_in_no_file_that_can_be_taken(stage: Stage, owner: Person, small: None) -> None:
    customer = await talks(stage, "我是要被删除的人")
    for place in (1, 2):
        await talks(stage, "别人", place=place)
    done = await exports(owner, stage)
    other = await exports(owner, stage, first="2026-05-31", last="2026-05-31")
    waits = (await asks(owner, stage)).json()["id"]
    taken = await stage.house.writer.do(taking.take, stage.house.sealer, done["id"], actor=whoever(stage, "owner"))
    marks = dict.fromkeys(words.MARKS, "")
    pieces = taking.pieces(stage.house.exports, taken, marks, lambda: stands(stage, done["id"]))
    assert next(pieces)
    assert b"\xe6" in next(pieces)
    await shredded(stage, customer)
    with pytest.raises(ConflictError):
        next(pieces)
    refused = await takes(owner, done["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "export_not_done")
    states = {each["id"]: each["state"] for each in (await owner.get(PATH))["exports"]}
    assert states == {done["id"]: "withdrawn", other["id"]: "done", waits: "waiting"}
    [key] = stage.rows(sa.select(export_table.c.key_sealed).where(export_table.c.id == done["id"]))
    assert key.key_sealed is None
    await stage.worker.rounds.exporter.work()
    assert "我是要被删除的人" not in str(await table(owner, waits))


async def test_a_file_is_kept_a_week_and_a_cancelled_one_goes_at_once(stage: Stage, owner: Person) -> None:
    await talks(stage, "在吗")
    done, other = await exports(owner, stage), await exports(owner, stage)
    assert len(lying(stage)) == 2
    cancelled = await owner.http.post(f"{PATH}/{other['id']}/cancel")
    assert cancelled.json()["state"] == "cancelled"
    assert [path.name for path in lying(stage)] == [f"{done['id']}.1"]
    assert (await owner.http.post(f"{PATH}/{other['id']}/cancel")).json()["code"] == "export_ended"
    stage.clock.advance(Seconds(7 * DAY + 1))
    await stage.worker.rounds.exporter.sweep()
    again = await stage.person("owner")
    assert {each["state"] for each in (await again.get(PATH))["exports"]} == {"cancelled", "expired"}
    assert not stage.rows(sa.select(export_table).where(export_table.c.key_sealed.is_not(None)))
    assert parts(stage) == 0
    stage.clock.set(datetime.now(UTC) + timedelta(hours=1))  # the disc has a clock of its own
    await stage.worker.rounds.exporter.sweep()
    assert lying(stage) == []


async def test_a_file_that_a_backup_did_not_bring_back_is_told_as_gone(stage: Stage, owner: Person) -> None:
    done = await exports(owner, stage)
    for path in lying(stage):
        path.unlink()
    gone = await takes(owner, done["id"])
    assert (gone.status_code, gone.json()["code"]) == (404, "export_gone")


async def test_words_past_their_period_withdraw_messages_and_leave_figures(stage: Stage, merchant: Merchant) -> None:
    await talks(stage, "在吗")
    await merchant.keeps("words", 200)
    assert await merchant.passes(199.9) == 0
    owner = await merchant.here()
    said, figures = await exports(owner, stage), await exports(owner, stage, content="sessions")
    assert said["rows"] > figures["rows"] == 1
    assert await merchant.passes(0.5) == 1
    states = {each["id"]: each["state"] for each in (await (await merchant.here()).get(PATH))["exports"]}
    assert states == {said["id"]: "withdrawn", figures["id"]: "done"}


async def test_a_vendor_takes_its_own_time_with_a_shop_and_nobody_takes_anothers_file(
    stage: Stage, owner: Person
) -> None:
    await brings_in(owner, stage, chats(*CHATS))
    await talks(stage, "在吗")
    lead = await stage.person("lead")
    stage.clock.advance(Seconds(60))
    await with_second_factor(lead, PASSWORD)
    past = {"first": "2025-11-01", "last": "2025-11-30"}
    assert (await exports(owner, stage, **past))["rows"] == 4
    assert (await exports(lead, stage, **past))["rows"] == 0
    mine = await exports(lead, stage)
    assert mine["rows"] > 0
    seen = await owner.get(f"{PATH}/{mine['id']}")
    assert (seen["person"], seen["mine"]) == ("组长老何", False)
    assert (await takes(owner, mine["id"])).status_code == 404
    assert [each["mine"] for each in (await lead.get(PATH))["exports"]] == [True, True]
    assert (await takes(lead, mine["id"])).status_code == 200
    other = await stage.person("stranger")
    await with_second_factor(other, PASSWORD)
    assert (await other.get(PATH))["exports"] == []
    for refused in (
        await other.http.get(f"{PATH}/{mine['id']}"), await takes(other, mine["id"]), await asks(other, stage),
        await other.http.post(f"{PATH}/{mine['id']}/cancel"),
    ):  # fmt: skip
        assert refused.status_code == 404
    assert (await (await stage.person("lin")).http.get(PATH)).status_code == 404


async def test_taking_a_file_wants_a_second_factor_and_is_written_down(stage: Stage, owner: Person) -> None:
    done = await exports(owner, stage)
    assert (await takes(owner, done["id"])).status_code == 200
    stage.clock.advance(Seconds(16 * 60))
    late = await stage.person("owner")
    assert (await takes(late, done["id"])).json()["code"] == "second_factor"
    assert (await asks(late, stage)).json()["code"] == "second_factor"
    query = sa.select(audit_entry.c.action, audit_entry.c.outcome).where(audit_entry.c.action.like("export.%"))
    assert [tuple(row) for row in stage.rows(query.order_by(audit_entry.c.seq))] == [
        ("export.asked", "done"), ("export.ended", "done"), ("export.taken", "done"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"first": "2026-06-01", "last": "2026-05-31"}, "export_days"),
        ({"first": "2025-05-31"}, "export_days"),
        ({"last": "2026-06-02"}, "export_days"),
        ({"shops": ["no-such-shop"]}, "shop_gone"),
    ],
)
async def test_what_cannot_be_exported_is_refused_with_its_reason(
    stage: Stage, owner: Person, other: dict[str, object], code: str
) -> None:
    refused = await asks(owner, stage, **other)
    assert (refused.status_code, refused.json()["code"]) == (404 if code == "shop_gone" else 400, code)


async def test_a_few_wait_at_once_and_the_list_goes_on(
    stage: Stage, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    for _ in range(asking.MOST_AT_ONCE):
        assert (await asks(owner, stage)).status_code == 201
    assert (await asks(owner, stage)).json()["code"] == "export_many"
    first = await owner.get(PATH)
    second = await owner.get(PATH, cursor=first["nextCursor"])
    third = await owner.get(PATH, cursor=second["nextCursor"])
    seen = [each["id"] for page in (first, second, third) for each in page["exports"]]
    assert (len(seen), len(set(seen)), third["nextCursor"]) == (5, 5, None)
    assert (await owner.http.get(PATH, params={"cursor": "x"})).json()["code"] == "cursor"


async def test_nothing_of_a_file_lies_on_disc_in_the_clear(stage: Stage, owner: Person) -> None:
    await talks(stage, "独一无二的一句话")
    assert "独一无二的一句话" in str(await table(owner, (await exports(owner, stage))["id"]))
    assert lying(stage)
    found = b"".join(path.read_bytes() for path in stage.folder.rglob("*") if path.is_file())
    assert "独一无二的一句话".encode() not in found
