"""Keys turn over under load and nobody notices; a shredded person is gone, in backups too; a wrong key is refused."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from huiyin.cli.keys import app as commands
from huiyin.conversations import store
from huiyin.conversations.bodies import ERASED, ERASED_CUSTOMER
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Role, system
from huiyin.kernel.errors import ConflictError, NotFoundError, PermanentError, TemporaryError
from huiyin.kernel.ids import new_id
from huiyin.org.access import access_person
from huiyin.security import holds
from huiyin.security.copying import read_copy
from huiyin.security.keyroom import KeyRoom, Progress
from huiyin.security.store import data_key, tenant_key, tombstone
from huiyin.wiring import Settings, build

from .stage import Customer, Stage

OFFICER = system("officer")
SAID = ["在吗", "我叫欧阳晓, 电话13812345678", "什么时候发货？"]


@pytest.fixture
def room(stage: Stage) -> KeyRoom:
    return stage.house.keyroom


@pytest.fixture
async def talked(stage: Stage) -> AsyncIterator[Customer]:
    """Let a customer of the people's shop talk, with an agent at work."""
    await stage.agent()
    customer = stage.customer("direct")
    for text in SAID:
        await customer.says(text)
    await stage.settle()
    return customer


def tenant_of(stage: Stage, shop: str = "direct") -> str:
    return stage.house.shops.all()[stage.shops[shop]].tenant


async def texts(stage: Stage, customer: Customer) -> list[str]:
    lead = await stage.person("lead")
    shown = await lead.opens(customer.conversation)
    return [each["text"] for each in shown["messages"]]


def subject_of(stage: Stage, customer: Customer) -> str:
    query = sa.select(store.conversation.c.customer).where(store.conversation.c.id == customer.conversation)
    return str(stage.rows(query)[0][0])


def forget(stage: Stage) -> None:
    """Be a process that just started: nothing opened is in memory."""
    stage.house.ring.forget()
    stage.house.bodies.forget()


def run(steps: Iterator[Progress]) -> list[Progress]:
    return list(steps)


@pytest.mark.parametrize("what", ["master", "tenant", "data"])
async def test_what_was_said_before_a_rotation_and_after_it_is_read_alike(
    stage: Stage, room: KeyRoom, talked: Customer, what: str
) -> None:
    before = await texts(stage, talked)
    steps = {
        "master": lambda: room.rotate_master(actor=OFFICER),
        "tenant": lambda: room.rotate_tenant(tenant_of(stage), actor=OFFICER),
        "data": lambda: room.rotate_data(tenant_of(stage), actor=OFFICER),
    }[what]
    await asyncio.to_thread(run, steps())
    await talked.says("还在吗")
    await stage.settle()
    forget(stage)
    assert await texts(stage, talked) == [*before, "还在吗"]
    assert talked.pin[0] in (await (await stage.person("lead")).opens(talked.conversation))["conversation"]["customer"]
    masters = {row.master for row in stage.rows(sa.select(tenant_key).where(tenant_key.c.state != "destroyed"))}
    states = {row.state for row in stage.rows(sa.select(data_key))}
    if what == "master":
        assert (masters, stage.house.ring.keeper.versions()) == ({"2"}, ["1", "2"])
    if what == "data":
        assert states == {"current", "old"}
        old = {row.id for row in stage.rows(sa.select(data_key).where(data_key.c.state == "old"))}
        used = {row.body[1:17].hex() for row in stage.rows(sa.select(store.message))}
        assert not used & old, "everything stands under the new keys"


async def test_while_keys_turn_over_nobody_fails_to_read_or_write(
    stage: Stage, room: KeyRoom, talked: Customer
) -> None:
    stop, failed, read = False, [], 0

    def turn() -> None:
        for _ in range(3):
            run(room.rotate_data(tenant_of(stage), actor=OFFICER))
            run(room.rotate_tenant(tenant_of(stage), actor=OFFICER))
            run(room.rotate_master(actor=OFFICER))
            for version in stage.house.ring.keeper.versions()[:-1]:
                stage.house.ring.keeper.destroy(version)

    async def look() -> None:
        nonlocal read
        lead = await stage.person("lead")
        while not stop:
            answer = await lead.http.get(f"/api/desk/conversations/{talked.conversation}")
            if answer.status_code != 200 or ERASED.content.text in answer.text:
                failed.append(answer.text)
            read += 1
            stage.house.bodies.forget()

    async def talk() -> None:
        while not stop:
            await talked.says("在吗")

    working = [asyncio.create_task(look()), asyncio.create_task(look()), asyncio.create_task(talk())]
    await asyncio.to_thread(turn)
    stop = True
    await asyncio.gather(*working)
    forget(stage)
    assert not failed
    assert read > 10
    assert set(await texts(stage, talked)) == {"在吗", *(await texts(stage, talked))[:3]}


