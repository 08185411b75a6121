"""A shop's own files come in: chats into the hall, reports beside our figures; what does not fit is told row by row."""

import asyncio
import contextlib
import io
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import sqlalchemy as sa
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from huiyin.cli.entry import app
from huiyin.conversations import store
from huiyin.imports.store import import_file
from huiyin.insight.store import reported_figure
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.units import Seconds

from .codes import with_second_factor
from .founding import NOON, PASSWORD
from .stage import Person, Stage

HEADER = "消息时间,会话编号,买家账号,发送方,客服账号,消息内容,订单号"
CHATS = (
    "2025-11-02 10:00:00,s1,jd_old,买家,客服小红,请问什么时候发货,",
    "2025-11-02 10:00:20,s1,jd_old,客服,客服小红,您好，今天就发,30011",
    "2025-11-02 10:01:00,s1,jd_old,买家,客服小红,好的，电话13712348765,",
    "2025-11-03 09:00:00,s2,jd_two,买家,,在吗,",
)


@pytest.fixture
async def owner(stage: Stage) -> Person:
    person = await stage.person("owner")
    await with_second_factor(person, PASSWORD)
    return person


def table(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return "\n".join((header, *lines)).encode(encoding)


def workbook(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def offers(who: Person, stage: Stage, raw: bytes, what: str = "chats", shop: str = "digital") -> httpx.Response:
    return await who.http.post(
        "/api/imports/", params={"shop": stage.shops[shop], "what": what}, content=raw,
        headers={"X-File-Name": quote("十一月 张三.csv"), "Content-Type": "application/octet-stream"},
    )  # fmt: skip


async def brings_in(who: Person, stage: Stage, raw: bytes, what: str = "chats", **mapping: Any) -> Any:
    """Offer a file, take the proposed mapping unless another is given, bring it in, and return what became of it."""
    offered = await offers(who, stage, raw, what)
    assert offered.status_code == 201, offered.text
    told = offered.json()
    data = {"columns": told["preview"]["mapped"], "sheet": told["preview"]["sheet"], **mapping}
    started = await who.http.post(f"/api/imports/{told['file']['id']}/start", json=data)
    assert started.status_code == 200, started.text
    while await stage.house.importer.work():
        pass
    await stage.settle()
    return next(each for each in (await who.get("/api/imports/"))["imports"] if each["id"] == told["file"]["id"])


def messages(stage: Stage) -> list[tuple[str, str, int]]:
    query = sa.select(store.message.c.sender, store.message.c.author, store.message.c.platform_at)
    with stage.house.reading.connect() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(store.message.c.platform_at))]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
async def test_an_owner_brings_chats_in_and_reads_recorded_sessions(stage: Stage, owner: Person, encoding: str) -> None:
    done = await brings_in(owner, stage, table(*reversed(CHATS), encoding=encoding))
    assert {name: done[name] for name in ("state", "rowsRead", "refused", "records", "fed", "fresh")} == {
        "state": "done", "rowsRead": 4, "refused": 0, "records": 4, "fed": 4, "fresh": 4,
    }  # fmt: skip
    assert (done["name"], done["firstAt"][:10], done["lastAt"][:10]) == ("十一月 张三.csv", "2025-11-02", "2025-11-03")
    assert [sender for sender, _, _ in messages(stage)] == ["customer", "agent", "customer", "customer"]
    with stage.house.reading.connect() as connection:
        rows = connection.execute(sa.select(store.conversation).order_by(store.conversation.c.opened_at)).all()
    assert [(row.origin, row.state) for row in rows] == [("backfill", "recorded")] * 2
    opened = await owner.opens(rows[0].id)
    assert "13712348765" not in str(opened["messages"])
    assert "今天就发" in str(opened["messages"])
    lead = await stage.person("lead")
    assert await lead.sees("waiting") == []
    assert stage.wire.sends == 0


async def test_the_same_file_again_and_one_that_holds_more_add_only_what_is_new(stage: Stage, owner: Person) -> None:
    await brings_in(owner, stage, table(*CHATS))
    stage.clock.advance(Seconds(60))
    again = await brings_in(owner, stage, table(*CHATS))
    assert (again["fed"], again["fresh"]) == (4, 0)
    assert again["sameAs"]
    more = "2025-11-03 09:00:00,s2,jd_two,买家,,在吗,"  # the same words in the same second, said twice
    third = await brings_in(owner, stage, table(*CHATS, more, "2025-11-03 09:01:00,s2,jd_two,客服,客服小红,在的,"))
    assert (third["fed"], third["fresh"]) == (6, 2)
    assert len(messages(stage)) == 6


