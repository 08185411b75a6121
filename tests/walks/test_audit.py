"""The audit through the front door: deeds are in it, with whoever did them; what cannot be written down is not done."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from huiyin.audit.signing import load_public_key
from huiyin.audit.store import audit_entry
from huiyin.audit.views import PAGE
from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Role, system
from huiyin.kernel.ids import PersonId, TenantId
from huiyin.org import administering
from huiyin.org import store as org

from .codes import with_second_factor
from .founding import FOUNDER, NOON, PASSWORD
from .stage import Customer, Person, Stage
from .test_accounts import ACCOUNTS, enters
from .test_query_plans import plans
from .test_settling import doubted, says
from .test_stuck import again, broken

AUDIT = "/api/audit"


async def auditor(stage: Stage, side: str = "owner") -> Person:
    """Return an auditor of the organisation somebody belongs to, who just showed a second factor."""
    login = "auditor" if side == "owner" else f"audits-{side}"

    def hire(uow: UnitOfWork) -> PersonId:
        beside = stage.founded.people[side]
        tenant = uow.connection.execute(sa.select(org.person.c.tenant).where(org.person.c.id == beside)).scalar_one()
        new = administering.NewPerson(
            tenant=TenantId(tenant), name="审计员", login=login, password=PASSWORD, roles=frozenset({Role.AUDITOR})
        )
        return administering.register_person(uow, new, stage.house.sealer, actor=FOUNDER)

    if login not in stage.founded.people:
        hired = await stage.house.writer.do(hire)
        stage.founded = replace(stage.founded, people={**stage.founded.people, login: hired})
    person = await stage.person(login)
    await with_second_factor(person, PASSWORD)
    return person


async def found(person: Person, **wanted: str) -> list[tuple[str, str]]:
    """Search, and return action and actor's name of each entry, newest first."""
    page = await person.get(AUDIT, **wanted)
    return [(each["action"], each["actor"]["name"]) for each in page["entries"]]


async def test_who_says_who_sits_where_stands_in_the_audit_of_both_organisations(stage: Stage) -> None:
    lead = await stage.person("lead")
    assert (await enters(lead, "lin", since=1)).status_code == 200
    for side in ("owner", "lead"):
        page = await (await auditor(stage, side)).get(AUDIT, action="account.mapped")
        (entry,) = page["entries"]
        assert (entry["actor"]["name"], entry["actorKind"], entry["outcome"]) == ("组长老何", "person", "done")
        assert entry["detail"]["person"] == stage.founded.people["lin"]
        assert (entry["at"], entry["detail"]["until"]) == ("2026-06-01T04:00:00Z", None)


async def test_an_auditor_searches_by_the_names_of_their_own_organisations_people(stage: Stage) -> None:
    audits = await auditor(stage, "lead")
    people = {each["name"]: each["id"] for each in await audits.get(f"{AUDIT}/people")}
    assert set(people) == {"组长老何", "小林", "小梅", "审计员"}
    lead = await stage.person("lead")
    assert (await enters(lead, "lin", since=1)).status_code == 200
    page = await audits.get(AUDIT, by=f"person:{people['组长老何']}", action="account.mapped")
    assert [each["subjectName"] for each in page["entries"]] == [""]
    opened = await audits.get(AUDIT, action="person.registered", subject=people["小林"])
    assert [each["subjectName"] for each in opened["entries"]] == ["小林"]


async def test_what_cannot_be_written_down_does_not_happen(stage: Stage) -> None:
    lead = await stage.person("lead")
    before = await lead.get(ACCOUNTS)

    def forbid(uow: UnitOfWork, sql: str) -> None:
        uow.connection.exec_driver_sql(sql)

    refuse = "CREATE TRIGGER planted BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'planted'); END"
    await stage.house.writer.do(forbid, refuse)
    refused = await enters(lead, "lin", since=1)
    assert (refused.status_code, "nothing was stored" in refused.json()["title"]) == (503, True)
    assert refused.json()["detail"]
    assert await lead.get(ACCOUNTS) == before
    await stage.house.writer.do(forbid, "DROP TRIGGER planted")
    assert (await enters(lead, "lin", since=1)).status_code == 200


async def test_what_is_refused_leaves_no_entry_of_a_deed(stage: Stage) -> None:
    stranger, audits = await stage.person("stranger"), await auditor(stage)
    assert (await enters(stranger, "lin", since=1)).status_code == 404
    assert await found(audits, action="account.mapped") == []


async def test_a_settled_reply_and_another_try_name_who_did_it(stage: Stage) -> None:
    audits, customer = await auditor(stage), stage.customer("direct")
    lin, message = await doubted(stage, customer)
    assert (await says(lin, customer.conversation, message, "dropped")).status_code == 200
    assert await found(audits, subject=message) == [("reply.settled", "小林")]
    other = stage.customer("direct", 1)
    await broken(stage, other)
    lead = await stage.person("lead")
    assert (await again(lead, other.conversation)).status_code == 200
    assert await found(audits, subject=other.conversation) == [("event.tried_again", "组长老何")]
    assert await found(audits, by=f"person:{lead.id}") == [("event.tried_again", "组长老何")]