@pytest.mark.parametrize("what", ["rotate_tenant", "rotate_data", "rotate_master", "bury"])
async def test_key_work_that_is_cut_off_anywhere_goes_on(
    stage: Stage, room: KeyRoom, talked: Customer, what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huiyin.security.rotating.BATCH", 1)
    monkeypatch.setattr("huiyin.security.resealing.BATCH", 1)
    other = stage.customer("direct", 1)
    await other.says("我是另一位")
    await stage.settle()
    before = await texts(stage, talked)
    arguments = (tenant_of(stage),) if what in {"rotate_tenant", "rotate_data"} else ()
    if what == "bury":
        await other.ends()
        await asyncio.to_thread(room.shred, subject_of(stage, other), "案卷 12", actor=OFFICER)
        arguments = (tmp_path / "keys.copy",)
    for cut in range(1, 4):
        steps = getattr(room, what)(*arguments, actor=OFFICER)
        await asyncio.to_thread(lambda steps=steps, cut=cut: [next(steps, None) for _ in range(cut)])
        steps.close()
        forget(stage)
        assert await texts(stage, talked) == before
    await asyncio.to_thread(run, getattr(room, what)(*arguments, actor=OFFICER))
    forget(stage)
    assert await texts(stage, talked) == before
    if what == "bury":
        assert len(stage.house.ring.keeper.versions()) == 1
        assert room.state().to_bury == []


async def test_another_process_that_turned_keys_over_is_noticed_at_the_next_writing(
    stage: Stage, talked: Customer
) -> None:
    await talked.ends()
    elsewhere = build(Settings(stage.folder, synchronous="OFF"), stage.clock)
    try:
        await asyncio.to_thread(run, elsewhere.keyroom.rotate_data(tenant_of(stage), actor=OFFICER))
        await asyncio.to_thread(elsewhere.keyroom.shred, subject_of(stage, talked), "案卷 9", actor=OFFICER)
    finally:
        elsewhere.close()
    await stage.worker.look_after_keys()
    await talked.says("我又来了")
    await stage.settle()
    assert "我又来了" in await texts(stage, talked), "sealed under a key that is alive"
    conversations = sa.select(store.conversation.c.customer).distinct()
    assert len(stage.rows(conversations)) == 2, "whoever was shredded and comes back is somebody new"


async def test_a_shredded_customer_is_a_placeholder_on_screens_and_the_tombstone_holds(
    stage: Stage, room: KeyRoom, talked: Customer
) -> None:
    other = stage.customer("direct", 1)
    await other.says("我是另一位")
    await stage.settle()
    gone, subject = talked.conversation, subject_of(stage, talked)
    await talked.ends()
    stone = await asyncio.to_thread(room.shred, subject, "案卷 2026-17", actor=OFFICER)
    lead = await stage.person("lead")
    shown = await lead.opens(gone)
    assert {each["text"] for each in shown["messages"]} == {ERASED.content.text}
    assert shown["conversation"]["customer"] == ERASED_CUSTOMER
    assert (await lead.opens(other.conversation))["messages"][0]["text"] == "我是另一位"
    (found,) = room.check()
    assert (found.signed, found.gone, found.stone) == (True, True, stone)
    assert (stone.reason, stone.sealed["message"]) == ("案卷 2026-17", len(shown["messages"]))
    with pytest.raises(NotFoundError):
        await asyncio.to_thread(room.shred, subject, "案卷 2026-17", actor=OFFICER)


async def test_a_tombstone_whose_words_were_changed_is_found_out(stage: Stage, room: KeyRoom, talked: Customer) -> None:
    await talked.ends()
    await asyncio.to_thread(room.shred, subject_of(stage, talked), "案卷 1", actor=OFFICER)
    await stage.house.writer.do(lambda uow: uow.connection.execute(sa.text(
        "UPDATE tombstone SET body = CAST(replace(CAST(body AS TEXT), '案卷 1', '案卷 2') AS BLOB)"
    )))  # fmt: skip
    assert [each.signed for each in room.check()] == [False]


async def test_a_hold_outranks_the_wish_to_be_deleted(stage: Stage, room: KeyRoom, talked: Customer) -> None:
    subject = subject_of(stage, talked)
    new = holds.NewHold(tenant_of(stage), subject, "电子商务法第三十一条，交易信息保存三年")
    hold = await stage.house.writer.do(holds.hold, new, actor=OFFICER)
    with pytest.raises(ConflictError, match="第三十一条"):
        await asyncio.to_thread(room.shred, subject, "案卷 3", actor=OFFICER)
    assert await texts(stage, talked)
    await stage.house.writer.do(holds.lift, hold, actor=OFFICER)
    await talked.ends()
    await asyncio.to_thread(room.shred, subject, "案卷 3", actor=OFFICER)
    assert stage.rows(sa.select(tombstone.c.subject)) == [(subject,)]


async def test_nobody_but_the_security_officer_of_the_tenant_touches_its_keys(
    stage: Stage, room: KeyRoom, talked: Customer
) -> None:
    subject = subject_of(stage, talked)
    with stage.house.reading.connect() as connection:
        lead = access_person(connection, stage.founded.people["lead"], stage.clock.now())
        stranger = access_person(connection, stage.founded.people["stranger"], stage.clock.now())
    officer_elsewhere = type(stranger)(
        stranger.kind, stranger.id, "", stranger.tenant, frozenset({Role.SECURITY_OFFICER}), frozenset()
    )
    for actor in (lead, stranger, officer_elsewhere):
        with pytest.raises(NotFoundError):
            await asyncio.to_thread(room.shred, subject, "案卷 4", actor=actor)
    assert await texts(stage, talked)


def opened(folder: Path, stage: Stage, conversation: str, copy: Path | None = None) -> list[str]:
    """Open a folder in a house of its own and return what its messages say."""
    house = build(Settings(folder, synchronous="OFF"), stage.clock, check_keys=False)
    try:
        if copy is not None:
            house.keyroom.restore(read_copy(copy), actor=OFFICER)
        with house.reading.connect() as connection:
            rows = connection.execute(sa.select(store.message).where(store.message.c.conversation == conversation))
            return [house.bodies.open(connection, row.tenant, row.id, row.body).content.text for row in rows]
    finally:
        house.close()


async def test_a_shredded_person_is_unreadable_in_an_earlier_backup_and_everybody_else_is_not(
    stage: Stage, room: KeyRoom, talked: Customer, tmp_path: Path
) -> None:
    other = stage.customer("direct", 1)
    await other.says("我是另一位")
    await stage.settle()
    gone, stays = talked.conversation, other.conversation
    backup, copy = tmp_path / "backup", tmp_path / "keys.copy"
    backup.mkdir()
    with sqlite3.connect(stage.folder / "huiyin.db") as source, sqlite3.connect(backup / "huiyin.db") as target:
        source.backup(target)
    source.close()
    target.close()
    wrapped = [bytes(row.wrapped) for row in stage.rows(
        sa.select(data_key).where(data_key.c.subject == subject_of(stage, talked))
    )]  # fmt: skip
    await talked.ends()
    await asyncio.to_thread(room.shred, subject_of(stage, talked), "案卷 5", actor=OFFICER)
    shutil.copy(stage.folder / "master.key", backup / "master.key")
    assert SAID[0] in opened(backup, stage, gone), "until it is buried, an earlier backup still opens"
    await asyncio.to_thread(run, room.bury(copy, actor=OFFICER))
    shutil.copy(stage.folder / "master.key", backup / "master.key")
    for conversation in (gone, stays):
        with pytest.raises(PermanentError, match="master key"):
            opened(backup, stage, conversation)
    assert opened(backup, stage, stays, copy) == ["我是另一位"], "the copy of the keys opens everybody else"
    assert set(opened(backup, stage, gone)) == {ERASED.content.text}
    assert room.check()[0].copies_gone_at is not None
    left = b"".join(each.read_bytes() for each in stage.folder.iterdir() if each.is_file()) + copy.read_bytes()
    assert not [each for each in wrapped if each in left], "not even wrapped does the key linger"


async def test_a_swapped_ciphertext_never_opens(stage: Stage, talked: Customer) -> None:
    foreign = stage.customer("foreign")
    await foreign.says("别家的客人")
    await stage.settle()
    rows = stage.rows(sa.select(store.message))
    refused = tried = 0
    with stage.house.reading.connect() as connection:
        for row in rows:
            for other in rows:
                for field, sealed in (("body", other.body), ("original", other.original)):
                    if sealed is None or (row is other and field == "body"):
                        continue
                    opener = stage.house.bodies.open if (field, row.id) != ("original", other.id) else None
                    tried += 1
                    stage.house.bodies.forget()
                    with pytest.raises(PermanentError):
                        (opener or stage.house.bodies.open)(connection, row.tenant, row.id, sealed)
                    refused += 1
    assert refused == tried > 10


async def test_a_house_with_the_wrong_key_is_refused_with_a_remedy_and_nothing_is_written(
    stage: Stage, talked: Customer, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(stage.folder, tmp_path / "other"))
    (folder / "master.key").write_text("ab" * 32 + "\n")
    written = (folder / "huiyin.db").read_bytes()
    with pytest.raises(PermanentError) as wrong:
        build(Settings(folder), stage.clock)
    assert "HUIYIN_KEYS" in wrong.value.remedy
    (folder / "master.key").unlink()
    with pytest.raises(PermanentError, match="gone"):
        build(Settings(folder), stage.clock)
    assert not (folder / "master.key").exists(), "a new key must not take the place of a lost one"
    assert (folder / "huiyin.db").read_bytes() == written


async def test_the_commands_do_all_of_it_beside_a_running_house(stage: Stage, talked: Customer, tmp_path: Path) -> None:
    tenant, subject, folder = tenant_of(stage), subject_of(stage, talked), ["--folder", str(stage.folder)]
    copy = str(tmp_path / "keys.copy")

    def says(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(commands, [*words, *folder])
        assert result.exit_code == code, result.output
        return result.output

    def all_of_it() -> None:
        for what in ("master", "tenant", "data"):
            says("rotate", "--what", what)
        hold = says("hold", tenant, "--reason", "案卷 6", "--subject", subject).splitlines()[0]
        assert hold in says("state")
        refused = CliRunner().invoke(commands, ["shred", subject, "--reason", "案卷 7", "--yes", *folder])
        assert isinstance(refused.exception, ConflictError)
        says("lift", hold)
        says("shred", subject, "--reason", "案卷 7", "--yes")
        assert "bury" in says("state")
        says("bury", "--copy", copy, "--yes")
        assert Path(copy).exists()
        again = tmp_path / "again.copy"
        told = says("bury", "--copy", str(again), "--yes")
        assert ("no copy was written" in told, str(again) in told, again.exists()) == (True, False, False)
        assert "✓" in says("tombstones", "--verify")
        says("copy", f"{copy}.new-one")
        says("restore", f"{copy}.new-one")

    gone = await talked.ends()
    await asyncio.to_thread(all_of_it)
    await stage.worker.look_after_keys()
    shown = await (await stage.person("lead")).opens(gone)
    assert {each["text"] for each in shown["messages"]} == {ERASED.content.text}


async def test_a_key_that_was_never_committed_is_nobodys(stage: Stage) -> None:
    """Made and found again in a transaction that is undone; what is written then stands under a key that is stored."""
    ring, tenant, subject = stage.house.ring, tenant_of(stage), new_id()

    def undone(uow: UnitOfWork) -> None:
        ring.for_writing(uow, tenant, [subject])
        ring.for_writing(uow, tenant, [subject])
        message = "planted: nothing of this happens"
        raise TemporaryError(message)

    with pytest.raises(TemporaryError):
        await stage.house.writer.do(undone)
    found = await stage.house.writer.do(ring.for_writing, tenant, [subject])
    stored = stage.rows(sa.select(data_key.c.id).where(data_key.c.subject == subject))
    assert [row.id for row in stored] == list(found.values())