async def test_a_row_that_does_not_fit_is_listed_with_its_reason_and_the_others_come_in(
    stage: Stage, owner: Person
) -> None:
    stage.clock.set(NOON)
    bad = (
        ",s9,jd_x,买家,,没有时间,",
        "2025-11-02,s9,jd_x,买家,,只有日期,",
        "0001-01-01 00:00:00,s9,jd_x,买家,,空时间,",
        "昨天,s9,jd_x,买家,,不是时间,",
        "2099-01-01 00:00:00,s9,jd_x,买家,,将来,",
        "2025-11-02 10:00:00,s9,,买家,,没有客户,",
        "2025-11-02 10:00:00,s9,jd_x,路人,,不知道谁,",
        "2025-11-02 10:00:00,s9,jd_x,买家,,,",
    )
    done = await brings_in(owner, stage, table(*bad, *CHATS))
    assert (done["state"], done["rowsRead"], done["refused"], done["fresh"]) == ("done", 12, 8, 4)
    rows = (await owner.get(f"/api/imports/{done['id']}/refused"))["rows"]
    assert [(each["row"], each["field"], each["code"]) for each in rows] == [
        (2, "time", "time_empty"), (3, "time", "time_without_clock"), (4, "time", "time_empty"),
        (5, "time", "time_unreadable"), (6, "time", "time_ahead"), (7, "customer", "customer_empty"),
        (8, "sender", "sender_unknown"), (9, "text", "text_empty"),
    ]  # fmt: skip
    seen, cursor = [], None
    while True:
        query = {"limit": "3", **({"cursor": cursor} if cursor else {})}
        page = await owner.get(f"/api/imports/{done['id']}/refused", **query)
        seen.append([each["place"] for each in page["rows"]])
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert seen == [[1, 2, 3], [4, 5, 6], [7, 8]]
    odd = await owner.http.get(f"/api/imports/{done['id']}/refused", params={"cursor": "next"})
    assert (odd.status_code, odd.json()["code"]) == (400, "cursor")


async def test_how_columns_were_read_is_remembered_and_a_renamed_one_is_told(stage: Stage, owner: Person) -> None:
    odd = "甲,乙,丙,丁"
    line = "2025-11-02 10:00:00,jd_x,买家,在吗"
    columns = {"time": "甲", "customer": "乙", "sender": "丙", "text": "丁"}
    asked = (await offers(owner, stage, table(line, header=odd))).json()
    assert asked["preview"]["mapped"] == {}
    refused = await owner.http.post(f"/api/imports/{asked['file']['id']}/start", json={"columns": {}})
    assert (refused.status_code, refused.json()["code"]) == (400, "field_missing")
    seen = await owner.http.post(f"/api/imports/{asked['file']['id']}/preview", json={"columns": columns})
    assert (seen.json()["tried"], seen.json()["refused"]) == (1, [])
    await brings_in(owner, stage, table(line, header=odd), columns=columns)
    again = (await offers(owner, stage, table(line, header=odd))).json()["preview"]
    assert (again["mapped"], again["remembered"], again["gone"]) == (columns, True, {})
    renamed = (await offers(owner, stage, table(line, header="甲,乙,丙,说了什么"))).json()["preview"]
    assert (renamed["remembered"], renamed["gone"]) == (False, {"text": "丁"})
    assert renamed["mapped"] == {"time": "甲", "customer": "乙", "sender": "丙"}


async def test_what_came_in_live_is_not_brought_in_a_second_time(stage: Stage, owner: Person) -> None:
    await stage.customer().says("在吗")
    soon = (NOON + timedelta(hours=8, seconds=60)).strftime("%Y-%m-%d %H:%M:%S")
    stage.clock.advance(Seconds(600))
    live = stage.customer().pin
    rows = (*CHATS, f"{soon},s3,{live},买家,,在吗,", f"{soon},s4,jd_missed,买家,,断线时说的,")
    done = await brings_in(owner, stage, table(*rows))
    assert (done["records"], done["fresh"], done["refused"]) == (6, 5, 0)


