"""What customers wrote is let go of when the merchant's period is over; the figures, and whoever is held, stay."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.conversations import store
from huiyin.conversations.bodies import EXPIRED, EXPIRED_CUSTOMER
from huiyin.insight.store import session_figures
from huiyin.kernel.actors import system
from huiyin.kernel.units import Seconds
from huiyin.retention import sweeping
from huiyin.security import holds
from huiyin.security.holds import NewHold

from .codes import App, with_second_factor
from .founding import PASSWORD
from .stage import Customer, Person, Stage

PHONE, LAMP = "13812345678", "落地灯"
DAY = 24 * 3600
RETENTION = "/api/retention"


class Merchant:
    """The owner of a shop, who comes back after months and shows the second factor again."""

    def __init__(self, stage: Stage, app: App) -> None:
        self.stage, self._app = stage, app

    async def here(self) -> Person:
        self.stage.clock.advance(Seconds(60))  # a code opens once
        person = await self.stage.person("owner")
        shown = await person.http.post("/api/session/second-factor", json={"code": self._app.code()})
        assert shown.status_code == 200, shown.text
        return person

    async def keeps(self, kind: str, days: int | None) -> Any:
        answer = await (await self.here()).http.put(f"{RETENTION}/{kind}", json={"days": days})
        assert answer.status_code == 200, answer.text
        return {each["kind"]: each for each in answer.json()}[kind]

    async def standing(self, kind: str) -> Any:
        answer = await (await self.here()).http.get(RETENTION)
        return {each["kind"]: each for each in answer.json()}[kind]

    async def passes(self, days: float) -> int:
        """Let days go by, and the sweeper its round."""
        self.stage.clock.advance(Seconds(days * DAY))
        return await self.stage.worker.rounds.sweeper.work()


@pytest.fixture
async def merchant(stage: Stage) -> Merchant:
    app, _codes = await with_second_factor(await stage.person("owner"), PASSWORD)
    return Merchant(stage, app)


async def talks(stage: Stage, words: str = f"{LAMP}坏了，电话{PHONE}", place: int = 0) -> Customer:
    """A customer writes, and the lead ends the conversation."""
    customer = stage.customer("digital", place=place)
    await customer.says(words)
    await stage.settle()
    lead = await stage.person("lead")
    path = f"/api/desk/conversations/{customer.conversation}/close"
    closed = await lead.http.post(path, json={"reason": "solved"})
    assert closed.status_code == 200, closed.text
    await stage.settle()
    return customer


async def texts(stage: Stage, conversation: str) -> list[str]:
    return [each["text"] for each in (await (await stage.person("lead")).opens(conversation))["messages"]]


async def found(stage: Stage, words: str) -> int:
    await stage.worker.index()
    answer = await (await stage.person("lead")).http.post("/api/sessions/search", json={"words": words})
    return len(answer.json()["sessions"])


def kept(stage: Stage) -> list[str]:
    return [row.kept for row in stage.rows(sa.select(store.conversation.c.kept).order_by(store.conversation.c.id))]


async def test_nothing_goes_until_somebody_decides(stage: Stage, merchant: Merchant) -> None:
    await talks(stage)
    assert await merchant.passes(4000) == 0
    assert kept(stage) == ["all"]
    for kind, least, advised in (("originals", 30, 180), ("words", 180, 1095)):
        told = await merchant.standing(kind)
        assert (told["days"], told["least"], told["advised"], told["due"]) == (None, least, advised, 0)


async def test_first_the_originals_go_then_the_words_and_the_figures_stay(stage: Stage, merchant: Merchant) -> None:
    talk = (await talks(stage)).conversation
    assert await found(stage, LAMP) == 1
    before = stage.rows(sa.select(session_figures))
    await merchant.keeps("originals", 30)
    await merchant.keeps("words", 180)
    assert await merchant.passes(29.9) == 0
    assert await merchant.passes(0.2) == 1
    assert kept(stage) == ["masked"]
    assert any(LAMP in each and "138****5678" in each for each in await texts(stage, talk))
    assert stage.rows(sa.select(store.message.c.id).where(store.message.c.original.is_not(None))) == []
    message = next(each for each in stage.rows(sa.select(store.message)) if each.sender == "customer")
    path = f"/api/desk/conversations/{talk}/messages/{message.id}/reveal"
    refused = await (await merchant.here()).http.post(path, json={"place": 0, "purpose": "delivery"})
    assert (refused.status_code, refused.json()["code"]) == (404, "reveal_expired")

    assert await merchant.passes(151) == 1
    assert kept(stage) == ["nothing"]
    assert set(await texts(stage, talk)) == {EXPIRED.content.text}
    assert await found(stage, LAMP) == 0
    label = (await (await stage.person("lead")).opens(talk))["conversation"]["customer"]
    assert label == EXPIRED_CUSTOMER
    assert stage.rows(sa.select(session_figures)) == before
    assert await merchant.passes(1) == 0


async def test_the_bytes_are_gone_from_the_file(stage: Stage, merchant: Merchant) -> None:
    await talks(stage)
    sealed = [row.body for row in stage.rows(sa.select(store.message.c.body))]
    sealed += [row.original for row in stage.rows(sa.select(store.message.c.original)) if row.original]
    await merchant.keeps("words", 180)

    def in_the_file(folder: Path = stage.folder) -> int:
        stored = b"".join(each.read_bytes() for each in folder.glob("huiyin.db*"))
        return sum(each[20:60] in stored for each in sealed)

    assert in_the_file() == len(sealed) > 1
    assert await merchant.passes(200) == 1
    assert in_the_file() == 0


async def test_a_shorter_period_waits_a_week_and_can_be_taken_back(stage: Stage, merchant: Merchant) -> None:
    await talks(stage)
    await merchant.passes(1000)
    told = await merchant.keeps("words", 200)
    assert (told["days"], told["nextDays"], told["due"], told["nextDue"]) == (None, 200, 0, 1)
    assert await merchant.passes(6.9) == 0
    told = await merchant.keeps("words", None)
    assert (told["days"], told["nextDays"], told["nextDue"]) == (None, None, 0)
    assert await merchant.passes(30) == 0
    await merchant.keeps("words", 1500)
    await merchant.passes(8)
    assert (await merchant.standing("words"))["days"] == 1500
    assert (await merchant.keeps("words", 3000))["days"] == 3000, "a longer one at once"
    assert kept(stage) == ["all"]


async def test_a_hold_outranks_the_period(stage: Stage, merchant: Merchant) -> None:
    one, other = (await talks(stage)).conversation, (await talks(stage, place=1)).conversation
    await merchant.keeps("words", 180)
    customer, tenant = next(
        (row.customer, row.tenant) for row in stage.rows(sa.select(store.conversation)) if row.id == one
    )
    terminal = system("terminal")
    held = await stage.house.writer.do(partial(holds.hold, new=NewHold(tenant, customer, "案卷 1"), actor=terminal))
    assert await merchant.passes(200) == 1
    assert set(await texts(stage, other)) == {EXPIRED.content.text}
    assert any(LAMP in each for each in await texts(stage, one))
    await stage.house.writer.do(partial(holds.lift, hold_id=held, actor=terminal))
    assert await merchant.passes(1) == 1
    assert set(await texts(stage, one)) == {EXPIRED.content.text}


async def test_who_comes_again_is_known_while_something_of_theirs_is_kept(stage: Stage, merchant: Merchant) -> None:
    customer = await talks(stage)
    await merchant.keeps("words", 180)
    stage.clock.advance(Seconds(170 * DAY))
    await customer.says("又来了")
    await stage.settle()
    await merchant.passes(20)
    assert sorted(kept(stage)) == ["all", "nothing"]
    assert len(stage.rows(sa.select(store.customer))) == 1
    label = (await (await stage.person("lead")).opens(customer.conversation))["conversation"]["customer"]
    assert label != EXPIRED_CUSTOMER


async def test_every_round_is_written_down_and_many_go_in_small_steps(stage: Stage, merchant: Merchant) -> None:
    for place in range(sweeping.BATCH + 2):
        await talks(stage, "在吗", place=place)
    await merchant.keeps("words", 180)
    assert await merchant.passes(200) == sweeping.BATCH + 2
    written = stage.rows(sa.select(audit_entry.c.detail).where(audit_entry.c.action == sweeping.SWEPT))
    assert [each.detail for each in written] == [
        f'{{"conversations":{number},"kind":"words"}}' for number in (sweeping.BATCH, 2)
    ]


@pytest.mark.parametrize(
    ("kind", "days", "status"),
    [("originals", 29, 400), ("words", 179, 400), ("words", 3651, 400), ("words", 0, 400), ("names", 400, 400)],
)
async def test_what_cannot_be_is_refused(merchant: Merchant, kind: str, days: int, status: int) -> None:
    answer = await (await merchant.here()).http.put(f"{RETENTION}/{kind}", json={"days": days})
    assert answer.status_code == status, answer.text


async def test_only_the_owner_decides_with_a_second_factor_and_for_their_own(stage: Stage, merchant: Merchant) -> None:
    weak = await stage.person("owner")
    assert (await weak.http.put(f"{RETENTION}/words", json={"days": 200})).json()["code"] == "second_factor"
    agent = await stage.person("lin")
    assert (await agent.http.get(RETENTION)).status_code == 404
    await merchant.keeps("words", 200)
    other = await stage.person("stranger")
    assert [each["nextDays"] for each in (await other.http.get(RETENTION)).json()] == [None, None]
