"""A shop's figures before outsourcing are frozen once, for good, and shown beside any other days."""

import pytest
import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.insight import freezing, store
from huiyin.insight.rebuilding import rebuild

from .codes import with_second_factor
from .founding import PASSWORD
from .stage import Person, Stage
from .test_imports import CHATS, brings_in, table

PATH = "/api/reports/baselines"
LAST_YEAR = {"since": "2025-11-01", "until": "2025-11-30"}


@pytest.fixture
async def owner(stage: Stage) -> Person:
    person = await stage.person("owner")
    await with_second_factor(person, PASSWORD)
    return person


def wanted(stage: Stage, **other: object) -> dict[str, object]:
    return {"shop": stage.shops["digital"], "name": "外包前", **LAST_YEAR, **other}


async def brought_in(stage: Stage, owner: Person) -> str:
    """Bring last year's chats in; return their shop."""
    await brings_in(owner, stage, table(*CHATS))
    query = sa.select(store.session_figures.c.shop).distinct()
    [shop] = [row.shop for row in stage.rows(query)]
    return str(shop)


async def test_history_is_frozen_and_nothing_moves_it(stage: Stage, owner: Person) -> None:
    shop = await brought_in(stage, owner)
    answer = await owner.http.post(PATH, json=wanted(stage, shop=shop))
    assert answer.status_code == 201, answer.text
    [frozen] = answer.json()
    values = {each["figure"]: each for each in frozen["figures"]}
    assert (values["sessions"]["value"], values["sessions"]["source"]) == (2, "")
    assert (values["answered_within_30"]["part"], values["answered_within_30"]["whole"]) == (1, 2)
    assert (frozen["sound"], frozen["frozenBy"], frozen["history"]) == (True, "马店主", True)
    await stage.house.writer.do(lambda uow: uow.connection.execute(store.session_figures.delete()))
    assert await owner.get(PATH, shop=shop) == [frozen], "rows that are gone move nothing"
    await stage.house.writer.do(rebuild, stage.house.catalogue)
    assert await owner.get(PATH, shop=shop) == [frozen]
    [entry] = [row for row in stage.rows(sa.select(audit_entry)) if row.action == "baseline.frozen"]
    assert (entry.subject, frozen["digest"] in entry.detail) == (frozen["id"], True)


async def test_a_second_freeze_is_another_one_and_none_is_overwritten(stage: Stage, owner: Person) -> None:
    shop = await brought_in(stage, owner)
    first = (await owner.http.post(PATH, json=wanted(stage, shop=shop))).json()
    again = await owner.http.post(PATH, json=wanted(stage, shop=shop, history=True))
    assert (again.status_code, again.json()["code"]) == (409, "baseline_taken")
    stage.clock.advance(60)
    both = (await owner.http.post(PATH, json=wanted(stage, shop=shop, name="外包前（复核）"))).json()
    assert [each["name"] for each in both] == ["外包前（复核）", "外包前"]
    assert both[1:] == first


async def test_the_first_baseline_is_shown_however_many_follow_and_they_have_an_end(
    stage: Stage, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await brought_in(stage, owner)
    monkeypatch.setattr(freezing, "MOST", 25)
    for place in range(25):
        answer = await owner.http.post(PATH, json=wanted(stage, shop=shop, name=f"第 {place + 1} 份"))
        assert answer.status_code == 201, answer.text
        stage.clock.advance(1)
    assert [each["name"] for each in await owner.get(PATH, shop=shop)][-1] == "第 1 份"
    over = await owner.http.post(PATH, json=wanted(stage, shop=shop, name="再一份"))
    assert (over.status_code, over.json()["code"]) == (409, "baseline_many")


async def test_a_figure_changed_behind_our_back_shows(stage: Stage, owner: Person) -> None:
    shop = await brought_in(stage, owner)
    await owner.http.post(PATH, json=wanted(stage, shop=shop))
    prettier = store.baseline_figure.update().where(store.baseline_figure.c.figure == "sessions").values(value=3)
    await stage.house.writer.do(lambda uow: uow.connection.execute(prettier))
    [found] = await owner.get(PATH, shop=shop)
    assert found["sound"] is False


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"name": " "}, "baseline_name"),
        ({"since": "2026-05-30", "until": "2026-06-01"}, "baseline_days"),
        ({"since": "2024-11-01", "until": "2024-11-30"}, "baseline_nothing"),
        ({"since": "2025-11-30", "until": "2025-11-01"}, "choice"),
    ],
)
async def test_what_cannot_be_frozen_is_refused_with_its_reason(
    stage: Stage, owner: Person, other: dict[str, object], code: str
) -> None:
    answer = await owner.http.post(PATH, json=wanted(stage, **other))
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_others_see_no_baseline_and_freezing_wants_a_second_factor(stage: Stage, owner: Person) -> None:
    shop = await brought_in(stage, owner)
    await owner.http.post(PATH, json=wanted(stage, shop=shop))
    for login in ("lin", "lead", "stranger"):
        person = await stage.person(login)
        assert (await person.http.get(PATH, params={"shop": shop})).status_code == 404
        assert (await person.http.post(PATH, json=wanted(stage, shop=shop, name="x"))).status_code in {403, 404}
    bare = await stage.person("owner")
    refused = await bare.http.post(PATH, json=wanted(stage, shop=shop, name="x"))
    assert refused.json()["code"] == "second_factor"
