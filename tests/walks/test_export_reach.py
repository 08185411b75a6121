"""What is exported is within its asker's reach: when they ask, while it is worked at, and when they take it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from huiyin.exporting.store import export as export_table
from huiyin.kernel.clock import to_ms
from huiyin.kernel.ids import ShopId
from huiyin.kernel.units import Seconds
from huiyin.org import administering as org
from huiyin.org import store as org_store

from .codes import App, with_second_factor
from .founding import ALWAYS, FOUNDER, PASSWORD
from .stage import Person, Stage
from .test_exports import PATH, asks, exports, lying, owner, table, takes, talks
from .test_still_looking import pauses

__all__ = ["owner"]  # a fixture

SECRET = "暂停期间的话"
HOUR = 3600


async def again(stage: Stage, login: str, app: App) -> Person:
    """Sign somebody in who was away, with the second factor they have."""
    who = await stage.person(login)
    answer = await who.http.post("/api/session/second-factor", json={"code": app.code()})
    assert answer.status_code == 200, answer.text
    return who


@pytest.mark.parametrize("worked", ["before", "meanwhile", "behind"])
async def test_who_comes_back_after_a_pause_finds_no_file_of_before_or_meanwhile(
    stage: Stage, owner: Person, worked: str
) -> None:
    lead = await stage.person("lead")
    app, _ = await with_second_factor(lead, PASSWORD)
    session = (await talks(stage, SECRET)).conversation
    number = (await asks(lead, stage)).json()["id"]
    if worked == "before":
        await stage.worker.rounds.exporter.work()
    await pauses(stage, "digital", 1)
    assert (await lead.http.get(f"{PATH}/{number}")).status_code == 404
    if worked == "meanwhile":
        await stage.worker.rounds.exporter.work()
    stage.clock.advance(Seconds(HOUR + 60))
    lead = await again(stage, "lead", app)
    if worked == "behind":
        await stage.worker.rounds.exporter.work()
    assert (await lead.http.get(f"/api/desk/conversations/{session}")).status_code == 404
    taken = await takes(lead, number)
    assert (taken.status_code, taken.json()["code"]) == (404, "export_gone")
    assert (await lead.get(PATH))["exports"] == []
    anew = await exports(lead, stage)
    assert SECRET not in str(await table(lead, anew["id"]))


async def test_a_file_whose_asker_may_not_look_any_more_goes(stage: Stage, owner: Person) -> None:
    lead = await stage.person("lead")
    await with_second_factor(lead, PASSWORD)
    await talks(stage, SECRET)
    mine, theirs = await exports(owner, stage), await exports(lead, stage)
    waits = (await asks(lead, stage)).json()["id"]
    await pauses(stage, "digital", 1)
    await stage.worker.rounds.exporter.sweep()
    await stage.worker.rounds.exporter.work()
    told = {each["id"]: (each["state"], each["trouble"]) for each in (await owner.get(PATH))["exports"]}
    assert told == {
        mine["id"]: ("done", ""), theirs["id"]: ("withdrawn", "export_lapsed"), waits: ("failed", "export_lapsed"),
    }  # fmt: skip
    kept = stage.rows(sa.select(export_table.c.id).where(export_table.c.key_sealed.is_not(None)))
    assert [row.id for row in kept] == [mine["id"]]
    assert [path.name for path in lying(stage)] == [f"{mine['id']}.1"]


async def test_who_is_dismissed_leaves_no_file_behind(stage: Stage, owner: Person) -> None:
    lead = await stage.person("lead")
    await with_second_factor(lead, PASSWORD)
    theirs = await exports(lead, stage)
    gone = org_store.person.update().where(org_store.person.c.id == str(stage.founded.people["lead"]))
    await stage.house.writer.do(lambda uow: uow.connection.execute(gone.values(active=False)))
    await stage.worker.rounds.exporter.sweep()
    assert (await owner.get(f"{PATH}/{theirs['id']}"))["state"] == "withdrawn"


async def test_a_contract_that_follows_without_a_gap_keeps_what_was_exported(stage: Stage) -> None:
    lead = await stage.person("lead")
    await with_second_factor(lead, PASSWORD)
    await talks(stage, "在吗")
    done = await exports(lead, stage)
    columns, shop = org_store.engagement.c, stage.shops["digital"]
    [old] = stage.rows(sa.select(org_store.engagement).where(columns.shop == shop))
    ends = stage.clock.now() + timedelta(seconds=60)
    over = org_store.engagement.update().where(columns.id == old.id).values(effective_to=to_ms(ends))
    await stage.house.writer.do(lambda uow: uow.connection.execute(over))
    await stage.house.writer.do(org.engage, old.vendor, ShopId(shop), ALWAYS, effective_from=ends, actor=FOUNDER)
    stage.clock.advance(Seconds(120))
    await stage.worker.rounds.exporter.sweep()
    assert (await takes(lead, done["id"])).status_code == 200


async def test_a_vendor_learns_of_no_session_that_is_not_theirs(stage: Stage) -> None:
    apps = {}
    for login in ("lead", "owner"):
        apps[login], _ = await with_second_factor(await stage.person(login), PASSWORD)
    for place in (1, 2):
        await talks(stage, "在吗", place=place)
    still = stage.customer("digital", place=3)
    await still.says("还没说完")
    await stage.settle()
    await pauses(stage, "digital", 1)
    stage.clock.advance(Seconds(HOUR + 60))
    await talks(stage, "在吗", place=4)
    for login, number in (("lead", 2), ("owner", 4)):
        who = await again(stage, login, apps[login])
        asked = (await asks(who, stage)).json()
        await stage.worker.rounds.exporter.work()
        done = await who.get(f"{PATH}/{asked['id']}")
        assert (asked["expected"], done["expected"], done["sessions"]) == (number, number, number)
