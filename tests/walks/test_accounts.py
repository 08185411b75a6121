"""Shared platform accounts: who sits behind them is written down by interval, with both times, and never rewritten."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.kernel.ids import new_id

from .founding import NOON
from .stage import Customer, Person, Stage
from .test_desk import pasted

ACCOUNTS = "/api/accounts"
ACCOUNT = "客服03"


@pytest.fixture
def customer(stage: Stage) -> Customer:
    return stage.customer("pasted")


async def writes(stage: Stage, customer: Customer, words: str) -> None:
    """Let somebody write under the account at the platform, and poll it in."""
    stage.clock.advance(5)
    pasted(stage, customer, words)
    stage.clock.advance(5)
    await stage.polls("pasted")
    await stage.settle()


async def enters(lead: Person, login: str, since: int, until: int | None = None, **more: object) -> Any:
    """Ask to write down who sits behind the account, in hours after noon."""
    data = {
        "shop": lead.stage.shops["pasted"], "account": ACCOUNT, "person": str(lead.stage.founded.people[login]),
        "effectiveFrom": (NOON + timedelta(hours=since)).isoformat(),
        "effectiveTo": None if until is None else (NOON + timedelta(hours=until)).isoformat(), **more,
    }  # fmt: skip
    return await lead.http.post(ACCOUNTS, json=data)


def told(account: Any) -> list[tuple[str, int, int | None, bool]]:
    """Return an account's records: who, from and until in hours after noon, and whether another replaced it."""

    def hours(at: str) -> int:
        return round((datetime.fromisoformat(at) - NOON) / timedelta(hours=1))

    return [
        (
            each["person"]["name"],
            hours(each["effectiveFrom"]),
            hours(each["effectiveTo"]) if each["effectiveTo"] else None,
            each["replacedAt"] is not None,
        )
        for each in account["sittings"]
    ]


async def authors(person: Person, conversation: str) -> list[str]:
    return [each["author"] for each in (await person.opens(conversation))["messages"] if each["sender"] == "agent"]


async def test_an_account_nobody_is_named_for_comes_first_with_how_much_it_wrote(
    stage: Stage, customer: Customer
) -> None:
    lead = await stage.person("lead")
    await enters(lead, "mei", -1, account="客服01")
    await customer.says("尺码偏大吗")
    await writes(stage, customer, "您平时穿多大？")
    await writes(stage, customer, "建议选大一码。")
    found = await lead.get(ACCOUNTS)
    assert [(each["account"], each["messages"]) for each in found] == [(ACCOUNT, 2), ("客服01", 0)]
    assert (found[0]["person"], found[0]["shop"]["name"]) == (None, "pasted旗舰店")
    assert (found[0]["firstAt"], found[0]["lastAt"]) == ("2026-06-01T04:00:05Z", "2026-06-01T04:00:15Z")
    assert found[1]["person"]["name"] == "小梅"


async def test_whoever_is_written_down_is_named_from_then_on_and_what_was_written_before_stays_the_accounts(
    stage: Stage, customer: Customer
) -> None:
    lead = await stage.person("lead")
    await customer.says("尺码偏大吗")
    await writes(stage, customer, "您平时穿多大？")
    before = stage.events(customer.conversation)
    answer = (await enters(lead, "lin", -24)).json()
    assert (answer["person"]["name"], answer["messages"]) == ("小林", 1)
    assert stage.events(customer.conversation) == before
    await writes(stage, customer, "建议选大一码。")
    assert await authors(lead, customer.conversation) == [f"{ACCOUNT}（未登记账号）", "小林"]
    (account,) = await lead.get(ACCOUNTS)
    assert account["messages"] == 1


async def test_a_colleague_who_takes_the_account_on_ends_the_record_before_and_both_times_are_kept(
    stage: Stage,
) -> None:
    lead = await stage.person("lead")
    await enters(lead, "lin", 0)
    stage.clock.advance(3600)
    account = (await enters(lead, "mei", 8)).json()
    assert told(account) == [("小林", 0, None, True), ("小林", 0, 8, False), ("小梅", 8, None, False)]
    first, rest, later = account["sittings"]
    assert first["recordedAt"] == "2026-06-01T04:00:00Z"
    assert first["replacedAt"] == rest["recordedAt"] == later["recordedAt"] == "2026-06-01T05:00:00Z"
    assert account["person"]["name"] == "小林", "until the hand-over the earlier one sits there"


