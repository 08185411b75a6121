"""Who goes back to a backup writes to nobody twice, lets nobody in again, and forgets no hold and no shredding."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from errno import ENOSPC
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from huiyin.audit.store import audit_entry
from huiyin.cli.entry import app
from huiyin.conversations import store
from huiyin.eventlog.presence import ASIDE, nobody_in
from huiyin.installation.restoring import STAGING, Restored, Wish, restore
from huiyin.kernel.actors import system
from huiyin.kernel.errors import InvalidError, TemporaryError
from huiyin.kernel.units import Seconds
from huiyin.security import holds
from huiyin.security.holds import NewHold
from huiyin.web.identity import COOKIE
from huiyin.wiring import Settings, build

from .stage import Stage
from .test_backups import identity, kept_backups, made, wanted
from .test_keys import OFFICER, subject_of
from .test_retention import DAY, Merchant, merchant, talks
from .test_tokens import asks, strong
from .test_tokens import made as token_of

__all__ = ["identity", "merchant", "wanted"]

Back = Callable[[], Any]


def wish(stage: Stage, wanted: Any, identity: Path) -> Wish:
    folder = Path(wanted.folder)
    return Wish(folder / kept_backups(folder)[0].name, identity, Settings(stage.folder), replace=True)


@asynccontextmanager
async def gone_back(
    stage: Stage, wanted: Any, identity: Path, meanwhile: Callable[[Path], None] = lambda _folder: None
) -> AsyncIterator[tuple[Stage, Restored]]:
    """Close the house, put the backup in its place, and open that; `meanwhile` befalls the closed folder."""
    await stage.close()
    meanwhile(stage.folder)
    done = await asyncio.to_thread(restore, wish(stage, wanted, identity), stage.clock.now(), lambda _step: None)
    again = Stage(stage.founded, stage.folder, stage.clock)
    try:
        await again.house.writer.do(again.house.delivery.after_restart, again.house.lines.repeats)
        yield again, done
    finally:
        await again.close()


@pytest.mark.parametrize("who", ["a person", "the bot"])
async def test_nothing_that_left_leaves_again(stage: Stage, wanted: Any, identity: Path, who: str) -> None:
    customer = stage.customer("direct" if who == "a person" else "digital")
    await customer.says("你们支持七天无理由退货吗")
    if who == "a person":
        await stage.settle()
        lin = await stage.agent()
        if customer.conversation not in await lin.sees():
            await lin.takes_over(customer.conversation)
        await lin.sends(customer.conversation, "您好，已经登记。")
    await made(stage, wanted)
    await stage.settle()
    assert customer.heard()
    async with gone_back(stage, wanted, identity) as (again, done):
        stage.clock.advance(Seconds(2 * DAY))
        before = again.wire.sends
        await again.settle()
        assert again.wire.sends == before
        lead = await again.person("lead")
        if who == "a person":
            assert done.after.wound.replies == 1
            assert [each["text"] for each in (await lead.get("/api/desk/unsettled"))["replies"]] == ["您好，已经登记。"]
        else:
            assert done.after.wound.talks == 1
            assert await lead.sees("waiting") == [customer.conversation]


async def test_nobody_comes_in_by_what_was_taken_from_them_since(stage: Stage, wanted: Any, identity: Path) -> None:
    lead = await strong(stage)
    leaked = await token_of(lead, scopes=["conversation:read"], days=365)
    cookie = next(each.value for each in reversed(list(lead.http.cookies.jar)) if each.name == COOKIE)
    await made(stage, wanted)
    [token] = (await lead.http.get("/api/account/tokens")).json()
    assert (await lead.http.delete(f"/api/account/tokens/{token['id']}")).status_code == 204
    assert (await lead.http.delete("/api/session")).status_code == 204
    async with gone_back(stage, wanted, identity) as (again, done):
        assert await asks(again, leaked, "/api/desk/conversations") == 401
        http = again.client()
        http.cookies.set(COOKIE, str(cookie))
        assert (await http.get("/api/session")).status_code == 401
        assert (done.after.home.tokens, done.after.home.sessions >= 1) == (1, True)
        assert (await again.person("lead")).id == lead.id, "whoever knows their password comes in"


async def test_who_was_shredded_since_stays_shredded(stage: Stage, wanted: Any, identity: Path) -> None:
    customer = stage.customer("direct")
    await customer.says("私事，电话13812345678")
    await stage.settle()
    talk = customer.conversation
    await made(stage, wanted)
    await (await stage.person("lead")).closes(talk)
    await asyncio.to_thread(stage.house.keyroom.shred, subject_of(stage, customer), "来信", actor=OFFICER)
    async with gone_back(stage, wanted, identity) as (again, done):
        assert done.after.tombstones == 1
        shown = (await (await again.person("lead")).opens(talk))["messages"]
        assert not any("私事" in each["text"] for each in shown)


async def test_what_was_held_since_stays_held(stage: Stage, merchant: Merchant, wanted: Any, identity: Path) -> None:
    await talks(stage)
    await merchant.keeps("words", 180)
    stage.clock.advance(Seconds(179 * DAY))
    await made(stage, wanted)
    [talk] = stage.rows(sa.select(store.conversation))
    new = NewHold(talk.tenant, talk.customer, "法院 12 号")
    await stage.house.writer.do(partial(holds.hold, new=new, actor=system("terminal")))
    assert await merchant.passes(2) == 0
    async with gone_back(stage, wanted, identity) as (again, done):
        await again.worker.rounds.sweeper.work()
        assert (done.after.holds, again.rows(sa.select(store.conversation.c.kept))[0].kept) == (1, "all")


async def test_the_index_of_the_other_database_is_not_asked(stage: Stage, wanted: Any, identity: Path) -> None:
    await made(stage, wanted)
    customer = stage.customer("direct")
    await customer.says("冰箱坏了")
    await stage.settle()
    await stage.worker.index()
    async with gone_back(stage, wanted, identity) as (again, done):
        assert done.aside is not None
        assert not list((stage.folder / "search").glob("*"))
        await again.customer("direct").says("洗衣机坏了")
        await again.settle()
        await again.worker.index()
        lead = await again.person("lead")
        for words, number in (("冰箱", 0), ("洗衣机", 1)):
            answer = await lead.http.post("/api/sessions/search", json={"words": words})
            assert len(answer.json()["sessions"]) == number, words


async def test_the_audit_says_what_going_back_did(stage: Stage, wanted: Any, identity: Path) -> None:
    await made(stage, wanted)
    async with gone_back(stage, wanted, identity) as (again, done):
        entry = again.rows(sa.select(audit_entry).where(audit_entry.c.action == "backup.restored"))[0]
        assert f'"sessions":{done.after.home.sessions}' in entry.detail
        assert '"paused":false' in entry.detail


async def test_on_a_new_machine_nothing_is_let_go_of_until_holds_are_confirmed(
    stage: Stage, merchant: Merchant, wanted: Any, identity: Path
) -> None:
    def lost(folder: Path) -> None:
        for each in folder.glob("huiyin.db*"):
            each.unlink()

    await talks(stage)
    await merchant.keeps("words", 180)
    await made(stage, wanted)
    async with gone_back(stage, wanted, identity, lost) as (again, done):
        assert done.after.paused
        stage.clock.advance(Seconds(400 * DAY))
        assert await again.worker.rounds.sweeper.work() == 0
        told = CliRunner().invoke(app, ["keys", "confirm", "--folder", str(stage.folder)])
        assert told.exit_code != 0, told.output  # there is nobody to ask
        assert await again.worker.rounds.sweeper.work() == 0
        told = CliRunner().invoke(app, ["keys", "confirm", "--yes", "--folder", str(stage.folder)])
        assert told.exit_code == 0, told.output
        assert await again.worker.rounds.sweeper.work() > 0


async def test_a_restore_that_was_cut_off_leaves_no_empty_house(stage: Stage, wanted: Any, identity: Path) -> None:
    """Between the two moves the power went: the old database lies aside, and none stands in its place."""

    def cut_off(folder: Path) -> None:
        aside = folder / f"{ASIDE}20260101T000000Z"
        aside.mkdir()
        for each in sorted(folder.glob("huiyin.db*")):
            each.rename(aside / each.name)
        with pytest.raises(InvalidError, match="cut off"):
            build(Settings(folder))
        assert not (folder / "huiyin.db").exists()

    await talks(stage)
    await made(stage, wanted)
    [talk] = stage.rows(sa.select(store.conversation))
    new = NewHold(talk.tenant, talk.customer, "法院 12 号")
    await stage.house.writer.do(partial(holds.hold, new=new, actor=system("terminal")))
    async with gone_back(stage, wanted, identity, cut_off) as (_again, done):
        assert done.after.holds == 1
        assert len(list(stage.folder.glob(f"{ASIDE}*"))) == 1


async def test_a_disk_that_fails_in_between_leaves_the_house_that_stood_there(
    stage: Stage, wanted: Any, identity: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await made(stage, wanted)
    await stage.close()
    before = (stage.folder / "huiyin.db").read_bytes()
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if self.parent.name == STAGING:
            raise OSError(ENOSPC, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(TemporaryError, match="No space"):
        await asyncio.to_thread(restore, wish(stage, wanted, identity), stage.clock.now(), lambda _step: None)
    assert (stage.folder / "huiyin.db").read_bytes() == before
    assert not list(stage.folder.glob(f"{ASIDE}*"))


async def test_nobody_is_in_the_house_while_it_is_replaced(stage: Stage, wanted: Any, identity: Path) -> None:
    await made(stage, wanted)
    with pytest.raises(InvalidError, match="has the house"):
        await asyncio.to_thread(restore, wish(stage, wanted, identity), stage.clock.now(), lambda _step: None)
    await stage.close()
    with nobody_in(stage.folder / "huiyin.db"), pytest.raises(InvalidError, match="being replaced"):
        build(Settings(stage.folder))
