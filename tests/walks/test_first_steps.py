"""A merchant nobody knew an hour ago: a link, a second factor, a shop, an agent, a first message answered."""

from typing import Any

import pytest

from huiyin.conversations import store
from huiyin.kernel.ids import PersonId

from .codes import with_second_factor
from .stage import Person, Stage
from .test_imports import CHATS, table
from .test_statements import Counter, counter
from .test_welcome import OWN, accepts, founded_owner, token_of
from .test_widget import ASKS, Site
from .test_widget import OWN as PAGE

__all__ = ["counter"]  # a fixture

STEPS = "/api/first-steps"
WIDGET = {"name": "远方小店", "platform": "widget", "settings": {"origins": PAGE}}


async def enters(stage: Stage, path: str, login: str) -> Person:
    """Accept a link in a browser of one's own."""
    person = Person(stage, login, stage.client())
    answer = await person.http.post("/api/welcome/accept", json={"token": token_of(path), "password": OWN})
    assert answer.status_code == 200, answer.text
    stage.founded.people[login] = PersonId(answer.json()["id"])
    return person


@pytest.fixture
async def fang(stage: Stage) -> Person:
    """Return a first owner with a second factor."""
    owner = await enters(stage, await founded_owner(stage), "fang")
    await with_second_factor(owner, OWN)
    return owner


async def opens(owner: Person, **wanted: object) -> dict[str, Any]:
    answer = await owner.http.post("/api/connections", json=wanted)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_from_the_first_link_to_the_first_answer(stage: Stage, fang: Person) -> None:
    nothing = {"shops": 0, "connected": 0, "agents": 0, "invited": 0, "vendors": 0, "begun": False}
    assert await fang.get(STEPS) == nothing
    made = await opens(fang, **WIDGET)
    new = {"name": "小周", "login": "zhou", "roles": ["agent"], "capacity": 3, "skills": []}
    invited = await fang.http.post("/api/people", json=new)
    assert invited.status_code == 200, invited.text
    assert await fang.get(STEPS) == {**nothing, "shops": 1, "connected": 1, "invited": 1}
    zhou = await enters(stage, invited.json()["path"], "zhou")
    await zhou.goes("online")
    assert await fang.get(STEPS) == {**nothing, "shops": 1, "connected": 1, "agents": 1}
    visitor = await Site(stage, made["shop"]["id"], made["settings"]["site"]).visitor()
    await visitor.says(ASKS)
    [talk] = await zhou.sees()
    await zhou.sends(talk, "您好，我在")
    assert await fang.get(STEPS) == {**nothing, "shops": 1, "connected": 1, "agents": 1, "begun": True}


async def test_a_shop_without_keys_begins_with_its_files_and_is_connected_later(stage: Stage, fang: Person) -> None:
    made = await opens(fang, name="远方数码", platform="jd", number="900901", unconnected=True)
    assert (made["state"], made["accessTold"], made["secrets"]) == ("closed", None, [])
    shop = made["shop"]["id"]
    offered = await fang.http.post(
        "/api/imports/", params={"shop": shop, "what": "chats"}, content=table(*CHATS),
        headers={"X-File-Name": "chats.csv", "Content-Type": "application/octet-stream"},
    )  # fmt: skip
    told = offered.json()
    data = {"columns": told["preview"]["mapped"], "sheet": told["preview"]["sheet"]}
    await fang.http.post(f"/api/imports/{told['file']['id']}/start", json=data)
    while await stage.house.importer.work():
        pass
    await stage.settle()
    assert len(stage.rows(store.conversation.select().where(store.conversation.c.shop == shop))) == 2
    keys = {"app_key": "app", "app_secret": "s", "access_token": "t"}
    other = await fang.http.put(f"/api/connections/{shop}", json={"settings": {**keys, "vender_id": "1"}})
    assert (other.status_code, other.json()["code"]) == (400, "shop_other")
    later = await fang.http.put(f"/api/connections/{shop}", json={"settings": {**keys, "vender_id": "900901"}})
    assert (later.status_code, later.json()["state"]) == (200, "open")


async def test_without_keys_it_takes_the_shops_number(stage: Stage, fang: Person) -> None:
    answer = await fang.http.post("/api/connections", json={"name": "店", "platform": "jd", "unconnected": True})
    assert (answer.status_code, answer.json()["code"]) == (400, "settings_missing")


async def test_the_steps_cost_a_few_queries_however_many_people(stage: Stage, fang: Person, counter: Counter) -> None:
    await opens(fang, **WIDGET)
    with counter.counting(6):
        await fang.get(STEPS)
    for number in range(3):
        new = {"name": "客服", "login": f"agent-{number}", "roles": ["agent"], "capacity": 3, "skills": []}
        invited = await fang.http.post("/api/people", json=new)
        await accepts(stage, invited.json()["path"])
    with counter.counting(6):
        assert (await fang.get(STEPS))["agents"] == 3
