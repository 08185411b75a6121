"""A customer writes 「删除我的信息」: they are found, kept while the law wants it, then destroyed for good."""

import asyncio
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from huiyin.audit.store import audit_entry
from huiyin.cli.entry import app
from huiyin.conversations import store as conversations
from huiyin.conversations.bodies import ERASED
from huiyin.kernel.actors import Role
from huiyin.kernel.errors import InvalidError, NotFoundError
from huiyin.kernel.ids import new_id
from huiyin.kernel.units import Seconds
from huiyin.org import store
from huiyin.security import shredding

from .codes import is_shown
from .stage import Customer, Person, Stage
from .test_keys import subject_of, tenant_of
from .test_keys_door import KEYS
from .test_people import hired
from .test_query_plans import plans
from .test_statements import Counter, counter

__all__ = ["counter"]

CUSTOMERS, HOLDS = f"{KEYS}/customers", f"{KEYS}/holds"
DAY = 24 * 3600
PHONE = "13812345678"
LAW = "电子商务法第三十一条"


@pytest.fixture
async def officer(stage: Stage) -> Person:
    return await hired(stage, "owner", "officer", Role.SECURITY_OFFICER)


@pytest.fixture
async def writer(stage: Stage) -> Customer:
    """Return a customer who asked about an order and left a telephone; that conversation is over."""
    customer = stage.customer("direct")
    await customer.says("我的订单呢", mt="order", order_id=customer.order)
    await customer.says(f"打我电话 {PHONE}")
    await customer.ends()
    return customer


async def finds(officer: Person, by: str, value: str) -> list[dict[str, Any]]:
    answer = await officer.http.post(CUSTOMERS, json={"by": by, "value": value})
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def shreds(officer: Person, customer: str, reason: str = "来信 2026-17") -> httpx.Response:
    return await officer.http.post(f"{CUSTOMERS}/{customer}/shred", json={"reason": reason})


async def places(officer: Person, customer: str, **more: object) -> httpx.Response:
    return await officer.http.post(HOLDS, json={"customer": customer, "reason": LAW, **more})


async def held(officer: Person, customer: str, **more: object) -> str:
    """Place a hold and return its id."""
    placed = await places(officer, customer, **more)
    assert placed.status_code == 204, placed.text
    (hold,) = (await officer.get(KEYS))["holds"]
    return str(hold["id"])


async def lifts(officer: Person, hold: str) -> httpx.Response:
    return await officer.http.post(f"{HOLDS}/{hold}/lift")


async def again(officer: Person) -> Person:
    """Return the officer signed in anew, their second factor just shown."""
    stage, officer = officer.stage, await officer.stage.person("officer")
    shown = store.session.update().values(second_factor_at=int(stage.clock.now().timestamp() * 1000))
    await stage.house.writer.do(lambda uow: uow.connection.execute(shown))
    return officer


def written(stage: Stage, action: str) -> list[tuple[str, str, str]]:
    """Return what the audit says of an action: about whom, with which outcome and detail."""
    columns = audit_entry.c
    query = sa.select(columns.subject, columns.outcome, columns.detail).where(columns.action == action)
    return [tuple(row) for row in stage.rows(query.order_by(columns.seq))]


async def gives(stage: Stage, *words: str, said: str = "") -> Result:
    """Give a command of `huiyin keys` beside the running house, and answer what it asks."""
    wanted = ["keys", *words, "--folder", str(stage.folder)]
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, wanted, input=said))


