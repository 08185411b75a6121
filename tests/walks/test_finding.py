"""Session search: what was said is found by those who may read it, and by nobody once it is gone."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from huiyin.audit.store import audit_entry
from huiyin.eventlog.schema import metadata
from huiyin.finding import store
from huiyin.finding.files import file_of
from huiyin.finding.keys import find_key
from huiyin.kernel.units import Seconds
from huiyin.org.store import engagement
from huiyin.security.store import data_key

from .founding import FOUNDER, NOON
from .stage import Customer, Person, Stage
from .test_keys import subject_of
from .test_tokens import made, strong

PAGE_BYTES, RESERVED, SALT, IV = 4096, 80, 16, 16
SEARCH = "/api/sessions/search"


async def searched(person: Person, words: str, **filters: object) -> Any:
    """Search once the index is up to date."""
    await person.stage.worker.index()
    answer = await person.http.post(SEARCH, json={"words": words, **filters})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def found(person: Person, words: str, **filters: object) -> list[str]:
    """Return the sessions found."""
    return [each["id"] for each in (await searched(person, words, **filters))["sessions"]]


def index_of(stage: Stage, shop: str = "direct") -> Path:
    """Return the file of the index a shop's sessions stand in."""
    return file_of(stage.folder / "search", stage.house.shops.all()[stage.shops[shop]].tenant)


def key_of(stage: Stage, shop: str = "direct") -> bytes:
    with stage.house.reading.connect() as connection:
        key = find_key(connection, stage.house.sealer, stage.house.shops.all()[stage.shops[shop]].tenant)
    assert key is not None
    return key


def opened_pages(stage: Stage) -> bytes:
    """Return every byte of the index and of its log of changes, opened page by page: also what no query shows.

    A page is ciphertext, then its vector and its hash; the first begins with a salt (SQLCipher 4).
    """
    file, key, plain = index_of(stage), key_of(stage), []
    data = file.read_bytes()
    for at in range(0, len(data), PAGE_BYTES):
        page = data[at + (0 if at else SALT) : at + PAGE_BYTES]
        body, vector = page[:-RESERVED], page[-RESERVED : -RESERVED + IV]
        opening = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        plain.append(opening.update(body) + opening.finalize())
    log = file.with_name(f"{file.name}-wal")
    assert not log.exists() or log.stat().st_size == 0, "the log of changes is emptied when words are taken away"
    return b"".join(plain)


async def says(stage: Stage, *texts: str, shop: str = "direct", place: int = 0) -> Customer:
    buyer = stage.customer(shop, place)
    for text in texts:
        await buyer.says(text)
    await stage.settle()
    return buyer


@pytest.fixture
async def lead(stage: Stage) -> Person:
    return await stage.person("lead")


async def test_what_a_customer_said_is_found_by_those_who_serve_the_shop_and_by_nobody_else(
    stage: Stage, lead: Person
) -> None:
    buyer = await says(stage, "请问净水器的滤芯多久换一次", "滤芯贵不贵")
    result = await searched(lead, "滤芯")
    (one,) = result["sessions"]
    assert (one["id"], one["shop"]["name"], one["hits"]) == (buyer.conversation, "direct旗舰店", 2)
    assert buyer.pin not in str(result)
    assert "*" in one["customer"]
    shown = [[each["text"][mark["start"] : mark["end"]] for mark in each["marks"]] for each in one["snippets"]]
    assert shown == [["滤芯"], ["滤芯"]]
    assert (result["total"], result["more"], result["toIndex"], result["behind"]) == (1, False, 0, 0)
    for who in ("owner", "lin"):
        assert await found(await stage.person(who), "滤芯") == [buyer.conversation]
    stranger = await stage.person("stranger")
    assert await found(stranger, "滤芯") == []
    nothing = await searched(stranger, "滤芯", shop=stage.shops["direct"])
    assert (nothing["total"], nothing["shops"], nothing["agents"]) == (0, [], [])


