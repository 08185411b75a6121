"""Owners connect their shops themselves; secrets go in and never come out, and what is wrong is told in a word."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.channels.jd import JdSettings
from huiyin.channels.port import Capability, Tier
from huiyin.connections.patience import PAUSES, Patience
from huiyin.connections.troubles import troubles
from huiyin.kernel.actors import Role
from huiyin.kernel.units import Seconds
from huiyin.org.store import calendar

from .codes import with_second_factor
from .founding import NOON, PASSWORD
from .stage import Person, Stage
from .test_people import hired

PATH = "/api/connections"
SECRETS = {"app_secret": "s-7741", "access_token": "t-7742", "refresh_token": "r-7743"}
SETTINGS = {"vender_id": "900900", "app_key": "app", **SECRETS}


@pytest.fixture
async def owner(stage: Stage) -> Person:
    person = await stage.person("owner")
    await with_second_factor(person, PASSWORD)
    return person


def new(**settings: str) -> dict[str, object]:
    return {"name": "新开的店", "platform": "jd", "settings": {**SETTINGS, **settings}, "hours": "09:00-24:00"}


async def opened(owner: Person, **settings: str) -> dict[str, Any]:
    answer = await owner.http.post(PATH, json=new(**settings))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def connections(person: Person) -> dict[str, dict[str, Any]]:
    return {each["shop"]["id"]: each for each in await person.get(PATH)}


async def test_an_owner_opens_a_shop_whose_line_is_open_at_once_and_shows_no_secret_ever_again(
    stage: Stage, owner: Person
) -> None:
    made = await opened(owner)
    shop = made["shop"]["id"]
    assert (made["state"], made["tier"], made["own"], made["polled"]) == ("open", "read", True, True)
    assert made["settings"] == {"vender_id": "900900", "app_key": "app", "gateways": "jos"}
    assert made["secrets"] == sorted(SECRETS)
    able = {each["capability"]: each for each in made["abilities"]}
    assert able[Capability.READ_HISTORY]["able"]
    assert (able[Capability.LOGISTICS]["able"], able[Capability.LOGISTICS]["whyNot"]) == (False, "no_key")
    line = stage.house.lines.get(shop)
    assert line is not None
    assert line.tier is Tier.READ
    told = (await owner.http.get(PATH)).text + str(stage.rows(sa.select(audit_entry)))
    assert [each for each in SECRETS.values() if each in told] == []
    with stage.house.reading.connect() as connection:
        actions = set(connection.execute(sa.select(audit_entry.c.action)).scalars())
    assert {"shop.opened", "shop.connected"} <= actions


async def test_a_secret_left_empty_stays_and_another_value_takes_its_place(stage: Stage, owner: Person) -> None:
    shop = (await opened(owner))["shop"]["id"]
    kept = {"vender_id": "900900", "app_key": "other", "gateways": "sp-api,jos", "access_token": "t-new"}
    answer = await owner.http.put(f"{PATH}/{shop}", json={"settings": kept})
    assert answer.status_code == 200, answer.text
    assert answer.json()["settings"] == {"vender_id": "900900", "app_key": "other", "gateways": "sp-api,jos"}
    settings = stage.house.lines.by_shop[shop]._settings  # type: ignore[attr-defined]  # what the line really uses
    assert isinstance(settings, JdSettings)
    assert (settings.app_secret, settings.access_token, settings.refresh_token) == ("s-7741", "t-new", "r-7743")


async def test_a_shop_that_is_disconnected_keeps_its_conversations_and_forgets_its_secrets(
    stage: Stage, owner: Person
) -> None:
    shop = (await opened(owner))["shop"]["id"]
    gone = (await owner.http.delete(f"{PATH}/{shop}")).json()
    assert (gone["state"], gone["secrets"], gone["settings"]) == ("closed", [], {})
    assert stage.house.lines.get(shop) is None
    again = await owner.http.put(f"{PATH}/{shop}", json={"settings": {"vender_id": "900900", "app_key": "app"}})
    assert again.json()["code"] == "settings_missing"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"settings": {**SETTINGS, "app_secret": ""}}, "settings_missing"),
        ({"settings": {**SETTINGS, "gateway_url": "http://10.0.0.1/"}}, "settings_odd"),
        ({"settings": {**SETTINGS, "gateways": "ftp"}}, "choice"),
        ({"platform": "ebay"}, "platform_unknown"),
        ({"name": "  "}, "shop_name"),
        ({"hours": "18:00-09:00"}, "hours_form"),
        ({"hours": "always"}, "hours_form"),
    ],
)
async def test_what_cannot_be_is_refused_in_a_word_and_opens_nothing(
    owner: Person, change: Mapping[str, object], code: str
) -> None:
    before = set(await connections(owner))
    answer = await owner.http.post(PATH, json={**new(), **change})
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text
    assert "7741" not in answer.text
    assert set(await connections(owner)) == before


async def test_a_shop_is_here_once_and_stays_the_shop_it_is(owner: Person) -> None:
    shop = (await opened(owner))["shop"]["id"]
    assert (await owner.http.post(PATH, json=new())).json()["code"] == "shop_taken"
    other = await owner.http.put(f"{PATH}/{shop}", json={"settings": {**SETTINGS, "vender_id": "900901"}})
    assert other.json()["code"] == "shop_other"


async def test_a_vendor_sees_how_shops_it_serves_stand_and_opens_and_changes_none(stage: Stage, owner: Person) -> None:
    admin = await hired(stage, "lin", "admin", Role.ADMINISTRATOR)
    lead = await stage.person("lead")
    seen = await connections(lead)
    assert set(seen) == {stage.shops[name] for name in ("digital", "direct", "pasted")}
    assert all(not each["own"] and each["settings"] == {} and each["secrets"] == [] for each in seen.values())
    assert (await admin.http.post(PATH, json=new())).json()["code"] == "not_a_merchant"
    shop = stage.shops["digital"]
    for answer in (
        await admin.http.put(f"{PATH}/{shop}", json={"settings": SETTINGS}),
        await admin.http.delete(f"{PATH}/{shop}"),
        await owner.http.put(f"{PATH}/{stage.shops['foreign']}", json={"settings": SETTINGS}),
        await owner.http.delete(f"{PATH}/no-such-shop"),
        await owner.http.post(f"{PATH}/{stage.shops['foreign']}/test", json={}),
    ):
        assert answer.status_code == 404, answer.text


async def test_connecting_wants_a_second_factor(stage: Stage) -> None:
    plain = await stage.person("owner")
    assert (await plain.http.post(PATH, json=new())).json()["code"] == "second_factor"


async def test_a_line_is_tried_and_what_is_wrong_is_told_in_a_word(stage: Stage) -> None:
    lead = await stage.person("lead")
    path = f"{PATH}/{stage.shops['pasted']}/test"
    good = (await lead.http.post(path, json={})).json()
    assert (good["ok"], good["code"]) == (True, "")
    there = stage.simulator.world.shops[stage.shops["pasted"]]
    there.access_token = there.refresh_token = "revoked by the seller"
    assert (await lead.http.post(path, json={})).json()["code"] == "authorise_again"


async def test_a_platform_that_is_away_is_one_row_and_asked_less_and_less_until_it_is_back(stage: Stage) -> None:
    shop = stage.shops["pasted"]
    line = stage.house.lines.by_shop[shop]
    away = stage.wire
    lead = await stage.person("lead")
    before = len(away.addresses)
    away.away = True
    for _ in range(60):
        await stage.worker.poll()
        stage.clock.advance(Seconds(20))
    asked = len(away.addresses) - before
    told = (await connections(lead))[shop]["trouble"]
    assert (told["code"], told["lasting"]) == ("platform_away", False)
    assert 5 <= asked <= 9, "twenty minutes: at once, at once, then after 1, 2, 5, 10 minutes"
    with stage.house.reading.connect() as connection:
        assert troubles(connection, [shop])[shop].since < troubles(connection, [shop])[shop].last_at
    away.away = False
    stage.clock.advance(Seconds(600))
    await stage.worker.poll()
    assert (await connections(lead))[shop]["trouble"] is None
    assert stage.house.lines.by_shop[shop] is line


def test_pauses_grow_and_end_with_the_first_success() -> None:
    patience, now = Patience(), NOON
    for pause in (*PAUSES, PAUSES[-1]):
        assert patience.is_due("shop", now)
        patience.failed("shop", now)
        assert patience.is_due("shop", now + pause)
        if pause:
            assert not patience.is_due("shop", now + pause - timedelta(seconds=1))
        now += pause
    assert patience.is_due("other", now)
    patience.worked("shop")
    patience.failed("shop", now)
    assert patience.is_due("shop", now)


OTHERS = {
    "taobao": {"app_key": "a", "app_secret": "s", "session": "t"},
    "pdd": {"client_id": "a", "client_secret": "s", "access_token": "t"},
    "douyin": {"app_key": "a", "app_secret": "s", "access_token": "t"},
    "kuaishou": {"app_key": "a", "sign_secret": "s", "access_token": "t"},
}


@pytest.mark.parametrize("platform", OTHERS)
async def test_other_platforms_are_connected_as_far_as_they_go_and_say_what_they_cannot_do(
    stage: Stage, owner: Person, platform: str
) -> None:
    wanted = {"name": f"{platform}店", "platform": platform, "settings": OTHERS[platform]}
    assert (await owner.http.post(PATH, json=wanted)).json()["code"] == "settings_missing", "the number is missing"
    made = (await owner.http.post(PATH, json={**wanted, "number": "778899"})).json()
    assert (made["state"], made["polled"], made["tier"]) == ("open", False, "read")
    able = {each["capability"]: each for each in made["abilities"]}
    assert [name for name, each in able.items() if each["able"]] == [Capability.ORDERS]
    assert all(each["lack"]["instead"] and each["lack"]["remedy"] for each in able.values() if not each["able"])
    assert await stage.worker.poll() == 0
    assert (await connections(owner))[made["shop"]["id"]]["trouble"] is None, "what cannot be read is not asked for"
    path = f"{PATH}/{made['shop']['id']}/test"
    assert (await owner.http.post(path, json={})).json()["code"] == "order_needed"


async def test_what_is_asked_for_is_told_and_is_what_is_taken(owner: Person) -> None:
    told = {each["platform"]: each for each in await owner.get(f"{PATH}/platforms")}
    assert set(told) == {"jd", "widget", *OTHERS}
    for platform, settings in OTHERS.items():
        wanted = {each["name"] for each in told[platform]["asked"] if each["required"]}
        assert wanted == set(settings)
        assert told[platform]["numbered"]
    assert {each["name"] for each in told["jd"]["asked"] if each["kind"] == "secret"} == {*SECRETS, "dd_token"}


async def test_an_owner_puts_a_name_and_hours_right_and_earlier_sessions_keep_theirs(
    stage: Stage, owner: Person
) -> None:
    shop = (await opened(owner))["shop"]["id"]
    stage.clock.advance(Seconds(60))
    about = {"name": " 远山数码 ", "category": "digital", "hours": "10:00-18:00"}
    answer = await owner.http.put(f"{PATH}/{shop}/about", json=about)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["shop"]["name"], found["category"], found["hours"]) == ("远山数码", "digital", "10:00-18:00")
    assert "远山数码" in {each["name"] for each in (await owner.get("/api/session"))["shops"]}
    hours = [row.hours for row in stage.rows(sa.select(calendar.c.hours).where(calendar.c.shop == shop))]
    assert len(hours) == 2, "the earlier record stays"
    again = await owner.http.put(f"{PATH}/{shop}/about", json={**about, "hours": None})
    assert again.json()["hours"] == "10:00-18:00"
    written = [row.action for row in stage.rows(sa.select(audit_entry).where(audit_entry.c.subject == shop))]
    assert written.count("shop.changed") == 1, "what does not change is not written down"
    for wrong, code in (
        ({"name": " "}, "shop_name"),
        ({"name": "店\x01"}, "shop_name"),
        ({"name": "店", "hours": "18:00-10:00"}, "hours_form"),
    ):
        refused = await owner.http.put(f"{PATH}/{shop}/about", json=wrong)
        assert (refused.status_code, refused.json()["code"]) == (400, code)
    lead = await stage.person("lead")
    assert (await lead.http.put(f"{PATH}/{shop}/about", json=about)).status_code == 404