async def test_a_letter_is_answered_from_the_name_in_it_to_the_signed_tombstone(
    officer: Person, writer: Customer, stage: Stage
) -> None:
    (found,) = await finds(officer, "account", f" {writer.pin} ")
    assert (found["id"], found["shop"]["name"]) == (subject_of(stage, writer), "direct旗舰店")
    assert (found["conversations"], found["underWay"], found["messages"], found["masked"]) == (1, 0, 2, 1)
    assert (found["seen"], found["holds"]) == (0, [])
    assert found["since"] == found["until"] == "2026-06-01T04:00:00Z"
    assert not [words for words in (writer.pin, PHONE, "我的订单呢") if words in str(found)]
    conversation, order = writer.conversation, writer.order
    done = await shreds(officer, found["id"])
    assert done.status_code == 200, done.text
    stone = done.json()
    assert (stone["reason"], stone["sound"], stone["keys"], stone["rows"]) == ("来信 2026-17", True, 1, 3)
    assert (stone["by"], stone["buried"]) == ("某officer", False)
    assert (await officer.get(KEYS))["tombstones"] == [stone]
    lead = await stage.person("lead")
    assert {each["text"] for each in (await lead.opens(conversation))["messages"]} == {ERASED.content.text}
    assert await finds(officer, "account", writer.pin) == []
    assert await finds(officer, "order", order) == []
    assert order not in str(stage.rows(sa.select(conversations.conversation))), "the platform knows whose it is"
    assert (await shreds(officer, found["id"])).status_code == 404


@pytest.mark.parametrize(("by", "value"), [
    ("order", "{order}"), ("phone", PHONE), ("phone", "+86 138-1234-5678"), ("phone", "0086 13812345678"),
    ("phone", "一三八 1234 五六七八"),
])  # fmt: skip
async def test_whoever_names_no_account_is_found_by_an_order_or_a_telephone(
    officer: Person, writer: Customer, stage: Stage, by: str, value: str
) -> None:
    await stage.customer("direct", 1).says("我的电话是13912345678")
    await stage.settle()
    (found,) = await finds(officer, by, value.format(order=writer.order))
    assert found["id"] == subject_of(stage, writer)


async def test_one_account_in_two_shops_of_a_company_is_two_customers(officer: Person, stage: Stage) -> None:
    for shop in ("direct", "digital", "foreign"):
        await Customer(stage, shop, "jd_yuanshan").says("在吗")
    await stage.settle()
    found = await finds(officer, "account", "jd_yuanshan")
    assert sorted(each["shop"]["name"] for each in found) == ["digital旗舰店", "direct旗舰店"]


async def test_how_often_somebody_looked_at_their_data_is_told(officer: Person, stage: Stage) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await buyer.says(f"我电话 {PHONE}，微信 songguo88")
    await stage.settle()
    await is_shown(lin, buyer.conversation)
    (found,) = await finds(officer, "account", buyer.pin)
    assert found["seen"] == 2


async def test_whoever_looks_somebody_up_is_written_down_and_what_they_typed_is_not(
    officer: Person, writer: Customer, stage: Stage
) -> None:
    await finds(officer, "phone", PHONE)
    await finds(officer, "account", "jd_nobody")
    assert written(stage, "subject.searched") == [
        (subject_of(stage, writer), "done", '{"by":"phone","found":1}'),
        (tenant_of(stage), "done", '{"by":"account","found":0}'),
    ]


async def test_a_hold_outranks_the_letter_until_it_is_over(officer: Person, writer: Customer, stage: Stage) -> None:
    subject = subject_of(stage, writer)
    hold = await held(officer, subject, until="2026-06-08T04:00:00Z")
    (found,) = await finds(officer, "account", writer.pin)
    (kept,) = found["holds"]
    assert (kept["id"], kept["reason"], kept["by"], kept["label"]) == (hold, LAW, "某officer", found["label"])
    refused = await shreds(officer, subject)
    assert (refused.status_code, refused.json()["code"], LAW in refused.json()["title"]) == (409, "held", True)
    assert written(stage, "subject.shredded") == [(subject, "refused", '{"why":"held"}')]
    stage.clock.advance(Seconds(8 * DAY))
    later = await hired(stage, "owner", "later", Role.SECURITY_OFFICER)
    assert (await later.get(KEYS))["holds"] == []
    assert (await shreds(later, subject)).status_code == 200


async def test_while_everything_is_held_nobody_is_shredded(officer: Person, writer: Customer, stage: Stage) -> None:
    await held(officer, "")
    assert (await shreds(officer, subject_of(stage, writer))).json()["code"] == "held"
    (found,) = await finds(officer, "account", writer.pin)
    assert [(each["subject"], each["label"]) for each in found["holds"]] == [("", "")]