async def test_without_sessions_in_the_file_silence_divides_them(stage: Stage, owner: Person) -> None:
    lines = [f"2025-11-02 1{hour}:00:00,jd_x,买家,在吗" for hour in (0, 1, 1)] + ["2025-11-02 11:20:00,jd_x,客服,在的"]
    done = await brings_in(owner, stage, table(*lines, header="时间,顾客,发送方,内容"))
    assert done["fresh"] == 4
    with stage.house.reading.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(store.conversation)).scalar() == 2


async def test_it_goes_on_after_an_end_in_the_middle_and_stops_when_told(stage: Stage, owner: Person) -> None:
    lines = [f"2025-11-02 10:{at // 60:02}:{at % 60:02},s{at},jd_{at},买家,,第{at}个客户," for at in range(350)]
    offered = (await offers(owner, stage, table(*lines))).json()
    file = offered["file"]["id"]
    await owner.http.post(f"/api/imports/{file}/start", json={"columns": offered["preview"]["mapped"]})
    importer = stage.house.importer
    half_way = asyncio.create_task(importer.work())
    while not (await owner.get("/api/imports/"))["imports"][0]["fed"]:
        assert not half_way.done()
    half_way.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await half_way
    await stage.house.writer.do(lambda _uow: None)  # what was handed to the writer when it was cancelled is written
    fed = (await owner.get("/api/imports/"))["imports"][0]["fed"]
    assert 0 < fed < 350
    assert await importer.work() == 0, "somebody else has it"
    stage.clock.advance(Seconds(61))
    assert await importer.work() == 350 - fed
    [done] = (await owner.get("/api/imports/"))["imports"]
    assert (done["state"], done["fed"], done["fresh"], len(messages(stage))) == ("done", 350, 350, 350)
    other = (await offers(owner, stage, table(*lines))).json()["file"]["id"]
    stopped = await owner.http.post(f"/api/imports/{other}/stop")
    assert stopped.json()["state"] == "stopped"
    assert (await owner.http.post(f"/api/imports/{other}/stop")).status_code == 409
    assert list((stage.folder / "imports").iterdir()) == []


async def test_a_report_is_kept_with_its_source_and_a_later_one_stands_beside(stage: Stage, owner: Person) -> None:
    header = ["日期", "客服", "接待量", "首次平均响应时间", "30s应答率", "促成下单商品金额", "满意率"]
    first = workbook(
        ["接待数据"], header,
        ["2025-11-01", "客服小红", 40, "12秒", "95.5%", "1,234.50", "--"],
        ["2025-11-01", "合计", 90, 14.5, 0.93, 3000, 0.91],
        ["2025-11-01", "均值", 45, 14.5, 0.93, 1500, 0.91],
        ["2025-11-02", "客服小红", 40, 12, 95.5, 1, ""],
    )  # fmt: skip
    done = await brings_in(owner, stage, first, "service_manager")
    assert (done["state"], done["refused"], done["fresh"], done["form"]) == ("done", 2, 2, "xlsx")
    refused = (await owner.get(f"/api/imports/{done['id']}/refused"))["rows"]
    assert [(each["row"], each["field"], each["code"]) for each in refused] == [
        (5, "agent", "row_is_mean"), (6, "answered_within_30", "share_over_one"),
    ]  # fmt: skip
    told = reported_of(stage)
    mine = {each.figure: each.value for each in told if each.account}
    assert mine == {"served": 40, "first_response_mean": 12, "answered_within_30": 0.955, "ordered_fen": 123450}
    assert {each.source for each in told} == {"service_manager"}
    assert {each.file for each in told} == {done["id"]}
    stage.clock.advance(Seconds(60))
    later = await brings_in(owner, stage, workbook(header[:3], ["2025-11-01", "合计", 91]), "service_manager")
    [served] = [each for each in reported_of(stage) if each.figure == "served" and not each.account]
    assert (served.value, served.file) == (91, later["id"])
    beside = await owner.get("/api/reports", since="2025-11-01", until="2025-11-30", shop=stage.shops["digital"])
    assert {each["figure"]: each["theirs"] for each in beside["compared"]}["served"] == 91
    lead = await stage.person("lead")
    beside = await lead.get("/api/reports", since="2025-11-01", until="2025-11-30", shop=stage.shops["digital"])
    assert "ordered_fen" not in {each["figure"] for each in beside["compared"]}, "what a shop sells is its own matter"


def reported_of(stage: Stage) -> list[Any]:
    """Return the latest of each figure that was reported, single agents' too."""
    rows = stage.rows(sa.select(reported_figure).order_by(reported_figure.c.recorded_at, reported_figure.c.id))
    return list({(each.source, each.figure, each.day, each.until, each.account): each for each in rows}.values())


