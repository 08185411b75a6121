"""Revealing what is masked: one stretch, for a purpose, after a second factor, within a quota, and written down."""

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from huiyin.audit import writing
from huiyin.audit.store import audit_entry
from huiyin.conversations import revealing, store
from huiyin.kernel.errors import TemporaryError
from huiyin.kernel.ids import new_id
from huiyin.kernel.units import Seconds

from .codes import App, with_second_factor
from .founding import PASSWORD
from .stage import Customer, Person, Stage

PHONE = "13812345678"
WORDS = f"我的电话是{PHONE}，身份证 11010519491231002X，快递放门口"


class Desk:
    """An agent who showed a second factor, and a customer of theirs who wrote a phone number and an identity number."""

    def __init__(self, stage: Stage, lin: Person, customer: Customer, app: App) -> None:
        self.stage, self.lin, self.customer, self.app = stage, lin, customer, app

    async def waits(self, seconds: float) -> None:
        """Let time pass, and show the second factor again."""
        self.stage.clock.advance(Seconds(seconds))
        shown = await self.lin.http.post("/api/session/second-factor", json={"code": self.app.code()})
        assert shown.status_code < 300, shown.text

    async def message(self) -> dict[str, Any]:
        """Return the customer's message as the screen shows it."""
        chat = await self.lin.opens(self.customer.conversation)
        return dict(next(each for each in chat["messages"] if each["hidden"]))

    async def reveals(self, person: Person, place: int = 0, **other: str) -> httpx.Response:
        """Ask for a stretch of the message."""
        message = other.get("message") or (await self.message())["id"]
        conversation = other.get("conversation") or self.customer.conversation
        path = f"/api/desk/conversations/{conversation}/messages/{message}/reveal"
        return await person.http.post(path, json={"place": place, "purpose": other.get("purpose", "delivery")})

    def written(self) -> list[Any]:
        """Return the audit's entries about revealing."""
        query = sa.select(audit_entry).where(audit_entry.c.action == "personal_data.revealed")
        return self.stage.rows(query.order_by(audit_entry.c.seq))

    def seen(self) -> list[Any]:
        """Return the rows of what was shown."""
        return self.stage.rows(sa.select(store.reveal).order_by(store.reveal.c.at, store.reveal.c.id))


@pytest.fixture
async def desk(stage: Stage) -> Desk:
    lin = await stage.agent()
    customer = stage.customer("direct")
    await customer.says(WORDS)
    await stage.settle()
    app, _codes = await with_second_factor(lin, PASSWORD)
    return Desk(stage, lin, customer, app)


@pytest.fixture
async def many(stage: Stage) -> Desk:
    """A desk whose customer wrote more numbers than one may see in a day."""
    lin = await stage.agent()
    customer = stage.customer("direct")
    await customer.says("这些号码都打不通：" + "，".join(f"1381234{n:04}" for n in range(revealing.QUOTA.a_day + 1)))
    await stage.settle()
    app, _codes = await with_second_factor(lin, PASSWORD)
    return Desk(stage, lin, customer, app)


async def test_a_screen_shows_masks_and_says_what_they_hide(desk: Desk) -> None:
    message = await desk.message()
    assert PHONE not in message["text"]
    assert [each["kind"] for each in message["hidden"]] == ["phone", "id_number"]
    phone = message["hidden"][0]
    assert message["text"][phone["start"] : phone["end"]] == "138****5678"


async def test_one_stretch_is_shown_for_a_purpose_and_written_down_with_everything(desk: Desk) -> None:
    shown = (await desk.reveals(desk.lin)).json()
    assert (shown["kind"], shown["text"], shown["seconds"]) == ("phone", PHONE, 60)
    assert shown["mark"].startswith("小林 06-01 12:")
    (row,), (entry,) = desk.seen(), desk.written()
    assert (row.person, row.purpose, row.kind) == (desk.lin.id, "delivery", "phone")
    assert entry.actor == f"person:{desk.lin.id}"
    assert (entry.outcome, entry.at, entry.proof) == ("done", row.at, "session")
    assert (entry.proof_id, entry.second_factor_at) == (row.proof, row.at)
    assert entry.tenant == row.tenant
    assert all(part in entry.detail for part in (row.id, row.message, '"purpose":"delivery"', '"kind":"phone"'))
    assert PHONE not in str(tuple(entry)) + str(tuple(row))


async def test_reveals_are_the_audits_rows_exactly(desk: Desk) -> None:
    answers = [await desk.reveals(desk.lin) for _ in range(3)]
    answers.append(await desk.reveals(desk.lin, 1))
    answers.append(await desk.reveals(desk.lin, purpose="curiosity"))
    done = [entry for entry in desk.written() if entry.outcome == "done"]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 400]
    assert len(done) == len(desk.seen()) == 3
    assert [entry.outcome for entry in desk.written()] == ["done"] * 3 + ["refused"] * 2