async def test_words_must_all_stand_phrases_together_and_what_is_left_out_nowhere(stage: Stage, lead: Person) -> None:
    one = (await says(stage, "七天无理由退货怎么弄", "运费谁出")).conversation
    stage.clock.advance(Seconds(60))
    two = (await says(stage, "退货要几天", "iPhone１５的壳有吗", place=1)).conversation
    assert await found(lead, "退货") == [two, one]
    assert await found(lead, "退货 运费") == [one]
    assert await found(lead, '"无理由退货"') == [one]
    assert await found(lead, "“货退”") == []
    assert await found(lead, "退货 -运费") == [two]
    assert await found(lead, "IPHONE15") == [two]
    assert await found(lead, "壳") == [two]
    assert await found(lead, "运费谁出七天") == [], "no phrase reaches from one message into the next"
    empty = await lead.http.post(SEARCH, json={"words": "，。- “”"})
    assert (empty.status_code, empty.json()["code"]) == (400, "search_empty")


async def test_filters_narrow_and_are_counted(stage: Stage, lead: Person) -> None:
    lin = await stage.agent()
    asked = await says(stage, "耳机能退吗")
    await lin.takes_over(asked.conversation)
    await lin.sends(asked.conversation, "您好，耳机未拆封可以退。")
    await asked.ends()
    await lin.goes("offline")
    stage.clock.advance(Seconds(60))
    other = await says(stage, "耳机有白色的吗", shop="digital")
    result = await searched(lead, "耳机")
    assert {each["name"]: each["number"] for each in result["shops"]} == {"direct旗舰店": 1, "digital旗舰店": 1}
    assert [(each["name"], each["number"]) for each in result["agents"]] == [("小林", 1)]
    both = {asked.conversation, other.conversation}
    for filters, expected in (
        ({"shop": stage.shops["digital"]}, {other.conversation}),
        ({"agent": lin.id}, {asked.conversation}),
        ({"side": "customer"}, both),
        ({"side": "agent"}, {asked.conversation}),
        ({"state": "closed"}, {asked.conversation}),
        ({"origin": "simulated"}, both),
        ({"origin": "live"}, set()),
        ({"platform": "jd"}, both),
        ({"platform": "taobao"}, set()),
        ({"risk": "none"}, both),
        ({"first": "2026-06-01", "last": "2026-06-01"}, both),
        ({"first": "2026-06-02"}, set()),
        ({"last": "2026-05-31"}, set()),
    ):
        assert set(await found(lead, "耳机", **filters)) == expected, filters
    mei = await stage.person("mei")
    assert (await searched(mei, "耳机"))["agents"] == [], "single agents' numbers are not for agents"
    assert await found(mei, "耳机", agent=lin.id) == []
    wrong = await lead.http.post(SEARCH, json={"words": "耳机", "first": "2026-06-02", "last": "2026-06-01"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "days_odd")


async def test_pages_go_on_where_the_last_one_ended_whatever_is_said_meanwhile(
    stage: Stage, lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huiyin.finding.asking.PAGE", 2)
    talks = []
    for place in range(5):
        talks.append((await says(stage, "有赠品吗", place=place)).conversation)
        stage.clock.advance(Seconds(60))
    first = await searched(lead, "赠品")
    assert ([each["id"] for each in first["sessions"]], first["total"]) == (talks[:2:-1], 5)
    await says(stage, "赠品是什么", place=6)
    second = await searched(lead, "赠品", cursor=first["nextCursor"])
    third = await searched(lead, "赠品", cursor=second["nextCursor"])
    assert [each["id"] for each in (*second["sessions"], *third["sessions"])] == talks[2::-1]
    assert (second["total"], third["nextCursor"]) == (None, None)
    for cursor in ("x", "1", "9" * 30 + ".a", "."):
        refused = await lead.http.post(SEARCH, json={"words": "赠品", "cursor": cursor})
        assert (refused.status_code, refused.json()["code"]) == (400, "cursor")


async def test_a_masked_number_is_found_by_none_of_its_digits(stage: Stage, lead: Person) -> None:
    buyer = await says(stage, "手机号13812349876，发货前联系")
    assert await found(lead, "发货") == [buyer.conversation]
    for digits in ("13812349876", "138", "9876", "1234", "138 9876", '"138 9876"'):
        assert await found(lead, digits) == [], digits
    (snippet,) = (await searched(lead, "发货"))["sessions"][0]["snippets"]
    assert "13812349876" not in snippet["text"]
    stage.house.finder.close()
    assert b"13812349876" not in opened_pages(stage)


async def test_what_was_taken_back_is_found_no_more(stage: Stage, lead: Person) -> None:
    buyer = stage.customer("direct")
    await buyer.says("刚才发错了")
    await buyer.says("我的密码是芝麻开门")
    await stage.settle()
    assert await found(lead, "芝麻") == [buyer.conversation]
    await buyer.says(mt="recall")
    await stage.settle()
    assert await found(lead, "芝麻") == []
    assert await found(lead, "发错") == [buyer.conversation]
    assert "芝麻".encode() not in opened_pages(stage)


async def test_of_a_shredded_customer_no_word_is_left_in_the_file(stage: Stage, lead: Person) -> None:
    await stage.agent()
    buyer = await says(stage, "紫砂壶裂了一道缝")
    stage.clock.advance(Seconds(60))
    other = await says(stage, "紫砂壶怎么养", place=1)
    gone = await buyer.ends()
    assert await found(lead, "紫砂壶") == [other.conversation, gone]
    stage.house.keyroom.shred(subject_of(stage, buyer), "来信 7", actor=FOUNDER)
    answer = await lead.http.post(SEARCH, json={"words": "紫砂壶"})
    assert [each["id"] for each in answer.json()["sessions"]] == [other.conversation], "also before it is indexed"
    assert "裂" not in answer.text
    assert answer.json()["behind"] > 0
    assert await found(lead, "紫砂壶") == [other.conversation]
    assert await found(lead, "裂") == []
    left = opened_pages(stage)
    assert "紫砂".encode() in left
    for word in ("裂了", "道缝", "裂了一道缝"):
        assert word.encode() not in left


async def test_an_index_that_is_gone_torn_or_of_another_key_is_built_anew(stage: Stage, lead: Person) -> None:
    await says(stage, "木地板起泡了")
    talk = stage.customer("direct").conversation
    assert await found(lead, "地板") == [talk]
    file = index_of(stage)
    for harm in (
        file.unlink,
        lambda: file.write_bytes(b"no index at all" * 1000),
        lambda: file.write_bytes(file.read_bytes()[:5000] + bytes(4096) + file.read_bytes()[9096:]),
        lambda: file.write_bytes(b""),
    ):
        stage.house.finder.close()
        harm()
        answer = await lead.http.post(SEARCH, json={"words": "地板"})
        assert (answer.status_code, answer.json()["sessions"]) == (200, [])
        assert await found(lead, "地板") == [talk], harm


async def test_while_an_index_is_built_a_search_answers_with_what_there_is(
    stage: Stage, lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huiyin.finding.indexing.MOST_SESSIONS", 2)
    talks = []
    for place in range(5):
        talks.append((await says(stage, "柜子少了螺丝", place=place)).conversation)
        stage.clock.advance(Seconds(60))
    stage.house.finder.indexer.step()
    answer = (await lead.http.post(SEARCH, json={"words": "螺丝"})).json()
    assert ([each["id"] for each in answer["sessions"]], answer["indexed"], answer["toIndex"]) == (talks[:2:-1], 2, 5)
    result = await searched(lead, "螺丝")
    assert (result["total"], result["toIndex"]) == (5, 0)


async def test_an_index_is_not_closed_under_whoever_writes_it(
    stage: Stage, lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The house closes while a step is under way in a thread of its own: that once ended the process."""
    await says(stage, "门锁没电了")
    writing, go_on, put = threading.Event(), threading.Event(), store.put

    def slowly(opened: Any, session: store.Session) -> None:
        writing.set()
        assert go_on.wait(20)
        put(opened, session)

    monkeypatch.setattr(store, "put", slowly)
    indexer = stage.house.finder.indexer
    with ThreadPoolExecutor(2) as threads:
        step = threads.submit(indexer.step)
        assert await asyncio.to_thread(writing.wait, 20)
        close = threads.submit(indexer.close)
        with pytest.raises(TimeoutError):
            close.result(0.2)
        go_on.set()
        assert (step.result(20) > 0, close.result(20)) == (True, None)
    assert await found(lead, "门锁") == [stage.customer("direct").conversation]


async def test_a_database_that_went_back_gets_an_index_of_its_own(stage: Stage, lead: Person) -> None:
    await says(stage, "第一句灯泡")
    await searched(lead, "灯泡")
    file = index_of(stage)
    old = file.read_bytes() if not stage.house.finder.close() else b""
    await says(stage, "第二句灯管")
    assert await found(lead, "灯管") == [stage.customer("direct").conversation]
    stage.house.finder.close()
    opened = store.connect(file, key_of(stage), writing=True)
    store.write_progress(opened, mark="another event at this place")
    opened.close()
    assert file.read_bytes() != old
    assert await found(lead, "灯管") == [stage.customer("direct").conversation]
    opened = store.connect(file, key_of(stage), writing=False)
    assert store.progress(opened)["mark"] != "another event at this place"
    opened.close()


async def test_keys_that_turn_over_leave_the_index_and_a_shredded_tenant_leaves_none(
    stage: Stage, lead: Person
) -> None:
    talk = (await says(stage, "门锁没电了")).conversation
    assert await found(lead, "门锁") == [talk]
    tenant, number = stage.house.shops.all()[stage.shops["direct"]].tenant, index_of(stage).stat().st_ino
    for steps in (
        stage.house.keyroom.rotate_data(tenant, actor=FOUNDER),
        stage.house.keyroom.rotate_tenant(tenant, actor=FOUNDER),
        stage.house.keyroom.rotate_master(actor=FOUNDER),
    ):
        assert list(steps)
        assert await found(lead, "门锁") == [talk]
    assert index_of(stage).stat().st_ino == number
    states = sa.select(data_key.c.state).where(data_key.c.subject == tenant).order_by(data_key.c.created_at)
    assert [state for (state,) in stage.rows(states)] == ["old", "current"]
    stage.house.keyroom.shred(tenant, "合同终止", actor=FOUNDER)
    answer = await lead.http.post(SEARCH, json={"words": "门锁"})
    assert (answer.status_code, answer.json()["sessions"]) == (200, [])
    assert await found(lead, "门锁") == []
    assert not index_of(stage).exists()


async def test_every_search_is_written_down_without_its_words(stage: Stage, lead: Person) -> None:
    await says(stage, "台灯的电线太短")
    await searched(lead, "台灯 -太长", shop=stage.shops["direct"], first="2026-06-01", side="customer")
    await searched(await stage.person("stranger"), "台灯")
    rows = stage.rows(
        sa.select(audit_entry.c.tenant, audit_entry.c.actor, audit_entry.c.detail)
        .where(audit_entry.c.action == "sessions.searched")
        .order_by(audit_entry.c.seq)
    )
    shops = stage.house.shops.all()
    first, second = rows
    assert (first.tenant, first.actor) == (shops[stage.shops["direct"]].tenant, f"person:{lead.id}")
    assert f'"first":20260601,"found":1,"further":false,"shop":"{stage.shops["direct"]}"' in first.detail
    assert (second.tenant, '"found":0' in second.detail) == (shops[stage.shops["foreign"]].tenant, True)
    assert "台灯" not in str(rows)


async def test_nobody_lists_customers_by_searching_on_and_on(stage: Stage, lead: Person) -> None:
    await says(stage, "在吗")
    answers = [await lead.http.post(SEARCH, json={"words": "在吗"}) for _ in range(62)]
    assert {each.status_code for each in answers[:60]} == {200}
    assert answers[-1].status_code == 429
    assert answers[-1].json()["code"] == "pace"


async def test_a_vendor_finds_only_what_lasted_into_its_engagement(stage: Stage, lead: Person) -> None:
    buyer = await says(stage, "吸尘器没有吸力")
    await buyer.ends()
    assert len(await found(lead, "吸尘器")) == 1
    later = int((NOON + timedelta(hours=1)).timestamp() * 1000)
    moved = engagement.update().where(engagement.c.shop == stage.shops["direct"]).values(effective_from=later)
    await stage.house.writer.do(lambda uow: uow.connection.execute(moved))
    stage.clock.advance(Seconds(7200))
    result = await searched(lead, "吸尘器")
    assert (result["sessions"], result["total"], result["agents"]) == ([], 0, [])
    assert len(await found(await stage.person("owner"), "吸尘器")) == 1
    assert metadata.tables["search_index"] is store.search_index


async def test_a_token_that_searches_and_does_not_read_learns_not_even_how_many(stage: Stage) -> None:
    lead = await strong(stage)
    customer = stage.customer("direct")
    await customer.says("落地灯坏了")
    await stage.settle()
    await stage.worker.index()
    for scopes, number in ((["conversation:search"], 0), (["conversation:search", "conversation:read"], 1)):
        http = stage.client(Authorization=f"Bearer {await made(lead, scopes=scopes)}")
        answer = (await http.post(SEARCH, json={"words": "落地灯"})).json()
        counted = sum(answer["counts"]["shop"].values()) if "counts" in answer else len(answer["sessions"])
        assert (len(answer["sessions"]), answer["total"], counted) == (number, number, number)