@pytest.mark.parametrize("everybody", [False, True])
async def test_whoever_lifts_a_hold_does_not_destroy_what_it_kept_within_a_day(
    officer: Person, writer: Customer, stage: Stage, *, everybody: bool
) -> None:
    subject = subject_of(stage, writer)
    hold = await held(officer, "" if everybody else subject)
    for _ in range(2):
        assert (await lifts(officer, hold)).status_code == 204
    assert [each[0] for each in written(stage, "legal_hold.lifted")] == [hold]
    refused = await shreds(officer, subject)
    assert (refused.status_code, refused.json()["code"]) == (409, "hold_own")
    assert written(stage, "subject.shredded") == [(subject, "refused", '{"why":"hold_own"}')]
    second = await hired(stage, "owner", "second", Role.SECURITY_OFFICER)
    assert (await shreds(second, subject)).status_code == 200


async def test_a_day_later_they_may(officer: Person, writer: Customer, stage: Stage) -> None:
    subject = subject_of(stage, writer)
    await lifts(officer, await held(officer, subject))
    stage.clock.advance(Seconds(DAY))
    officer = await again(officer)
    assert (await shreds(officer, subject)).status_code == 200


async def test_a_hold_wants_a_reason_and_an_end_that_is_to_come(officer: Person, writer: Customer) -> None:
    subject = subject_of(officer.stage, writer)
    wrong = (
        ({"reason": " "}, "reason"), ({"reason": "案卷 1\n假的"}, "reason"), ({"reason": "\x1b[2J案卷"}, "reason"),
        ({"until": "2026-06-01T03:00:00Z"}, "hold_end"), ({"until": "9999-12-31T23:59:59-23:59"}, "hold_end"),
        ({"until": "2127-06-01T00:00:00Z"}, "hold_end"),
    )  # fmt: skip
    for more, code in wrong:
        refused = await places(officer, subject, **more)
        assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert (await places(officer, subject, until="2026-06-08T04:00:00")).status_code == 400, "without a time zone"
    assert (await shreds(officer, subject, reason="")).json()["code"] == "reason"
    assert (await officer.get(KEYS))["holds"] == []


async def test_others_customers_are_not_there(officer: Person, writer: Customer, stage: Stage) -> None:
    subject, hold = subject_of(stage, writer), await held(officer, subject_of(stage, writer))
    for side in ("stranger", "lin"):
        other = await hired(stage, side, f"officer-{side}", Role.SECURITY_OFFICER)
        for by, value in (("account", writer.pin), ("order", writer.order), ("phone", PHONE)):
            assert await finds(other, by, value) == []
        absent = new_id()
        for theirs, nobodys in (
            (await shreds(other, subject), await shreds(other, absent)),
            (await places(other, subject), await places(other, absent)),
            (await lifts(other, hold), await lifts(other, absent)),
        ):
            assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert [each["id"] for each in (await officer.get(KEYS))["holds"]] == [hold]
    assert [each[1:] for each in written(stage, "subject.shredded")] == [("refused", '{"why":"subject_gone"}')] * 2


async def test_colleagues_are_no_customers(officer: Person, stage: Stage) -> None:
    assert (await shreds(officer, stage.founded.people["owner"])).status_code == 404
    assert (await places(officer, stage.founded.people["owner"])).status_code == 404


@pytest.mark.parametrize(("by", "value", "status"), [
    ("name", "陈知夏", 400), ("phone", "138", 400), ("account", "  ", 400), ("account", "x" * 201, 400),
])  # fmt: skip
async def test_what_nobody_is_found_by_is_refused_with_a_remedy(
    officer: Person, by: str, value: str, status: int
) -> None:
    refused = await officer.http.post(CUSTOMERS, json={"by": by, "value": value})
    assert (refused.status_code, bool(refused.json()["detail"])) == (status, True)
    assert value not in refused.text or not value.strip()