async def test_an_identity_number_is_not_for_agents_but_for_their_lead(desk: Desk) -> None:
    lead = await desk.stage.person("lead")
    await with_second_factor(lead, PASSWORD)
    absent = await desk.reveals(desk.lin, 7)
    forbidden = await desk.reveals(desk.lin, 1)
    assert (forbidden.status_code, forbidden.content) == (404, absent.content)
    assert (await desk.reveals(lead, 1)).json()["text"] == "11010519491231002X"


async def test_without_a_fresh_second_factor_nothing_is_shown(desk: Desk) -> None:
    desk.stage.clock.advance(Seconds(15 * 60 + 1))
    refused = await desk.reveals(desk.lin)
    assert (refused.status_code, refused.json()["type"]) == (403, "about:secondfactorneeded")
    assert refused.json()["detail"]
    assert desk.seen() == []


async def test_an_agent_sees_only_what_is_on_their_own_desk(desk: Desk) -> None:
    mei = await desk.stage.person("mei")
    await with_second_factor(mei, PASSWORD)
    refused = await desk.reveals(mei)
    assert refused.status_code == 409
    assert [entry.outcome for entry in desk.written()] == ["refused"]
    stranger = await desk.stage.person("stranger")
    await with_second_factor(stranger, PASSWORD)
    message = (await desk.message())["id"]
    theirs = await desk.reveals(stranger, message=message)
    absent = await desk.reveals(stranger, message=message, conversation=new_id())
    assert (theirs.status_code, theirs.content) == (404, absent.content)


async def test_the_quota_ends_it_tells_when_it_goes_on_and_is_written_down(many: Desk) -> None:
    left = [(await many.reveals(many.lin, place)).json()["left"] for place in range(revealing.QUOTA.an_hour)]
    assert left == list(range(revealing.QUOTA.an_hour - 1, -1, -1))
    over = await many.reveals(many.lin, revealing.QUOTA.an_hour)
    assert over.status_code == 429
    assert "2026-06-01T05:0" in over.json()["detail"]
    assert (over.json()["code"], over.json()["retryAfter"]) == ("reveal_hour", 3600)
    assert over.headers["retry-after"] == "3600"
    assert many.written()[-1].outcome == "refused"
    assert len(many.seen()) == revealing.QUOTA.an_hour


async def test_the_same_stretch_seen_again_is_written_down_but_counts_once(many: Desk) -> None:
    left = [(await many.reveals(many.lin, place)).json()["left"] for place in (0, 0, 1, 0, 1)]
    assert left == [revealing.QUOTA.an_hour - 1] * 2 + [revealing.QUOTA.an_hour - 2] * 3
    for place in range(2, revealing.QUOTA.an_hour):
        await many.reveals(many.lin, place)
    again, over = await many.reveals(many.lin, 0), await many.reveals(many.lin, revealing.QUOTA.an_hour)
    assert (again.status_code, again.json()["left"], over.status_code) == (200, 0, 429)
    assert len(many.seen()) == revealing.QUOTA.an_hour + 4
    await many.waits(3601)
    assert (await many.reveals(many.lin, 0)).json()["left"] == revealing.QUOTA.an_hour - 1


async def test_a_day_has_its_own_quota(many: Desk) -> None:
    answers = []
    for place in range(revealing.QUOTA.a_day + 1):
        if place % revealing.QUOTA.an_hour == 0:
            await many.waits(3601)
        answers.append(await many.reveals(many.lin, place))
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "reveal_day")
    assert answers[-2].json()["left"] == 0


async def test_what_cannot_be_written_down_is_not_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        message = "planted: the audit cannot be written"
        raise TemporaryError(message)

    message = (await desk.message())["id"]
    monkeypatch.setattr(writing, "insert", full)
    answer = await desk.reveals(desk.lin, message=message)
    assert answer.status_code == 503
    assert PHONE not in answer.text
    monkeypatch.undo()
    assert desk.seen() == desk.written() == []


async def test_a_word_in_the_place_of_an_id_is_no_code_of_ours(desk: Desk) -> None:
    path = f"/api/desk/conversations/{desk.customer.conversation}/messages/zhangsan/reveal"
    assert (await desk.lin.http.post(path, json={"place": 0, "purpose": "delivery"})).status_code == 404
    assert '"message":"withheld"' in desk.written()[-1].detail


async def test_nothing_somebody_typed_gets_into_the_audit(desk: Desk) -> None:
    path = f"/api/desk/conversations/{desk.customer.conversation}/messages/13812345678/reveal"
    for purpose, status in (("张三13812345678", 400), ("delivery", 404)):
        asked = await desk.lin.http.post(path, json={"place": 0, "purpose": purpose})
        assert asked.status_code == status, asked.text
    rows = desk.stage.rows(sa.select(audit_entry))
    assert not [row for row in rows if "13812345678" in str(tuple(row)) or "张三" in str(tuple(row))]
    assert [('"message":"withheld"' in row.detail, row.outcome) for row in rows[-2:]] == [(True, "refused")] * 2


async def test_looking_at_the_same_again_and_again_ends_too(many: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revealing, "LOOKS_AN_HOUR", 4)
    answers = [(await many.reveals(many.lin, 0)).status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]
    await many.waits(3601)
    assert (await many.reveals(many.lin, 0)).status_code == 200