async def test_founding_a_company_is_written_down(stage: Stage) -> None:
    actions = {action for action, _ in await found(await auditor(stage))}
    expected = {"organisation.registered", "shop.opened", "hours.set", "person.registered", "engagement.recorded"}
    assert expected <= actions


@pytest.mark.parametrize("login", ["lin", "lead", "owner", "stranger"])
async def test_only_auditors_see_the_audit_and_others_learn_nothing(stage: Stage, login: str) -> None:
    person = await stage.person(login)
    for path in (AUDIT, f"{AUDIT}/state"):
        assert (await person.http.get(path)).status_code == 404
    assert (await person.http.post(f"{AUDIT}/verify")).status_code == 404


async def test_tenants_never_meet_in_the_audit(stage: Stage) -> None:
    lead = await stage.person("lead")
    await enters(lead, "lin", since=1)
    stranger = await auditor(stage, "stranger")
    page = await stranger.get(AUDIT)
    assert {each["action"] for each in page["entries"]} >= {"shop.opened"}
    shown = str(page)
    assert all(str(shop) not in shown for name, shop in stage.shops.items() if name != "foreign")
    assert all(str(stage.founded.people[login]) not in shown for login in ("lead", "lin", "mei", "owner"))


async def test_a_long_audit_is_read_page_by_page_without_a_gap_and_by_interval(stage: Stage) -> None:
    audits = await auditor(stage)
    tenant = stage.rows(sa.select(org.person.c.tenant).where(org.person.c.id == audits.id))[0].tenant

    def fill(uow: UnitOfWork, place: int) -> None:
        for number in range(PAGE):
            entry = Entry(action="test.filled", actor=system("tests"), tenant=tenant, subject=f"part-{place}.{number}")
            write_down(uow, entry)

    for place in range(3):
        stage.clock.advance(60)
        await stage.house.writer.do(fill, place)
    seen: list[int] = []
    cursor = ""
    while True:
        page = await audits.get(AUDIT, action="test.filled", **({"cursor": cursor} if cursor else {}))
        seen += [each["seq"] for each in page["entries"]]
        cursor = page["nextCursor"] or ""
        if not cursor:
            break
    assert len(seen) == 3 * PAGE
    assert seen == sorted(set(seen), reverse=True)
    minute = {
        "since": (NOON + timedelta(seconds=120)).isoformat(),
        "until": (NOON + timedelta(seconds=180)).isoformat(),
    }
    middle = await audits.get(AUDIT, action="test.filled", **minute)
    assert {each["subject"].partition(".")[0] for each in middle["entries"]} == {"part-1"}


@pytest.mark.parametrize("query", ["cursor=1", "cursor=x.y", "since=2026-06-01T00:00:00", "since=yesterday"])
async def test_a_query_that_cannot_be_read_is_refused_with_a_remedy(stage: Stage, query: str) -> None:
    audits = await auditor(stage)
    refused = await audits.http.get(f"{AUDIT}?{query}")
    assert (refused.status_code, bool(refused.json()["detail"])) == (400, True)


async def test_how_the_audit_stands_and_a_verification_on_demand(stage: Stage) -> None:
    audits = await auditor(stage)
    state = await audits.get(f"{AUDIT}/state")
    assert (state["verified"], state["findings"], state["beyond"] > 0) == (None, [], True)
    await stage.worker.witness()
    state = await audits.get(f"{AUDIT}/state")
    assert (state["checkpoint"]["number"], state["beyond"], state["findings"]) == (2, 0, [])
    verdict = (await audits.http.post(f"{AUDIT}/verify")).json()
    assert (verdict["sound"], verdict["entries"]) == (True, state["seq"])
    assert [each["code"] for each in verdict["findings"]] == ["key_from_beside"]
    state = await audits.get(f"{AUDIT}/state")
    assert (state["verified"]["sound"], state["verified"]["seq"]) == (True, verdict["seq"])
    assert (await found(audits, action="audit.verified")) == [("audit.verified", "审计员")]


async def test_a_cut_chain_is_seen_at_the_door_and_customers_are_served_on(stage: Stage, customer: Customer) -> None:
    audits = await auditor(stage)
    await stage.worker.witness()

    def cut(uow: UnitOfWork) -> None:
        uow.connection.exec_driver_sql("DROP TRIGGER audit_entry_is_never_deleted")
        uow.connection.exec_driver_sql("DELETE FROM audit_entry WHERE seq > 3")

    await stage.house.writer.do(cut)
    state = await audits.get(f"{AUDIT}/state")
    assert [each["code"] for each in state["findings"]] == ["tail_missing"]
    verdict = (await audits.http.post(f"{AUDIT}/verify")).json()
    assert {"guard_missing", "tail_missing"} <= {each["code"] for each in verdict["findings"]}
    assert verdict["sound"] is False
    await stage.worker.witness()
    await customer.says("付款后多久发货？")
    await stage.settle()
    assert "ReplyDelivered" in stage.happened(customer.conversation)