async def test_who_stands_in_for_some_hours_leaves_the_account_to_whom_it_belonged(stage: Stage) -> None:
    lead = await stage.person("lead")
    await enters(lead, "lin", 0)
    account = (await enters(lead, "mei", 2, 4)).json()
    assert told(account) == [
        ("小林", 0, None, True), ("小林", 0, 2, False), ("小梅", 2, 4, False), ("小林", 4, None, False),
    ]  # fmt: skip


async def test_a_wrong_record_is_replaced_and_stays_to_be_seen(stage: Stage) -> None:
    lead = await stage.person("lead")
    wrong = (await enters(lead, "lin", 0, 8)).json()["sittings"][0]["id"]
    refused = await enters(lead, "mei", -1, 9)
    assert refused.status_code == 409
    assert "Correct that record" in refused.json()["detail"]
    account = (await enters(lead, "mei", -1, 9, replaces=wrong)).json()
    assert told(account) == [("小梅", -1, 9, False), ("小林", 0, 8, True)]
    assert (await enters(lead, "mei", 0, 8, replaces=wrong)).status_code == 404, "replaced already"
    events = stage.events(stage.shops["pasted"])
    assert [each.kind for each in events][-2:] == ["org.AccountMapped", "org.AccountMapped"]
    assert {each.actor for each in events[-2:]} == {f"person:{lead.id}"}


@pytest.mark.parametrize(
    ("since", "until", "more", "status"),
    [
        pytest.param(5, 5, {}, 400, id="an interval without length"),
        pytest.param(5, 4, {}, 400, id="the end before the beginning"),
        pytest.param(0, None, {"account": ""}, 400, id="no account"),
        pytest.param(0, None, {"account": " 客服03"}, 400, id="blanks around it"),
        pytest.param(0, None, {"account": "x" * 65}, 400, id="an account too long"),
        pytest.param(0, None, {"effectiveFrom": "2026-06-01T04:00:00"}, 400, id="a time without a zone"),
        pytest.param(0, None, {"account": "客服\x0003"}, 400, id="an account nobody can see"),
        pytest.param(0, None, {"effectiveFrom": "0001-01-01T00:00:00+14:00"}, 400, id="before all time"),
        pytest.param(0, None, {"effectiveTo": "9999-12-31T23:59:59-14:00"}, 400, id="after all time"),
        pytest.param(0, None, {"person": "nobody"}, 404, id="nobody"),
        pytest.param(0, None, {"replaces": "nothing"}, 404, id="nothing to replace"),
    ],
)
async def test_what_cannot_be_a_record_is_refused_with_a_remedy(
    stage: Stage, since: int, until: int | None, more: dict[str, object], status: int
) -> None:
    lead = await stage.person("lead")
    answer = await enters(lead, "lin", since, until, **more)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
    assert await lead.get(ACCOUNTS) == []


async def test_only_leads_of_the_shop_see_and_write_and_only_its_people_can_be_named(
    stage: Stage, customer: Customer
) -> None:
    await customer.says("在吗")
    await writes(stage, customer, "在的")
    lead, owner = await stage.person("lead"), await stage.person("owner")
    shop = stage.shops["pasted"]
    for login in ("lin", "stranger"):
        person = await stage.person(login)
        for path, nothing in ((ACCOUNTS, []), (f"{ACCOUNTS}/people?shop={shop}", [])):
            answer = await person.http.get(path)
            assert answer.status_code == (404 if login == "lin" else 200)
            assert login == "lin" or answer.json() == nothing
        theirs, absent = await enters(person, "lin", 0), await enters(person, "lin", 0, shop=new_id())
        assert (theirs.status_code, theirs.content) == (404, absent.content)
    assert (await enters(lead, "stranger", 0)).status_code == 404
    people = await lead.get(f"{ACCOUNTS}/people", shop=shop)
    assert {each["name"] for each in people} == {"组长老何", "小林", "小梅"}
    people = await owner.get(f"{ACCOUNTS}/people", shop=shop)
    assert {each["name"] for each in people} == {"马店主", "组长老何", "小林", "小梅"}
    assert [each["account"] for each in await owner.get(ACCOUNTS)] == [ACCOUNT]
