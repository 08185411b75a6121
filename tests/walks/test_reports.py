"""Figures over days, with what the platform counted beside them, down to the sessions and out as a workbook."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from huiyin.audit.store import audit_entry
from huiyin.kernel.units import Seconds
from huiyin.simulator.world import Verdict

from .codes import with_second_factor
from .founding import NOON, PASSWORD
from .stage import Customer, Person, Stage
from .test_imports import CHATS, brings_in, table

PATH = "/api/reports"
TODAY = {"since": "2026-06-01", "until": "2026-06-01"}
LAST_YEAR = {"since": "2025-11-01", "until": "2025-11-30"}


@pytest.fixture
async def owner(stage: Stage) -> Person:
    person = await stage.person("owner")
    await with_second_factor(person, PASSWORD)
    return person


def values(report: dict) -> dict[str, object]:
    return {each["key"]: each["value"] for each in report["figures"]}


async def test_a_day_says_what_its_sessions_say_and_opens_down_to_them(
    stage: Stage, owner: Person, customer: Customer
) -> None:
    await customer.says("在吗")
    await stage.settle()
    report = await owner.get(PATH, **TODAY)
    assert values(report)["sessions"] == 1
    assert [each["name"] for each in report["shops"]] == ["digital旗舰店", "direct旗舰店", "pasted旗舰店"]
    rows = await owner.get(f"{PATH}/rows", figure="sessions", **TODAY)
    assert [each["conversation"] for each in rows["rows"]] == [customer.conversation]
    before = await owner.get(PATH, **LAST_YEAR)
    assert values(before)["sessions"] == 0
    assert (await owner.get(f"{PATH}/rows", figure="sessions", **LAST_YEAR))["rows"] == []


async def test_what_was_imported_counts_where_history_is_asked_for(stage: Stage, owner: Person) -> None:
    await brings_in(owner, stage, table(*CHATS))
    assert values(await owner.get(PATH, **LAST_YEAR))["sessions"] == 0
    report = await owner.get(PATH, history="true", **LAST_YEAR)
    assert values(report)["sessions"] == 2
    assert values(report)["answered_within_30"] == pytest.approx(0.5)
    assert values(report)["first_response_mean"] == pytest.approx(20)
    rows = await owner.get(f"{PATH}/rows", figure="sessions", history="true", **LAST_YEAR)
    assert len(rows["rows"]) == 2
    assert (await owner.get("/api/wall"))["figures"][0]["value"] in {0, None}


async def test_the_platforms_own_figures_are_read_by_the_hour_and_stand_beside_ours(
    stage: Stage, owner: Person, customer: Customer
) -> None:
    await customer.says("在吗")
    await stage.settle()
    agent = await stage.agent()
    await agent.takes_over(customer.conversation)
    await agent.sends(customer.conversation, "在的，请讲。")
    await stage.settle()
    stage.clock.advance(Seconds(120))
    reader = stage.worker.rounds.platform_figures
    assert await reader.read() > 0
    assert await reader.read() == 0, "nobody is asked twice within the hour"
    report = await owner.get(PATH, shop=stage.shops["digital"], **TODAY)
    beside = {each["figure"]: each for each in report["compared"]}
    assert {"served", "unserved"} <= beside.keys()
    assert {each["source"] for each in beside.values()} == {"jos"}
    assert beside["served"]["asOf"] == (NOON + timedelta(seconds=120)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert report["apart"] == []
    assert (await owner.get(PATH, **TODAY))["compared"] == [], "several shops are not put together"
    stage.wire.away = True
    stage.clock.advance(Seconds(3700))
    assert await reader.read() == 0, "a platform that is away stops nothing"


async def test_sessions_that_one_side_alone_may_count_are_listed_by_reason(stage: Stage, owner: Person) -> None:
    alone, left, served = (stage.customer("digital", place) for place in range(3))
    await alone.says("在吗")
    await stage.settle()
    bot_only = await alone.ends()
    stage.clock.advance(Seconds(300))
    await alone.says("在吗，还有一件事")
    await left.says("转人工客服")
    await stage.settle()
    for each in (alone, left):
        await each.ends()
    agent = await stage.agent()
    await served.says("转人工客服")
    await stage.settle()
    if served.conversation not in await agent.sees():
        await agent.takes_over(served.conversation)
    await agent.sends(served.conversation, "在的，请讲。")
    await stage.settle()
    world = stage.simulator.world.shops[stage.shops["digital"]]
    world.verdicts = [Verdict("nobody-here", "w", "不满意", 2, stage.clock.now() - timedelta(minutes=1))]
    await stage.worker.rounds.outcomes.read()
    await stage.worker.rounds.platform_figures.read()
    report = await owner.get(PATH, shop=stage.shops["digital"], **TODAY)
    apart = {each["reason"]: each for each in report["apart"]}
    assert bot_only in apart["bot_only"]["conversations"]
    assert apart["left_message"]["conversations"] == [left.conversation]
    assert apart["verdict_elsewhere"]["number"] == 1
    listed = {each for reason in apart.values() for each in reason["conversations"]}
    assert served.conversation not in listed
    assert (await owner.get(PATH, **TODAY))["apart"] == []


async def test_a_workbook_holds_the_same_figures_is_marked_and_written_down(
    stage: Stage, owner: Person, customer: Customer
) -> None:
    await customer.says("在吗")
    await stage.settle()
    answer = await owner.http.post(f"{PATH}/export", json={**TODAY, "shop": stage.shops["digital"]})
    assert answer.status_code == 200, answer.text
    book = load_workbook(io.BytesIO(answer.content))
    rows = {row[0]: row for row in book["指标"].iter_rows(values_only=True)}
    assert rows["会话"][2:4] == (1, 1)
    about = dict(book["说明"].iter_rows(values_only=True))
    with stage.house.reading.connect() as connection:
        [entry] = [row for row in connection.execute(audit_entry.select()) if row.action == "report.exported"]
    assert (about["导出人"], about["导出编号"]) == ("马店主", entry.subject)
    lead = await stage.person("lead")
    refused = await lead.http.post(f"{PATH}/export", json=TODAY)
    assert refused.json()["code"] == "second_factor"


async def test_nobody_sees_another_organisations_days(stage: Stage, owner: Person, customer: Customer) -> None:
    await customer.says("在吗")
    await brings_in(owner, stage, table(*CHATS))
    await stage.settle()
    stranger = await stage.person("stranger")
    for query in (TODAY, {**LAST_YEAR, "history": "true"}):
        report = await stranger.get(PATH, **query)
        assert values(report)["sessions"] == 0
        assert [each["name"] for each in report["shops"]] == ["foreign旗舰店"]
        narrowed = await stranger.get(PATH, shop=stage.shops["digital"], **query)
        assert (values(narrowed)["sessions"], narrowed["shops"], narrowed["compared"]) == (0, [], [])


async def test_a_stretch_that_is_none_is_refused(owner: Person) -> None:
    for query in ({"since": "2026-06-02", "until": "2026-06-01"}, {"since": "2025-01-01", "until": "2026-06-01"}):
        answer = await owner.http.get(PATH, params=query)
        assert (answer.status_code, answer.json()["code"]) == (400, "choice")
