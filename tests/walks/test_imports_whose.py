"""A file is read as what it is: whose rows, whose words, and no customer's number as the name of a column."""

import pytest
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.imports import offering
from huiyin.imports.store import import_file, mapping
from huiyin.insight.store import reported_figure

from .stage import Person, Stage
from .test_imports import CHATS, brings_in, offers, owner, table, workbook

__all__ = ["owner"]

DATA = "2025-11-02 10:00:00,s1,jd_old,买家,客服小红,我的电话13712348765,"
SHOPS = "消息时间,会话编号,买家账号,发送方,客服账号,消息内容,店铺名称"
DIGITAL = "回音数码旗舰店"


def senders(stage: Stage) -> list[str]:
    return [row.sender for row in stage.rows(sa.select(store.message.c.sender).order_by(store.message.c.version))]


async def test_a_file_without_a_header_is_refused_and_no_number_of_it_is_kept(stage: Stage, owner: Person) -> None:
    cells = DATA.split(",")
    bare = [
        "\n".join((DATA, *CHATS)).encode(), workbook(cells, cells), workbook(["张三", "13712348765", "在吗"]),
        b'{"13712348765": "hello"}\n',
    ]  # fmt: skip
    for raw in bare:
        answer = await offers(owner, stage, raw)
        assert (answer.status_code, answer.json()["code"]) == (400, "header_data"), answer.text
        assert "13712348765" not in answer.text
    assert not stage.rows(sa.select(import_file))
    assert not stage.rows(sa.select(mapping))
    assert not list((stage.folder / "imports").glob("*")), "no copy is left behind"


async def test_files_that_wait_have_an_end(stage: Stage, owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offering, "MOST_WAITING", 2)
    first, second, third = [await offers(owner, stage, table(*CHATS)) for _ in range(3)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert (third.status_code, third.json()["code"]) == (409, "imports_many")
    await owner.http.post(f"/api/imports/{first.json()['file']['id']}/stop")
    assert (await offers(owner, stage, table(*CHATS))).status_code == 201
    monkeypatch.setattr(offering, "MOST_WAITING_BYTES", len(table(*CHATS)))
    await owner.http.post(f"/api/imports/{second.json()['file']['id']}/stop")
    large = await offers(owner, stage, table(*CHATS))
    assert (large.status_code, large.json()["code"]) == (409, "imports_many")


def named(stage: Stage) -> str:
    return stage.house.shops.all()[stage.shops["digital"]].name


async def test_another_shops_chats_stay_out_and_are_told(stage: Stage, owner: Person) -> None:
    shop = named(stage)
    rows = (
        f"2025-11-02 10:00:00,s1,jd_old,买家,,在吗,{shop}", f"2025-11-02 10:01:00,s1,jd_old,买家,,有货吗,  {shop} ",
        "2025-11-02 10:02:00,s2,jd_two,买家,,别家的,另一家店", "2025-11-02 10:03:00,s3,jd_tri,买家,,没写,",
    )  # fmt: skip
    raw = table(*rows, header=SHOPS)
    offered = (await offers(owner, stage, raw)).json()
    assert offered["preview"]["refused"] == [{"field": "shop", "code": "shop_other", "count": 1}]
    done = await brings_in(owner, stage, raw)
    assert (done["fresh"], done["refused"]) == (3, 1)
    [refused] = (await owner.get(f"/api/imports/{done['id']}/refused"))["rows"]
    assert (refused["row"], refused["field"], refused["code"]) == (4, "shop", "shop_other")
    unread = {field: column for field, column in offered["preview"]["mapped"].items() if field != "shop"}
    done = await brings_in(owner, stage, raw, columns=unread)
    assert (done["fresh"], done["refused"]) == (1, 0), "whoever has one shop under two names says so"


async def test_another_shops_report_moves_no_figure(stage: Stage, owner: Person) -> None:
    rows = (f"2025-11-02,合计,90,{named(stage)}", "2025-11-02,合计,7,另一家店")
    done = await brings_in(owner, stage, table(*rows, header="日期,客服,接待量,店铺名称"), what="service_manager")
    assert (done["fresh"], done["refused"]) == (1, 1)
    assert [row.value for row in stage.rows(sa.select(reported_figure.c.value))] == [90]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2025-11-02 10:00:00,s1,客服,客服,小红,我要退货,", "sender_unclear"),
        ("2025-11-02 10:00:00,s1,jd_old,客户,客户,您好,", "sender_unclear"),
    ],
    ids=["a customer called 客服", "an account called 客户"],
)
async def test_who_is_called_like_a_role_is_not_guessed(stage: Stage, owner: Person, row: str, code: str) -> None:
    done = await brings_in(owner, stage, table(row, *CHATS))
    assert (done["fresh"], done["refused"]) == (len(CHATS), 1)
    [refused] = (await owner.get(f"/api/imports/{done['id']}/refused"))["rows"]
    assert (refused["field"], refused["code"]) == ("sender", code)
    assert "agent" in senders(stage)


async def test_accounts_nobody_is_named_for_are_told_before_anything_is_brought_in(stage: Stage, owner: Person) -> None:
    preview = (await offers(owner, stage, table(*CHATS))).json()["preview"]
    assert preview["strangers"] == ["客服小红"]
    lead = await stage.person("lead")
    person, *_ = await lead.get("/api/accounts/people", shop=stage.shops["digital"])
    entered = {
        "shop": stage.shops["digital"], "account": "客服小红", "person": person["id"],
        "effectiveFrom": "2025-01-01T00:00:00Z",
    }  # fmt: skip
    answer = await lead.http.post("/api/accounts/", json=entered)
    assert answer.status_code == 200, answer.text
    assert (await offers(owner, stage, table(*CHATS))).json()["preview"]["strangers"] == []
    await brings_in(owner, stage, table(*CHATS))
    query = sa.select(store.message.c.author).where(store.message.c.sender == "agent")
    assert {row.author for row in stage.rows(query)} == {f"person:{person['id']}"}