async def test_a_clean_stop_leaves_nothing_without_a_checkpoint(stage: Stage) -> None:
    await auditor(stage)
    stage.house.witness.look()
    assert stage.house.witness.standing().beyond == 0


async def test_the_audit_is_searched_and_never_walked_through(stage: Stage) -> None:
    audits = await auditor(stage)
    with plans(r"SCAN audit_entry\b(?! USING)") as plan:
        for query in ({}, {"subject": "x"}, {"by": "person:x"}, {"since": NOON.isoformat()}, {"cursor": "9.9"}):
            await audits.get(AUDIT, **query)
        await audits.get(f"{AUDIT}/state")
    searched = {shape: scans for shape, scans in plan.items() if audit_entry.name in shape}
    assert searched
    assert {shape: scans for shape, scans in searched.items() if scans} == {}


async def test_what_the_page_shows_of_an_entry_is_found_by_typing_it(stage: Stage) -> None:
    lead, audits = await stage.person("lead"), await auditor(stage, "lead")
    assert (await enters(lead, "lin", since=1)).status_code == 200
    (entry,) = (await audits.get(AUDIT, action="account.mapped"))["entries"]
    lin = stage.founded.people["lin"]
    assert set(entry["names"].values()) == {"小林", "组长老何", "pasted旗舰店"}
    for ending in (entry["subject"][-6:], f"…{entry['subject'][-6:]}", lin[-6:], f" {entry['subject']} "):
        found_again = await audits.get(AUDIT, subject=ending, action="account.mapped")
        assert [each["seq"] for each in found_again["entries"]] == [entry["seq"]], ending
    named = (await audits.get(AUDIT, subject="小林"))["entries"]
    assert {each["subjectName"] for each in named} == {"小林"}
    for number in (str(entry["seq"]), f"{entry['seq']} "):
        assert entry["seq"] in [each["seq"] for each in (await audits.get(AUDIT, subject=number))["entries"]]
    session = (await lead.get("/api/account/sessions"))[0]["id"]
    by_session = await audits.get(AUDIT, subject=session[-6:], action="account.mapped")
    assert [each["proofId"] for each in by_session["entries"]] == [session]
    theirs = await auditor(stage, "stranger")
    for text in ("小林", lin[-6:], lin):
        assert (await theirs.get(AUDIT, subject=text))["entries"] == [], text


async def test_who_failed_to_sign_in_is_told_with_their_browser_and_never_as_the_system(stage: Stage) -> None:
    firefox = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0"}
    for login in ("lin", "nobody-at-all"):
        wrong = {"login": login, "password": "not this one"}
        assert (await stage.client(**firefox).post("/api/session", json=wrong)).status_code == 401
    audits = await auditor(stage, "lead")
    (entry,) = [
        each for each in (await audits.get(AUDIT, action="session.opened"))["entries"] if each["outcome"] == "refused"
    ]
    assert (entry["actorKind"], entry["actor"]["id"], entry["subjectName"]) == ("system", "door", "小林")
    assert (entry["device"], entry["proof"], entry["detail"]["why"]) == ("Firefox · Windows", "", "wrong_password")


async def test_the_page_hands_out_the_key_an_outside_auditor_verifies_with(stage: Stage) -> None:
    audits = await auditor(stage)
    state = await audits.get(f"{AUDIT}/state")
    held = load_public_key(stage.house.settings.audit.public_key)
    assert state["publicKey"] == {"name": held.name, "pem": held.pem()}


async def test_a_wrong_password_within_a_session_is_that_persons_and_no_sign_in(stage: Stage) -> None:
    lin = await stage.person("lin")
    assert (await lin.http.post("/api/account/totp", json={"password": "not this one"})).status_code == 400
    audits = await auditor(stage, "lead")
    (entry,) = [each for each in (await audits.get(AUDIT))["entries"] if each["outcome"] == "refused"]
    assert (entry["action"], entry["actor"]["name"], entry["proof"]) == ("second_factor.set_up", "小林", "session")


async def test_what_somebody_typed_is_given_no_name_of_another_organisation(stage: Stage) -> None:
    stranger = await stage.person("stranger")
    await with_second_factor(stranger, PASSWORD)
    path = f"/api/desk/conversations/{stage.founded.people['lin']}/messages/{stage.shops['digital']}/reveal"
    assert (await stranger.http.post(path, json={"place": 0, "purpose": "delivery"})).status_code == 404
    audits = await auditor(stage, "stranger")
    (entry,) = (await audits.get(AUDIT, action="personal_data.revealed"))["entries"]
    assert (entry["actor"]["name"], entry["subjectName"]) == ("别家客服", "")
    assert set(entry["names"].values()) == {"别家客服"}


async def test_a_public_key_that_cannot_be_read_hides_nothing_else(stage: Stage) -> None:
    audits = await auditor(stage)
    stage.house.settings.audit.public_key.write_text("no key")
    state = await audits.get(f"{AUDIT}/state")
    assert (state["publicKey"], state["checkpoint"] is None) == (None, False)