async def test_what_is_no_file_is_refused_with_the_remedy_and_leaves_nothing(stage: Stage, owner: Person) -> None:
    for raw, code in ((b"", "file_empty"), (b"PK\x03\x04", "file_unreadable"), (b"\xd0\xcf\x11\xe0", "file_locked")):
        refused = await offers(owner, stage, raw)
        assert (refused.status_code, refused.json()["code"]) == (400, code)
        assert refused.json()["detail"]
    assert list((stage.folder / "imports").iterdir()) == []
    assert await owner.get("/api/imports/") == {"imports": [], "nextCursor": None}


async def test_nothing_of_a_file_lies_on_disc_in_the_clear(stage: Stage, owner: Person) -> None:
    offered = await offers(owner, stage, table(*CHATS))
    assert "13712348765" not in str(offered.json()["preview"]["sample"])
    await brings_in(owner, stage, table(*CHATS))
    assert await offers(owner, stage, table(*CHATS))
    found = b"".join(path.read_bytes() for path in stage.folder.rglob("*") if path.is_file())
    for secret in ("13712348765", "今天就发", "张三", "jd_old", "客服小红"):
        assert secret.encode() not in found


async def test_a_file_nobody_started_is_taken_away_after_a_day(stage: Stage, owner: Person) -> None:
    await offers(owner, stage, table(*CHATS))
    await stage.house.importer.work()
    assert len(list((stage.folder / "imports").iterdir())) == 1
    stage.clock.advance(Seconds(24 * 3600 + 1))
    await stage.house.importer.work()
    with stage.house.reading.connect() as connection:
        row = connection.execute(sa.select(import_file)).one()
    assert (row.state, row.key_sealed, row.ended_at) == ("stopped", None, to_ms(stage.clock.now()))


async def test_no_other_organisation_learns_of_an_import_or_touches_it(stage: Stage, owner: Person) -> None:
    other = await stage.person("stranger")
    await with_second_factor(other, PASSWORD)
    done = await brings_in(owner, stage, table(*CHATS))
    assert (await offers(other, stage, table(*CHATS))).status_code == 404
    assert await other.get("/api/imports/") == {"imports": [], "nextCursor": None}
    for answer in (
        await other.http.get(f"/api/imports/{done['id']}/refused"),
        await other.http.post(f"/api/imports/{done['id']}/stop"),
        await other.http.post(f"/api/imports/{done['id']}/start", json={"columns": {}}),
    ):
        assert answer.status_code == 404
    lead = await stage.person("lead")
    assert (await offers(lead, stage, table(*CHATS))).status_code == 404


async def test_a_file_comes_in_at_the_terminal_beside_the_running_house(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_bytes(table("昨天,s1,jd_old,买家,,在吗,", *CHATS, header=HEADER.replace("消息内容", "说了啥")))

    async def gives(*words: str) -> Result:
        wanted = ["import", str(file), "--folder", str(stage.folder), *words]
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, wanted))

    refused = await gives("--shop", "digital旗舰店")
    assert isinstance(refused.exception, InvalidError)
    assert refused.exception.code == "field_missing"
    refused = await gives("--shop", "没有的店")
    assert "digital旗舰店" in str(getattr(refused.exception, "remedy", ""))
    assert list((stage.folder / "imports").iterdir()) == []
    done = await gives("--shop", "digital旗舰店", "--column", "text=说了啥")
    assert done.exit_code == 0, done.output
    assert "新增 new 4 · 已有 known 0 · 未收 refused 1" in done.output
    assert "row 2: time time_unreadable" in done.output
    assert len(messages(stage)) == 4


async def test_imports_are_read_in_pages_the_newest_first(stage: Stage, owner: Person) -> None:
    made = []
    for _ in range(3):
        stage.clock.advance(60)
        made.append((await brings_in(owner, stage, table(*CHATS)))["id"])
    first = await owner.get("/api/imports/", limit="2")
    assert [each["id"] for each in first["imports"]] == [made[2], made[1]]
    last = await owner.get("/api/imports/", limit="2", cursor=first["nextCursor"])
    assert ([each["id"] for each in last["imports"]], last["nextCursor"]) == ([made[0]], None)
    assert (await owner.http.get("/api/imports/", params={"cursor": "x"})).json()["code"] == "cursor"