async def test_what_many_wrote_is_nobodys_own(officer: Person, stage: Stage) -> None:
    for place in range(21):
        await Customer(stage, "direct", f"jd_buyer{place}").says("你们电话是 13812345678 吗")
    await stage.settle()
    refused = await officer.http.post(CUSTOMERS, json={"by": "phone", "value": PHONE})
    assert (refused.status_code, refused.json()["code"]) == (400, "sought_many")
    told = (tenant_of(stage), "refused", '{"by":"phone","why":"sought_many"}')
    assert written(stage, "subject.searched") == [told], "nobody was found for them"


async def test_a_screen_tries_out_no_telephones_and_erases_no_shop(
    officer: Person, writer: Customer, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shredding, "MOST_A_DAY", 1)
    other = stage.customer("direct", 1)
    await other.says("在吗")
    await other.ends()
    assert (await shreds(officer, subject_of(stage, writer))).status_code == 200
    refused = await shreds(officer, subject_of(stage, other))
    assert (refused.status_code, refused.json()["code"]) == (429, "shred_day")
    assert written(stage, "subject.shredded")[-1][1:] == ("refused", '{"why":"shred_day"}')
    answers = [await officer.http.post(CUSTOMERS, json={"by": "account", "value": "x"}) for _ in range(21)]
    assert [each.status_code for each in answers] == [200] * 20 + [429]


async def test_erasing_wants_a_second_factor_of_this_quarter_of_an_hour(
    officer: Person, writer: Customer, stage: Stage
) -> None:
    stage.clock.advance(Seconds(16 * 60))
    for refused in (
        await shreds(officer, subject_of(stage, writer)), await places(officer, ""), await lifts(officer, new_id()),
        await officer.http.post(CUSTOMERS, json={"by": "account", "value": writer.pin}),
    ):  # fmt: skip
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")


async def test_a_vendors_officer_is_told_that_customers_are_not_theirs(officer: Person, stage: Stage) -> None:
    assert (await officer.get(KEYS))["customers"] is True
    vendors = await hired(stage, "lin", "theirs", Role.SECURITY_OFFICER)
    assert (await vendors.get(KEYS))["customers"] is False


async def test_finding_costs_the_same_however_many_fit_and_scans_no_table_that_grows(
    officer: Person, stage: Stage, counter: Counter
) -> None:
    ways = (("account", "jd_many"), ("phone", PHONE), ("order", "100"))
    costs = []
    with plans() as found:
        for shop in ("direct", "digital"):
            await Customer(stage, shop, "jd_many").says(f"打我电话 {PHONE}")
            await stage.settle()
            for by, value in ways:
                await finds(officer, by, value)
            counter.statements.clear()
            await finds(officer, "account", "jd_many")
            costs.append(len(counter.statements))
    assert costs[0] == costs[1]
    assert {shape: scans for shape, scans in found.items() if scans} == {}


async def test_at_the_terminal_the_id_is_found_and_nothing_of_it_stays_in_the_shells_history(
    stage: Stage, writer: Customer
) -> None:
    tenant, subject = tenant_of(stage), subject_of(stage, writer)
    for by, said in (("account", writer.pin), ("order", writer.order), ("phone", PHONE)):
        found = await gives(stage, "find", tenant, "--by", by, said=f"{said}\n")
        line = found.stdout.splitlines()[-1]
        assert line.startswith(f"{subject} · direct旗舰店 · "), found.output
        assert said not in line
    shredded = await gives(stage, "shred", subject, "--reason", "来信 18", "--yes")
    assert shredded.exit_code == 0, shredded.output
    nobody = await gives(stage, "find", tenant, said=f"{writer.pin}\n")
    assert "nobody was found" in nobody.stdout
    for words, error in ((("find", "nobody"), NotFoundError), (("find", tenant, "--by", "name"), InvalidError)):
        refused = await gives(stage, *words, said="x\n")
        assert isinstance(refused.exception, error)
        assert refused.exception.remedy
