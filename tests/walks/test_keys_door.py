"""The security officer's page of keys: how they stand, renewing them while customers talk, and nothing of others'."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from huiyin.kernel.actors import Role, system
from huiyin.kernel.units import Seconds
from huiyin.org import store
from huiyin.security import holds
from huiyin.security.keyroom import Progress

from .stage import Customer, Person, Stage
from .test_people import hired

KEYS = "/api/keys"
TERMINAL = system("terminal")


@pytest.fixture
async def officer(stage: Stage) -> Person:
    return await hired(stage, "owner", "officer", Role.SECURITY_OFFICER)


def numbers(shown: dict[str, Any], sort: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in shown["keys"]:
        if each["sort"] == sort:
            found[each["state"]] = found.get(each["state"], 0) + each["number"]
    return found


async def finished(officer: Person) -> dict[str, Any]:
    for _ in range(200):
        shown = dict(await officer.get(KEYS))
        if shown["work"]["state"] != "running":
            return shown
        await asyncio.sleep(0.05)
    pytest.fail("the work does not end")


async def test_the_officer_sees_keys_holds_and_tombstones_of_their_own_company_alone(
    officer: Person, customer: Customer, stage: Stage
) -> None:
    await customer.says("我要退货")
    stranger = stage.customer("foreign")
    await stranger.says("在吗")
    shown = await officer.get(KEYS)
    before = numbers(shown, "data")["current"]
    assert (shown["masterVersions"], numbers(shown, "wrap"), shown["work"]) == (1, {"current": 1}, None)
    assert (shown["holds"], shown["tombstones"], shown["toBury"]) == ([], [], False)
    people = {each["id"]: each["name"] for each in (await officer.get("/api/people"))["people"]}
    subject = next(each for each, name in people.items() if name == "审计员")
    tenant = tenant_of(stage)
    new = holds.NewHold(tenant, "", "案卷 7", stage.clock.now() + timedelta(days=1))
    await stage.house.writer.do(holds.hold, new, actor=TERMINAL)
    shown = await officer.get(KEYS)
    assert [(each["reason"], each["until"]) for each in shown["holds"]] == [("案卷 7", "2026-06-02T04:00:00Z")]
    await stage.house.writer.do(holds.lift, shown["holds"][0]["id"], actor=TERMINAL)
    await asyncio.to_thread(stage.house.keyroom.shred, subject, "案卷 8", actor=TERMINAL)
    shown = await officer.get(KEYS)
    (stone,) = shown["tombstones"]
    assert (stone["reason"], stone["sound"], stone["buried"], stone["subject"]) == ("案卷 8", True, False, subject)
    assert numbers(shown, "data") == {"current": before - 1, "destroyed": 1}
    assert shown["toBury"]
    other = await hired(stage, "stranger", "other", Role.SECURITY_OFFICER)
    theirs = await other.get(KEYS)
    assert (theirs["tombstones"], theirs["holds"], theirs["toBury"]) == ([], [], False)


def tenant_of(stage: Stage) -> str:
    query = sa.select(store.person.c.tenant).where(store.person.c.id == stage.founded.people["owner"])
    return str(stage.rows(query)[0].tenant)


@pytest.mark.parametrize("what", ["tenant", "data"])
async def test_keys_are_renewed_beside_everything_else_and_what_was_said_still_opens(
    officer: Person, customer: Customer, stage: Stage, what: str
) -> None:
    await customer.says("付款后多久发货？")
    await stage.settle()
    begun = await officer.http.post(f"{KEYS}/turn", json={"what": what})
    assert (begun.status_code, begun.json()["what"]) == (202, what)
    shown = await finished(officer)
    assert (shown["work"]["state"], shown["work"]["done"] >= 1) == ("done", True)
    if what == "tenant":
        assert numbers(shown, "wrap") == {"current": 1, "destroyed": 1}
    else:
        assert numbers(shown, "data")["old"] >= 1
    lead = await stage.person("lead")
    chat = await lead.opens(customer.conversation)
    assert chat["messages"][0]["text"] == "付款后多久发货？"
    again = await officer.http.post(f"{KEYS}/turn", json={"what": what})
    assert again.status_code == 202
    await finished(officer)


async def test_one_piece_of_work_at_a_time(officer: Person, stage: Stage) -> None:
    assert (await officer.http.post(f"{KEYS}/turn", json={"what": "master"})).status_code == 400
    tenant = tenant_of(stage)
    gate = threading.Event()

    def steps() -> Iterator[Progress]:
        yield Progress(0, 1)
        gate.wait(10)

    stage.house.turning.start(tenant, "data", steps)
    busy = await officer.http.post(f"{KEYS}/turn", json={"what": "data"})
    assert (busy.status_code, busy.json()["code"]) == (409, "keys_busy")
    gate.set()


async def test_keys_are_for_the_officer_after_a_second_factor(officer: Person, stage: Stage) -> None:
    stage.clock.advance(Seconds(16 * 60))
    refused = await officer.http.get(KEYS)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")
    owner = await stage.person("owner")
    assert (await owner.http.get(KEYS)).status_code == 404
    assert (await owner.http.post(f"{KEYS}/turn", json={"what": "data"})).status_code == 404
